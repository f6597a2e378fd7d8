"""A lead and its appointment agree whoever speaks first; who may see and touch what; every look on record."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
from sqlalchemy import select

from backend.core.clock import now
from backend.core.context import ProcessContext
from backend.core.jobs import Job, JobRun
from backend.followup import evaluations
from backend.identity import service
from backend.patients import service as patients
from backend.patients.schemas import PatientFacts
from backend.scheduling import booking
from backend.scheduling.words import Wish
from tests.conftest import SamplePractice
from tests.scheduling import CHICAGO, MONDAY, at, calendar, desk, lead

__all__ = ["desk"]  # fixture
TUESDAY = MONDAY + timedelta(days=1)


async def book(desk: httpx.AsyncClient, body: dict[str, Any]) -> dict[str, Any]:
    answer = await desk.post("/api/v1/appointments", json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_what_the_rule_notes_about_the_lead_the_appointment_says_too(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, admin: "asyncpg.Connection"
) -> None:
    """Nobody notes an outcome: the follow-up rule takes the visit for missed, once, and the appointment with it."""
    made = await calendar(context, practice)
    ada = await lead(desk)
    ten = TUESDAY.replace(hour=10)
    with at(MONDAY):
        appointment = await book(desk, made.body(ten, lead_id=ada["id"]))
    with at(ten + timedelta(days=2)):
        await run_check(context, practice, UUID(ada["id"]))
        path = f"/api/v1/appointments/{appointment['id']}"
        assert (await desk.get(path)).json()["status"] == "no_show"
        missed = (await desk.get(f"/api/v1/leads/{ada['id']}")).json()
        assert (missed["evaluation_state"], missed["stage"]) == ("missed", "contacted")
        assert (await desk.post(f"{path}/no-show", json={})).status_code == 409
        events = "SELECT count(*) FROM lead_events WHERE kind = 'evaluation_missed'"
        assert await admin.fetchval(events) == 1
        assert [one["kind"] for one in (await desk.get(f"{path}/history")).json()["items"]] == ["no_show", "booked"]
        came = (await desk.post(f"{path}/check-in", json={})).json()
        assert came["status"] == "checked_in"
        assert (await desk.get(f"/api/v1/leads/{ada['id']}")).json()["stage"] == "first_visit_complete"


async def run_check(context: ProcessContext, practice: SamplePractice, lead_id: UUID) -> None:
    """As the worker does with the lead's timer."""
    async with context.database.transaction(practice.id) as session:
        job = await session.scalar(select(Job).where(Job.kind == evaluations.CHECK, Job.ref_id == lead_id))
        assert job is not None
        job.state, job.lease_owner, job.attempt = "leased", "test", 1
        job_id = job.id
    await evaluations.check(JobRun(context.database, job_id, practice.id, evaluations.CHECK, lead_id, 1, "test"))


