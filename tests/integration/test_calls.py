"""Calls end to end over real sockets: signed callbacks, TwiML that the emulated carrier follows, tasks, text-back."""

import asyncio
from datetime import timedelta

import httpx
from sqlalchemy import select

from backend.core import clock
from backend.identity import calendars
from backend.leads import service as leads
from backend.leads.models import Lead
from tests.calling import (
    DESK,
    STRANGER,
    World,
    at_night,
    call,
    desk,
    known_patient,
    open_tasks,
    outcomes,
    ring_desk,
    text_backs,
    world,
)
from tests.desk_hours import DESK as DESK_ZONE
from tests.desk_hours import until_desk_hours

__all__ = ["desk", "world"]  # fixtures


async def test_a_missed_call_is_a_task_and_one_text(world: World) -> None:
    await known_patient(world)
    await ring_desk(world)
    made = await call(world, "no_answer")
    assert made["rang"] == [DESK]
    assert any("Thank you for calling Northside" in words for words in made["said"])
    assert set(made["answers"]) <= {200, 204}
    assert await outcomes(world) == ["missed"]
    assert len(text_backs(world)) == 1
    assert await open_tasks(world) == ["Call back: missed call"]
    due = await world.admin.fetchval("SELECT due_at FROM tasks WHERE done_at IS NULL")
    assert due - clock.now() < timedelta(minutes=16)
    thread = await world.admin.fetchrow("SELECT waiting, unread FROM conversations")
    assert (thread["waiting"], thread["unread"]) == (True, 1)
    said = await world.admin.fetchval("SELECT body FROM messages WHERE direction = 'call'")
    assert said == "Missed call"
    await call(world, "hang_up")
    assert await outcomes(world) == ["missed", "missed"]
    assert len(text_backs(world)) == 1, "a second call soon after gets no second text"
    assert await world.admin.fetchval("SELECT count(*) FROM leads") == 1


async def test_hanging_up_while_it_rings_is_told_by_the_status_alone(world: World) -> None:
    await known_patient(world)
    await ring_desk(world)
    made = await call(world, "hang_up")
    assert made["rang"] == [DESK] and made["said"] == []
    assert await outcomes(world) == ["missed"]
    assert len(text_backs(world)) == 1


async def test_an_answered_call_makes_no_task_and_no_text(world: World) -> None:
    await known_patient(world)
    before = await open_tasks(world)
    await ring_desk(world)
    await call(world, "answered")
    assert await outcomes(world) == ["answered"]
    assert text_backs(world) == []
    assert "Call back" not in " ".join(await open_tasks(world)) and before
    assert await world.admin.fetchval("SELECT waiting FROM conversations") is False
    assert await world.admin.fetchval("SELECT first_contact_at IS NOT NULL FROM leads") is True
    said = await world.admin.fetchval("SELECT body FROM messages WHERE direction = 'call'")
    assert said == "Call answered, 1:05"


async def test_being_answered_later_settles_the_missed_call(world: World) -> None:
    await known_patient(world)
    await ring_desk(world)
    await call(world, "no_answer")
    await call(world, "answered")
    assert "Call back" not in " ".join(await open_tasks(world))
    handled = await world.admin.fetchval("SELECT handled_at IS NOT NULL FROM calls WHERE outcome = 'missed'")
    assert handled is True


async def test_late_news_of_a_missed_call_wait_for_nobody_who_was_answered_since(world: World) -> None:
    await known_patient(world)
    await ring_desk(world)
    await call(world, "hang_up", drop=["status"])
    assert await outcomes(world) == ["ringing"]
    await call(world, "answered")
    await world.admin.execute("UPDATE jobs SET run_at = now() WHERE kind = 'calls.settle'")
    await world.work()
    assert sorted(await outcomes(world)) == ["answered", "missed"]
    assert text_backs(world) == [] and "Call back" not in " ".join(await open_tasks(world))


async def test_late_news_of_an_answered_call_forget_nobody_who_called_since(world: World) -> None:
    await known_patient(world)
    await ring_desk(world)
    await call(world, "answered", drop=["after"])
    await call(world, "no_answer")
    await world.admin.execute("UPDATE jobs SET run_at = now() WHERE kind = 'calls.settle'")
    await world.work()
    assert sorted(await outcomes(world)) == ["answered", "missed"]
    assert await world.admin.fetchval("SELECT waiting FROM conversations") is True
    assert await open_tasks(world) == ["Call back: missed call"]


