"""Time by hand: the product's clock follows ours, and whatever became due meanwhile runs in its order."""

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import asyncpg

from backend.core import clock
from backend.worker.runner import JobRunner
from tests.desk_hours import until_desk_hours

# These look at a carrier's own list, by the real clock, or keep figures fresh every two minutes of a month.
NOT_OURS = ("messages.reconcile", "faxes.reconcile", "reporting.refresh")


class Time:
    """Begins at a weekday noon in Chicago; stands still but for `go`."""

    def __init__(self, runner: JobRunner, admin: "asyncpg.Connection") -> None:
        self.now = datetime.now(UTC) + until_desk_hours()
        self._runner, self._admin = runner, admin
        clock.follow(lambda: self.now)

    async def go(self, **span: float) -> None:
        """Let so much time pass."""
        end = self.now + timedelta(**span)
        while (due := await self._due(end)) is not None:
            self.now = max(self.now, due)
            await self.run(await self._ids())
        self.now = end

    async def _due(self, end: datetime) -> datetime | None:
        found: datetime | None = await self._admin.fetchval(
            "SELECT min(run_at) FROM jobs WHERE state = 'queued' AND run_at <= $1 AND kind <> ALL($2)", end, NOT_OURS
        )
        return found

    async def _ids(self) -> list[uuid.UUID]:
        rows = await self._admin.fetch(
            "SELECT id FROM jobs WHERE state = 'queued' AND run_at <= $1 AND kind <> ALL($2) ORDER BY run_at, id",
            self.now, NOT_OURS,
        )  # fmt: skip
        return [row["id"] for row in rows]

    async def run(self, ids: Iterable[uuid.UUID]) -> None:
        """Run these jobs now."""
        for job_id in ids:
            await self._admin.execute("UPDATE jobs SET run_at = now() - interval '1 s' WHERE id = $1", job_id)
            await self._runner.run(job_id)
