"""Twilio Voice: plays a caller, follows the TwiML we answer with, records a (beeped) voicemail, signs callbacks."""

import asyncio
import io
import math
import secrets
import struct
import wave
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any, Final, Literal
from xml.etree import ElementTree

import httpx
from twilio.request_validator import RequestValidator

from backend.core.clock import now
from backend.messaging.calls.paths import of as path_of
from backend.sandbox.accounts import TwilioAccount

VERSION: Final = "2010-04-01"
Outcome = Literal["hang_up", "voicemail", "answered", "busy", "no_answer"]
# What a caller may do at the tone, and what becomes of ringing the desk.
DIALED: Final = {"answered": "completed", "busy": "busy", "no_answer": "no-answer", "voicemail": "no-answer"}
TALK_SECONDS: Final = 65
RATE: Final = 8000
VERBS: Final = 12


@dataclass(slots=True)
class Call:
    """One leg. `said` and `rang` are what the caller heard and whom we rang."""

    sid: str
    sender: str
    to: str
    direction: str = "inbound"
    status: str = "ringing"
    seconds: int = 0
    parent_sid: str | None = None
    at: datetime = field(default_factory=now)
    said: list[str] = field(default_factory=list)
    rang: list[str] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Recording:
    """A voicemail as a WAV file."""

    sid: str
    call_sid: str
    seconds: int
    wav: bytes
    at: datetime = field(default_factory=now)
    ready: bool = True


class TwilioVoice:
    """Calls in memory. `drop` names callbacks the product never gets: voice, after, done, recording, status."""

    def __init__(self, account: TwilioAccount, product_url: str) -> None:
        self.account, self.product_url = account, product_url
        self.calls: dict[str, Call] = {}
        self.recordings: dict[str, Recording] = {}

    async def play(
        self, sender: str, outcome: Outcome, *, seconds: int = 3, drop: frozenset[str] = frozenset()
    ) -> Call:
        """A call from ring to end; returns once all callbacks have been answered."""
        call = Call(new_sid("CA"), sender, self.account.number)
        self.calls[call.sid] = call
        twiml = await self._call(call, self._own("voice"), {"CallStatus": "ringing"}, "voice" in drop)
        await self._follow(call, twiml, outcome, seconds, drop)
        if "status" not in drop:
            await self.report(call)
        return call

    async def report(self, call: Call) -> None:
        """The number's status callback."""
        said = {"CallStatus": call.status, "CallDuration": str(call.seconds), "CallbackSource": "call-progress-events"}
        await self._call(call, self._own("voice-status"), said, False)

    async def _follow(
        self, call: Call, twiml: str | None, outcome: Outcome, seconds: int, drop: frozenset[str]
    ) -> None:
        verbs = _verbs(twiml)
        for _ in range(VERBS):
            if not verbs:
                break
            verb = verbs.pop(0)
            if verb.tag == "Say":
                call.said.append(verb.text or "")
                call.status, call.seconds = "completed", call.seconds + 5
            elif verb.tag == "Dial":
                if outcome == "hang_up":
                    self._leg(call, verb, "canceled", 0)
                    call.status = "no-answer"
                    return
                verbs = _verbs(await self._dial(call, verb, outcome, "after" in drop))
            elif verb.tag == "Record":
                answer = await self._record(call, verb, outcome, seconds, drop)
                verbs = _verbs(answer) if answer is not None else verbs
            elif verb.tag == "Hangup":
                break
        call.status = "completed" if call.status == "ringing" and call.said else call.status
        if call.status == "ringing":
            call.status = "failed"

    def _leg(self, call: Call, dial: ElementTree.Element, status: str, seconds: int) -> None:
        number = "".join(dial.itertext()).strip()
        leg = Call(new_sid("CA"), call.sender, number, "outbound-dial", status, seconds, call.sid)
        self.calls[leg.sid] = leg
        call.rang.append(number)

    async def _dial(self, call: Call, verb: ElementTree.Element, outcome: Outcome, drop: bool) -> str | None:
        status = DIALED[outcome]
        talked = TALK_SECONDS if outcome == "answered" else 0
        self._leg(call, verb, status, talked)
        if talked:
            call.status, call.seconds = "completed", talked
        said = {"DialCallStatus": status, "DialCallSid": new_sid("CA"), "CallStatus": "in-progress"}
        if talked:
            said["DialCallDuration"] = str(talked)
        return await self._call(call, self._path(verb.get("action")), said, drop)

    async def _record(
        self, call: Call, verb: ElementTree.Element, outcome: Outcome, seconds: int, drop: frozenset[str]
    ) -> str | None:
        """Speak and hang up, or hang up at the tone; the recording is told of after the verb's action."""
        call.status, call.seconds = "completed", call.seconds + seconds
        callback, said = self._path(verb.get("recordingStatusCallback")), {"RecordingSource": "RecordVerb"}
        if outcome != "voicemail":
            said |= {"RecordingSid": new_sid("RE"), "RecordingStatus": "absent", "RecordingDuration": "0"}
            await self._call(call, callback, said, "recording" in drop)
            return ""
        recording = Recording(new_sid("RE"), call.sid, seconds, await asyncio.to_thread(beeps, seconds))
        self.recordings[recording.sid] = recording
        url = f"{self.product_url}/sandbox/providers/twilio{recording_uri(recording, self.account)}"
        said |= {"RecordingSid": recording.sid, "RecordingUrl": url, "RecordingDuration": str(seconds)}
        done = await self._call(call, self._path(verb.get("action")), said, "done" in drop)
        await self._call(call, callback, {**said, "RecordingStatus": "completed"}, "recording" in drop)
        return done or ""

    def _own(self, name: str) -> str:
        return path_of(self.account.account_key, name)

    def _path(self, url: str | None) -> str:
        return (url or "").removeprefix(self.product_url)

    async def _call(self, call: Call, path: str, said: dict[str, str], drop: bool) -> str | None:
        """A signed form to the product; its answer, None when there was none."""
        if drop or not path:
            return None
        form = {
            "CallSid": call.sid, "From": call.sender, "To": call.to, "Direction": "inbound", "ApiVersion": VERSION,
            "AccountSid": self.account.credentials["account_sid"], "CallerCity": "", **said,
        }  # fmt: skip
        validator = RequestValidator(self.account.credentials["auth_token"])
        signature = validator.compute_signature(self.product_url + path, form)
        async with httpx.AsyncClient(timeout=15) as http:
            with suppress(httpx.HTTPError):
                answer = await http.post(self.product_url + path, data=form, headers={"X-Twilio-Signature": signature})
                call.answers.append(answer.status_code)
                return answer.text if answer.is_success else None
        return None


