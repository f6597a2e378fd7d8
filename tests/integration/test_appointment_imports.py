"""Appointments of the EMR by CSV: booked and moved as there, told their outcome, once."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import httpx
import pytest

from backend.core.clock import now
from backend.core.context import ProcessContext
from tests.conftest import SamplePractice
from tests.integration.test_imports import counted
from tests.integration.test_visit_imports import errors, settled
from tests.scheduling import Calendar, calendar

__all__ = ["settled"]
CHICAGO = ZoneInfo("America/Chicago")
HEAD = "MRN,Last,First,DOB,Appointment ID,Date,Time,Status,Appointment Type,Therapist\n"


@pytest.fixture
async def week(context: ProcessContext, practice: SamplePractice) -> Calendar:
    """A calendar to book in."""
    return await calendar(context, practice)


def monday(days: int = 0) -> datetime:
    today = now().astimezone(CHICAGO)
    return (today + timedelta(days=14 - today.weekday() + days)).replace(minute=0, second=0, microsecond=0, hour=9)


def row(number: str = "A1", at: datetime | None = None, state: str = "Scheduled", kind: str = "Evaluation",
        who: str = "Clinician 00, PT", mrn: str = "M1") -> str:  # fmt: skip
    at = at or monday()
    return f'{mrn},Sample,Ada,4/9/1961,{number},{at:%m/%d/%Y},{at:%I:%M %p},{state},{kind},"{who}"'


async def found(admin: "asyncpg.Connection") -> list[tuple[Any, ...]]:
    rows = await admin.fetch("SELECT external_id, status, starts_at FROM appointments ORDER BY starts_at")
    return [(each[0], each[1], each[2].astimezone(CHICAGO)) for each in rows]


async def test_appointments_are_booked_moved_and_canceled(
    settled: Any, week: Calendar, admin: "asyncpg.Connection"
) -> None:
    assert counted(await settled(row(), head=HEAD, kind="appointments", dry_run=True)) == {"created": 1}
    assert await found(admin) == []
    assert counted(await settled(row(), head=HEAD, kind="appointments")) == {"created": 1}
    assert await found(admin) == [("A1", "booked", monday())]
    assert counted(await settled(row(), head=HEAD, kind="appointments")) == {"skipped": 1}
    moved = row(at=monday(1) + timedelta(hours=2))
    assert counted(await settled(moved, head=HEAD, kind="appointments")) == {"updated": 1}
    assert await found(admin) == [("A1", "booked", monday(1) + timedelta(hours=2))]
    gone = row(at=monday(1) + timedelta(hours=2), state="Cancelled")
    assert counted(await settled(gone, head=HEAD, kind="appointments")) == {"updated": 1}
    assert [each[1] for each in await found(admin)] == ["canceled"]


async def test_the_emr_is_right_even_where_two_have_one_time(
    settled: Any, week: Calendar, admin: "asyncpg.Connection"
) -> None:
    other = row("A2", mrn="M2").replace("Sample,Ada,4/9/1961", "Other,Bo,1/2/1990")
    assert counted(await settled(row(), other, head=HEAD, kind="appointments")) == {"created": 2}
    assert len(await found(admin)) == 2


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (row(who="Nobody Known"), "no clinician of this name"),
        (row("A1").replace(",A1,", ",,"), "appointment number missing"),
        (row().replace(f"{monday():%I:%M %p}", ""), "time missing"),
    ],
)
async def test_what_cannot_be_booked_is_said(
    client: httpx.AsyncClient, settled: Any, week: Calendar, line: str, why: str
) -> None:
    done = await settled(line, head=HEAD, kind="appointments")
    assert counted(done) == {"failed": 1}
    assert why in (await errors(client, done))[0]


async def test_what_is_over_becomes_a_visit(settled: Any, week: Calendar, admin: "asyncpg.Connection") -> None:
    past = monday() - timedelta(days=35)
    done = await settled(
        row("B1", past, "Completed"), row("B2", past + timedelta(days=2), "No Show", "Follow-up"),
        row("B3", past + timedelta(days=4), "Scheduled", "Follow-up"), head=HEAD, kind="appointments",
    )  # fmt: skip
    assert counted(done) == {"created": 2, "skipped": 1}
    rows = await admin.fetch("SELECT external_id, state FROM visits ORDER BY day")
    assert [tuple(each) for each in rows] == [("B1", "attended"), ("B2", "no_show")]
