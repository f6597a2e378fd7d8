"""The practice's account at the emulated clearinghouse, made once per data folder."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ClearinghouseLogin:
    """How the practice signs its questions."""

    sender_id: str
    receiver_id: str
    username: str
    password: str


def load_clearinghouse(folder: Path) -> ClearinghouseLogin:
    """The account, made on first use."""
    file = folder / "clearinghouse.json"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        made = ClearinghouseLogin("NORTHSIDE", "SANDBOX", "northside", secrets.token_urlsafe(18))
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            json.dump(asdict(made), out)
    return ClearinghouseLogin(**json.loads(file.read_text()))
