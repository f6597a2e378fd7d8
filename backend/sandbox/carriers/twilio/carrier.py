"""The emulated Twilio itself: takes texts, fetches their media, reports by signed forms, brings what patients write."""

import asyncio
import secrets
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from twilio.request_validator import RequestValidator

from backend.core.clock import now
from backend.messaging.lines import sms_path
from backend.sandbox.accounts import TwilioAccount
from backend.sandbox.carriers.twilio.faults import ERRORS, Faults
from backend.sandbox.carriers.twilio.memory import Memory
from backend.sandbox.carriers.twilio.texts import FINAL, VERSION, Media, Text, new_sid

STOP = frozenset("STOP STOPALL UNSUBSCRIBE CANCEL END QUIT REVOKE OPTOUT".split())
START = frozenset("START UNSTOP".split())
HELP = frozenset("HELP INFO".split())
# Twilio's own answers on a long code.
ANSWERS = {
    "stop": "You have successfully been unsubscribed. You will not receive any more messages from this number. "
    "Reply START to resubscribe.",
    "start": "You have successfully been re-subscribed to messages from this number. Reply HELP for help. "
    "Reply STOP to unsubscribe.",
    "help": "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
}
STEP_SECONDS = 0.05
MEDIA_UNAVAILABLE, MEDIA_TYPE = 11751, 12300
MOST_MEDIA_BYTES = 5 * 1024 * 1024
# Twilio.com: accepted MIME types for MMS, the ones it delivers unconverted and some more.
MEDIA_TYPES = ("image/", "audio/", "video/", "application/pdf", "text/vcard", "text/x-vcard")


@dataclass(frozen=True, slots=True)
class Order:
    """What `POST /Messages.json` asks for, after the API's own checks."""

    to: str
    body: str
    callback: str | None = None
    media_urls: tuple[str, ...] = ()
    service: str | None = None
    send_at: datetime | None = None


