"""Filters as addresses and saved reports write them."""

import uuid
from collections.abc import Mapping
from typing import Any, Final

from backend.core.problems import Invalid

# Asks for the rows of whom it is not known.
NONE: Final = "none"
IDS: Final = {
    "location_id": "location", "referrer_id": "referrer", "clinician_id": "clinician", "person_id": "person",
}  # fmt: skip
NAMES: Final = {dimension: name for name, dimension in IDS.items()}
WORDS: Final = ("source", "payer", "body_region", "procedure", "part", "instrument", "point")


def only_of(said: Mapping[str, Any]) -> dict[str, str | uuid.UUID | bool | None]:
    """Filters by dimension. Raises `Invalid` for an id that is none."""
    found: dict[str, str | uuid.UUID | bool | None] = {}
    for name, value in said.items():
        if value is None:
            continue
        if name in IDS:
            found[IDS[name]] = _id(name, value)
        elif name == "post_op":
            found[name] = value == "true"
        elif name in WORDS:
            found[name] = None if value == NONE else value
    return found


def _id(name: str, value: str) -> uuid.UUID | None:
    try:
        return None if value == NONE else uuid.UUID(value)
    except ValueError:
        raise Invalid("Use an id, or none.", errors=[(f"query/{name}", "no id")]) from None
