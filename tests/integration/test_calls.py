"""Calls end to end over real sockets: signed callbacks, TwiML that the emulated carrier follows, voicemail, texts."""

import asyncio
import io
import wave
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from twilio.request_validator import RequestValidator

from backend.core import clock
from backend.core.ids import new_id
from backend.identity import api_keys, permissions
from backend.leads import service as leads
from backend.leads.models import Lead
from backend.messaging.calls import paths
from backend.sandbox.carriers import twilio_voice
from tests.conftest import SamplePractice
from tests.desk_hours import until_desk_hours
from tests.integration.test_texting import PHONE, World, world

__all__ = ["world"]  # the fixture
DESK = "+12175550199"
STRANGER = "+12175550177"


async def ring_desk(world: World, **settings: object) -> None:
    """The line rings the desk."""
    await world.admin.execute("UPDATE phone_lines SET forward_to = $1", DESK)
    for name, value in settings.items():
        await world.admin.execute(f"UPDATE phone_lines SET {name} = $1", value)


async def call(world: World, outcome: str, sender: str = PHONE, **more: object) -> dict[str, Any]:
    """Somebody calls, and the product takes it in."""
    answer = await world.http.post("/sandbox/calls", json={"from": sender, "outcome": outcome, **more}, timeout=30)
    await world.work()
    made: dict[str, Any] = answer.json()
    return made


async def key_of(world: World, practice: SamplePractice) -> str:
    """A program's key with all scopes: sessions end when the clock is turned."""
    async with world.context.database.transaction(practice.id) as session:
        return f"Bearer {api_keys.create(session, 'test', sorted(permissions.ALL))[1]}"


@pytest.fixture
async def desk(world: World, practice: SamplePractice) -> httpx.AsyncClient:
    """Somebody of the practice."""
    world.http.headers["Authorization"] = await key_of(world, practice)
    return world.http


async def known_patient(world: World) -> None:
    """A patient with an open lead who has been greeted already."""
    await world.open_lead("web_form")
    await world.work()


async def outcomes(world: World) -> list[str]:
    rows = await world.admin.fetch("SELECT outcome FROM calls ORDER BY started_at, id")
    return [row["outcome"] for row in rows]


def text_backs(world: World) -> list[str]:
    return [body for body in world.sent() if "sorry we missed your call" in body]


async def open_tasks(world: World) -> list[str]:
    rows = await world.admin.fetch("SELECT title FROM tasks WHERE done_at IS NULL ORDER BY title")
    return [row["title"] for row in rows]


async def at_night(world: World) -> None:
    """Ten in the evening of a weekday at the clinic."""
    clock.shift_by(until_desk_hours() + timedelta(hours=10))


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


async def test_voicemail_is_stored_sealed_playable_and_forgotten_by_the_carrier(
    world: World, desk: httpx.AsyncClient, other_practice: SamplePractice
) -> None:
    await known_patient(world)
    await call(world, "voicemail", seconds=4)
    assert await outcomes(world) == ["voicemail"]
    assert await open_tasks(world) == ["Call back: voicemail"]
    assert len(text_backs(world)) == 1
    row = await world.admin.fetchrow("SELECT id, conversation_id, voicemail_seconds FROM calls")
    assert row["voicemail_seconds"] == 4
    await world.work()
    assert world.sandbox.voice.recordings == {}, "nothing stays at the carrier"
    url = f"/api/v1/calls/{row['id']}/voicemail"
    heard = await desk.get(url)
    with wave.open(io.BytesIO(heard.content)) as sound:
        assert sound.getnframes() == 4 * sound.getframerate()
    stored = [path.read_bytes() for path in (world.context.settings.data / "documents").rglob("*") if path.is_file()]
    assert stored and all(heard.content[:400] not in sealed for sealed in stored)
    part = await desk.get(url, headers={"Range": "bytes=44-143"})
    assert part.status_code == 206 and part.content == heard.content[44:144]
    assert part.headers["content-range"] == f"bytes 44-143/{len(heard.content)}"
    assert (await desk.get(url, headers={"Range": "bytes=-10"})).content == heard.content[-10:]
    assert (await desk.get(url, headers={"Range": f"bytes={len(heard.content)}-"})).status_code == 416
    assert await world.admin.fetchval("SELECT count(*) FROM audit_events WHERE action = 'voicemail.heard'") == 4
    thread = (await desk.get(f"/api/v1/conversations/{row['conversation_id']}/messages")).json()["items"]
    item = next(message for message in thread if message["direction"] == "call")
    assert item["call"]["voicemail_url"] == url and item["body"] == "Voicemail, 0:04"
    theirs = {"Authorization": await key_of(world, other_practice)}
    assert (await desk.get(url, headers=theirs)).status_code == 404


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


async def test_a_withheld_number_leaves_a_voicemail_and_a_task(world: World, desk: httpx.AsyncClient) -> None:
    await call(world, "voicemail", sender="+266696687")
    await world.work()
    assert await outcomes(world) == ["voicemail"]
    assert world.sent() == []
    assert await open_tasks(world) == ["Call back: voicemail"]
    assert await world.admin.fetchval("SELECT count(*) FROM conversations") == 0
    lead_id = await world.admin.fetchval("SELECT id FROM leads")
    calls = (await desk.get(f"/api/v1/leads/{lead_id}/calls")).json()["items"]
    assert calls[0]["phone"] is None
    assert (await desk.get(calls[0]["voicemail_url"])).status_code == 200