async def test_at_night_the_text_waits_for_the_morning_unless_they_are_reached(
    world: World, desk: httpx.AsyncClient
) -> None:
    await known_patient(world)
    await ring_desk(world)
    await at_night(world)
    made = await call(world, "voicemail")
    assert made["rang"] == [], "nobody is at the desk"
    assert await outcomes(world) == ["voicemail"]
    held = "SELECT status FROM messages WHERE id = (SELECT text_back_id FROM calls)"
    assert await world.admin.fetchval(held) == "held"
    assert text_backs(world) == []
    lead_id = await world.admin.fetchval("SELECT id FROM leads")
    logged = await desk.post(f"/api/v1/leads/{lead_id}/calls", json={"outcome": "reached"})
    assert logged.status_code == 200
    assert await world.admin.fetchval(held) == "canceled"
    assert "Call back" not in " ".join(await open_tasks(world))
    assert await world.admin.fetchval("SELECT waiting FROM conversations") is False


async def test_held_text_backs_do_not_pile_up_over_night(world: World) -> None:
    await known_patient(world)
    await at_night(world)
    await call(world, "hang_up")
    clock.shift_by(until_desk_hours() + timedelta(hours=16))
    await call(world, "hang_up")
    assert await outcomes(world) == ["missed", "missed"]
    count = "SELECT count(*) FROM messages WHERE direction = 'out' AND status = 'held'"
    assert await world.admin.fetchval(count) == 1
    assert await world.admin.fetchval("SELECT count(*) FROM calls WHERE after_hours") == 2


async def test_whoever_said_stop_gets_a_call_back_but_no_text(world: World) -> None:
    await known_patient(world)
    await world.write("STOP")
    before = len(world.sent())
    await call(world, "no_answer")
    assert len(world.sent()) == before
    assert await open_tasks(world) == ["Call back: missed call"]
    newest = "SELECT status FROM consents ORDER BY at DESC, id DESC LIMIT 1"
    assert await world.admin.fetchval(newest) == "revoked"


async def test_an_unknown_number_opens_one_lead_however_often_it_calls_at_once(world: World) -> None:
    await asyncio.gather(
        *(
            world.http.post("/sandbox/calls", json={"from": STRANGER, "outcome": "no_answer"}, timeout=30)
            for _ in range(2)
        )
    )
    rows = await world.admin.fetch("SELECT id FROM jobs WHERE state = 'queued'")
    await asyncio.gather(*(world._runner.run(row["id"]) for row in rows))
    await world.work(6)
    assert await outcomes(world) == ["missed", "missed"]
    opened = await world.admin.fetch(
        "SELECT l.source, p.first_name, p.phone FROM leads l JOIN patients p ON p.id = l.patient_id"
    )
    assert [tuple(row) for row in opened] == [("phone", "Unknown", STRANGER)]
    assert len(world.sent()) == 1 and len(text_backs(world)) == 1, "the text-back, no greeting besides"
    assert "Unknown" not in world.sent()[0]
    evidence = await world.admin.fetchval("SELECT evidence FROM consents WHERE status = 'granted'")
    assert evidence == "called us"


async def test_a_family_shares_a_phone_nobody_is_guessed(world: World) -> None:
    await world.open_lead("web_form")
    await world.open_lead("web_form")
    await world.work()
    await call(world, "no_answer")
    titles = await open_tasks(world)
    assert "Call back: missed call (several patients have this phone)" in titles
    assert len(titles) == 2
    assert await world.admin.fetchval("SELECT count(*) FROM patients") == 2


async def test_a_lost_lead_shows_a_sign_of_life(world: World) -> None:
    await known_patient(world)
    async with world.context.database.transaction(world.practice.id) as session:
        lead = await session.scalar(select(Lead))
        assert lead is not None
        await leads.move(session, lead.id, stage="lost", version=lead.version, lost_reason="silent")
    await call(world, "no_answer")
    assert await world.admin.fetchval("SELECT open FROM leads") is True
    assert await open_tasks(world) == ["Call back: missed call"]
    assert len(text_backs(world)) == 1


async def test_a_wrong_number_gets_no_texts(world: World, desk: httpx.AsyncClient) -> None:
    await known_patient(world)
    lead_id = await world.admin.fetchval("SELECT id FROM leads")
    await desk.post(f"/api/v1/leads/{lead_id}/calls", json={"outcome": "wrong_number"})
    assert await world.admin.fetchval("SELECT wrong_person FROM phone_facts") is True
    written = await desk.post(f"/api/v1/leads/{lead_id}/messages", json={"body": "Hello?"})
    assert (written.json()["status"], written.json()["reason"]) == ("blocked", "wrong_person")
    before = len(world.sent())
    await call(world, "no_answer")
    await call(world, "no_answer")
    assert len(world.sent()) == before
    assert await open_tasks(world) == ["Call back: missed call", "Find the right phone number"]
    assert await world.admin.fetchval("SELECT count(*) FROM leads") == 2, "not the patient's call, once"


