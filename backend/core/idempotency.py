"""`Idempotency-Key`: the same key with the same body replays the stored answer, another body is refused.

The answer is stored in the request's own transaction, so a crash leaves neither effect nor answer.
"""

import hashlib
import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, String, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base, practice_of
from backend.core.problems import Invalid


class IdempotencyKey(Base):
    """A key a caller used, what it stood for (hash of the request) and the id of what it made."""

    __tablename__ = "idempotency_keys"

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    caller: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    request_hash: Mapped[bytes] = mapped_column(LargeBinary)
    result_id: Mapped[uuid.UUID]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class KeyReused(Invalid):
    """The key was used before with another request."""

    type = "idempotency-key-reused"
    title = "Idempotency-Key used twice"

    def __init__(self) -> None:
        super().__init__("This Idempotency-Key was used for another request. Use a new key for a new request.")


async def once(
    session: AsyncSession,
    caller: str,
    key: str | None,
    request: bytes,
    create: Callable[[], Awaitable[uuid.UUID]],
) -> tuple[uuid.UUID, bool]:
    """Run `create` unless this caller's key was used; returns (id, whether it was created now).

    Two requests with one key at once wait for each other on an advisory lock. Raises `KeyReused`.
    """
    if key is None:
        return await create(), True
    if not 1 <= len(key) <= 200:
        raise Invalid("Idempotency-Key must have 1 to 200 characters.", errors=[("header/idempotency-key", "length")])
    digest, practice_id = hashlib.sha256(request).digest(), practice_of(session)
    lock = int.from_bytes(hashlib.sha256(f"{practice_id}{caller}{key}".encode()).digest()[:8], "big", signed=True)
    await session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})
    known = await session.scalar(
        select(IdempotencyKey).where(
            IdempotencyKey.practice_id == practice_id,
            IdempotencyKey.caller == caller,
            IdempotencyKey.key == key,
        )
    )
    if known is not None:
        if known.request_hash != digest:
            raise KeyReused
        return known.result_id, False
    result_id = await create()
    row: dict[str, Any] = {
        "practice_id": practice_id,
        "caller": caller,
        "key": key,
        "request_hash": digest,
        "result_id": result_id,
    }
    await session.execute(insert(IdempotencyKey).values(row))
    return result_id, True
