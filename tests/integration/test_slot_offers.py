"""Times by text, end to end over real sockets: offered, chosen, taken by somebody else, never guessed, never twice."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from backend.core import clock
from backend.leads import service as leads
from backend.leads.service import NewLead
from backend.patients import service as patients
from backend.patients.schemas import PatientFacts
from tests.calling import PHONE, World, desk, open_tasks, world
from tests.desk_hours import until_desk_hours
from tests.integration.test_pictures import hurry
from tests.scheduling import Calendar, calendar

__all__ = ["desk", "world"]  # fixtures


@pytest.fixture
async def made(world: World) -> Calendar:
    """Two clinicians with free weeks."""
    return await calendar(world.context, world.practice)


async def another_lead(world: World, phone: str, name: str = "Bo") -> str:
    """Somebody else's lead."""
    async with world.context.database.transaction(world.practice.id) as session:
        patient = await patients.create(session, PatientFacts(first_name=name, last_name="Sample", phone=phone))
        lead = await leads.open_lead(session, NewLead(patient.id, "web_form", world.practice.location_id))
    return str(lead.id)


async def offered(world: World, desk: httpx.AsyncClient, lead_id: str | None = None) -> dict[str, Any]:
    """The desk's one click, and the text arrives."""
    lead_id = lead_id or str(await world.admin.fetchval("SELECT id FROM leads ORDER BY opened_at LIMIT 1"))
    answer = await desk.post(f"/api/v1/leads/{lead_id}/slot-offers", json={})
    assert answer.status_code == 201, answer.text
    await world.work()
    found: dict[str, Any] = answer.json()
    return found


async def lead(world: World) -> str:
    """A lead whose patient has been greeted."""
    lead_id = await another_lead(world, PHONE, "Ada")
    await world.work()
    return lead_id


async def booked(world: World) -> list[tuple[str, str]]:
    rows = await world.admin.fetch("SELECT status, source FROM appointments ORDER BY created_at")
    return [(row["status"], row["source"]) for row in rows]


def later(**by: float) -> None:
    """So much time has passed."""
    clock.shift_by(until_desk_hours() + timedelta(**by))


async def test_the_second_time_is_booked_by_a_two_and_by_nothing_else(
    world: World, desk: httpx.AsyncClient, made: Calendar
) -> None:
    await lead(world)
    offer = await offered(world, desk)
    assert len(offer["slots"]) == 3 and "2) " in world.sent()[-1]
    await world.write("2")
    assert await booked(world) == [("booked", "text")]
    at = await world.admin.fetchval("SELECT starts_at FROM appointments")
    assert at.isoformat().replace("+00:00", "Z") == offer["slots"][1]["starts_at"]
    assert await world.admin.fetchval("SELECT stage FROM leads") == "scheduled"
    assert "you are booked for" in world.sent()[-1] and "Clinician" in world.sent()[-1]
    assert await world.admin.fetchval("SELECT waiting FROM conversations") is False
    assert "Answer the patient's text" not in await open_tasks(world)
    before = len(world.sent())
    await world.write("2")
    assert await booked(world) == [("booked", "text")] and len(world.sent()) == before, "once"
    kinds = {
        item["title"] for item in (await desk.get(f"/api/v1/leads/{await lead_id(world)}/timeline")).json()["items"]
    }
    assert "Times offered by text" in kinds
    assert made.evaluation


async def lead_id(world: World) -> str:
    return str(await world.admin.fetchval("SELECT id FROM leads ORDER BY opened_at LIMIT 1"))


async def test_a_time_somebody_else_took_is_answered_with_the_next_three(
    world: World, desk: httpx.AsyncClient, made: Calendar
) -> None:
    await lead(world)
    offer = await offered(world, desk)
    other = await another_lead(world, "+12175550143")
    slot = offer["slots"][0]
    body = {key: slot[key] for key in ("appointment_type_id", "clinician_id", "location_id", "starts_at")}
    # Every clinician's: the very time is gone.
    assert (await desk.post("/api/v1/appointments", json=body | {"lead_id": other})).status_code == 201
    await world.write("1")
    assert await booked(world) == [("booked", "api")]
    assert "has just been taken" in world.sent()[-1] and "3) " in world.sent()[-1]
    # Sent before the new times could be read: it still means the old ones.
    await world.write("1")
    assert await booked(world) == [("booked", "api")]
    later(minutes=1)
    await world.write("1")
    assert await booked(world) == [("booked", "api"), ("booked", "text")]
    assert made.evaluation


