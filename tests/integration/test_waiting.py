"""A patient who waits for us keeps the task that says so, whatever the rules want, until somebody answers them."""

import uuid
from datetime import timedelta

import pytest

from backend.core import clock
from backend.core.database import publish
from backend.followup import service as tasks
from backend.followup.schemas import NewTask
from backend.followup.sequences import coming, engine
from backend.leads import evaluations
from backend.leads import service as leads
from backend.leads.events import LeadMoved
from backend.messaging.events import CallAnswered, CallMissed, TextAnswered, TextReceived, TextUnreachable
from tests.integration.test_sequences import Desk, desk, world

__all__ = ["desk", "world"]
WRITTEN = "Answer the patient's text"
VOICEMAIL = "Call back: voicemail"


async def happens(desk: Desk, *events: object) -> None:
    for event in events:
        async with desk.database.transaction(desk.practice.id) as session:
            await publish(session, event)


async def errand(desk: Desk, lead_id: uuid.UUID) -> None:
    """Something a person planned, overdue by now: the lead's first task."""
    async with desk.database.transaction(desk.practice.id) as session:
        body = NewTask(lead_id=lead_id, title="Send the map", due_at=clock.now() - timedelta(days=1))
        await tasks.create(session, body)


async def test_a_patient_we_never_answered_is_not_lost_for_silence(desk: Desk) -> None:
    await desk.refer()
    await desk.world.write("Can I come on Monday?")
    await desk.time.go(days=40)
    assert await desk.open_tasks() == [WRITTEN]
    assert (await desk.lead())["open"] is True
    assert [name for name, _, _ in await desk.ended()] == ["New referral"]
    assert len(desk.world.sent()) == 1
    await happens(desk, TextAnswered((await desk.lead())["id"]))
    await desk.time.go(days=16)
    assert "Last attempt" in [name for name, _, _ in await desk.ended()], "silence counts again once they are answered"


@pytest.mark.parametrize("way", ["missed", "canceled"])
async def test_whoever_cannot_come_is_called_back(desk: Desk, way: str) -> None:
    lead_id = await desk.refer()
    async with desk.database.transaction(desk.practice.id) as session:
        await evaluations.book(session, lead_id, clock.now() + timedelta(days=1))
    await desk.world.write("I can't come tomorrow, please call me")
    waiting = await desk.open_tasks()
    if way == "canceled":
        async with desk.database.transaction(desk.practice.id) as session:
            await evaluations.cancel(session, lead_id)
    await desk.time.go(days=3)
    lead = await desk.lead()
    assert (lead["stage"], lead["evaluation_state"]) == ("contacted", way)
    assert await desk.open_tasks() == waiting and lead["next_kind"] in {"reply", "call_back"}
    assert len(desk.world.sent()) == 1, "no text says that we missed them"
    await desk.call(lead_id, "reached")
    assert await desk.open_tasks() == ["Schedule the evaluation"]


@pytest.mark.parametrize("reason", ["landline", "undelivered", "bad_number", None])
async def test_what_becomes_of_our_text_leaves_the_voicemail_to_be_answered(desk: Desk, reason: str | None) -> None:
    lead_id = await desk.refer()
    await errand(desk, lead_id)
    await happens(desk, CallMissed(lead_id, voicemail=True))
    await happens(desk, TextUnreachable(lead_id, reason) if reason else LeadMoved(lead_id, "contacted"))
    beside = ["Find the right phone number"] if reason == "bad_number" else []
    assert await desk.open_tasks() == ["Send the map", VOICEMAIL, *beside]
    await happens(desk, TextAnswered(lead_id))
    assert VOICEMAIL in await desk.open_tasks(), "a text is no call back"
    await happens(desk, CallAnswered(lead_id))
    assert VOICEMAIL not in await desk.open_tasks()


