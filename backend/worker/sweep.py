"""The loop that makes lost rings harmless: takes what is due from the database, as much as the worker has hands for.

Timers have no ring at all, so this is how they fire: one statement claims a whole batch, without Redis.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from backend.core.jobs import JobRun, Queue
from backend.core.logging import get_logger
from backend.worker.runner import JobRunner

log = get_logger(__name__)
# A job rung at its commit is left this long to whoever heard the ring.
LISTENING = timedelta(seconds=3)


class Hands:
    """How many jobs a worker does at once, whether it heard of them by ring or by sweep."""

    def __init__(self, number: int) -> None:
        self._free = number
        self._freed = asyncio.Event()

    async def take_free(self) -> int:
        """All free ones, at least one."""
        while not self._free:
            self._freed.clear()
            await self._freed.wait()
        taken, self._free = self._free, 0
        return taken

    def give_back(self, number: int = 1) -> None:
        """Free again."""
        self._free += number
        self._freed.set()

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Hold one."""
        self.give_back(await self.take_free() - 1)
        try:
            yield
        finally:
            self.give_back()


async def sweep(runner: JobRunner, queue: Queue, hands: Hands, *, seconds: float) -> None:
    """Sweep until cancelled; every `seconds`, or at once while more is due than there were hands for."""
    running: set[asyncio.Task[None]] = set()

    async def work(run: JobRun) -> None:
        try:
            await runner.work(run)
        finally:
            hands.give_back()

    while True:
        taken, runs = await hands.take_free(), list[JobRun]()
        try:
            runs = await runner.claim_due(queue, taken, LISTENING)
        except Exception as error:
            # A database that is away comes back; the loop must be there then.
            log.warning("sweep_failed", queue=queue, error=type(error).__name__)
        hands.give_back(taken - len(runs))
        for run in runs:
            task = asyncio.create_task(work(run))
            running.add(task)
            task.add_done_callback(running.discard)
        if len(runs) < taken:
            await asyncio.sleep(seconds)