async def test_two_replies_at_once_book_once(world: World, desk: httpx.AsyncClient, made: Calendar) -> None:
    await lead(world)
    await offered(world, desk)
    for word in ("2", "2", "3"):
        await world.http.post("/sandbox/sms", json={"from": PHONE, "body": word})
    await world.work()
    await hurry(world)
    assert len(await booked(world)) == 1
    assert sum("you are booked" in body for body in world.sent()) == 1
    assert made.evaluation


@pytest.mark.parametrize("words", ["1 or 2", "2?", "2 but can it be later", "not 2", "Tuesday or Wednesday"])
async def test_what_is_not_certain_is_left_to_a_person(
    world: World, desk: httpx.AsyncClient, made: Calendar, words: str
) -> None:
    await lead(world)
    await offered(world, desk)
    await world.write(words)
    assert await booked(world) == []
    assert await world.admin.fetchval("SELECT waiting FROM conversations") is True
    assert made.evaluation


async def test_on_a_family_phone_nothing_is_guessed(world: World, desk: httpx.AsyncClient, made: Calendar) -> None:
    first = await lead(world)
    await another_lead(world, PHONE, "Cleo")
    await offered(world, desk, first)
    await world.write("2")
    assert await booked(world) == []
    shown = (await desk.get(f"/api/v1/leads/{first}/slot-offers")).json()["items"]
    assert shown[0]["suggested"] == 1, "a person sees what it seems to choose"
    assert "Answer the patient's text" in await open_tasks(world)
    assert made.evaluation


async def test_a_stop_beats_the_choice(world: World, desk: httpx.AsyncClient, made: Calendar) -> None:
    await lead(world)
    await offered(world, desk)
    await world.write("STOP")
    await world.write("2")
    assert await booked(world) == []
    assert await world.admin.fetchval("SELECT count(*) FROM slot_offers WHERE state = 'open'") == 0
    assert made.evaluation


async def test_a_template_offers_times_and_is_not_sent_without_any(
    world: World, desk: httpx.AsyncClient, made: Calendar
) -> None:
    body = "{practice}: hi {first_name}, how about {slots}? Reply with the number. Reply STOP to opt out."
    await desk.get("/api/v1/message-templates")
    await world.admin.execute("UPDATE message_templates SET body = $1 WHERE key = 'first_text'", body)
    await lead(world)
    assert "1) " in world.sent()[-1] and "{" not in world.sent()[-1]
    await world.write("the first one please")
    assert await booked(world) == [("booked", "text")]
    await world.admin.execute("UPDATE clinicians SET active = false")
    before = len(world.sent())
    await another_lead(world, "+12175550143")
    await world.work()
    assert len(world.sent()) == before
    assert await world.admin.fetchval("SELECT count(*) FROM slot_offers WHERE message_id IS NULL") == 0
    assert made.evaluation


async def test_the_card_shows_the_first_times_that_fit(world: World, desk: httpx.AsyncClient, made: Calendar) -> None:
    lead_id = await lead(world)
    await world.write("Thursdays after 3")
    found = (await desk.get(f"/api/v1/leads/{lead_id}/first-slots")).json()
    assert found["as_said"] and found["in_window"] and found["said"]
    assert {slot["starts_at"][11:13] for slot in found["slots"]} <= {"21", "22"}
    card = (await desk.get(f"/api/v1/board/cards/{lead_id}")).json()
    badge = next(badge for badge in card["badges"] if badge["kind"] == "slots")
    assert badge["label"].count("Thu") == len(found["slots"]) and "Clinician" in badge["label"]
    assert made.evaluation


async def test_idempotent_offer(world: World, desk: httpx.AsyncClient, made: Calendar) -> None:
    lead_id = await lead(world)
    before = len(world.sent())
    path, key = f"/api/v1/leads/{lead_id}/slot-offers", {"Idempotency-Key": "once"}
    one, two = [(await desk.post(path, json={}, headers=key)).json() for _ in range(2)]
    await world.work()
    assert one["id"] == two["id"] and len(world.sent()) == before + 1
    assert made.evaluation
