"""Voicemail that the carrier takes its time over, and whose news get lost: it is fetched all the same."""

import pytest

from backend.core.ids import new_id
from backend.messaging.calls import paths
from backend.sandbox.carriers import twilio_voice
from tests.calling import PHONE, World, call, in_time, known_patient, outcomes, ring_desk, world

__all__ = ["world"]  # a fixture
STORED = "SELECT voicemail_document_id IS NOT NULL FROM calls"
FETCHES = "SELECT coalesce(sum(attempt), 0) FROM jobs WHERE kind = 'calls.fetch'"


class Caller:
    """Somebody who has left words that the carrier is still making a recording of."""

    def __init__(self, world: World) -> None:
        self._voice = voice = world.sandbox.voice
        self._call = twilio_voice.Call(twilio_voice.new_sid("CA"), PHONE, voice.account.number, status="completed")
        wav = twilio_voice.beeps(40)
        self.recording = twilio_voice.Recording(twilio_voice.new_sid("RE"), self._call.sid, 40, wav, ready=False)
        voice.calls[self._call.sid], voice.recordings[self.recording.sid] = self._call, self.recording

    async def tell(self, name: str, **said: str) -> None:
        """A callback."""
        await self._voice._call(self._call, paths.of(self._voice.account.account_key, name), said, False)

    async def tell_of_recording(self, name: str, **said: str) -> None:
        """A callback about it."""
        await self.tell(name, RecordingSid=self.recording.sid, RecordingDuration="40", **said)


@pytest.fixture
async def caller(world: World) -> Caller:
    """Rang, and heard the greeting."""
    await known_patient(world)
    made = Caller(world)
    await made.tell("voice", CallStatus="ringing")
    return made


async def test_the_verbs_action_alone_fetches_nothing_yet(world: World, caller: Caller) -> None:
    await caller.tell_of_recording("voicemail-done")
    await world.work()
    assert await outcomes(world) == ["voicemail"]
    assert await world.admin.fetchval(FETCHES) == 0
    caller.recording.ready = True
    await caller.tell_of_recording("recording", RecordingStatus="completed")
    await world.work()
    assert await world.admin.fetchval(STORED) is True


async def test_a_recording_is_fetched_when_it_is_there_however_often_it_was_not(world: World, caller: Caller) -> None:
    await caller.tell_of_recording("voicemail-done")
    await in_time(world, 6)
    assert await world.admin.fetchval("SELECT recording_lost FROM calls") is True, "as far as anybody knows"
    caller.recording.ready = True
    await caller.tell_of_recording("recording", RecordingStatus="completed")
    await world.work()
    assert await world.admin.fetchval(STORED) is True
    assert await world.admin.fetchval("SELECT recording_lost FROM calls") is False


async def test_a_recording_in_the_making_is_found_in_the_books(world: World) -> None:
    """Nothing was told about it, neither then nor later."""
    await known_patient(world)
    await ring_desk(world)
    caller = Caller(world)
    await caller.tell("voice", CallStatus="ringing")
    await caller.tell("voice-status", CallStatus="completed", CallDuration="60")
    await in_time(world)
    assert await outcomes(world) == ["voicemail"]
    caller.recording.ready = True
    await in_time(world)
    assert await world.admin.fetchval(STORED) is True


async def test_it_is_asked_for_ever_more_seldom(world: World, caller: Caller) -> None:
    await caller.tell_of_recording("recording", RecordingStatus="completed")
    waits = []
    for rounds in (4, 1, 1):
        await world.work(rounds)
        waits.append(
            await world.admin.fetchval(
                "SELECT round(extract(epoch FROM run_at - now())) FROM jobs WHERE kind = 'calls.fetch'"
            )
        )
        await world.admin.execute("UPDATE jobs SET run_at = now() WHERE kind = 'calls.fetch'")
    assert waits[0] <= 5 and waits[1] > 5 and waits[2] > 10


async def test_a_call_held_for_missed_is_asked_about_again(world: World) -> None:
    """The carrier's books were closed when we asked, and its news got lost."""
    await known_patient(world)
    made = await call(world, "voicemail", drop=["done", "recording", "status"])
    await world.admin.execute("UPDATE calls SET outcome = 'missed', ended_at = now()")
    await world.admin.execute("UPDATE jobs SET state = 'done' WHERE kind LIKE 'calls.%' AND state = 'queued'")
    line_id = await world.admin.fetchval("SELECT id FROM phone_lines")
    columns = "INSERT INTO jobs (id, practice_id, kind, ref_id, key, queue)"
    reconcile = f"{columns} VALUES ($1, $2, 'calls.reconcile', $3, $4, 'default')"
    for _ in range(2):
        await world.admin.execute(reconcile, new_id(), world.practice.id, line_id, str(new_id()))
        await world.work()
    assert await outcomes(world) == ["voicemail"], made
    assert await world.admin.fetchval(STORED) is True
