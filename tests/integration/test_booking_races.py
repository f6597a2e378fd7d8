"""Many want one time, and the database has the last word."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from backend.core.context import ProcessContext
from backend.core.ids import new_id
from backend.patients import service as patients
from backend.patients.schemas import PatientFacts
from tests.conftest import SamplePractice
from tests.scheduling import MONDAY, at, calendar, desk, lead

__all__ = ["desk"]  # fixture
TEN = MONDAY.replace(hour=10) + timedelta(days=1)
BARE = """INSERT INTO appointments (practice_id, id, type_id, clinician_id, location_id, patient_id, status, starts_at,
  ends_at, busy_from, busy_until, lanes, source, created_at, override_reason)
SELECT practice_id, $1, type_id, clinician_id, location_id, patient_id, 'booked', starts_at, ends_at, busy_from,
  busy_until, $2::int4range, source, created_at, $3 FROM appointments LIMIT 1"""


async def people(context: ProcessContext, practice: SamplePractice, number: int) -> list[str]:
    async with context.database.transaction(practice.id) as session:
        made = [
            await patients.create(session, PatientFacts(first_name=f"First{one}", last_name="Sample"))
            for one in range(number)
        ]
        return [str(patient.id) for patient in made]


async def test_fifty_want_one_time_and_one_has_it(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, admin: "asyncpg.Connection"
) -> None:
    made = await calendar(context, practice, padding_after=10)
    fifty = await people(context, practice, 50)
    with at(MONDAY):
        # Not all of them the very same time: some overlap it.
        starts = [TEN + timedelta(minutes=(0, 0, 30, -30)[number % 4]) for number in range(50)]
        answers = await asyncio.gather(
            *(
                desk.post("/api/v1/appointments", json=made.body(start, patient_id=one))
                for one, start in zip(fifty, starts, strict=True)
            )
        )
        counted = Counter((one.status_code, one.json().get("type")) for one in answers)
        assert counted == {(201, None): 1, (409, "slot-taken"): 49}, counted
        problems = [one.json() for one in answers if one.status_code == 409]
        assert all(len(one["next_slots"]) == 3 for one in problems)
        again = problems[0]["next_slots"][0]
        body = {name: again[name] for name in ("appointment_type_id", "clinician_id", "location_id", "starts_at")}
        answer = await desk.post("/api/v1/appointments", json=body | {"patient_id": fifty[0]})
        assert answer.status_code == 201, "what the problem names can be booked"
    assert await admin.fetchval("SELECT count(*) FROM appointments") == 2


async def test_two_rooms_for_three_clinicians(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, admin: "asyncpg.Connection"
) -> None:
    made = await calendar(context, practice, clinicians=3, resource_kind="Private room")
    room = {"location_id": str(practice.location_id), "name": "Rooms", "kind": "Private room", "units": 2}
    assert (await desk.post("/api/v1/resources", json=room)).status_code == 201
    three = await people(context, practice, 3)
    with at(MONDAY):
        answers = await asyncio.gather(
            *(
                desk.post("/api/v1/appointments", json=made.body(TEN, number, patient_id=one))
                for number, one in enumerate(three)
            )
        )
    assert sorted(one.status_code for one in answers) == [201, 201, 409]
    assert {row["resource_unit"] for row in await admin.fetch("SELECT resource_unit FROM appointments")} == {0, 1}


async def test_a_rule_for_the_whole_clinic_holds_when_many_book_at_once(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    made = await calendar(context, practice, clinicians=6)
    rule = {"rule": "count", "type_kind": "evaluation", "period": "day", "per": "location", "most": 2}
    assert (await desk.post("/api/v1/booking-rules", json=rule)).status_code == 201
    six = await people(context, practice, 6)
    with at(MONDAY):
        answers = await asyncio.gather(
            *(
                desk.post(
                    "/api/v1/appointments", json=made.body(TEN + timedelta(hours=number % 2), number, patient_id=one)
                )
                for number, one in enumerate(six)
            )
        )
    counted = Counter((one.status_code, *one.json().get("reasons", ())) for one in answers)
    assert counted == {(201,): 2, (409, "rule"): 4}


async def test_the_database_refuses_what_no_rule_has_seen(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, admin: "asyncpg.Connection"
) -> None:
    made = await calendar(context, practice)
    (one,) = await people(context, practice, 1)
    with at(MONDAY):
        assert (await desk.post("/api/v1/appointments", json=made.body(TEN, patient_id=one))).status_code == 201
    for lanes in ("[0,60)", "[30,60)"):
        with pytest.raises(asyncpg.ExclusionViolationError):
            await admin.execute(BARE, new_id(), asyncpg.Range(*_bounds(lanes)), None)
    with pytest.raises(asyncpg.CheckViolationError):
        await admin.execute(BARE, new_id(), asyncpg.Range(60, 61), None)
    await admin.execute(BARE, new_id(), asyncpg.Range(60, 61), "on purpose")
    with pytest.raises(asyncpg.ExclusionViolationError):
        await admin.execute(BARE, new_id(), asyncpg.Range(60, 61), "on purpose, twice")


def _bounds(lanes: str) -> tuple[int, int]:
    low, high = lanes.strip("[)").split(",")
    return int(low), int(high)


async def test_a_double_booking_on_purpose_has_a_reason_and_is_on_record(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, admin: "asyncpg.Connection"
) -> None:
    made = await calendar(context, practice)
    first, second, third = await people(context, practice, 3)
    with at(MONDAY):
        assert (await desk.post("/api/v1/appointments", json=made.body(TEN, patient_id=first))).status_code == 201
        body = made.body(TEN + timedelta(minutes=30), patient_id=second)
        assert (await desk.post("/api/v1/appointments", json=body)).json()["type"] == "slot-taken"
        beside = await desk.post("/api/v1/appointments", json=body | {"override_reason": "Twins come together"})
        assert beside.status_code == 201, beside.text
        assert (beside.json()["double_booked"], beside.json()["override_reason"]) == (True, "Twins come together")
        # It takes its time like any other: nobody is offered it, and nobody gets it without saying why.
        late = made.body(TEN + timedelta(hours=1), patient_id=third)
        assert (await desk.post("/api/v1/appointments", json=late)).json()["type"] == "slot-taken"
        early = made.body(TEN.replace(hour=7), patient_id=third)
        closed = (await desk.post("/api/v1/appointments", json=early)).json()
        assert (closed["type"], closed["reasons"]) == ("slot-unavailable", ["outside_hours"])
        opened = await desk.post("/api/v1/appointments", json=early | {"override_reason": "Before work, agreed"})
        assert (opened.status_code, opened.json()["double_booked"]) == (201, False)
        past = (await desk.get(f"/api/v1/appointments/{beside.json()['id']}/history")).json()["items"]
    assert past[0]["reason"] == "Twins come together"
    actions = [row["action"] for row in await admin.fetch("SELECT action FROM audit_events ORDER BY seq")]
    assert actions.count("appointment.booked_on_purpose") == 2


async def test_two_may_overlap_where_a_rule_says_so_and_never_three(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    made = await calendar(context, practice)
    rule = {"rule": "concurrency", "type_kind": "follow_up", "most": 2}
    assert (await desk.post("/api/v1/booking-rules", json=rule)).status_code == 201
    eight = await people(context, practice, 8)
    with at(MONDAY):
        body = made.body(TEN) | {"appointment_type_id": str(made.follow_up)}
        answers = await asyncio.gather(
            *(desk.post("/api/v1/appointments", json=body | {"patient_id": one}) for one in eight)
        )
        assert sorted(one.status_code for one in answers) == [201, 201] + [409] * 6
        evaluation = await desk.post("/api/v1/appointments", json=made.body(TEN, patient_id=eight[0]))
        assert evaluation.json()["type"] == "slot-taken", "who may not be joined does not join either"


async def test_a_held_time_is_nobody_elses_until_it_runs_out(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, admin: "asyncpg.Connection"
) -> None:
    made = await calendar(context, practice, clinicians=1)
    first, second = await people(context, practice, 2)
    with at(MONDAY):
        held = await desk.post("/api/v1/appointments/holds", json=made.body(TEN, minutes=10))
        assert (held.status_code, held.json()["status"]) == (201, "held")
        body = made.body(TEN, patient_id=second)
        assert (await desk.post("/api/v1/appointments", json=body)).json()["type"] == "slot-taken"
        assert TEN not in await offered(desk, practice)
        mine = made.body(TEN, patient_id=first, hold_id=held.json()["id"])
        booked = await desk.post("/api/v1/appointments", json=mine, headers={"Idempotency-Key": "mine"})
        assert (booked.status_code, booked.json()["id"]) == (201, held.json()["id"])
        again = await desk.post("/api/v1/appointments", json=mine, headers={"Idempotency-Key": "mine"})
        assert (again.status_code, again.json()["id"]) == (201, booked.json()["id"]), "twice sent, once booked"
        later = TEN + timedelta(hours=2)
        other = (await desk.post("/api/v1/appointments/holds", json=made.body(later, minutes=10))).json()
        jobs = await admin.fetch("SELECT ref_id FROM jobs WHERE kind = 'scheduling.forget_hold' ORDER BY run_at")
        assert other["id"] in {str(row["ref_id"]) for row in jobs}
    with at(MONDAY + timedelta(minutes=11)):
        assert later in await offered(desk, practice)
        assert (await desk.get(f"/api/v1/appointments/{other['id']}")).status_code == 404
        late = made.body(later, patient_id=first, hold_id=other["id"])
        assert (await desk.post("/api/v1/appointments", json=late)).json()["type"] == "hold-expired"
        free = made.body(later, patient_id=second)
        assert (await desk.post("/api/v1/appointments", json=free)).status_code == 201


async def offered(desk: httpx.AsyncClient, practice: SamplePractice) -> list[datetime]:
    query: dict[str, Any] = {
        "appointment_type": "evaluation", "location_id": str(practice.location_id), "audience": "staff",
        "from": TEN.date().isoformat(), "to": TEN.date().isoformat(),
    }  # fmt: skip
    items = (await desk.get("/api/v1/slots", params=query)).json()["items"]
    return [datetime.fromisoformat(item["starts_at"]).astimezone(UTC) for item in items]


async def test_one_lead_has_one_evaluation_however_often_it_is_booked(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    made = await calendar(context, practice, clinicians=4)
    ada = await lead(desk)
    with at(MONDAY):
        answers = await asyncio.gather(
            *(desk.post("/api/v1/appointments", json=made.body(TEN, number, lead_id=ada["id"])) for number in range(4))
        )
    counted = Counter((one.status_code, one.json().get("type")) for one in answers)
    assert counted == {(201, None): 1, (409, "evaluation-booked"): 3}
