"""Where voice carriers call: verify, write to the inbox, answer what the caller hears next. In that order."""

import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from fastapi import APIRouter, Request, Response

from backend.api.phone_callbacks import OpenLine, keep_form, malformed, verified
from backend.core.callbacks import MalformedWebhook
from backend.core.context import ProcessContext
from backend.messaging import lines
from backend.messaging.calls import paths, planning, service
from backend.messaging.calls.packing import PackedPlan, pack
from backend.messaging.calls.planning import THANKS, Plan
from backend.messaging.calls.ports import IncomingCall, Urls, VoiceCarrier
from backend.messaging.ports import Form

router = APIRouter(prefix="/webhooks/twilio", tags=["webhooks"])
EXAMPLE = '<?xml version="1.0" encoding="UTF-8"?><Response><Say language="en-US">Thank you.</Say><Hangup/></Response>'
ANSWER: dict[int | str, dict[str, Any]] = {200: {"content": {"text/xml": {"example": EXAMPLE}}}}
News = TypeVar("News")


@router.post("/{account_key}/voice", operation_id="receiveCall", summary="A call came in", responses=ANSWER)
async def receive_call(account_key: str, request: Request) -> Response:
    """Rings the desk in its hours, else greets and records. The call is durable before the answer."""
    line, form, carrier = await _verified(account_key, request, "voice")
    call = _parsed(carrier.incoming, form)
    plan = await _plan(request, line, call)
    packed = pack(form, PackedPlan(rang=plan.rings is not None, after_hours=plan.after_hours))
    await keep_form(
        request.app.state.context, line, service.BEGAN, f"{call.external_id}:voice", call.external_id, packed
    )
    urls = _urls(request, account_key)
    return _twiml(carrier.ring(plan.rings, plan.seconds, urls) if plan.rings else carrier.record(plan.greeting, urls))


@router.post(
    "/{account_key}/voice-after", operation_id="receiveCallRung", summary="The desk was rung", responses=ANSWER
)
async def receive_rung(account_key: str, request: Request) -> Response:
    """Answered: nothing more. Otherwise the caller is greeted and may leave a voicemail."""
    line, form, carrier = await _verified(account_key, request, "voice-after")
    rung = _parsed(carrier.rung, form)
    external_id = rung.call.external_id
    plan = await _plan(request, line, rung.call)
    await keep_form(request.app.state.context, line, service.RUNG, f"{external_id}:after", external_id, pack(form))
    return _twiml(carrier.hang_up() if rung.answered else carrier.record(plan.greeting, _urls(request, account_key)))


@router.post(
    "/{account_key}/voicemail-done", operation_id="receiveVoicemailDone", summary="A voicemail was spoken",
    responses=ANSWER,
)  # fmt: skip
async def receive_voicemail_done(account_key: str, request: Request) -> Response:
    """Thanks the caller. The recording is fetched once the carrier says (or we find) that it is ready."""
    line, form, carrier = await _verified(account_key, request, "voicemail-done")
    if recorded := _parsed(carrier.recorded, form):
        call_id = recorded.call_external_id
        await keep_form(request.app.state.context, line, service.RECORDED, f"{call_id}:done", call_id, pack(form))
    return _twiml(carrier.hang_up(THANKS))


@router.post(
    "/{account_key}/recording", operation_id="receiveRecording", summary="A voicemail is ready, or its words",
    status_code=204,
)  # fmt: skip
async def receive_recording(account_key: str, request: Request) -> Response:
    """In any order, any number of times."""
    line, form, carrier = await _verified(account_key, request, "recording")
    if recorded := _parsed(carrier.recorded, form):
        call_id, event = recorded.call_external_id, f"{recorded.external_id}:{recorded.state}"
        await keep_form(request.app.state.context, line, service.RECORDED, f"{call_id}:{event}", call_id, pack(form))
    return Response(status_code=204)


@router.post("/{account_key}/voice-status", operation_id="receiveCallStatus", summary="A call is over", status_code=204)
async def receive_call_status(account_key: str, request: Request) -> Response:
    """All we hear of a caller who hangs up while it rings. In any order, any number of times."""
    line, form, carrier = await _verified(account_key, request, "voice-status")
    if ended := _parsed(carrier.ended, form):
        call_id = ended.call.external_id
        event_id = f"{call_id}:{dict(form)['CallStatus']}"
        await keep_form(request.app.state.context, line, service.ENDED, event_id, call_id, pack(form))
    return Response(status_code=204)


async def _verified(account_key: str, request: Request, name: str) -> tuple[OpenLine, Form, VoiceCarrier]:
    line, form = await verified(account_key, request, paths.of(account_key, name))
    carrier: VoiceCarrier = request.app.state.voice["twilio"]
    return line, form, carrier


def _parsed(parse: Callable[[Form], News], form: Form) -> News:
    try:
        return parse(form)
    except MalformedWebhook as error:
        raise malformed(error) from None


async def _plan(request: Request, line: OpenLine, call: IncomingCall) -> Plan:
    """One short look at the line's settings, so that a change counts from the next call on."""
    context: ProcessContext = request.app.state.context
    async with context.database.transaction(uuid.UUID(line.account.practice_id)) as session:
        return await planning.plan(session, await lines.by_key(session, line.account.account_key), call)


def _urls(request: Request, account_key: str) -> Urls:
    return paths.urls(request.app.state.context.settings.base_url, account_key)


def _twiml(answer: str) -> Response:
    return Response(answer, media_type="text/xml")
