"""Hours and holidays over the API, and the due times that follow them."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from backend.core import clock
from backend.core.context import ProcessContext
from backend.core.working_time import Calendar
from backend.identity import service
from backend.identity.calendars import calendar_of
from backend.leads import service as leads
from backend.leads.service import NewLead
from backend.patients import service as patients
from backend.patients.schemas import PatientFacts
from tests.conftest import SamplePractice

CHICAGO = ZoneInfo("America/Chicago")
WEDNESDAY = datetime(2026, 11, 25, 17, tzinfo=CHICAGO)
LUNCH = [
    {"weekday": day, "opens": opens, "closes": closes}
    for day in range(4)
    for opens, closes in (("13:00", "17:30"), ("07:00", "12:00"))
]


async def calendar(context: ProcessContext, practice: SamplePractice, everywhere: bool = False) -> Calendar:
    async with context.database.transaction(practice.id) as session:
        return await calendar_of(session, None if everywhere else practice.location_id)


async def test_the_usual_hours_hold_until_somebody_changes_them(
    client: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    path = f"/api/v1/locations/{practice.location_id}/hours"
    usual = (await client.get(path)).json()
    assert (usual["version"], len(usual["weekly"]), usual["timezone"]) == (0, 5, "America/Chicago")
    changed = (await client.put(path, json={"version": 0, "weekly": LUNCH})).json()
    assert changed["version"] == 1
    assert changed["weekly"][:2] == [
        {"weekday": 0, "opens": "07:00:00", "closes": "12:00:00"},
        {"weekday": 0, "opens": "13:00:00", "closes": "17:30:00"},
    ]
    stale = await client.put(path, json={"version": 0, "weekly": LUNCH})
    assert (stale.status_code, stale.json()["current_version"]) == (409, 1)
    there = await calendar(context, practice)
    assert there.is_open(datetime(2026, 11, 24, 7, tzinfo=CHICAGO))
    assert not there.is_open(datetime(2026, 11, 24, 12, 30, tzinfo=CHICAGO))
    assert (await calendar(context, practice, everywhere=True)).weekly[0] == (0, time(8), time(18))


@pytest.mark.parametrize(
    "weekly",
    [
        [],
        [{"weekday": 7, "opens": "08:00", "closes": "12:00"}],
        [{"weekday": 1, "opens": "12:00", "closes": "08:00"}],
        [{"weekday": 1, "opens": "08:00Z", "closes": "12:00Z"}],
        [{"weekday": 1, "opens": "08:00", "closes": "12:00"}, {"weekday": 1, "opens": "11:00", "closes": "13:00"}],
    ],
)
async def test_impossible_hours_are_refused(
    client: httpx.AsyncClient, practice: SamplePractice, weekly: list[object]
) -> None:
    answer = await client.put(f"/api/v1/locations/{practice.location_id}/hours", json={"version": 0, "weekly": weekly})
    assert answer.status_code == 422


async def test_a_holiday_moves_the_next_step(
    client: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    added = await client.post("/api/v1/holidays/preset", json={"preset": "us_federal", "years": [2026]})
    assert "Thanksgiving Day" in {day["name"] for day in added.json()["items"]}
    assert (await client.post("/api/v1/holidays/preset", json={"preset": "us_federal", "years": [2026]})).json()[
        "items"
    ] == []
    short: dict[str, Any] = {"date": "2026-11-27", "name": "Short Friday", "location_id": str(practice.location_id)}
    short |= {"hours": [{"opens": "08:00", "closes": "12:00"}]}
    made = await client.post("/api/v1/holidays", json=short, headers={"Idempotency-Key": "h"})
    again = await client.post("/api/v1/holidays", json=short, headers={"Idempotency-Key": "h"})
    assert (made.status_code, again.json()["id"]) == (201, made.json()["id"])
    assert (await client.post("/api/v1/holidays", json=short)).status_code == 409
    clock.follow(lambda: WEDNESDAY.astimezone(UTC))
    try:
        async with context.database.transaction(practice.id) as session:
            patient = await patients.create(session, PatientFacts(first_name="Ada", last_name="Sample"))
            lead_id = (await leads.open_lead(session, NewLead(patient.id, "walk_in", practice.location_id))).id
    finally:
        clock.shift_by(timedelta(0))
    lead = (await client.get(f"/api/v1/leads/{lead_id}")).json()
    due = datetime.fromisoformat(lead["next_step"]["due_at"]).astimezone(CHICAGO)
    assert due == datetime(2026, 11, 27, 9, tzinfo=CHICAGO)
    assert (await client.delete(f"/api/v1/holidays/{made.json()['id']}")).status_code == 204
    assert (await client.delete(f"/api/v1/holidays/{made.json()['id']}")).status_code == 404
    listed = (await client.get("/api/v1/holidays", params={"year": 2026})).json()["items"]
    assert [day["date"] for day in listed] == sorted(day["date"] for day in listed)
    assert "2026-11-27" not in {day["date"] for day in listed}


async def test_a_manager_of_one_clinic_changes_that_clinic_only(
    client: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, admin: Any
) -> None:
    async with context.database.transaction(practice.id) as session:
        other = await service.create_location(session, name="South", timezone="America/Denver")
    await admin.execute("UPDATE memberships SET location_id = $1", practice.location_id)
    body = {"version": 0, "weekly": LUNCH}
    assert (await client.put(f"/api/v1/locations/{practice.location_id}/hours", json=body)).status_code == 200
    assert (await client.put(f"/api/v1/locations/{other.id}/hours", json=body)).status_code == 404
    day = {"date": "2026-12-24", "name": "Closed"}
    assert (await client.post("/api/v1/holidays", json=day)).status_code == 403
    assert (await client.post("/api/v1/holidays", json={**day, "location_id": str(other.id)})).status_code == 404
    own = await client.post("/api/v1/holidays", json={**day, "location_id": str(practice.location_id)})
    assert own.status_code == 201
    assert (await client.get(f"/api/v1/locations/{other.id}/hours")).status_code == 404


async def test_hours_of_another_practice_are_not_found(
    client: httpx.AsyncClient, practice: SamplePractice, other_practice: SamplePractice
) -> None:
    path = f"/api/v1/locations/{other_practice.location_id}/hours"
    assert (await client.get(path)).status_code == 404
    assert (await client.put(path, json={"version": 0, "weekly": LUNCH})).status_code == 404
