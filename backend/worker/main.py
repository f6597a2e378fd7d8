"""One worker: arq listens for the bell, the sweep looks in the database. Either alone gets every job done."""

import asyncio
import uuid
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, cast

from arq.typing import WorkerCoroutine
from arq.worker import Worker, func
from redis.exceptions import RedisError

from backend.core.context import ProcessContext
from backend.core.jobs import JobHandler, Queue
from backend.core.logging import get_logger
from backend.worker.runner import JobRunner
from backend.worker.sweep import Hands, sweep

log = get_logger(__name__)
# Retries, leases and results live in the jobs table; arq must neither drop nor keep anything.
NEVER_DROP = 1_000_000
LONGEST_JOB_SECONDS = 3600


async def run_worker(
    context: ProcessContext, handlers: Mapping[str, JobHandler], queue: Queue, concurrency: int
) -> None:
    """Work on one queue until cancelled."""
    runner = JobRunner(
        context.database,
        handlers,
        lease_seconds=context.settings.lease_seconds,
        attempts=context.settings.job_attempts,
    )
    hands = Hands(concurrency)
    sweeping = asyncio.create_task(sweep(runner, queue, hands, seconds=context.settings.sweep_seconds))
    try:
        await _listen(context, runner, queue, hands, concurrency)
    finally:
        sweeping.cancel()
        with suppress(asyncio.CancelledError):
            await sweeping


async def _listen(context: ProcessContext, runner: JobRunner, queue: Queue, hands: Hands, concurrency: int) -> None:
    async def run(_: dict[str, Any], job_id: str) -> None:
        async with hands.one():
            await runner.run(uuid.UUID(job_id))

    while True:
        worker = Worker(
            functions=[
                func(
                    cast(WorkerCoroutine, run),
                    name="run",
                    keep_result=0,
                    max_tries=NEVER_DROP,
                    timeout=LONGEST_JOB_SECONDS,
                )
            ],
            redis_pool=context.redis,
            queue_name=f"frontdesk:{queue}",
            max_jobs=concurrency,
            poll_delay=0.05,
            keep_result=0,
            max_tries=NEVER_DROP,
            retry_jobs=True,
            health_check_interval=5,
            handle_signals=False,
            log_results=False,
        )
        try:
            await worker.main()
        except (RedisError, OSError) as error:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                # Asked to stop while Redis was away: its error took the place of the cancellation.
                raise asyncio.CancelledError from error
            # Redis is away; the sweep carries on alone until it is back.
            log.warning("bell_silent", queue=queue, error=type(error).__name__)
            await asyncio.sleep(1)
