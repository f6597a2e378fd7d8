"""`webhook_deliveries`: every verified provider event, encrypted, written before the 2xx and unique per event.

Deliveries that wait at the same time share one INSERT (group commit): each caller is answered only after the
commit that holds its row. A dedicated pool keeps the path short; `app.system` lets it write for any practice.
"""

import asyncio
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import asyncpg
from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import AfterCommit, Announce, Base
from backend.core.ids import new_id


class WebhookDelivery(Base):
    """One event as the provider sent it. `state`: pending, processed, ignored, failed."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        UniqueConstraint("provider", "account_key", "event_id"),
        CheckConstraint("state IN ('pending','processed','ignored','failed')", name="state"),
        Index("ix_webhook_deliveries_list", "practice_id", "state", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    practice_id: Mapped[uuid.UUID]
    provider: Mapped[str]
    account_key: Mapped[str]
    event_id: Mapped[str]
    external_id: Mapped[str]
    kind: Mapped[str]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(default="pending", server_default="pending")
    error_code: Mapped[str | None]
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())
    processed_at: Mapped[datetime | None]
    replays: Mapped[int] = mapped_column(default=0, server_default="0")


@dataclass(frozen=True, slots=True)
class Delivery:
    """A verified event to be written. `job_kind` is the job that will process it."""

    practice_id: uuid.UUID
    provider: str
    account_key: str
    event_id: str
    external_id: str
    job_kind: str
    sealed: bytes
    id: uuid.UUID


_WRITE = """
WITH sent AS (
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bytea[],
                       $9::uuid[])
    AS t(id, practice_id, provider, account_key, event_id, external_id, kind, sealed, job_id)
), written AS (
  INSERT INTO webhook_deliveries (id, practice_id, provider, account_key, event_id, external_id, kind, sealed)
  SELECT id, practice_id, provider, account_key, event_id, external_id, kind, sealed FROM sent
  ON CONFLICT (provider, account_key, event_id) DO NOTHING
  RETURNING id
)
INSERT INTO jobs (id, practice_id, kind, ref_id, key, queue, rung_at)
SELECT sent.job_id, sent.practice_id, sent.kind, sent.id, sent.id::text, 'default', now()
FROM sent JOIN written USING (id)
RETURNING ref_id, id
"""


class Inbox:
    """Writes deliveries with their jobs. `record` returns whether the event was new."""

    def __init__(self, pool: "asyncpg.Pool", announce: Announce | None = None, batch: int = 64) -> None:
        self._pool = pool
        self._announce = announce
        self._batch = batch
        self._waiting: list[tuple[Delivery, asyncio.Future[bool]]] = []
        self._writers: set[asyncio.Task[None]] = set()
        self._announcing: set[asyncio.Task[None]] = set()

    async def record(self, delivery: Delivery) -> bool:
        """Durable when this returns. True when new, False for a repeat. Raises the database's error otherwise."""
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((delivery, done))
        if len(self._writers) < 2:
            writer = asyncio.create_task(self._write_waiting())
            self._writers.add(writer)
            writer.add_done_callback(self._writers.discard)
        return await done

    async def _write_waiting(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[: self._batch], self._waiting[self._batch :]
            await self._write(batch)

    async def _write(self, batch: list[tuple[Delivery, asyncio.Future[bool]]]) -> None:
        try:
            rows = await self._pool.fetch(_WRITE, *_columns([delivery for delivery, _ in batch]), timeout=5)
        except Exception as error:
            for _, done in batch:
                if not done.done():
                    done.set_exception(error)
            return
        jobs = {row["ref_id"]: row["id"] for row in rows}
        for delivery, done in batch:
            if not done.done():
                done.set_result(delivery.id in jobs)
        self._ring(list(jobs.values()))

    def _ring(self, job_ids: list[uuid.UUID]) -> None:
        if self._announce is None or not job_ids:
            return
        after = AfterCommit(None, jobs=[("default", job_id) for job_id in job_ids])
        task = asyncio.create_task(self._ring_quietly(self._announce, after))
        self._announcing.add(task)
        task.add_done_callback(self._announcing.discard)

    @staticmethod
    async def _ring_quietly(announce: Announce, after: AfterCommit) -> None:
        # The sweep rings whatever is missed here.
        with suppress(Exception):
            await announce(after)


def _columns(deliveries: list[Delivery]) -> list[list[object]]:
    fields = ("id", "practice_id", "provider", "account_key", "event_id", "external_id", "job_kind", "sealed")
    columns: list[list[object]] = [[getattr(item, name) for item in deliveries] for name in fields]
    return [*columns, [new_id() for _ in deliveries]]
