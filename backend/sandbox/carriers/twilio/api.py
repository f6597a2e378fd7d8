"""The part of Twilio's REST API that we use: Messages and their Media, with Basic credentials."""

import asyncio
import base64
import hmac
import secrets
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, HTTPException, Query, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from fastapi.routing import APIRoute

from backend.sandbox.carriers.twilio.carrier import Order, Twilio
from backend.sandbox.carriers.twilio.refusals import refusal, wrong_with
from backend.sandbox.carriers.twilio.texts import VERSION, Text, media_shown, shown

PREFIX = "/providers/twilio"
CDN_SECONDS = 60
CANCELABLE = frozenset({"accepted", "scheduled", "queued"})
INNER = ("http://169.254.169.254/latest/meta-data/", "http://127.0.0.1:22/", "https://10.0.0.1/")
LIE = b"<!doctype html><script>alert(1)</script>"


class Refused(Exception):
    """Answer with one of Twilio's codes."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


class TwilioRoute(APIRoute):
    """Errors in Twilio's own form."""

    def get_route_handler(self) -> Any:
        """Wrap the handler."""
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                answer: Response = await handler(request)
            except Refused as refused:
                return refusal(refused.code)
            return answer

        return handle


def router(twilio: Twilio) -> APIRouter:
    """Every route, under the account."""
    sid = twilio.account.credentials["account_sid"]

    def allowed(request: Request) -> None:
        basic = base64.b64encode(f"{sid}:{twilio.account.credentials['auth_token']}".encode())
        if not hmac.compare_digest(request.headers.get("authorization", "").encode(), b"Basic " + basic):
            raise Refused(20003)

    routes = APIRouter(
        prefix=f"{PREFIX}/{VERSION}/Accounts/{sid}", dependencies=[Depends(allowed)], route_class=TwilioRoute
    )
    _create(routes, twilio, sid)
    _list(routes, twilio, sid)
    _one(routes, twilio, sid)
    cdn: dict[str, tuple[str, float]] = {}
    _media(routes, twilio, sid, cdn)
    everything = APIRouter()
    everything.include_router(routes)
    _cdn(everything, twilio, cdn)
    return everything


def _trouble(twilio: Twilio, number: str | None = None) -> None:
    if twilio.faults.due("api_500", number):
        raise Refused(20500)
    if twilio.faults.due("api_429", number):
        raise Refused(20429)


def _text(twilio: Twilio, sid: str) -> Text:
    if sid not in twilio.texts:
        raise Refused(20404)
    return twilio.texts[sid]


def _create(routes: APIRouter, twilio: Twilio, sid: str) -> None:
    @routes.post("/Messages.json", status_code=201, response_model=None)
    async def create(
        to: Annotated[str, Form(alias="To")] = "", sender: Annotated[str, Form(alias="From")] = "",
        service: Annotated[str, Form(alias="MessagingServiceSid")] = "", body: Annotated[str, Form(alias="Body")] = "",
        media: Annotated[list[str] | None, Form(alias="MediaUrl")] = None,
        callback: Annotated[str, Form(alias="StatusCallback")] = "",
        send_at: Annotated[datetime | None, Form(alias="SendAt")] = None,
    ) -> dict[str, Any] | JSONResponse:  # fmt: skip
        _trouble(twilio, to)
        wrong = wrong_with(
            to=to, sender=sender, service=service, body=body, media=media or (), callback=callback,
            ours=twilio.account.number,
        )  # fmt: skip
        if wrong is None and (to in twilio.stopped or twilio.faults.due("error_21610", to)):
            wrong = 21610
        if wrong is None and send_at and not service:
            wrong = 35118
        if wrong is not None:
            raise Refused(wrong)
        order = Order(to, body, callback or None, tuple(media or ()), service or None, send_at)
        text = await twilio.take(order)
        status = "scheduled" if send_at else "accepted" if service else "queued"
        first = shown(text, sid) | {"status": status, "date_sent": None}
        if twilio.faults.due("timeout", to):
            await asyncio.sleep(twilio.hang_seconds)
            raise HTTPException(504)
        return first


def _list(routes: APIRouter, twilio: Twilio, sid: str) -> None:
    @routes.get("/Messages.json")
    async def listed(
        to: Annotated[str, Query(alias="To")] = "", sender: Annotated[str, Query(alias="From")] = "",
        on: Annotated[str, Query(alias="DateSent")] = "", since: Annotated[str, Query(alias="DateSent>")] = "",
        until: Annotated[str, Query(alias="DateSent<")] = "",
        size: Annotated[int, Query(alias="PageSize", ge=1, le=1000)] = 50,
        page: Annotated[int, Query(alias="Page", ge=0)] = 0,
    ) -> dict[str, Any]:  # fmt: skip
        _trouble(twilio, to or None)
        lowest, highest, day = _moment(since), _moment(until), _moment(on)
        found = [
            text for text in reversed(twilio.texts.values())
            if to in {"", text.to} and sender in {"", text.sender}
            and (lowest is None or _when(text) >= lowest) and (highest is None or _when(text) <= highest)
            and (day is None or _when(text).date() == day.date())
        ]  # fmt: skip
        asked = {"To": to, "From": sender, "DateSent": on, "DateSent>": since, "DateSent<": until}
        rows, meta = _page(found, f"/{VERSION}/Accounts/{sid}/Messages.json", asked, page, size)
        return {"messages": [shown(text, sid) for text in rows], **meta}


