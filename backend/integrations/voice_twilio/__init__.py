"""Twilio Programmable Voice: TwiML by its own library, its books of calls and recordings.

Source: twilio.com/docs/voice (webhook requests, TwiML Dial and Record, Call and Recording resources), twilio 9.13.
Recordings are fetched by `twilio_media`, which lets credentials go to the API only.
"""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import httpx
import requests
from twilio.base.exceptions import TwilioException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from twilio.twiml.voice_response import VoiceResponse

from backend.core.callbacks import MalformedWebhook, ProviderUnavailable
from backend.core.phones import e164
from backend.integrations import twilio_media
from backend.integrations.sms_twilio import BASE_URL, LISTED, TIMEOUT_SECONDS
from backend.messaging.calls.ports import CallReport, Ended, IncomingCall, Language, Recorded, Rung, Urls
from backend.messaging.ports import Form, TextAccount

# What `From` holds where the caller withheld the number (letters on a keypad: anonymous, restricted, blocked …).
WITHHELD: Final = frozenset({"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"})
LANGUAGES: Final[dict[Language, str]] = {"en": "en-US", "es": "es-MX"}
OVER: Final = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
UNFINISHED: Final = frozenset({"in-progress", "stopped", "processing"})
TAKEN: Final = frozenset({"completed", "answered"})
SID: Final = re.compile(r"[A-Z]{2}[0-9a-f]{32}")
MOST_SECONDS: Final = 120
MOST_BYTES: Final = 10 * 1024 * 1024
VERSION: Final = "2010-04-01"


class TwilioCalls:
    """Secrets as those of `TwilioTexts`: account_sid, auth_token."""

    def __init__(self, base_url: str = BASE_URL) -> None:
        self._base = base_url.rstrip("/")

    def incoming(self, form: Form) -> IncomingCall:
        """`CallSid`, `From`, `ForwardedFrom`; unknown parameters are welcome."""
        said = dict(form)
        return IncomingCall(_sid(said, "CallSid"), _phone(said.get("From")), _phone(said.get("ForwardedFrom")))

    def rung(self, form: Form) -> Rung:
        """`DialCallStatus`, `DialCallDuration`."""
        said = dict(form)
        if "DialCallStatus" not in said:
            raise MalformedWebhook("unexpected_form")
        taken = said["DialCallStatus"] in TAKEN
        return Rung(self.incoming(form), taken, _seconds(said.get("DialCallDuration")))

    def ended(self, form: Form) -> Ended | None:
        """`CallStatus`, `CallDuration`."""
        said = dict(form)
        if "CallStatus" not in said:
            raise MalformedWebhook("unexpected_form")
        if said["CallStatus"] not in OVER:
            return None
        return Ended(self.incoming(form), said["CallStatus"] != "completed", _seconds(said.get("CallDuration")))

    def recorded(self, form: Form) -> Recorded | None:
        """`RecordingSid`, `RecordingStatus`, `RecordingDuration`, `TranscriptionText`.

        Without a status it is the verb's action, which is told before the recording is there.
        """
        said = dict(form)
        call, recording = _sid(said, "CallSid"), _sid(said, "RecordingSid") if said.get("RecordingSid") else ""
        if text := said.get("TranscriptionText"):
            return Recorded(call, recording, "transcribed", transcript=text)
        status, seconds = said.get("RecordingStatus", "coming"), _seconds(said.get("RecordingDuration"))
        if status in {"completed", "coming"} and not recording:
            return None
        if status in {"completed", "coming"} and seconds == 0:
            status = "absent"  # hung up at the tone
        match status:
            case "completed" | "coming" | "absent" | "failed":
                return Recorded(call, recording, status, seconds)
        return None

    def ring(self, number: str, seconds: int, urls: Urls) -> str:
        """`<Dial>`. Bridged on answer, so that a caller who gives up while it rings is told from one who talked."""
        answer = VoiceResponse()
        dial = answer.dial(timeout=seconds, action=urls.after, method="POST", answer_on_bridge=True)
        dial.number(number)
        return str(answer)

    def record(self, greeting: Sequence[tuple[Language, str]], urls: Urls) -> str:
        """`<Say>` and `<Record>`; silence falls through to the end."""
        answer = VoiceResponse()
        _say(answer, greeting)
        answer.record(
            max_length=MOST_SECONDS, play_beep=True, finish_on_key="#", timeout=5, action=urls.voicemail_done,
            method="POST", recording_status_callback=urls.recording, recording_status_callback_method="POST",
            recording_status_callback_event="completed absent",
        )  # fmt: skip
        answer.hangup()
        return str(answer)

    def hang_up(self, words: Sequence[tuple[Language, str]] = ()) -> str:
        """`<Say>` and `<Hangup>`."""
        answer = VoiceResponse()
        _say(answer, words)
        answer.hangup()
        return str(answer)

    async def look_up(self, account: TextAccount, external_id: str) -> CallReport:
        """`GET /Calls/{Sid}.json`, its legs by `ParentCallSid`, its recordings."""
        client = self._client(account)
        call = await _ask(client.calls(external_id).fetch)
        legs = await _ask(lambda: client.calls.list(parent_call_sid=external_id, limit=LISTED))
        recordings = await _ask(lambda: client.calls(external_id).recordings.list(limit=LISTED))
        taken = [leg for leg in legs if leg.status in {"in-progress", "completed"}]
        return CallReport(
            IncomingCall(str(call.sid), _phone(call._from), _phone(call.forwarded_from), _utc(call.start_time)),
            over=call.status in OVER, answered=bool(taken),
            seconds=_seconds(taken[0].duration if taken else call.duration),
            recordings=[news for found in recordings if (news := _listed(call.sid, found, call.status in OVER))],
        )  # fmt: skip

    async def recent(self, account: TextAccount, since: datetime) -> list[str]:
        """`GET /Calls.json?To=<our number>&StartTime>=`; legs that we dialled are not to our number."""
        client = self._client(account)
        found = await _ask(lambda: client.calls.list(to=account.number, start_time_after=since, limit=LISTED))
        return [str(call.sid) for call in reversed(found) if call.direction == "inbound"]

    async def fetch_recording(self, account: TextAccount, external_id: str) -> tuple[bytes, str]:
        """`GET /Recordings/{Sid}.wav`, at the API's own origin."""
        async with httpx.AsyncClient() as http:
            return await twilio_media.fetch(
                http, api=self._base, path=f"{_recording(account, external_id)}.wav", hosts=twilio_media.CDN_HOSTS,
                most_bytes=MOST_BYTES, **_credentials(account),
            )  # fmt: skip

    async def delete_recording(self, account: TextAccount, external_id: str) -> None:
        """`DELETE /Recordings/{Sid}.json`."""
        async with httpx.AsyncClient() as http:
            path = f"{_recording(account, external_id)}.json"
            await twilio_media.forget(http, api=self._base, path=path, **_credentials(account))

    def _client(self, account: TextAccount) -> Client:
        http = TwilioHttpClient(timeout=TIMEOUT_SECONDS)
        client = Client(account.secrets["account_sid"], account.secrets["auth_token"], http_client=http)
        client.api.base_url = self._base
        return client


