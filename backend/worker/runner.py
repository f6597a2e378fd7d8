"""Run one job: claim, keep the lease, call the handler, write the outcome. All times are the database's."""

import asyncio
import random
import uuid
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, Update, and_, func, or_, select, update

from backend.core.database import Database
from backend.core.jobs import Discard, Job, JobHandler, JobRun, LostLease, Queue, TryAgain
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
        for run in await self._claim(select(Job.id).where(Job.id == job_id, _free())):
            await self.work(run)
            return True
        return False

    async def claim_due(self, queue: Queue, most: int, listening: timedelta = timedelta(0)) -> list[JobRun]:
        """Claim jobs that are due, oldest first; those rung less than `listening` ago are left to who heard it."""
        silent = or_(Job.rung_at.is_(None), Job.rung_at <= func.now() - listening)
        chosen = select(Job.id).where(Job.queue == queue, _free(), silent).order_by(Job.run_at).limit(most)
        return await self._claim(chosen)

    async def run_due(self, queue: Queue, most: int = 500) -> int:
        """Run what is due now, one after the other; returns how many."""
        runs = await self.claim_due(queue, most)
        for run in runs:
            await self.work(run)
        return len(runs)

    async def work(self, run: JobRun) -> None:
        """Run a claimed job to an outcome, keeping its lease meanwhile."""
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

    async def _claim(self, chosen: Select[uuid.UUID]) -> list[JobRun]:
        """Several workers share what is due without waiting for each other."""
        lease_until = func.clock_timestamp() + self._lease
        # A lease of its own for every claim: a job that waits again may be claimed by this very worker.
        lease = func.concat(self._owner, ":", func.gen_random_uuid())
        # Materialized: a subquery may be planned to run once per row, and its limit would then hold for none.
        picked = chosen.with_for_update(skip_locked=True).cte("picked").prefix_with("MATERIALIZED")
        claim = (
            update(Job)
            .where(Job.id == picked.c.id)
            .values(state="leased", attempt=Job.attempt + 1, lease_owner=lease, lease_until=lease_until)
            .returning(Job.id, Job.practice_id, Job.kind, Job.ref_id, Job.attempt, Job.run_at, Job.lease_owner)
        )
        async with self._database.system() as session:
            rows = (await session.execute(claim)).all()
        return [
            JobRun(
                database=self._database, job_id=row.id, practice_id=row.practice_id, kind=row.kind, ref_id=row.ref_id,
                attempt=row.attempt, lease_owner=row.lease_owner, last_attempt=row.attempt >= self._attempts,
            )
            for row in sorted(rows, key=lambda row: row.run_at)
        ]  # fmt: skip

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
            if not run.finished:
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


def _free() -> ColumnElement[bool]:
    # The transaction's own time, not clock_timestamp(): only a stable value may be looked up in an index.
    now = func.now()
    return or_(and_(Job.state == "queued", Job.run_at <= now), and_(Job.state == "leased", Job.lease_until < now))


def _ours(run: JobRun) -> Update:
    return update(Job).where(
        Job.id == run.job_id, Job.state == "leased", Job.lease_owner == run.lease_owner, Job.attempt == run.attempt
    )
