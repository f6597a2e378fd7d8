"""A desk whose clock a test turns, with a worker that runs what is due by that clock."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg

from backend.core import clock
from backend.core.actor import Actor, act_as
from backend.core.context import ProcessContext
from backend.identity import api_keys, permissions, service
from backend.identity.models import User
from backend.leads import service as leads
from backend.leads.service import NewLead
from backend.patients import service as patients
from backend.patients.schemas import PatientFacts
from backend.wiring.handlers import job_handlers
from backend.worker.runner import JobRunner
from tests.conftest import PASSWORD, SamplePractice

CHICAGO = ZoneInfo("America/Chicago")
TUESDAY = datetime(2026, 11, 24, 10, 0, tzinfo=CHICAGO)


class Desk:
    """One practice at a time of our choosing."""

    def __init__(self, context: ProcessContext, practice: SamplePractice, admin: "asyncpg.Connection") -> None:
        self.context, self.practice, self.admin, self.at = context, practice, admin, TUESDAY
        self._runner = JobRunner(context.database, job_handlers(context, {}), lease_seconds=30, attempts=4)

    @contextmanager
    def turned(self) -> Iterator["Desk"]:
        """The process takes its time from here."""
        clock.follow(lambda: self.at.astimezone(UTC))
        try:
            yield self
        finally:
            clock.shift_by(timedelta(0))

    async def key(self) -> dict[str, str]:
        """Headers of a program that may do everything."""
        async with self.context.database.transaction(self.practice.id) as session:
            _, key = api_keys.create(session, "desk", sorted(permissions.ALL))
        return {"Authorization": f"Bearer {key}"}

    async def person(self, name: str, role: str) -> User:
        """A colleague."""
        async with self.context.database.transaction(self.practice.id) as session:
            email = f"{name.lower()}@northside.example.org"
            return await service.create_user(session, email=email, name=name, password=PASSWORD, role=role)

    async def lead(self, name: str = "Ada", **facts: Any) -> uuid.UUID:
        """A patient and their lead."""
        async with self.context.database.transaction(self.practice.id) as session:
            patient = await patients.create(session, PatientFacts(first_name=name, last_name="Sample"))
            chosen = {"location_id": self.practice.location_id, **facts}
            return (await leads.open_lead(session, NewLead(patient.id, "fax", **chosen))).id

    async def acts(self, what: Any, *args: Any, user: User | None = None, **facts: Any) -> Any:
        """Somebody calls a service; Dana unless said otherwise."""
        actor = self.practice.actor
        if user is not None:
            actor = Actor(self.practice.id, "user", str(user.id), user.name, permissions.ROLES["front_desk"])
        async with self.context.database.transaction(self.practice.id) as session:
            act_as(session, actor)
            return await what(session, *args, **facts)

    async def work(self, *, hours: float = 0, at: datetime | None = None) -> None:
        """Turn the clock, then run follow-up's timers that are due, one after the other by their time."""
        target = at or self.at + timedelta(hours=hours)
        while True:
            row = await self.admin.fetchrow(
                "SELECT id, run_at FROM jobs WHERE state = 'queued' AND kind LIKE 'followup.%' AND run_at <= $1 "
                "ORDER BY run_at, id LIMIT 1",
                target,
            )
            if row is None:
                break
            self.at = max(self.at, row["run_at"].astimezone(CHICAGO))
            await self.admin.execute("UPDATE jobs SET run_at = now() WHERE id = $1", row["id"])
            assert await self._runner.run(row["id"])
        self.at = target
        dead = await self.admin.fetch("SELECT kind, error_code FROM jobs WHERE state = 'dead' OR error_code <> ''")
        assert not dead, dead

    async def events(self, kind: str) -> list[dict[str, Any]]:
        """Rows of the leads' histories."""
        rows = await self.admin.fetch("SELECT * FROM lead_events WHERE kind = $1 ORDER BY at, id", kind)
        return [dict(row) for row in rows]

    async def task(self) -> dict[str, Any]:
        """The one open task."""
        rows = await self.admin.fetch("SELECT * FROM tasks WHERE done_at IS NULL")
        assert len(rows) == 1
        return dict(rows[0])
