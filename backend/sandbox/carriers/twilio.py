"""Twilio: Messages with signed callbacks, STOP blocking (21610), and the patient's phone at the other end."""

import asyncio
import base64
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Annotated, Any

import httpx
from fastapi import APIRouter, Form, Header, HTTPException, Query
from fastapi.responses import JSONResponse
from twilio.request_validator import RequestValidator

from backend.core.clock import now
from backend.messaging.lines import sms_path
from backend.sandbox.accounts import TwilioAccount

VERSION = "2010-04-01"
STOP = frozenset("STOP STOPALL UNSUBSCRIBE CANCEL END QUIT REVOKE OPTOUT".split())
START = frozenset("START UNSTOP".split())
SEQUENCE = ("sent", "delivered")


@dataclass(slots=True)
class Text:
    """One text, either way."""

    sid: str
    sender: str
    to: str
    body: str
    direction: str
    status: str
    error_code: int | None = None
    at: datetime = field(default_factory=now)


class Twilio:
    """Texts in memory; callbacks go out as signed forms."""

    def __init__(self, account: TwilioAccount, product_url: str) -> None:
        self.account, self.product_url = account, product_url
        self.texts: dict[str, Text] = {}
        self.stopped: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def take(self, to: str, body: str, callback: str | None) -> Text:
        """A text of ours: accepted, then sent, then delivered. The last four digits of `to` may name an error code."""
        code = int(to[-5:]) if to[-5:].startswith("30") else None
        text = Text(new_sid(), self.account.number, to, body, "outbound-api", "queued")
        self.texts[text.sid] = text
        if callback:
            self._begin(self._report(text, callback, code))
        return text

    def bring(self, sender: str, body: str) -> Text:
        """The patient writes to us."""
        text = Text(new_sid(), sender, self.account.number, body, "inbound", "received")
        self.texts[text.sid] = text
        word = body.strip().upper()
        if word in STOP:
            self.stopped.add(sender)
        elif word in START:
            self.stopped.discard(sender)
        said = {"MessageSid": text.sid, "From": sender, "To": text.to, "Body": body, "NumMedia": "0", "FromCity": ""}
        self._begin(self._call(sms_path(self.account.account_key), said))
        return text

    async def _report(self, text: Text, callback: str, code: int | None) -> None:
        path = callback.removeprefix(self.product_url)
        for status in ("sent", "undelivered") if code else SEQUENCE:
            await asyncio.sleep(0.05)
            text.status, text.error_code = status, code if status == "undelivered" else None
            extra = {"ErrorCode": str(code)} if status == "undelivered" else {}
            said = {"MessageSid": text.sid, "MessageStatus": status, "To": text.to, "From": text.sender, **extra}
            await self._call(path, said)

    async def _call(self, path: str, said: dict[str, str]) -> None:
        form = {**said, "AccountSid": self.account.credentials["account_sid"], "ApiVersion": VERSION}
        validator = RequestValidator(self.account.credentials["auth_token"])
        signature = validator.compute_signature(self.product_url + path, form)
        async with httpx.AsyncClient(timeout=15) as http:
            with suppress(httpx.HTTPError):
                await http.post(self.product_url + path, data=form, headers={"X-Twilio-Signature": signature})

    def _begin(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def new_sid() -> str:
    """As Twilio's: `SM` and 32 hexadecimal digits."""
    return f"SM{secrets.token_hex(16)}"


def shown(text: Text, account_sid: str) -> dict[str, Any]:
    """As the Messages resource shows it."""
    stamp = format_datetime(text.at)
    return {
        "sid": text.sid, "account_sid": account_sid, "from": text.sender, "to": text.to, "body": text.body,
        "direction": text.direction, "status": text.status, "error_code": text.error_code, "error_message": None,
        "date_created": stamp, "date_sent": stamp, "date_updated": stamp, "num_media": "0", "num_segments": "1",
        "api_version": VERSION, "messaging_service_sid": None, "price": None, "price_unit": "USD",
        "uri": f"/{VERSION}/Accounts/{account_sid}/Messages/{text.sid}.json", "subresource_uris": {},
    }  # fmt: skip


def router(twilio: Twilio) -> APIRouter:
    """The part of Twilio's API that we use."""
    sid = twilio.account.credentials["account_sid"]
    routes = APIRouter(prefix=f"/providers/twilio/{VERSION}/Accounts/{sid}")
    basic = base64.b64encode(f"{sid}:{twilio.account.credentials['auth_token']}".encode()).decode()

    def allowed(authorization: str) -> None:
        if authorization != f"Basic {basic}":
            raise HTTPException(401)

    @routes.post("/Messages.json", status_code=201, response_model=None)
    async def create(
        to: Annotated[str, Form(alias="To")], body: Annotated[str, Form(alias="Body")],
        status_callback: Annotated[str | None, Form(alias="StatusCallback")] = None,
        authorization: Annotated[str, Header()] = "",
    ) -> dict[str, Any] | JSONResponse:  # fmt: skip
        allowed(authorization)
        if to in twilio.stopped:
            refusal = {"code": 21610, "message": "Attempt to send to unsubscribed recipient", "status": 400}
            return JSONResponse(refusal, 400)
        return shown(twilio.take(to, body, status_callback), sid)

    @routes.get("/Messages.json")
    async def listed(
        to: Annotated[str, Query(alias="To")] = "", authorization: Annotated[str, Header()] = ""
    ) -> dict[str, Any]:
        allowed(authorization)
        found = [text for text in reversed(twilio.texts.values()) if not to or text.to == to]
        return {"messages": [shown(text, sid) for text in found], "page": 0, "page_size": 50, "next_page_uri": None}

    @routes.get("/Messages/{message_sid}.json")
    async def fetch(message_sid: str, authorization: Annotated[str, Header()] = "") -> dict[str, Any]:
        allowed(authorization)
        if message_sid not in twilio.texts:
            raise HTTPException(404)
        return shown(twilio.texts[message_sid], sid)

    return routes