async def _ask(ask: Callable[[], Any]) -> Any:
    try:
        return await asyncio.to_thread(ask)
    except (requests.exceptions.RequestException, TwilioException) as error:
        raise ProviderUnavailable(f"code_{getattr(error, 'code', None) or type(error).__name__}") from None


def _listed(call_sid: str, found: Any, over: bool) -> Recorded | None:
    """A recording of the list; one that is being made counts when the caller can say no more."""
    seconds = _seconds(found.duration)
    if found.status == "completed" and seconds:
        return Recorded(str(call_sid), str(found.sid), "completed", seconds)
    if found.status in UNFINISHED and over:
        return Recorded(str(call_sid), str(found.sid), "coming", seconds)
    return None


def _say(answer: VoiceResponse, words: Sequence[tuple[Language, str]]) -> None:
    for language, text in words:
        answer.say(text, language=LANGUAGES[language])


def _recording(account: TextAccount, external_id: str) -> str:
    return f"/{VERSION}/Accounts/{account.secrets['account_sid']}/Recordings/{external_id}"


def _credentials(account: TextAccount) -> dict[str, str]:
    return {name: account.secrets[name] for name in ("account_sid", "auth_token")}


def _sid(said: Mapping[str, str], name: str) -> str:
    """An id that becomes part of an address at the API."""
    if not SID.fullmatch(said.get(name, "")):
        raise MalformedWebhook("unexpected_form")
    return said[name]


def _phone(given: str | None) -> str | None:
    return None if not given or given in WITHHELD else e164(given)


def _seconds(given: str | None) -> int | None:
    return int(given) if given and str(given).isdigit() else None


def _utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC) if moment and moment.tzinfo else moment.replace(tzinfo=UTC) if moment else None