def _when(text: Text) -> datetime:
    return text.sent_at or text.at


def _moment(said: str) -> datetime | None:
    if not said:
        return None
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        try:
            moment = parsedate_to_datetime(said)
        except ValueError:
            raise Refused(20404) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _page(
    rows: list[Any], path: str, asked: dict[str, str], page: int, size: int
) -> tuple[Sequence[Any], dict[str, Any]]:
    def uri(number: int) -> str:
        said = {name: value for name, value in asked.items() if value}
        return f"{path}?{urlencode(said | {'PageSize': size, 'Page': number})}"

    start, shown_rows = page * size, rows[page * size : (page + 1) * size]
    more = start + size < len(rows)
    return shown_rows, {
        "page": page, "page_size": size, "start": start, "end": start + max(0, len(shown_rows) - 1), "uri": uri(page),
        "first_page_uri": uri(0), "next_page_uri": uri(page + 1) if more else None,
        "previous_page_uri": uri(page - 1) if page else None,
    }  # fmt: skip


def _one(routes: APIRouter, twilio: Twilio, sid: str) -> None:
    @routes.get("/Messages/{message_sid}.json")
    async def fetch(message_sid: str) -> dict[str, Any]:
        _trouble(twilio)
        return shown(_text(twilio, message_sid), sid)

    @routes.post("/Messages/{message_sid}.json")
    async def update(message_sid: str, request: Request) -> dict[str, Any]:
        text, form = _text(twilio, message_sid), await request.form()
        if form.get("Status") == "canceled":
            if text.status not in CANCELABLE:
                raise Refused(30409)
            text.status = "canceled"
        if form.get("Body") == "":
            text.body = ""
        twilio.memory.save(text)
        return shown(text, sid)

    @routes.delete("/Messages/{message_sid}.json", status_code=204)
    async def delete(message_sid: str) -> None:
        twilio.memory.drop_text(_text(twilio, message_sid).sid)


def _media(routes: APIRouter, twilio: Twilio, sid: str, cdn: dict[str, tuple[str, float]]) -> None:
    def kept(message_sid: str, media_sid: str) -> None:
        media = twilio.memory.media.get(media_sid)
        if media is None or media.text_sid != message_sid:
            raise Refused(20404)

    @routes.get("/Messages/{message_sid}/Media.json")
    async def list_media(
        message_sid: str, size: Annotated[int, Query(alias="PageSize", ge=1, le=1000)] = 50,
        page: Annotated[int, Query(alias="Page", ge=0)] = 0,
    ) -> dict[str, Any]:  # fmt: skip
        _trouble(twilio)
        found = [
            twilio.memory.media[media] for media in _text(twilio, message_sid).media if media in twilio.memory.media
        ]
        path = f"/{VERSION}/Accounts/{sid}/Messages/{message_sid}/Media.json"
        rows, meta = _page(found, path, {}, page, size)
        return {"media_list": [media_shown(media, sid) for media in rows], **meta}

    @routes.get("/Messages/{message_sid}/Media/{media_sid}.json")
    async def fetch_media(message_sid: str, media_sid: str) -> dict[str, Any]:
        kept(message_sid, media_sid)
        return media_shown(twilio.memory.media[media_sid], sid)

    @routes.delete("/Messages/{message_sid}/Media/{media_sid}.json", status_code=204)
    async def delete_media(message_sid: str, media_sid: str) -> None:
        kept(message_sid, media_sid)
        twilio.memory.drop_media(media_sid)

    @routes.get("/Messages/{message_sid}/Media/{media_sid}")
    async def raw(message_sid: str, media_sid: str) -> Response:
        """Redirects to the CDN, which needs no credentials but a short-lived address."""
        text = _text(twilio, message_sid)
        if twilio.faults.due("media_404", text.sender):
            raise Refused(20404)
        kept(message_sid, media_sid)
        if twilio.faults.due("media_redirect_inner", text.sender):
            return RedirectResponse(secrets.choice(INNER), 307)
        token = secrets.token_urlsafe(16)
        cdn[token] = media_sid, time.monotonic() + CDN_SECONDS
        return RedirectResponse(f"/sandbox{PREFIX}/cdn/{token}", 307)


def _cdn(routes: APIRouter, twilio: Twilio, cdn: dict[str, tuple[str, float]]) -> None:
    @routes.get(f"{PREFIX}/cdn/{{token}}")
    async def serve(token: str, request: Request) -> Response:
        media_sid, until = cdn.get(token, ("", 0.0))
        media = twilio.memory.media.get(media_sid)
        if request.headers.get("authorization"):
            return Response("Credentials do not belong here.", 400)
        if media is None or until < time.monotonic():
            return Response("<Error><Code>AccessDenied</Code></Error>", 403, media_type="application/xml")
        sender = twilio.texts[media.text_sid].sender if media.text_sid in twilio.texts else None
        lying = twilio.faults.due("media_wrong_type", sender)
        return Response(LIE if lying else twilio.memory.read(media_sid), media_type=media.content_type)
