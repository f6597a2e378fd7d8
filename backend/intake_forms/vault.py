"""Answers at rest: sealed with a key of the intake, which the practice's key wraps; like documents."""

import json
import os
from typing import Any

from backend.core.crypto import KEY_BYTES, open_sealed, seal
from backend.intake_forms.models import Intake


class Vault:
    """Seals and opens what one intake holds; a value moved to another question or intake does not open."""

    def __init__(self, practice_key: bytes, intake: Intake) -> None:
        self._place = f"intake:{intake.practice_id}:{intake.id}"
        if intake.wrapped_key is None:
            self._key = os.urandom(KEY_BYTES)
            intake.wrapped_key = seal(practice_key, self._key, self._place)
        else:
            self._key = open_sealed(practice_key, intake.wrapped_key, self._place)

    def seal(self, name: str, value: Any) -> bytes:
        """For the database. `name` is the question, or whatever else is kept once per intake."""
        return seal(self._key, json.dumps(value, ensure_ascii=False).encode(), f"{self._place}:{name}")

    def open(self, name: str, sealed: bytes) -> Any:
        """In the clear. Raises `CannotOpen`."""
        return json.loads(open_sealed(self._key, sealed, f"{self._place}:{name}"))
