"""A practice with a calendar: types, clinicians with hours, patients; a fixed Monday morning."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
import pytest

from backend.core import clock
from backend.core.context import ProcessContext
from backend.identity import api_keys, permissions
from backend.scheduling import setup
from backend.scheduling.setup_schemas import AppointmentTypeIn, AvailabilityIn, ClinicianIn, WeekIn
from tests.conftest import SamplePractice

CHICAGO = ZoneInfo("America/Chicago")
MONDAY = datetime(2026, 11, 30, 7, tzinfo=CHICAGO)
NINE_TO_FIVE = ((time(9), time(17)),)


@pytest.fixture
async def desk(anonymous: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice) -> httpx.AsyncClient:
    """A program with every permission: its key does not run out when the clock is turned."""
    async with context.database.transaction(practice.id) as session:
        _, key = api_keys.create(session, "desk", sorted(permissions.ALL))
    anonymous.headers["Authorization"] = f"Bearer {key}"
    return anonymous


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Everything happens at this moment."""
    clock.follow(lambda: moment.astimezone(UTC))
    try:
        yield
    finally:
        clock.shift_by(timedelta(0))


@dataclass(frozen=True)
class Calendar:
    """What was made."""

    evaluation: UUID
    follow_up: UUID
    clinicians: tuple[UUID, ...]
    location_id: UUID

    def body(self, starts_at: datetime, clinician: int = 0, **more: Any) -> dict[str, Any]:
        """A booking of an evaluation."""
        return {
            "appointment_type_id": str(self.evaluation), "clinician_id": str(self.clinicians[clinician]),
            "location_id": str(self.location_id), "starts_at": starts_at.isoformat(),
        } | more  # fmt: skip


async def calendar(
    context: ProcessContext, practice: SamplePractice, clinicians: int = 2, spans: Any = NINE_TO_FIVE, **type_facts: Any
) -> Calendar:
    """Clinicians who work from Monday to Friday at the practice's clinic."""
    async with context.database.transaction(practice.id) as session:
        evaluation = await setup.add_type(
            session, AppointmentTypeIn(**{"name": "Evaluation", "kind": "evaluation", "minutes": 60} | type_facts)
        )
        follow_up = await setup.add_type(session, AppointmentTypeIn(name="Follow-up", kind="follow_up", minutes=30))
        made = []
        for number in range(clinicians):
            body = ClinicianIn(
                name=f"Clinician {number:02}", disciplines=["PT"], location_ids=[practice.location_id],
                appointment_type_ids=[evaluation.id, follow_up.id],
            )  # fmt: skip
            made.append(await setup.add_clinician(session, body))
            week = [
                AvailabilityIn(weekday=day, opens=opens, closes=closes, location_id=practice.location_id)
                for day in range(5)
                for opens, closes in spans
            ]
            await setup.set_week(session, made[-1], WeekIn(version=1, items=week))
    return Calendar(evaluation.id, follow_up.id, tuple(made), practice.location_id)


async def lead(client: httpx.AsyncClient, name: str = "Ada", **more: Any) -> dict[str, Any]:
    """Somebody who wants to come."""
    body = {"source": "phone", "patient": {"first_name": name, "last_name": "Sample"}} | more
    answer = await client.post("/api/v1/leads", json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found