async def test_fifty_identical_callbacks_are_one_call(world: World) -> None:
    voice = world.sandbox.voice
    made = twilio_voice.Call(twilio_voice.new_sid("CA"), STRANGER, voice.account.number)
    path = paths.of(voice.account.account_key, "voice")
    answers = await asyncio.gather(*(voice._call(made, path, {"CallStatus": "ringing"}, False) for _ in range(50)))
    assert len(set(answers)) == 1 and "<Record" in str(answers[0])
    made.status = "completed"
    await asyncio.gather(*(voice.report(made) for _ in range(50)))
    await world.work()
    assert await outcomes(world) == ["missed"]
    assert await world.admin.fetchval("SELECT count(*) FROM webhook_deliveries WHERE kind LIKE 'calls.%'") == 2
    assert len(text_backs(world)) == 1


@pytest.mark.parametrize("lost", ["done", "recording", "status", "after"])
async def test_a_lost_callback_loses_no_voicemail(world: World, lost: str) -> None:
    await known_patient(world)
    if lost == "after":
        await ring_desk(world)
        made = await call(world, "no_answer", drop=["after"])
        assert made["said"] == []
        assert await outcomes(world) == ["missed"]
        return
    await call(world, "voicemail", drop=[lost])
    await world.work()
    assert await outcomes(world) == ["voicemail"]
    assert await world.admin.fetchval("SELECT voicemail_document_id IS NOT NULL FROM calls") is True
    assert len(text_backs(world)) == 1


async def test_a_completed_call_without_news_of_the_desk_is_looked_up(world: World) -> None:
    """Answered, but that callback got lost: the carrier's legs say so, and nobody is told that we missed them."""
    await known_patient(world)
    await ring_desk(world)
    await call(world, "answered", drop=["after"])
    assert await outcomes(world) == ["ringing"]
    await world.admin.execute("UPDATE jobs SET run_at = now() WHERE kind = 'calls.settle'")
    await world.work()
    assert await outcomes(world) == ["answered"]
    assert text_backs(world) == []


async def test_a_call_nobody_told_us_of_is_found_in_the_carriers_list(world: World) -> None:
    await known_patient(world)
    await ring_desk(world)
    made = await call(world, "hang_up", drop=["voice", "after", "status"])
    assert made["rang"] == [] and await outcomes(world) == []
    line_id = await world.admin.fetchval("SELECT id FROM phone_lines")
    columns = "INSERT INTO jobs (id, practice_id, kind, ref_id, key, queue)"
    insert = f"{columns} VALUES ($1, $2, 'calls.reconcile', $3, $4, 'default')"
    for number in range(2):
        await world.admin.execute(insert, new_id(), world.practice.id, line_id, str(number))
        await world.work()
    assert await outcomes(world) == ["missed"]
    assert len(text_backs(world)) == 1


async def test_forged_and_tampered_callbacks_leave_only_security_events(world: World) -> None:
    account = world.sandbox.twilio.account
    said = {"CallSid": twilio_voice.new_sid("CA"), "From": STRANGER, "AccountSid": account.credentials["account_sid"]}
    validator = RequestValidator(account.credentials["auth_token"])
    for name in ("voice", "voice-after", "voicemail-done", "voice-status", "recording"):
        path = paths.of(account.account_key, name)
        signature = validator.compute_signature(world.context.settings.base_url + path, said)
        tampered = {**said, "From": PHONE}
        for form, headers in ((said, {}), (tampered, {"X-Twilio-Signature": signature})):
            assert (await world.http.post(path, data=form, headers=headers)).status_code == 403
    assert await world.admin.fetchval("SELECT count(*) FROM webhook_deliveries") == 0
    assert await world.admin.fetchval("SELECT count(*) FROM security_events") == 10


async def test_the_signature_covers_the_query(world: World) -> None:
    account = world.sandbox.twilio.account
    path = paths.of(account.account_key, "voice") + "?line=1"
    said = {"CallSid": twilio_voice.new_sid("CA"), "From": STRANGER, "AccountSid": account.credentials["account_sid"]}
    validator = RequestValidator(account.credentials["auth_token"])
    signature = validator.compute_signature(world.context.settings.base_url + path, said)
    headers = {"X-Twilio-Signature": signature}
    assert (await world.http.post(path, data=said, headers=headers)).status_code == 200
    assert (await world.http.post(path.replace("1", "2"), data=said, headers=headers)).status_code in {403, 404}


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
    assert len(world.sent()) == before


async def test_text_back_can_be_switched_off(world: World) -> None:
    await known_patient(world)
    await ring_desk(world, text_back=False)
    await call(world, "no_answer")
    assert text_backs(world) == []
    assert await open_tasks(world) == ["Call back: missed call"]


async def test_a_desk_phone_that_forwards_to_us_is_not_rung_in_a_circle(world: World) -> None:
    await ring_desk(world)
    voice = world.sandbox.voice
    made = twilio_voice.Call(twilio_voice.new_sid("CA"), STRANGER, voice.account.number)
    path = paths.of(voice.account.account_key, "voice")
    answer = await voice._call(made, path, {"CallStatus": "ringing", "ForwardedFrom": DESK}, False)
    assert "<Dial" not in str(answer) and "<Record" in str(answer)
