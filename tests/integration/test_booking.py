"""Slots, booking, moving, canceling, outcomes over the API."""

from datetime import datetime, timedelta

import asyncpg
import httpx

from backend.core.context import ProcessContext
from tests.conftest import SamplePractice
from tests.scheduling import MONDAY, at, calendar, desk, lead

__all__ = ["desk"]  # fixture

TUESDAY = MONDAY + timedelta(days=1)


async def test_from_slot_to_first_visit(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    made = await calendar(context, practice)
    ada = await lead(desk)
    with at(MONDAY):
        query = {"appointment_type": "evaluation", "location_id": str(practice.location_id), "pick": "3"}
        slots = (await desk.get("/api/v1/slots", params=query)).json()["items"]
        assert len(slots) == 3
        slot = slots[1]
        body = {key: slot[key] for key in ("appointment_type_id", "clinician_id", "location_id", "starts_at")}
        booked = await desk.post("/api/v1/appointments", json=body | {"lead_id": ada["id"]})
        assert booked.status_code == 201, booked.text
        appointment = booked.json()
        assert (appointment["status"], appointment["patient_display_name"]) == ("booked", "Ada Sample")
        scheduled = (await desk.get(f"/api/v1/leads/{ada['id']}")).json()
        assert (scheduled["stage"], scheduled["evaluation_at"]) == ("scheduled", appointment["starts_at"])
        bob = await lead(desk, "Bob")
        taken = await desk.post("/api/v1/appointments", json=body | {"lead_id": bob["id"]})
        assert (taken.status_code, taken.json()["type"]) == (409, "slot-taken")
        nearest = taken.json()["next_slots"]
        assert len(nearest) == 3 and {item["starts_at"] for item in nearest} >= {slot["starts_at"]}
        path = f"/api/v1/appointments/{appointment['id']}"
        arrived = await desk.post(f"{path}/check-in", json={"version": appointment["version"]})
        assert (arrived.status_code, arrived.json()["status"]) == (200, "checked_in")
    won = (await desk.get(f"/api/v1/leads/{ada['id']}")).json()
    assert (won["stage"], won["evaluation_state"]) == ("first_visit_complete", "attended")
    assert made.evaluation


async def test_a_moved_appointment_keeps_its_id_and_its_past(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    made = await calendar(context, practice)
    ada = await lead(desk)
    ten = TUESDAY.replace(hour=10)
    with at(MONDAY):
        first = (await desk.post("/api/v1/appointments", json=made.body(ten, lead_id=ada["id"]))).json()
        path = f"/api/v1/appointments/{first['id']}"
        move = {"version": 1, "starts_at": (ten + timedelta(minutes=30)).isoformat(), "reason": "They asked for later"}
        moved = await desk.post(f"{path}/reschedule", json=move)
        assert moved.status_code == 200, moved.text
        assert (moved.json()["id"], moved.json()["sequence"], moved.json()["version"]) == (first["id"], 1, 2)
        stale = await desk.post(f"{path}/reschedule", json=move)
        assert (stale.status_code, stale.json()["current_version"]) == (409, 2)
        past = (await desk.get(f"{path}/history")).json()["items"]
        assert [event["kind"] for event in past] == ["moved", "booked"]
        assert datetime.fromisoformat(past[0]["detail"]["was"]["starts_at"]) == ten
        assert past[0]["reason"] == "They asked for later"
        canceled = (await desk.post(f"{path}/cancel", json={"version": 2, "reason": "Sick"})).json()
        assert (canceled["status"], canceled["late_cancel"], canceled["cancel_reason"]) == ("canceled", False, "Sick")
        assert (await desk.get(f"/api/v1/leads/{ada['id']}")).json()["evaluation_state"] == "canceled"
        again = await desk.post("/api/v1/appointments", json=made.body(ten, lead_id=ada["id"]))
        assert again.status_code == 201


async def test_only_a_visit_that_took_place_uses_up_the_authorization(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, admin: "asyncpg.Connection"
) -> None:
    made = await calendar(context, practice)
    ada = await lead(desk)
    with at(MONDAY):
        body = made.body(TUESDAY.replace(hour=10), lead_id=ada["id"])
        booked = (await desk.post("/api/v1/appointments", json=body)).json()
        path, counted = f"/api/v1/appointments/{booked['id']}", "SELECT visit_id FROM counted_visits"
        missed = await desk.post(f"{path}/no-show", json={"version": booked["version"]})
        assert (missed.status_code, await admin.fetch(counted)) == (200, []), missed.text
        arrived = await desk.post(f"{path}/check-in", json={"version": missed.json()["version"]})
        assert arrived.status_code == 200, arrived.text
        assert [str(row["visit_id"]) for row in await admin.fetch(counted)] == [booked["id"]]
