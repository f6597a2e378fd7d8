"""Where text carriers call: verify, write to the inbox, answer. Nothing else happens before the 2xx."""

import uuid
from typing import Any

from fastapi import APIRouter, Request, Response

from backend.api.phone_callbacks import keep_form, malformed, verified
from backend.core.callbacks import MalformedWebhook
from backend.messaging import lines, service

router = APIRouter(prefix="/webhooks/twilio", tags=["webhooks"])
# TwiML that says nothing: we answer by the API, through the gate.
EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
ANSWER: dict[int | str, dict[str, Any]] = {200: {"content": {"text/xml": {"example": EMPTY}}}}


@router.post("/{account_key}/sms", operation_id="receiveText", summary="A text came in", responses=ANSWER)
async def receive_text(account_key: str, request: Request) -> Response:
    """Twilio's form. 2xx only after the text is durable; a repeat is harmless."""
    line, form = await verified(account_key, request, lines.sms_path(account_key))
    try:
        text = line.carrier.inbound(line.account, form)
    except MalformedWebhook as error:
        raise malformed(error) from None
    await keep_form(
        request.app.state.context, line, service.RECEIVE, text.external_id, text.external_id, lines.pack(form)
    )
    return Response(EMPTY, media_type="text/xml")


@router.post(
    "/{account_key}/sms-status/{message_id}", operation_id="receiveTextStatus", summary="A report on one of our texts",
    status_code=204,
)  # fmt: skip
async def receive_text_status(account_key: str, message_id: uuid.UUID, request: Request) -> Response:
    """In any order, any number of times."""
    line, form = await verified(account_key, request, lines.status_path(account_key, message_id))
    try:
        report = line.carrier.report(form)
    except MalformedWebhook as error:
        raise malformed(error) from None
    event_id = f"{report.external_id}:{dict(form)['MessageStatus']}"
    packed = lines.pack(form, message_id)
    await keep_form(request.app.state.context, line, service.REPORT, event_id, report.external_id, packed)
    return Response(status_code=204)