class Twilio:
    """Texts with their media, kept in a folder; callbacks go out as signed forms."""

    def __init__(self, account: TwilioAccount, product_url: str, folder: Path | None = None) -> None:
        self.account, self.product_url = account, product_url
        self.memory, self.faults = Memory(folder), Faults()
        self.service = account.credentials.get("messaging_service_sid") or None
        # Longer than any client waits, so that the answer is lost though the text was taken.
        self.hang_seconds = 15.0
        self._tasks: set[asyncio.Task[None]] = set()
        self._http: httpx.AsyncClient | None = None

    @property
    def texts(self) -> dict[str, Text]:
        """By SID, in the order they came."""
        return self.memory.texts

    @property
    def stopped(self) -> set[str]:
        """Who said STOP."""
        return self.memory.stopped

    async def take(self, order: Order) -> Text:
        """A text of ours. The last five digits of `to` may name an error code; so may a fault asked for."""
        sender = "" if order.service else self.account.number
        status = "scheduled" if order.send_at else "accepted" if order.service else "queued"
        prefix = "MM" if order.media_urls else "SM"
        text = Text(
            new_sid(prefix), sender, order.to, order.body, "outbound-api", status, callback=order.callback,
            media_urls=list(order.media_urls), service=order.service, send_at=order.send_at, fate=self._fate(order.to),
        )  # fmt: skip
        self.memory.save(text)
        early = self.faults.due("callback_before_201", text.to)
        if early and text.fate is None:
            await self._move(text, "sent")
            await self._report(text)
        self._begin(self._deliver(text))
        return text

    def _fate(self, to: str) -> int | None:
        named = int(to[-5:]) if to[-5:].startswith("30") else None
        return named or next((code for fault, code in ERRORS.items() if self.faults.due(fault, to)), None)

    def bring(self, sender: str, body: str, files: Sequence[tuple[bytes, str]] = ()) -> Text:
        """The patient writes to us."""
        sid = new_sid("MM" if files else "SM")
        text = Text(sid, sender, self.account.number, body, "inbound", "received", service=self.service)
        text.sent_at = text.at
        for data, content_type in files:
            text.media.append(self._store(text, data, content_type))
        self.memory.save(text)
        self._obey(sender, body.strip().upper())
        if not self.faults.due("inbound_lost", sender):
            self._begin(self._bring(text))
        return text

    def resume(self) -> None:
        """Go on with what a restart interrupted."""
        for text in list(self.texts.values()):
            if text.status not in FINAL:
                self._begin(self._deliver(text))

    async def quiet(self) -> None:
        """Until everything under way has arrived."""
        while self._tasks:
            await asyncio.wait(list(self._tasks))

    async def stop(self) -> None:
        """Stop for now; `resume` goes on."""
        for task in list(self._tasks):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        if self._http is not None:
            await self._http.aclose()

    def _obey(self, sender: str, word: str) -> None:
        said = "stop" if word in STOP else "start" if word in START else "help" if word in HELP else None
        if said is None:
            return
        if said != "help":
            self.memory.stop(sender, said == "stop")
        answer = Text(new_sid(), self.account.number, sender, ANSWERS[said], "outbound-reply", "delivered")
        self.memory.answer(answer)

    def _store(self, text: Text, data: bytes, content_type: str) -> str:
        media = Media(new_sid("ME"), text.sid, content_type)
        self.memory.keep(media, data)
        return media.sid

    async def _bring(self, text: Text) -> None:
        base = f"https://api.twilio.com/{VERSION}/Accounts/{self.account.credentials['account_sid']}"
        said = {
            "MessageSid": text.sid, "SmsSid": text.sid, "SmsMessageSid": text.sid, "From": text.sender, "To": text.to,
            "Body": text.body, "NumMedia": str(len(text.media)), "NumSegments": "1", "SmsStatus": "received",
            "FromCity": "", "FromState": "IL", "FromCountry": "US", "ToCountry": "US", "SandboxNewParameter": "x",
        }  # fmt: skip
        for number, sid in enumerate(text.media):
            said[f"MediaUrl{number}"] = f"{base}/Messages/{text.sid}/Media/{sid}"
            said[f"MediaContentType{number}"] = self.memory.media[sid].content_type
        if self.service:
            said["MessagingServiceSid"] = self.service
        await self._tell(sms_path(self.account.account_key), said, text.sender)

    async def _deliver(self, text: Text) -> None:
        if text.send_at:
            await asyncio.sleep(max(0.0, (text.send_at - now()).total_seconds()))
        await asyncio.sleep(STEP_SECONDS)
        if text.status == "canceled":
            return
        text.sender = self.account.number
        trouble = await self._fetch_media(text) if len(text.media) < len(text.media_urls) else None
        if trouble:
            await self._move(text, "failed", trouble)
            await self._report(text)
            return
        ends = ("undelivered", text.fate) if text.fate else ("delivered", None)
        steps: list[tuple[str, int | None]] = [("sent", None), ends]
        if text.status == "sent":
            steps = [ends]
        elif self.faults.due("reordered", text.to):
            await self._reordered(text, *ends)
            return
        lost = self.faults.due("lost_callbacks", text.to)
        for status, code in steps:
            await self._move(text, status, code)
            if not lost:
                await self._report(text)
            await asyncio.sleep(STEP_SECONDS)

    async def _reordered(self, text: Text, status: str, code: int | None) -> None:
        await self._move(text, status, code)
        await self._report(text)
        await self._report(text, as_if="sent")

    async def _move(self, text: Text, status: str, code: int | None = None) -> None:
        text.status, text.error_code, text.sent_at = status, code, text.sent_at or now()
        text.sender = text.sender or self.account.number
        self.memory.save(text)

    async def _fetch_media(self, text: Text) -> int | None:
        """Fetch what we were told to; an error code when that fails."""
        for url in text.media_urls[len(text.media) :]:
            try:
                answer = await self._client().get(url, follow_redirects=True)
            except httpx.HTTPError:
                return MEDIA_UNAVAILABLE
            content_type = answer.headers.get("content-type", "").partition(";")[0]
            if answer.status_code != 200 or len(answer.content) > MOST_MEDIA_BYTES:
                return MEDIA_UNAVAILABLE
            if not content_type.startswith(MEDIA_TYPES):
                return MEDIA_TYPE
            text.media.append(self._store(text, answer.content, content_type))
        return None

    async def _report(self, text: Text, as_if: str | None = None) -> None:
        if text.callback is None:
            return
        status = as_if or text.status
        said = {
            "MessageSid": text.sid, "SmsSid": text.sid, "MessageStatus": status, "SmsStatus": status, "To": text.to,
            "From": text.sender,
        }  # fmt: skip
        if text.error_code and not as_if:
            said["ErrorCode"] = str(text.error_code)
        if status in {"delivered", "undelivered"}:
            said["RawDlrDoneDate"] = now().strftime("%y%m%d%H%M")
        if text.service:
            said["MessagingServiceSid"] = text.service
        await self._tell(text.callback, said, text.to)

    async def _tell(self, address: str, said: dict[str, str], number: str) -> None:
        """One event, with its faults: twice, or changed on the way."""
        spoilt = self.faults.due("tampered", number)
        calls = 2 if self.faults.due("duplicate", number) else 1
        await asyncio.gather(*(self._call(address, said, spoilt=spoilt) for _ in range(calls)))

    async def _call(self, address: str, said: dict[str, str], *, spoilt: bool = False) -> int | None:
        """One signed callback to the product; a connection that fails is tried once more. Returns the status."""
        form = {**said, "AccountSid": self.account.credentials["account_sid"], "ApiVersion": VERSION}
        url = address if address.startswith("http") else self.product_url + address
        signature = RequestValidator(self.account.credentials["auth_token"]).compute_signature(url, form)
        if spoilt:
            form |= {"From": "+12175559999"}
        headers = {
            "X-Twilio-Signature": signature, "I-Twilio-Idempotency-Token": secrets.token_hex(16),
            "User-Agent": "TwilioProxy/1.1",
        }  # fmt: skip
        for _ in range(2):
            try:
                return (await self._client().post(url, data=form, headers=headers)).status_code
            except httpx.ConnectError:
                await asyncio.sleep(STEP_SECONDS)
            except httpx.HTTPError:
                return None
        return None

    def _client(self) -> httpx.AsyncClient:
        if self._http is None or self._http.is_closed:
            self._http = httpx.AsyncClient(timeout=15, limits=httpx.Limits(max_connections=None))
        return self._http

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
