"""The loop that makes lost rings harmless: rings whatever is due, and runs it itself while Redis is down."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from arq.connections import ArqRedis
from redis.exceptions import RedisError
from sqlalchemy import and_, func, or_, select, update

from backend.core.database import Database
from backend.core.jobs import Job, Queue
from backend.core.live import ring
from backend.core.logging import get_logger

log = get_logger(__name__)
RING_AGAIN = timedelta(seconds=3)
BATCH = 500


async def due(database: Database, queue: Queue) -> Sequence[tuple[uuid.UUID, int]]:
    """Jobs to ring now, each with a fresh dispatch number. Several sweepers share them without waiting."""
    now = func.clock_timestamp()
    waiting = or_(and_(Job.state == "queued", Job.run_at <= now), and_(Job.state == "leased", Job.lease_until < now))
    silent = or_(Job.rung_at.is_(None), Job.rung_at < now - RING_AGAIN)
    chosen = (
        select(Job.id)
        .where(Job.queue == queue, waiting, silent)
        .order_by(Job.run_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    ringing = (
        update(Job)
        .where(Job.id.in_(chosen))
        .values(dispatch=Job.dispatch + 1, rung_at=now)
        .returning(Job.id, Job.dispatch)
    )
    async with database.system() as session:
        return [(row.id, row.dispatch) for row in await session.execute(ringing)]


async def sweep(
    database: Database, redis: ArqRedis, queue: Queue, run: Callable[[uuid.UUID], Awaitable[object]], *,
    seconds: float, at_once: int,
) -> None:  # fmt: skip
    """Sweep until cancelled. `run` is called directly for jobs Redis does not take, at most `at_once` together."""
    slots = asyncio.Semaphore(at_once)
    running: set[asyncio.Task[None]] = set()

    async def run_here(job_id: uuid.UUID) -> None:
        async with slots:
            await run(job_id)

    while True:
        try:
            for job_id, dispatch in await due(database, queue):
                if not await _rung(redis, queue, job_id, dispatch):
                    task = asyncio.create_task(run_here(job_id))
                    running.add(task)
                    task.add_done_callback(running.discard)
        except Exception as error:
            # A database that is away comes back; the loop must be there then.
            log.warning("sweep_failed", queue=queue, error=type(error).__name__)
        await asyncio.sleep(seconds)


async def _rung(redis: ArqRedis, queue: Queue, job_id: uuid.UUID, dispatch: int) -> bool:
    try:
        async with asyncio.timeout(0.5):
            await ring(redis, queue, str(job_id), dispatch)
    except (RedisError, OSError, TimeoutError):
        return False
    return True
