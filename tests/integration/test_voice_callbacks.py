"""What carriers tell of a call: forged, fifty times, in any order, in part, never."""

import asyncio
from itertools import permutations

import pytest
from twilio.request_validator import RequestValidator

from backend.core.ids import new_id
from backend.messaging.calls import paths
from backend.sandbox.carriers import twilio_voice
from tests.calling import (
    DESK,
    PHONE,
    STRANGER,
    World,
    call,
    known_patient,
    open_tasks,
    outcomes,
    ring_desk,
    text_backs,
    world,
)

__all__ = ["world"]  # the fixture


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


async def test_a_desk_phone_that_forwards_to_us_is_not_rung_in_a_circle(world: World) -> None:
    await ring_desk(world)
    voice = world.sandbox.voice
    made = twilio_voice.Call(twilio_voice.new_sid("CA"), STRANGER, voice.account.number)
    path = paths.of(voice.account.account_key, "voice")
    answer = await voice._call(made, path, {"CallStatus": "ringing", "ForwardedFrom": DESK}, False)
    assert "<Dial" not in str(answer) and "<Record" in str(answer)


WENT = {
    "voicemail": ("voice", "voicemail-done", "recording", "voice-status"),
    "no_answer": ("voice", "voice-after", "recording", "voice-status"),
    "answered": ("voice", "voice-after", "voice-status"),
}


@pytest.mark.parametrize(
    ("outcome", "told"), [("voicemail", "voicemail"), ("no_answer", "missed"), ("answered", "answered")]
)
async def test_callbacks_in_any_order_tell_the_same(world: World, outcome: str, told: str) -> None:
    await ring_desk(world)
    if outcome == "voicemail":
        await world.admin.execute("UPDATE phone_lines SET forward_to = NULL")
    orders = list(permutations(range(len(WENT[outcome]))))
    for number, order in enumerate(orders):
        sender = f"+1217555{1000 + number}"
        await world.http.post("/sandbox/calls", json={"from": sender, "outcome": outcome}, timeout=30)
        rows = await world.admin.fetch(
            "SELECT id FROM jobs WHERE kind LIKE 'calls.%' AND rung_at IS NOT NULL ORDER BY id"
        )
        jobs = [row["id"] for row in rows][-len(order) :]
        for index in order:
            assert await world._runner.run(jobs[index])
            assert await world._runner.run(jobs[index]) is False
    await world.work()
    found = await world.admin.fetch("SELECT outcome, phone FROM calls")
    assert {row["outcome"] for row in found} == {told} and len(found) == len(orders)
    texted = [text.to for text in world.sandbox.twilio.texts.values()]
    assert sorted(texted) == ([] if told == "answered" else sorted({row["phone"] for row in found}))
    tasks = await open_tasks(world)
    assert tasks == (
        [] if told == "answered" else [f"Call back: {told.replace('missed', 'missed call')}"] * len(orders)
    )
