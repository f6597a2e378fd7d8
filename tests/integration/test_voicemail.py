"""Voicemail end to end: recorded at the emulated carrier, fetched, sealed, heard; lost callbacks and hostile ones."""

import asyncio
import io
import wave

import httpx
import pytest

from backend.messaging.calls import paths
from backend.sandbox.carriers import twilio_voice
from tests.calling import (
    PHONE,
    World,
    call,
    desk,
    in_time,
    key_of,
    known_patient,
    open_tasks,
    outcomes,
    ring_desk,
    text_backs,
    world,
)
from tests.conftest import SamplePractice

__all__ = ["desk", "world"]  # fixtures


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


async def test_a_withheld_number_leaves_a_voicemail_and_a_task(world: World, desk: httpx.AsyncClient) -> None:
    await call(world, "voicemail", sender="+266696687")
    await world.work()
    assert await outcomes(world) == ["voicemail"]
    assert world.sent() == []
    assert await open_tasks(world) == ["Listen: voicemail, number withheld"]
    assert await world.admin.fetchval("SELECT count(*) FROM conversations") == 0
    lead_id = await world.admin.fetchval("SELECT id FROM leads")
    calls = (await desk.get(f"/api/v1/leads/{lead_id}/calls")).json()["items"]
    assert calls[0]["phone"] is None
    assert (await desk.get(calls[0]["voicemail_url"])).status_code == 200


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
    await in_time(world)
    assert await outcomes(world) == ["voicemail"]
    assert await world.admin.fetchval("SELECT voicemail_document_id IS NOT NULL FROM calls") is True
    assert len(text_backs(world)) == 1


async def test_a_failed_recording_is_a_missed_call_and_never_nothing(world: World) -> None:
    await known_patient(world)
    voice = world.sandbox.voice
    made = twilio_voice.Call(twilio_voice.new_sid("CA"), PHONE, voice.account.number)
    for name, said in (
        ("voice", {"CallStatus": "ringing"}),
        ("recording", {"RecordingSid": twilio_voice.new_sid("RE"), "RecordingStatus": "failed"}),
    ):
        await voice._call(made, paths.of(voice.account.account_key, name), said, False)
    await world.work()
    assert await outcomes(world) == ["missed"]
    assert await open_tasks(world) == ["Call back: missed call"]
    assert await world.admin.fetchval("SELECT recording_lost FROM calls") is True


async def test_the_transcript_is_kept_and_nothing_of_it_is_logged(
    world: World, desk: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    await known_patient(world)
    await call(world, "voicemail")
    voice = world.sandbox.voice
    made = next(iter(voice.calls.values()))
    recording_id = await world.admin.fetchval("SELECT recording_external_id FROM calls")
    words = {"TranscriptionText": "please call me about Tuesday", "TranscriptionStatus": "completed"}
    path = paths.of(voice.account.account_key, "recording")
    await voice._call(made, path, {**words, "RecordingSid": recording_id}, False)
    await world.work()
    lead_id = await world.admin.fetchval("SELECT id FROM leads")
    shown = (await desk.get(f"/api/v1/leads/{lead_id}/calls")).json()["items"][0]
    assert (shown["transcript"], shown["outcome"]) == ("please call me about Tuesday", "voicemail")
    assert "Tuesday" not in capsys.readouterr().out


async def test_twilio_keys_go_to_the_api_alone(world: World) -> None:
    """The callback names another host for the recording: nobody ever goes there."""
    asked: list[bytes] = []

    async def stolen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.read(2000))
        writer.close()

    thief = await asyncio.start_server(stolen, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{thief.sockets[0].getsockname()[1]}/Recordings/RE1"
    await known_patient(world)
    voice = world.sandbox.voice
    made = twilio_voice.Call(twilio_voice.new_sid("CA"), PHONE, voice.account.number)
    recording = twilio_voice.Recording(twilio_voice.new_sid("RE"), made.sid, 2, twilio_voice.beeps(2))
    voice.calls[made.sid], voice.recordings[recording.sid] = made, recording
    said = {"RecordingUrl": url, "RecordingSid": recording.sid, "RecordingDuration": "2"}
    await voice._call(made, paths.of(voice.account.account_key, "voice"), {"CallStatus": "ringing"}, False)
    await voice._call(made, paths.of(voice.account.account_key, "voicemail-done"), said, False)
    said |= {"RecordingStatus": "completed"}
    await voice._call(made, paths.of(voice.account.account_key, "recording"), said, False)
    await world.work()
    await world.work()
    assert await world.admin.fetchval("SELECT voicemail_document_id IS NOT NULL FROM calls") is True
    assert voice.recordings == {} and asked == []
    thief.close()


async def test_a_recording_id_that_is_a_path_is_refused(world: World) -> None:
    voice = world.sandbox.voice
    made = twilio_voice.Call(twilio_voice.new_sid("CA"), PHONE, voice.account.number)
    path = paths.of(voice.account.account_key, "recording")
    await voice._call(made, path, {"RecordingSid": "../../Messages", "RecordingStatus": "completed"}, False)
    assert made.answers == [422]