async def test_what_the_desk_notes_on_the_lead_reaches_the_calendar(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    made = await calendar(context, practice)
    ten = TUESDAY.replace(hour=10)
    outcomes = (("attended", "checked_in", "attended"), ("missed", "no_show", "missed"),
                ("cancel", "canceled", "canceled"))  # fmt: skip
    with at(MONDAY):
        for number, (verb, status, state) in enumerate(outcomes):
            someone = await lead(desk, f"Number{number}")
            appointment = await book(desk, made.body(ten + number * timedelta(hours=1), lead_id=someone["id"]))
            version = (await desk.get(f"/api/v1/leads/{someone['id']}")).json()["version"]
            path = f"/api/v1/leads/{someone['id']}/evaluation"
            other = {"at": (ten + timedelta(days=1)).isoformat(), "version": version}
            assert (await desk.post(path, json=other)).status_code == 409, "another time is the calendar's to give"
            assert (await desk.post(f"{path}/{verb}", json={"version": version})).status_code == 200
            assert (await desk.get(f"/api/v1/appointments/{appointment['id']}")).json()["status"] == status
            assert (await desk.get(f"/api/v1/leads/{someone['id']}")).json()["evaluation_state"] == state


async def test_a_late_cancellation_is_flagged_and_its_time_free_at_once(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    made = await calendar(context, practice, clinicians=1)
    ada, bob = await lead(desk), await lead(desk, "Bob")
    ten = TUESDAY.replace(hour=10)
    with at(MONDAY):
        appointment = await book(desk, made.body(ten, lead_id=ada["id"]))
    with at(ten - timedelta(hours=23)):
        body = {"version": appointment["version"], "reason": "Car broke down"}
        canceled = (await desk.post(f"/api/v1/appointments/{appointment['id']}/cancel", json=body)).json()
        assert canceled["late_cancel"] is True
        assert (await desk.post(f"/api/v1/appointments/{appointment['id']}/check-in", json={})).status_code == 409
        await book(desk, made.body(ten, lead_id=bob["id"]))


async def test_a_no_show_who_comes_after_all_sits_beside_whoever_got_the_time(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    made = await calendar(context, practice, clinicians=1)
    ada, bob = await lead(desk), await lead(desk, "Bob")
    ten = TUESDAY.replace(hour=10)
    with at(MONDAY):
        first = await book(desk, made.body(ten, lead_id=ada["id"]))
        assert (await desk.post(f"/api/v1/appointments/{first['id']}/no-show", json={})).status_code == 200
        await book(desk, made.body(ten, lead_id=bob["id"]))
        came = (await desk.post(f"/api/v1/appointments/{first['id']}/check-in", json={})).json()
    assert (came["status"], came["double_booked"]) == ("checked_in", True)


async def test_another_practice_sees_and_touches_nothing(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, other_practice: SamplePractice
) -> None:
    made = await calendar(context, practice)
    theirs = await calendar(context, other_practice)
    ada = await lead(desk)
    ten = TUESDAY.replace(hour=10)
    async with context.database.transaction(other_practice.id) as session:
        stranger = await patients.create(session, PatientFacts(first_name="Eve", last_name="Other"))
        wish = Wish(theirs.evaluation, theirs.clinicians[0], theirs.location_id, ten, stranger.id)
        with at(MONDAY):
            foreign = await booking.book(session, wish)
    with at(MONDAY):
        path = f"/api/v1/appointments/{foreign.id}"
        assert (await desk.get(path)).status_code == 404
        for verb, body in (("cancel", {"version": 1}), ("check-in", {}), ("no-show", {}), ("confirm", {}),
                           ("reschedule", {"version": 1, "starts_at": ten.isoformat()})):  # fmt: skip
            assert (await desk.post(f"{path}/{verb}", json=body)).status_code == 404, verb
        query = {"appointment_type": str(theirs.evaluation)}
        assert (await desk.get("/api/v1/slots", params=query)).status_code == 422
        for name, value in (("clinician_id", theirs.clinicians[0]), ("location_id", theirs.location_id),
                            ("appointment_type_id", theirs.evaluation), ("patient_id", stranger.id)):  # fmt: skip
            body = made.body(ten) | ({} if name == "patient_id" else {"lead_id": ada["id"]}) | {name: str(value)}
            assert (await desk.post("/api/v1/appointments", json=body)).status_code in {404, 422}, name
        assert (await desk.get("/api/v1/appointments")).json()["items"] == []
        names = {one["id"] for one in (await desk.get("/api/v1/clinicians")).json()["items"]}
        assert names == {str(one) for one in made.clinicians}


async def test_a_clinician_checks_in_and_a_desk_of_another_clinic_does_not(
    client: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, admin: "asyncpg.Connection"
) -> None:
    """A browser's session does not outlive a turned clock, so this happens now."""
    made = await calendar(context, practice)
    ada = await lead(client, location_id=str(practice.location_id))
    today = now().astimezone(CHICAGO)
    ten = (today + timedelta(days=8 - today.weekday())).replace(hour=10, minute=0, second=0, microsecond=0)
    appointment = await book(client, made.body(ten, lead_id=ada["id"]))
    path = f"/api/v1/appointments/{appointment['id']}"
    async with context.database.transaction(practice.id) as session:
        other = await service.create_location(session, name="South", timezone="America/Chicago")
    await admin.execute("UPDATE memberships SET role = 'front_desk', location_id = $1", other.id)
    assert (await client.get(path)).status_code == 404
    assert (await client.post(f"{path}/check-in", json={})).status_code == 404
    assert (await client.get("/api/v1/appointments")).json()["items"] == []
    slots = await client.get("/api/v1/slots", params={"appointment_type": "evaluation"})
    assert slots.json()["items"] == []
    await admin.execute("UPDATE memberships SET role = 'clinician', location_id = $1", practice.location_id)
    assert (await client.post(f"{path}/check-in", json={})).json()["status"] == "checked_in"
    await admin.execute("UPDATE memberships SET role = 'liaison', location_id = NULL")
    assert (await client.get(path)).status_code == 403


async def test_every_look_is_on_record(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, admin: "asyncpg.Connection"
) -> None:
    made = await calendar(context, practice)
    ada = await lead(desk)
    with at(MONDAY):
        appointment = await book(desk, made.body(TUESDAY.replace(hour=10), lead_id=ada["id"]))
        path = f"/api/v1/appointments/{appointment['id']}"
        for look in (path, f"{path}/history", f"{path}/calendar.ics", "/api/v1/appointments?from=2026-12-01"):
            assert (await desk.get(look)).status_code == 200, look
    looks = "SELECT action, patient_ids FROM audit_events WHERE action LIKE 'appointment%' ORDER BY seq"
    rows = await admin.fetch(looks)
    assert [row["action"] for row in rows] == [
        "appointment.booked", "appointment.viewed", "appointment.history_viewed", "appointment.exported",
        "appointments.viewed",
    ]  # fmt: skip
    assert all([str(one) for one in row["patient_ids"]] == [ada["patient"]["id"]] for row in rows)