async def test_text_back_can_be_switched_off(world: World) -> None:
    await known_patient(world)
    await ring_desk(world, text_back=False)
    await call(world, "no_answer")
    assert text_backs(world) == []
    assert await open_tasks(world) == ["Call back: missed call"]


async def test_on_a_holiday_the_desk_is_not_rung(world: World) -> None:
    await ring_desk(world)
    async with world.context.database.transaction(world.practice.id) as session:
        await calendars.add_holiday(session, clock.now().astimezone(DESK_ZONE).date(), "Staff day", None, [])
    made = await call(world, "hang_up")
    assert made["rang"] == []
    assert await world.admin.fetchval("SELECT body FROM messages WHERE direction = 'call'") == "Missed call after hours"


async def test_the_desk_texting_first_takes_the_waiting_text_back(world: World, desk: httpx.AsyncClient) -> None:
    await known_patient(world)
    await at_night(world)
    await call(world, "hang_up")
    lead_id = await world.admin.fetchval("SELECT id FROM leads")
    await desk.post(f"/api/v1/leads/{lead_id}/messages", json={"body": "We are here from 8. When suits you?"})
    status = await world.admin.fetchval("SELECT status FROM messages WHERE id = (SELECT text_back_id FROM calls)")
    assert status == "canceled"


async def test_a_patient_in_care_gets_a_task_on_their_lead(world: World, desk: httpx.AsyncClient) -> None:
    await known_patient(world)
    async with world.context.database.transaction(world.practice.id) as session:
        lead = await session.scalar(select(Lead))
        assert lead is not None
        await leads.move(session, lead.id, stage="in_care", version=lead.version)
    await call(world, "no_answer")
    assert await open_tasks(world) == ["Call back: missed call"]
    assert await world.admin.fetchval("SELECT count(*) FROM leads") == 1
    await desk.post(f"/api/v1/leads/{lead.id}/calls", json={"outcome": "reached"})
    assert await open_tasks(world) == []


async def test_how_a_number_answers_can_be_changed(world: World, desk: httpx.AsyncClient) -> None:
    line_id = await world.admin.fetchval("SELECT id FROM phone_lines")
    url = f"/api/v1/settings/phone-lines/{line_id}/calls"
    body = {
        "forward_to": "(217) 555-0199", "ring_seconds": 15, "greeting": "This is Northside. Speak after the tone.",
        "version": (await desk.get(url)).json()["version"],
    }  # fmt: skip
    changed = (await desk.put(url, json=body)).json()
    assert changed["forward_to"] == DESK and changed["says"] == [body["greeting"]]
    assert changed["voice_url"].endswith("/voice") and changed["voice_status_url"].endswith("/voice-status")
    made = await call(world, "no_answer")
    assert made["rang"] == [DESK] and made["said"] == [body["greeting"]]
    assert changed["version"] == body["version"] + 1
    stale = await desk.put(url, json=body | {"forward_to": "(217) 555-0166"})
    assert (stale.status_code, stale.json()["current_version"]) == (409, changed["version"])
    assert (await desk.get(url)).json()["forward_to"] == DESK
    assert (await desk.put(url, json={"forward_to": "nobody", "version": 2})).status_code == 422
    assert (await desk.put(url, json={"ring_seconds": 600, "version": 2})).status_code == 422


async def test_a_forwarding_desk_phone_is_nobodys_number(world: World) -> None:
    """Whoever called behind it is unknown: no text to our own desk, no patient with its number."""
    await ring_desk(world)
    await call(world, "voicemail", sender=DESK)
    assert await outcomes(world) == ["voicemail"]
    assert world.sent() == []
    assert await world.admin.fetchval("SELECT phone FROM patients") is None
    assert await open_tasks(world) == ["Listen: voicemail, number withheld"]


async def test_withheld_numbers_that_say_nothing_share_one_lead(world: World) -> None:
    for sender in ("anonymous", "+7378742833", ""):
        await call(world, "hang_up", sender=sender)
    assert await outcomes(world) == ["missed"] * 3
    assert await open_tasks(world) == ["Missed call, number withheld"]
    await call(world, "voicemail", sender="anonymous")
    assert await open_tasks(world) == ["Listen: voicemail, number withheld", "Missed call, number withheld"]