def _verbs(twiml: str | None) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(twiml)) if twiml else []


def beeps(seconds: int) -> bytes:
    """A WAV of that length that sounds a little like speech: syllables of a falling tone."""
    samples = bytearray()
    for index in range(seconds * RATE):
        second = index / RATE
        syllable = max(0.0, math.sin(2 * math.pi * 3 * second))
        pitch = 220 - 40 * (second % 1.0)
        samples += struct.pack("<h", int(9000 * syllable * math.sin(2 * math.pi * pitch * second)))
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(bytes(samples))
    return file.getvalue()


def new_sid(kind: str) -> str:
    """As Twilio's: two letters and 32 hexadecimal digits."""
    return f"{kind}{secrets.token_hex(16)}"


def recording_uri(recording: Recording, account: TwilioAccount) -> str:
    """Its path at the API, without an ending."""
    return f"/{VERSION}/Accounts/{account.credentials['account_sid']}/Recordings/{recording.sid}"


def played(call: Call) -> dict[str, Any]:
    """What a person at the phone would tell of it."""
    return {
        "sid": call.sid, "from": call.sender, "to": call.to, "status": call.status, "seconds": call.seconds,
        "said": call.said, "rang": call.rang, "answers": call.answers, "at": call.at,
    }  # fmt: skip


def shown(call: Call, account_sid: str) -> dict[str, Any]:
    """As the Call resource shows it."""
    over = call.status not in {"ringing", "in-progress"}
    start, end = format_datetime(call.at), format_datetime(call.at + timedelta(seconds=call.seconds))
    return {
        "sid": call.sid, "account_sid": account_sid, "parent_call_sid": call.parent_sid, "from": call.sender,
        "from_formatted": call.sender, "to": call.to, "to_formatted": call.to, "phone_number_sid": "",
        "status": call.status, "direction": call.direction, "start_time": start, "end_time": end if over else None,
        "duration": str(call.seconds) if over else None, "date_created": start, "date_updated": end, "price": None,
        "price_unit": "USD", "answered_by": None, "api_version": VERSION, "forwarded_from": None, "group_sid": None,
        "caller_name": None, "queue_time": "0", "trunk_sid": None, "subresource_uris": {},
        "uri": f"/{VERSION}/Accounts/{account_sid}/Calls/{call.sid}.json",
    }  # fmt: skip


def shown_recording(recording: Recording, account_sid: str) -> dict[str, Any]:
    """As the Recording resource shows it."""
    stamp = format_datetime(recording.at)
    return {
        "sid": recording.sid, "account_sid": account_sid, "call_sid": recording.call_sid, "conference_sid": None,
        "duration": str(recording.seconds), "status": "completed" if recording.ready else "processing", "channels": 1,
        "source": "RecordVerb", "api_version": VERSION, "date_created": stamp, "date_updated": stamp,
        "start_time": stamp, "price": None, "price_unit": "USD", "error_code": None, "encryption_details": None,
        "uri": f"/{VERSION}/Accounts/{account_sid}/Recordings/{recording.sid}.json",
    }  # fmt: skip
