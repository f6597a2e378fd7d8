"""The other end: the phones of patients, as one person may play them."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, File, Form, HTTPException, Query, Response, UploadFile
from pydantic import BaseModel, Field

from backend.core.phones import e164
from backend.sandbox.carriers.twilio.carrier import Twilio
from backend.sandbox.carriers.twilio.refusals import MOST_MEDIA
from backend.sandbox.carriers.twilio.texts import Text, shown

# A text that failed never lit up the phone.
ARRIVED: Final = frozenset({"sent", "delivered", "received"})


class TextIn(BaseModel):
    """A patient's text."""

    sender: str = Field(alias="from")
    to: str = ""
    body: str = Field(max_length=1600)


def phones(twilio: Twilio) -> APIRouter:
    """`/sms`, `/mms`, `/phone`, `/phones`."""
    routes = APIRouter()
    sid = twilio.account.credentials["account_sid"]

    @routes.get("/sms")
    async def list_texts(to: str = "") -> list[dict[str, Any]]:
        found = [text for text in twilio.texts.values() if text.direction != "inbound" and to in {"", text.to}]
        return [shown(text, sid) for text in found]

    @routes.post("/sms", status_code=201)
    async def send_text(body: TextIn) -> dict[str, Any]:
        return shown(twilio.bring(_number(body.sender), body.body), sid)

    @routes.post("/mms", status_code=201)
    async def send_media(
        sender: Annotated[str, Form(alias="from")], files: Annotated[list[UploadFile], File()],
        to: Annotated[str, Form()] = "", body: Annotated[str, Form(max_length=1600)] = "",
    ) -> dict[str, Any]:  # fmt: skip
        if len(files) > MOST_MEDIA:
            raise HTTPException(422, "at most 10 files")
        read = [(await file.read(), file.content_type or "application/octet-stream") for file in files]
        return shown(twilio.bring(_number(sender), body, read), sid)

    @routes.get("/phone")
    async def show_phone(number: Annotated[str, Query(max_length=40)]) -> dict[str, Any]:
        wanted = _number(number)
        thread = [text for text in _all(twilio) if wanted in {text.sender, text.to} and text.status in ARRIVED]
        return {
            "number": wanted, "our_number": twilio.account.number, "stopped": wanted in twilio.stopped,
            "texts": [_on_screen(twilio, text) for text in thread],
        }  # fmt: skip

    @routes.get("/phones")
    async def list_phones() -> list[dict[str, Any]]:
        latest: dict[str, Text] = {}
        for text in _all(twilio):
            number = text.sender if text.direction == "inbound" else text.to
            latest.pop(number, None)
            latest[number] = text
        return [
            {"number": number, "last_at": text.at, "last_text": text.body or "Picture or file"}
            for number, text in reversed(latest.items())
        ]

    @routes.get("/phone/media/{media_sid}")
    async def show_media(media_sid: str) -> Response:
        known = {media for text in twilio.texts.values() for media in text.media}
        if media_sid not in known:
            raise HTTPException(404)
        data = twilio.memory.read(media_sid)
        headers = {"Content-Security-Policy": "sandbox; default-src 'none'", "X-Content-Type-Options": "nosniff"}
        return Response(data, media_type=twilio.memory.types[media_sid], headers=headers)

    return routes


def _number(said: str) -> str:
    number = e164(said)
    if number is None:
        raise HTTPException(422, "not a phone number")
    return number


def _all(twilio: Twilio) -> list[Text]:
    return sorted([*twilio.texts.values(), *twilio.memory.answers], key=lambda text: text.at)


def _on_screen(twilio: Twilio, text: Text) -> dict[str, Any]:
    return {
        "sid": text.sid, "from_patient": text.direction == "inbound", "body": text.body, "at": text.at,
        "from_carrier": text.direction == "outbound-reply",
        "media": [
            {"url": f"/sandbox/phone/media/{sid}", "content_type": twilio.memory.types[sid]} for sid in text.media
        ],
    }  # fmt: skip
