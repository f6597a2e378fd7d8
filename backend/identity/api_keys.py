"""API keys `fd_live_<secret>`: 256 bits of randomness, so a plain SHA-256 is enough to keep them."""

import hashlib
import re
import secrets
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import Actor
from backend.core.clock import now
from backend.core.database import Database, practice_of
from backend.core.problems import Invalid, Unauthenticated
from backend.identity import permissions
from backend.identity.models import ApiKey

PREFIX = "fd_live_"
SHAPE = re.compile(r"fd_live_[A-Za-z0-9_-]{20,100}")
TOUCH_AFTER = timedelta(minutes=5)


def hash_key(key: str) -> bytes:
    """What is stored of a key."""
    return hashlib.sha256(key.encode()).digest()


def create(session: AsyncSession, name: str, scopes: list[str], key: str | None = None) -> tuple[ApiKey, str]:
    """Make a key; returns its row and the key itself, which is shown once. Raises `Invalid` for unknown scopes."""
    unknown = set(scopes) - permissions.ALL
    if unknown or not scopes:
        raise Invalid(
            f"Choose scopes from: {', '.join(sorted(permissions.ALL))}.",
            errors=[("/scopes", "unknown or empty")],
        )
    key = key or PREFIX + secrets.token_urlsafe(32)
    if not SHAPE.fullmatch(key):
        raise Invalid("An API key is fd_live_ and at least 20 letters or digits.", errors=[("/key", "shape")])
    row = ApiKey(practice_id=practice_of(session), name=name, key_hash=hash_key(key), scopes=sorted(set(scopes)))
    session.add(row)
    return row, key


async def actor(database: Database, key: str) -> Actor:
    """The program behind a key. Raises `Unauthenticated`."""
    if not SHAPE.fullmatch(key):
        raise Unauthenticated("This API key is not known.")
    async with database.system() as session:
        row = await session.scalar(select(ApiKey).where(ApiKey.key_hash == hash_key(key), ApiKey.revoked_at.is_(None)))
        if row is None:
            raise Unauthenticated("This API key is not known.")
        if row.last_used_at is None or now() - row.last_used_at > TOUCH_AFTER:
            await session.execute(update(ApiKey).where(ApiKey.key_hash == row.key_hash).values(last_used_at=now()))
    return Actor(row.practice_id, "api_key", str(row.id), row.name, frozenset(row.scopes))
