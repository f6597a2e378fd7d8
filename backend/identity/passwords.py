"""Argon2id with OWASP's minimum cost (m = 19 MiB, t = 2, p = 1): Password Storage Cheat Sheet."""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from backend.core.problems import Invalid

MIN_LENGTH = 15
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Verified against when the e-mail is unknown, so that both answers take the same time.
_NOBODY = _hasher.hash("no such user, same work")
# Each hash takes 19 MiB; a flood of sign-ins must not take the process's memory.
_slots = asyncio.Semaphore(4)


def hash_password(password: str) -> str:
    """Hash a new password. Raises `Invalid` when it is shorter than 15 characters (NIST SP 800-63B-4)."""
    if len(password) < MIN_LENGTH:
        raise Invalid(
            f"Choose a password of at least {MIN_LENGTH} characters; a sentence is easiest.",
            errors=[("/password", "too short")],
        )
    return _hasher.hash(password)


async def matches(password: str, password_hash: str | None) -> bool:
    """Whether the password is right; takes as long when there is no such user (`None`)."""
    async with _slots:
        return await asyncio.to_thread(_verify, password, password_hash)


def _verify(password: str, password_hash: str | None) -> bool:
    try:
        _hasher.verify(password_hash or _NOBODY, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return password_hash is not None
