"""The patient books, sees, confirms, moves and cancels their own visit; double submits, races and strangers get clear
answers."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from backend.api.app import create_app, serve_with
from backend.core.context import ProcessContext
from backend.identity.models import Location
from tests.conftest import SamplePractice
from tests.patients_phone import SampleLink, enter, make_link, open_link
from tests.scheduling import MONDAY, Calendar, at, calendar

VISIT = "/api/v1/public/visit"


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    """Monday morning, before the clinic opens."""
    with at(MONDAY):
        yield


@pytest.fixture
async def clinic(context: ProcessContext, practice: SamplePractice) -> Calendar:
    """Two clinicians who work on weekdays."""
    async with context.database.transaction(practice.id) as session:
        place = await session.get_one(Location, (practice.id, practice.location_id))
        place.address, place.phone = "100 Main Street; Suite 4, Springfield, IL 62701", "+12175550110"
    return await calendar(context, practice)


@pytest.fixture
async def phone(
    anonymous: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, clinic: Calendar
) -> SampleLink:
    """A link to choose a time, open and checked."""
    link = await make_link(context, practice, "schedule")
    await enter(anonymous, link.token)
    return link


@pytest.fixture
async def other_phone(context: ProcessContext) -> AsyncIterator[httpx.AsyncClient]:
    """Another browser."""
    app = create_app()
    serve_with(app, context, {})
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="https://test.example.org") as client:
        yield client


async def first_time(client: httpx.AsyncClient, number: int = 0) -> dict[str, Any]:
    times = (await client.get(f"{VISIT}/times")).json()["times"]
    return {name: times[number % len(times)][name] for name in ("clinician_id", "location_id", "starts_at")}


async def test_choosing_a_time_books_it_and_the_link_shows_it_then(
    anonymous: httpx.AsyncClient, phone: SampleLink, admin: Any
) -> None:
    assert (await anonymous.get(VISIT)).json() == {"visit": None, "can_choose": True}
    offered = (await anonymous.get(f"{VISIT}/times")).json()
    assert len(offered["days"]) == 14, "three weeks of weekdays, without the first day's notice"
    assert {time["starts_at"][:10] for time in offered["times"]} == {offered["day"]}
    booked = await anonymous.post(f"{VISIT}/book", json=await first_time(anonymous))
    visit = booked.json()["visit"]
    assert (booked.status_code, visit["status"], visit["place"]["name"]) == (200, "booked", "North")
    assert "Main Street" in visit["place"]["address"]
    row = await admin.fetchrow("SELECT * FROM appointments")
    assert (row["source"], row["lead_id"], row["patient_id"]) == ("patient", phone.lead_id, phone.patient_id)
    assert await admin.fetchval("SELECT stage FROM leads") == "scheduled"
    link = await admin.fetchrow("SELECT * FROM patient_links")
    assert link["used_at"] is not None
    assert link["ref_id"] == row["id"]
    again = await open_link(anonymous, phone.token)
    assert again.status_code == 200, "it goes on showing the booking"
    await enter(anonymous, phone.token)
    shown = (await anonymous.get(VISIT)).json()
    assert shown["visit"]["id"] == str(row["id"])
    assert shown["can_choose"] is False


async def test_a_double_tap_books_once(anonymous: httpx.AsyncClient, phone: SampleLink, admin: Any) -> None:
    wanted = await first_time(anonymous)
    headers = {"Idempotency-Key": "one tap"}
    taps = [anonymous.post(f"{VISIT}/book", json=wanted, headers=headers) for _ in range(5)]
    answers = await asyncio.gather(*taps)
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["visit"]["id"] for answer in answers}) == 1
    second = await anonymous.post(f"{VISIT}/book", json=await first_time(anonymous, 3))
    assert second.status_code == 409
    assert await admin.fetchval("SELECT count(*) FROM appointments") == 1


async def test_a_time_somebody_else_took_is_answered_with_others(
    anonymous: httpx.AsyncClient, phone: SampleLink, context: ProcessContext, practice: SamplePractice,
    other_phone: httpx.AsyncClient,
) -> None:  # fmt: skip
    bea = await make_link(context, practice, "schedule", first_name="Bea")
    await enter(other_phone, bea.token)
    wanted = await first_time(anonymous)
    answers = await asyncio.gather(
        anonymous.post(f"{VISIT}/book", json=wanted), other_phone.post(f"{VISIT}/book", json=wanted)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    lost = next(answer for answer in answers if answer.status_code == 409)
    assert lost.json()["type"] == "slot-taken"
    assert lost.json()["next_slots"]
    winner_is_ada = answers[0].status_code == 200
    loser = other_phone if winner_is_ada else anonymous
    assert (await loser.post(f"{VISIT}/book", json=await first_time(loser, 2))).status_code == 200


async def test_confirm_move_cancel(anonymous: httpx.AsyncClient, phone: SampleLink, admin: Any) -> None:
    visit = (await anonymous.post(f"{VISIT}/book", json=await first_time(anonymous))).json()["visit"]
    stale = await anonymous.post(f"{VISIT}/confirm", json={"version": visit["version"] + 5})
    assert (stale.status_code, stale.json()["type"]) == (409, "stale-version")
    done = await anonymous.post(f"{VISIT}/confirm", json={"version": visit["version"]})
    assert done.json()["visit"]["status"] == "confirmed"
    version = done.json()["visit"]["version"]
    moved = await anonymous.post(f"{VISIT}/move", json={**await first_time(anonymous, 6), "version": version})
    assert moved.status_code == 200, moved.text
    assert moved.json()["visit"]["id"] == visit["id"]
    assert moved.json()["visit"]["starts_at"] != visit["starts_at"]
    version = moved.json()["visit"]["version"]
    gone = await anonymous.post(f"{VISIT}/cancel", json={"version": version, "reason": "sick"})
    assert gone.json()["visit"]["status"] == "canceled"
    assert gone.json()["can_choose"] is False, "the link has been used"
    assert await admin.fetchval("SELECT cancel_reason FROM appointments") == "Sick"
    again = await anonymous.post(f"{VISIT}/cancel", json={"version": version + 1, "reason": "sick"})
    assert (again.status_code, again.json()["type"]) == (409, "no-visit")
    rebooked = await anonymous.post(f"{VISIT}/book", json={**(await _any_time(phone, admin))})
    assert (rebooked.status_code, rebooked.json()["type"]) == (409, "not-bookable")
    kinds = [row["kind"] for row in await admin.fetch("SELECT kind FROM appointment_events ORDER BY at, id")]
    assert kinds == ["booked", "confirmed", "moved", "canceled"]
    assert {row["actor_kind"] for row in await admin.fetch("SELECT actor_kind FROM appointment_events")} == {"patient"}


async def _any_time(_: SampleLink, admin: Any) -> dict[str, Any]:
    row = await admin.fetchrow("SELECT clinician_id, location_id, starts_at FROM appointments")
    return {name: value.isoformat() if name == "starts_at" else str(value) for name, value in dict(row).items()}


async def test_links_to_a_visit_book_nothing(
    anonymous: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, clinic: Calendar
) -> None:
    for purpose in ("visit", "reschedule"):
        link = await make_link(context, practice, purpose)
        await enter(anonymous, link.token)
        assert (await anonymous.get(VISIT)).json() == {"visit": None, "can_choose": False}
        assert (await anonymous.get(f"{VISIT}/times")).status_code == 409
    upload = await make_link(context, practice, "upload")
    await enter(anonymous, upload.token)
    assert (await anonymous.get(VISIT)).status_code == 404


async def test_nothing_is_shown_or_booked_before_the_check(
    anonymous: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, clinic: Calendar, admin: Any
) -> None:
    link = await make_link(context, practice, "schedule")
    await open_link(anonymous, link.token)
    time = {"clinician_id": str(clinic.clinicians[0]), "location_id": str(clinic.location_id),
            "starts_at": "2026-12-01T16:00:00Z"}  # fmt: skip
    for answer in (
        await anonymous.get(VISIT),
        await anonymous.get(f"{VISIT}/times"),
        await anonymous.post(f"{VISIT}/book", json=time),
    ):
        assert (answer.status_code, answer.json()["type"]) == (403, "check-first")
    assert await admin.fetchval("SELECT count(*) FROM appointments") == 0


async def test_the_clinics_rules_hold_for_patients_too(
    anonymous: httpx.AsyncClient, phone: SampleLink, clinic: Calendar
) -> None:
    """Another clinician's lunch, tonight, last year: whatever a page could be made to send."""
    for starts_at in ("2026-11-30T15:00:00Z", "2026-12-01T03:00:00Z", "2025-12-01T16:00:00Z", "2027-12-01T16:00:00Z"):
        body = {"clinician_id": str(clinic.clinicians[0]), "location_id": str(clinic.location_id),
                "starts_at": starts_at}  # fmt: skip
        answer = await anonymous.post(f"{VISIT}/book", json=body)
        assert (answer.status_code, answer.json()["type"]) == (409, "slot-unavailable"), starts_at


