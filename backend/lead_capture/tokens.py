"""What a form carries to show that our script drew it, and when: the time with its seal. Pure."""

import base64
import hashlib
import hmac
import secrets
import struct
from datetime import datetime, timedelta
from typing import Final

LONGEST: Final = timedelta(hours=24)
# Nobody types a name and a number faster.
SHORTEST: Final = timedelta(seconds=3)


def key_of(practice_key: bytes, purpose: str) -> bytes:
    """A key of its own for each purpose."""
    return hmac.new(practice_key, purpose.encode(), hashlib.sha256).digest()


def make(key: bytes, at: datetime) -> str:
    """A fresh token."""
    body = struct.pack(">Q", int(at.timestamp() * 1000)) + secrets.token_bytes(8)
    return base64.urlsafe_b64encode(body + _seal(key, body)).decode().rstrip("=")


def complaint(key: bytes, token: str | None, at: datetime) -> str | None:
    """What is wrong with it: `no_token`, `bad_token`, `too_fast`, or nothing."""
    if not token:
        return "no_token"
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        return "bad_token"
    body, seal = raw[:16], raw[16:]
    if len(body) != 16 or not hmac.compare_digest(seal, _seal(key, body)):
        return "bad_token"
    age = at - datetime.fromtimestamp(struct.unpack(">Q", body[:8])[0] / 1000, at.tzinfo)
    if not timedelta(0) <= age <= LONGEST:
        return "bad_token"
    return "too_fast" if age < SHORTEST else None


def _seal(key: bytes, body: bytes) -> bytes:
    return hmac.new(key, body, hashlib.sha256).digest()[:16]
