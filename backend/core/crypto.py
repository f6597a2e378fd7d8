"""Envelope encryption: root key wraps practice keys, practice keys wrap document keys (AES-256-GCM, NIST SP 800-38D).

Every ciphertext is `nonce (12 bytes) || ciphertext || tag` and bound to its place by associated data, so a
document moved to another row, or another practice, does not open.
"""

import hashlib
import hmac
import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12


class CannotOpen(Exception):
    """The ciphertext was changed, moved, or sealed with another key."""


def seal(key: bytes, plaintext: bytes, bound_to: str) -> bytes:
    """Encrypt `plaintext` with a fresh nonce, bound to a place."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plaintext, bound_to.encode())


def open_sealed(key: bytes, sealed: bytes, bound_to: str) -> bytes:
    """Decrypt what `seal` made. Raises `CannotOpen`."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to.encode())
    except InvalidTag:
        raise CannotOpen from None


class Keyring:
    """Opens practice keys with the root key and keeps the opened ones in memory."""

    def __init__(self, root_key: bytes) -> None:
        self._root = root_key
        self._opened: dict[UUID, bytes] = {}

    def new_practice_key(self, practice_id: UUID) -> bytes:
        """Make a practice key; returns it wrapped, for `practices.wrapped_key`."""
        key = os.urandom(KEY_BYTES)
        self._opened[practice_id] = key
        return seal(self._root, key, f"practice:{practice_id}")

    def opened(self, practice_id: UUID) -> bytes | None:
        """The practice's key, if this process has opened it before."""
        return self._opened.get(practice_id)

    def practice_key(self, practice_id: UUID, wrapped: bytes) -> bytes:
        """The practice's key in the clear. Raises `CannotOpen`."""
        if practice_id not in self._opened:
            self._opened[practice_id] = open_sealed(self._root, wrapped, f"practice:{practice_id}")
        return self._opened[practice_id]


def fingerprint(practice_key: bytes, data: bytes) -> str:
    """Keyed SHA-256 of a document: equal documents of one practice match, and nothing can be guessed from it."""
    return hmac.new(practice_key, hashlib.sha256(data).digest(), hashlib.sha256).hexdigest()
