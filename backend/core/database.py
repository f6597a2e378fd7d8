"""Async SQLAlchemy with tenancy: who the transaction works for is set in PostgreSQL as it begins.

Row-level security reads `app.practice_id` (the tenant) and `app.system` (the few lookups that happen before a
tenant is known: sign-in, API keys, webhook accounts, claiming jobs). Both are transaction-local, so a pooled
connection carries nothing over.
"""

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import DateTime, MetaData, String, Uuid, event, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, SessionTransaction, mapped_column

from backend.core.ids import new_id

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        uuid.UUID: Uuid(),
        str: String(),
        dict[str, Any]: JSONB(),
        list[Any]: JSONB(),
    }


class TenantRow:
    """Mixin of every table that belongs to a practice; row-level security keys on `practice_id`."""

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """What other screens are told: ids and versions only, never PHI."""

    type: str
    id: str
    version: int
    mutation_id: str | None = None


@dataclass(slots=True)
class AfterCommit:
    """What a transaction leaves to be announced once it is durable. Losing it is harmless: sweeps find the rows."""

    practice_id: uuid.UUID | None
    jobs: list[tuple[str, uuid.UUID]] = field(default_factory=list)
    live: list[LiveEvent] = field(default_factory=list)


Announce = Callable[[AfterCommit], Awaitable[None]]
EventHandler = Callable[[AsyncSession, Any], Awaitable[None]]
Subscribers = dict[type[Any], list[EventHandler]]


class Database:
    """Opens transactions for a practice or for the system. `announce` runs after each successful commit."""

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 10,
        subscribers: Subscribers | None = None,
        announce: Announce | None = None,
    ) -> None:
        self.engine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_timeout=5,
            connect_args={
                "timeout": 5,
                "server_settings": {"application_name": "frontdesk", "timezone": "UTC"},
            },
        )
        self.subscribers = subscribers or {}
        self.announce = announce
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)

    @asynccontextmanager
    async def transaction(self, practice_id: uuid.UUID) -> AsyncIterator[AsyncSession]:
        """A transaction that sees one practice. Commits at the end, then announces jobs and live events."""
        async with self._open(practice_id=practice_id) as session:
            yield session

    @asynccontextmanager
    async def system(self) -> AsyncIterator[AsyncSession]:
        """A transaction for the lookups that precede a tenant; sees system-readable tables of all practices."""
        async with self._open(system=True) as session:
            yield session

    @asynccontextmanager
    async def _open(self, practice_id: uuid.UUID | None = None, system: bool = False) -> AsyncIterator[AsyncSession]:
        after = AfterCommit(practice_id)
        info = {"practice_id": practice_id, "system": system, "after": after, "subscribers": self.subscribers}
        async with self._sessions(info=info) as session, session.begin():
            yield session
        if self.announce and (after.jobs or after.live):
            await self.announce(after)

    async def close(self) -> None:
        """Give every connection back."""
        await self.engine.dispose()


@event.listens_for(Session, "after_begin")
def _set_tenant(session: Session, _transaction: SessionTransaction, connection: Any) -> None:
    practice_id = session.info.get("practice_id")
    connection.execute(
        text("SELECT set_config('app.practice_id', :practice, true), set_config('app.system', :system, true)"),
        {"practice": str(practice_id or ""), "system": "on" if session.info.get("system") else ""},
    )


def practice_of(session: AsyncSession) -> uuid.UUID:
    """The practice this transaction works for. Raises `RuntimeError` in a system transaction."""
    practice_id = session.info.get("practice_id")
    if not isinstance(practice_id, uuid.UUID):
        raise RuntimeError("this transaction belongs to no practice")
    return practice_id


def tell_live(session: AsyncSession, events: Sequence[LiveEvent]) -> None:
    """Tell other screens about a change once this transaction has committed."""
    session.info["after"].live.extend(events)


async def publish(session: AsyncSession, domain_event: object) -> None:
    """Hand a domain event to its subscribers inside this transaction: all of it commits, or none."""
    for handler in session.info["subscribers"].get(type(domain_event), ()):
        await handler(session, domain_event)
