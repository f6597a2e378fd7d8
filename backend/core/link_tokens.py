"""Tokens in secure links: made again from the link's id whenever they are sent, kept nowhere but as their SHA-256."""

import base64
import hashlib
import hmac
import uuid
from typing import Final

TOKEN_BYTES: Final = 16


def token_of(practice_key: bytes, kind: str, link_id: uuid.UUID) -> str:
    """The link's token: 128 bits that nobody without the practice's key can tell from chance.

    Letters and digits only: phones and mail programs end a link before a trailing hyphen.
    """
    digest = hmac.new(practice_key, f"{kind}:".encode() + link_id.bytes, hashlib.sha256).digest()
    return base64.b32encode(digest[:TOKEN_BYTES]).decode().rstrip("=").lower()


def hash_of(token: str) -> bytes:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).digest()