async def test_an_answer_settles_the_text_behind_an_overdue_errand(desk: Desk) -> None:
    lead_id = await desk.refer()
    await errand(desk, lead_id)
    await desk.world.write("Can I come on Monday?")
    assert await desk.open_tasks() == ["Send the map", WRITTEN]
    await happens(desk, TextAnswered(lead_id))
    assert await desk.open_tasks() == ["Send the map", "Schedule the evaluation"]


async def test_who_waits_and_cannot_be_texted_is_called(desk: Desk) -> None:
    lead_id = await desk.refer()
    await happens(desk, TextReceived(lead_id, None))
    since = await desk.admin.fetchval("SELECT waiting_since FROM tasks WHERE done_at IS NULL")
    await happens(desk, TextUnreachable(lead_id, "opted_out"))
    rows = await desk.admin.fetch("SELECT kind, title, waiting_since FROM tasks WHERE done_at IS NULL")
    assert [tuple(row) for row in rows] == [("call_back", "Call: no texts to this patient", since)]


async def test_a_stranger_who_wrote_does_not_wait(desk: Desk) -> None:
    lead_id = await desk.refer()
    await happens(desk, TextReceived(lead_id, None), TextUnreachable(lead_id, "wrong_person"))
    assert await desk.open_tasks() == ["Find the right phone number: a stranger answered"]


async def test_a_call_back_that_reaches_nobody_is_tried_again(desk: Desk) -> None:
    lead_id = await desk.refer()
    await happens(desk, CallMissed(lead_id, voicemail=True))
    task = await desk.admin.fetchrow("SELECT id, waiting_since FROM tasks WHERE done_at IS NULL")
    await desk.call(lead_id, "no_answer")
    after = await desk.admin.fetchrow(
        "SELECT id, waiting_since, due_at, snoozed_until FROM tasks WHERE done_at IS NULL"
    )
    assert (after["id"], after["waiting_since"]) == (task["id"], task["waiting_since"])
    assert after["due_at"] == after["snoozed_until"] == desk.time.now + timedelta(hours=3)
    await desk.call(lead_id, "wrong_number")
    assert await desk.open_tasks() == [VOICEMAIL, "Find the right phone number"]
    await desk.call(lead_id, "left_message")
    assert VOICEMAIL not in await desk.open_tasks(), "they have our word"


async def test_a_sequence_does_not_close_whoever_waits(desk: Desk) -> None:
    lead_id = await desk.refer()
    await desk.admin.execute(
        """UPDATE enrollments SET steps = '[{"kind": "close", "reason": "No response"}]', position = 0"""
    )
    await desk.call(lead_id, "no_answer")
    await happens(desk, TextReceived(lead_id, None))
    await desk.admin.execute(
        "UPDATE enrollments SET state = 'active', stop_reason = NULL, ended_at = NULL, next_at = planned_at"
    )
    async with desk.database.transaction(desk.practice.id) as session:
        running = await coming.running(session, lead_id)
        assert running is not None
        await engine.advance(session, running)
    assert (await desk.lead())["open"] is True and await desk.open_tasks() == [WRITTEN]


async def test_where_care_goes_on_a_text_is_answered_too(desk: Desk) -> None:
    lead_id = await desk.refer()
    async with desk.database.transaction(desk.practice.id) as session:
        version = (await leads.locked(session, lead_id)).version
        await leads.move(session, lead_id, stage="in_care", version=version)
    assert await desk.open_tasks() == []
    await happens(desk, TextReceived(lead_id, None))
    assert await desk.open_tasks() == [WRITTEN]
    await happens(desk, TextAnswered(lead_id))
    assert await desk.open_tasks() == []
    await happens(desk, TextReceived(lead_id, "decline"))
    assert await desk.open_tasks() == [WRITTEN]
    await desk.call(lead_id, "no_answer")
    assert await desk.open_tasks() == [WRITTEN]
    await desk.call(lead_id, "left_message")
    assert await desk.open_tasks() == []
    await happens(desk, TextReceived(lead_id, "callback"), CallAnswered(lead_id))
    assert await desk.open_tasks() == [] and (await desk.lead())["open"] is False
