"""Run one job: claim, keep the lease, call the handler, write the outcome. All times are the database's."""

import asyncio
import random
import uuid
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta

from sqlalchemy import Update, and_, func, or_, select, update

from backend.core.database import Database
from backend.core.jobs import Discard, Job, JobHandler, JobRun, LostLease, TryAgain
from backend.core.logging import get_logger
from backend.core.metrics import JOB_SECONDS, JOBS

log = get_logger(__name__)
FIRST_BACKOFF_SECONDS = 2.0
LONGEST_BACKOFF_SECONDS = 3600.0


def backoff(attempt: int, chance: float) -> float:
    """Seconds until the next attempt: full jitter (`chance` 0-1) below 2, 4, 8 … seconds, at most an hour."""
    longest = min(LONGEST_BACKOFF_SECONDS, FIRST_BACKOFF_SECONDS * 2.0 ** (min(attempt, 30) - 1))
    return float(chance * longest)


class JobRunner:
    """Runs jobs of one worker. `owner` names this worker's life; a restarted worker is another owner."""

    def __init__(
        self, database: Database, handlers: Mapping[str, JobHandler], *, lease_seconds: float, attempts: int
    ) -> None:
        self._database = database
        self._handlers = handlers
        self._lease = timedelta(seconds=lease_seconds)
        self._attempts = attempts
        self._owner = uuid.uuid4().hex

    async def run(self, job_id: uuid.UUID) -> bool:
        """Run the job if it is due and free; returns whether it was ours to run."""
        run = await self._claim(job_id)
        if run is None:
            return False
        keeper = asyncio.create_task(self._keep_lease(run))
        try:
            with JOB_SECONDS.labels(run.kind).time():
                outcome = await self._attempt(run)
        finally:
            keeper.cancel()
            with suppress(asyncio.CancelledError):
                await keeper
        JOBS.labels(run.kind, outcome).inc()
        log.info("job", job_id=str(run.job_id), kind=run.kind, attempt=run.attempt, code=outcome)
        return True

    async def _claim(self, job_id: uuid.UUID) -> JobRun | None:
        now = func.clock_timestamp()
        free = or_(and_(Job.state == "queued", Job.run_at <= now), and_(Job.state == "leased", Job.lease_until < now))
        chosen = select(Job.id).where(Job.id == job_id, free).with_for_update(skip_locked=True).scalar_subquery()
        claim = (
            update(Job)
            .where(Job.id == chosen)
            .values(state="leased", attempt=Job.attempt + 1, lease_owner=self._owner, lease_until=now + self._lease)
            .returning(Job.practice_id, Job.kind, Job.ref_id, Job.attempt)
        )
        async with self._database.system() as session:
            row = (await session.execute(claim)).one_or_none()
        if row is None:
            return None
        return JobRun(
            database=self._database,
            job_id=job_id,
            practice_id=row.practice_id,
            kind=row.kind,
            ref_id=row.ref_id,
            attempt=row.attempt,
            lease_owner=self._owner,
            last_attempt=row.attempt >= self._attempts,
        )

    async def _keep_lease(self, run: JobRun) -> None:
        """Extend the lease every third of it. A missed beat is harmless: fencing decides who may write."""
        while True:
            await asyncio.sleep(self._lease.total_seconds() / 3)
            with suppress(Exception):
                async with self._database.system() as session:
                    await session.execute(_ours(run).values(lease_until=func.clock_timestamp() + self._lease))

    async def _attempt(self, run: JobRun) -> str:
        handler = self._handlers.get(run.kind)
        try:
            if handler is None:
                raise Discard("unknown_kind")
            await handler(run)
            await self._finish(run)
        except LostLease:
            return "lost"
        except Discard as error:
            await self._give_up(run, error.code)
            return "dead"
        except TryAgain as error:
            return await self._postpone(run, error.code, error.seconds)
        except Exception as error:
            log.warning("job_failed", job_id=str(run.job_id), kind=run.kind, error=type(error).__name__)
            return await self._postpone(run, type(error).__name__, None)
        return "done"

    async def _finish(self, run: JobRun) -> None:
        """Mark done what the handler did not finish with its own effect."""
        done = _ours(run).values(
            state="done", lease_owner=None, lease_until=None, error_code=None, finished_at=func.now()
        )
        async with self._database.system() as session:
            await session.execute(done)

    async def _postpone(self, run: JobRun, code: str, seconds: float | None) -> str:
        if run.last_attempt:
            await self._give_up(run, code)
            return "dead"
        wait = backoff(run.attempt, random.random()) if seconds is None else seconds
        again = _ours(run).values(
            state="queued", lease_owner=None, lease_until=None, error_code=code, rung_at=None,
            run_at=func.clock_timestamp() + timedelta(seconds=wait),
        )  # fmt: skip
        async with self._database.system() as session:
            await session.execute(again)
        return "again"

    async def _give_up(self, run: JobRun, code: str) -> None:
        dead = _ours(run).values(state="dead", lease_owner=None, lease_until=None, error_code=code)
        async with self._database.system() as session:
            await session.execute(dead)


def _ours(run: JobRun) -> Update:
    return update(Job).where(
        Job.id == run.job_id, Job.state == "leased", Job.lease_owner == run.lease_owner, Job.attempt == run.attempt
    )