async def test_the_calendar_file_tells_nothing_of_the_care(
    anonymous: httpx.AsyncClient, phone: SampleLink, context: ProcessContext, practice: SamplePractice
) -> None:
    visit = (await anonymous.post(f"{VISIT}/book", json=await first_time(anonymous))).json()["visit"]
    token = anonymous.headers.pop("X-CSRF-Token")
    file = await anonymous.get(f"{VISIT}/{visit['id']}/calendar.ics")
    assert file.headers["content-type"].startswith("text/calendar")
    assert "SUMMARY:Visit at Northside" in file.text
    assert "LOCATION:North\\, 100 Main Street\\; Suite 4\\, Springfield\\, IL 62701" in file.text.replace("\r\n ", "")
    assert "Evaluation" not in file.text
    assert "Ada" not in file.text
    assert all(len(line.encode()) <= 75 for line in file.text.split("\r\n"))
    other = await make_link(context, practice, "schedule", first_name="Bea")
    await enter(anonymous, other.token)
    assert (await anonymous.get(f"{VISIT}/{visit['id']}/calendar.ics")).status_code == 404
    assert token


async def test_many_phones_behind_one_address_at_once(
    context: ProcessContext, practice: SamplePractice, clinic: Calendar, admin: Any
) -> None:
    """Every one opens its link and books; who wanted the same time is shown others."""
    app = create_app()
    serve_with(app, context, {})
    links = [await make_link(context, practice, "schedule", last_name=f"Sample{'abcde'[n % 5] * n}") for n in range(25)]

    async def visit(number: int, link: SampleLink) -> list[int]:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="https://test.example.org") as one:
            await enter(one, link.token)
            answers: list[int] = []
            while not answers or answers[-1] == 409:
                booked = await one.post(f"{VISIT}/book", json=await first_time(one, number))
                answers.append(booked.status_code)
            return answers

    found = await asyncio.gather(*(visit(number, link) for number, link in enumerate(links)))
    assert [answers[-1] for answers in found] == [200] * len(links)
    assert await admin.fetchval("SELECT count(*) FROM appointments WHERE status = 'booked'") == len(links)
