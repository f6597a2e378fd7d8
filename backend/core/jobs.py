"""The `jobs` table: outbox, timer and queue in one. PostgreSQL holds every job; arq only rings the bell.

A job is written in the transaction that makes it necessary (`later`) and finished in the transaction of its
effect (`JobRun.finish`), fenced by (lease_owner, attempt) so a paused worker that wakes late changes nothing.
Rows hold ids and error codes, never PHI.
"""

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, Update, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.clock import for_database
from backend.core.database import Base, Database, practice_of
from backend.core.ids import new_id

Queue = Literal["default", "documents"]
QUEUES: tuple[Queue, ...] = ("default", "documents")


class Job(Base):
    """One piece of work. `state`: queued, leased, done, dead (waits for a person)."""

    __tablename__ = "jobs"
    __table_args__ = (
        UniqueConstraint("practice_id", "kind", "key"),
        CheckConstraint("state IN ('queued','leased','done','dead')", name="state"),
        CheckConstraint("(state = 'leased') = (lease_owner IS NOT NULL)", name="lease"),
        Index("ix_jobs_due", "queue", "run_at", postgresql_where=text("state = 'queued'")),
        Index("ix_jobs_leases", "lease_until", postgresql_where=text("state = 'leased'")),
        Index("ix_jobs_list", "practice_id", "state", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    practice_id: Mapped[uuid.UUID]
    kind: Mapped[str]
    ref_id: Mapped[uuid.UUID]
    key: Mapped[str]
    queue: Mapped[str] = mapped_column(default="default")
    state: Mapped[str] = mapped_column(default="queued", server_default="queued")
    attempt: Mapped[int] = mapped_column(default=0, server_default="0")
    run_at: Mapped[datetime] = mapped_column(server_default=func.now())
    rung_at: Mapped[datetime | None]
    lease_owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    error_code: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]


async def later(
    session: AsyncSession,
    kind: str,
    ref_id: uuid.UUID,
    *,
    key: str,
    queue: Queue = "default",
    at: datetime | None = None,
    practice_id: uuid.UUID | None = None,
) -> None:
    """Write a job into this transaction; the same (kind, key) is written once. `at` is when it is due (now)."""
    job_id = new_id()
    values = {
        "id": job_id,
        "practice_id": practice_id or practice_of(session),
        "kind": kind,
        "ref_id": ref_id,
        "key": key,
        "queue": queue,
        "run_at": for_database(at) if at else func.now(),
        "rung_at": None if at else func.now(),
    }
    statement = insert(Job).values(values).on_conflict_do_nothing(index_elements=["practice_id", "kind", "key"])
    written = await session.execute(statement.returning(Job.id))
    if written.scalar() and at is None:
        session.info["after"].jobs.append((queue, job_id))


def new_timer(session: AsyncSession, kind: str, ref_id: uuid.UUID, at: datetime) -> None:
    """The timer of something just made. Its key is the thing itself, so there is never a second one.

    A timer is about one thing and reads its state when it fires: too early, and it waits `JobRun.again`.
    """
    values = {"practice_id": practice_of(session), "kind": kind, "ref_id": ref_id, "key": str(ref_id)}
    session.add(Job(**values, run_at=for_database(at)))


async def set_timer(session: AsyncSession, kind: str, ref_id: uuid.UUID, at: datetime) -> None:
    """The timer of something that may have one: it fires at `at` or before. One that runs just now sees for itself."""
    ours = (Job.practice_id == practice_of(session)) & (Job.kind == kind) & (Job.key == str(ref_id))
    idle = (Job.state != "leased") & ((Job.state != "queued") | (Job.run_at > for_database(at)))
    # A handler holds its job before the thing it is about, we the other way round: never wait for it.
    free = select(Job.id).where(ours, idle).with_for_update(skip_locked=True).scalar_subquery()
    await session.execute(
        update(Job)
        .where(Job.id == free)
        .values(state="queued", run_at=for_database(at), rung_at=None, attempt=0, finished_at=None, error_code=None)
    )
    # Nor insert blindly: even DO NOTHING waits for whoever is writing the row that is there.
    if await session.scalar(select(Job.id).where(ours)) is None:
        await later(session, kind, ref_id, key=str(ref_id), at=at)


async def set_timers(session: AsyncSession, kind: str, ref_ids: Sequence[uuid.UUID], at: datetime) -> None:
    """`set_timer` for many things, three statements for thousands."""
    practice_id, due = practice_of(session), for_database(at)
    for start in range(0, len(ref_ids), 5_000):
        ids = ref_ids[start : start + 5_000]
        ours = (Job.practice_id == practice_id) & (Job.kind == kind) & Job.key.in_([str(one) for one in ids])
        idle = (Job.state != "leased") & ((Job.state != "queued") | (Job.run_at > due))
        free = select(Job.id).where(ours, idle).with_for_update(skip_locked=True)
        await session.execute(
            update(Job)
            .where(Job.id.in_(free))
            .values(state="queued", run_at=due, rung_at=None, attempt=0, finished_at=None, error_code=None)
        )
        there = set(await session.scalars(select(Job.ref_id).where(ours)))
        rows = [
            {"id": new_id(), "practice_id": practice_id, "kind": kind, "ref_id": one, "key": str(one),
             "queue": "default", "run_at": due}
            for one in ids if one not in there
        ]  # fmt: skip
        if rows:
            await session.execute(insert(Job).on_conflict_do_nothing(), rows)


class LostLease(Exception):
    """Another worker took this job over; whatever this one did must not be written."""


class Discard(Exception):
    """The job can never succeed; retrying is pointless. `code` goes on the row, which becomes dead."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class TryAgain(Exception):
    """Not now: run again after `seconds` (or after the usual backoff). `code` goes on the row."""

    def __init__(self, code: str, seconds: float | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.seconds = seconds


@dataclass(slots=True)
class JobRun:
    """One attempt at one job, as its handler sees it. `finished` once the handler has marked it done itself."""

    database: Database
    job_id: uuid.UUID
    practice_id: uuid.UUID
    kind: str
    ref_id: uuid.UUID
    attempt: int
    lease_owner: str
    last_attempt: bool = False
    finished: bool = False

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A transaction for the job's practice that commits only while the lease is ours. Raises `LostLease`."""
        async with self.database.transaction(self.practice_id) as session:
            await self._fence(session)
            yield session

    async def finish(self, session: AsyncSession) -> None:
        """Mark the job done in this transaction."""
        result = await session.execute(
            self._ours()
            .values(state="done", lease_owner=None, lease_until=None, error_code=None, finished_at=func.now())
            .returning(Job.id)
        )
        if result.scalar() is None:
            raise LostLease
        self.finished = True

    async def again(self, session: AsyncSession, at: datetime) -> None:
        """Instead of finishing: the same job waits until `at`, with a fresh set of attempts."""
        result = await session.execute(
            self._ours()
            .values(
                state="queued", lease_owner=None, lease_until=None, error_code=None, attempt=0, rung_at=None,
                run_at=for_database(at),
            )
            .returning(Job.id)
        )  # fmt: skip
        if result.scalar() is None:
            raise LostLease
        self.finished = True

    async def _fence(self, session: AsyncSession) -> None:
        # Setting the lease to itself locks the row until commit, so nobody can take the job over meanwhile.
        result = await session.execute(self._ours().values(lease_owner=self.lease_owner).returning(Job.id))
        if result.scalar() is None:
            raise LostLease

    def _ours(self) -> Update:
        return update(Job).where(
            Job.id == self.job_id,
            Job.state == "leased",
            Job.lease_owner == self.lease_owner,
            Job.attempt == self.attempt,
        )


JobHandler = Callable[[JobRun], Awaitable[None]]
