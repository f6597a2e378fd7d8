"""Hear a voicemail, see a lead's calls, say how a number answers."""

import re
import uuid
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Header, Response
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core import documents
from backend.core.actor import Actor
from backend.core.context import ProcessContext
from backend.core.database import LiveEvent, practice_of, tell_live
from backend.core.problems import NotFound, StaleVersion
from backend.identity.access import Allowed, Context, Transaction, transaction_of
from backend.identity.calendars import may_change
from backend.identity.queries import practice_key
from backend.leads import queries as leads
from backend.messaging.calls import paths, planning, queries
from backend.messaging.calls.schemas import CallList, LineCallsIn, LineCallsOut
from backend.messaging.models import PhoneLine

router = APIRouter(prefix="/api/v1", tags=["calls"])
Reader = Annotated[Actor, Depends(Allowed("messages:read"))]
SettingsReader = Annotated[Actor, Depends(Allowed("settings:read"))]
SettingsWriter = Annotated[Actor, Depends(Allowed("settings:write"))]
PRIVATE: Final = {"Cache-Control": "private, no-store", "Accept-Ranges": "bytes"}
RANGE: Final = re.compile(r"bytes=(\d*)-(\d*)")
SHOWN: Final = 50
AUDIO: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"audio/wav": {}}}, 206: {"description": "The part asked for", "content": {"audio/wav": {}}},
    416: {"description": "The recording ends before this part"},
}  # fmt: skip


@router.get(
    "/calls/{call_id}/voicemail", operation_id="getVoicemail", summary="A voicemail's recording",
    response_class=Response, responses=AUDIO,
)  # fmt: skip
async def get_voicemail(
    call_id: uuid.UUID, caller: Reader, context: Context,
    wanted: Annotated[str | None, Header(alias="Range", description="bytes=from-to, for seeking")] = None,
) -> Response:  # fmt: skip
    """Whole, or a part of it. Every listening is on record."""
    async with transaction_of(context, caller) as session:
        call = await queries.one(session, call_id)
        if call.voicemail_document_id is None:
            raise NotFound("This call has no voicemail, or it has not arrived yet.")
        found = await documents.load(session, call.voicemail_document_id)
        key = await practice_key(session, context)
        await audit.record(session, "voicemail.heard", f"call:{call_id}", await queries.people_of(session, call))
    return _part(await context.documents.get(found, key), found.content_type, wanted)


def _part(data: bytes, content_type: str, wanted: str | None) -> Response:
    """What a `Range` header asks for; one that makes no sense is ignored (RFC 9110 §14.2)."""
    asked = RANGE.fullmatch(wanted.strip()) if wanted else None
    if asked is None or asked.groups() == ("", ""):
        return Response(data, media_type=content_type, headers=PRIVATE)
    first, last = asked.groups()
    start = int(first) if first else max(0, len(data) - int(last))
    end = min(int(last), len(data) - 1) if first and last else len(data) - 1
    if start > end:
        return Response(status_code=416, headers={**PRIVATE, "Content-Range": f"bytes */{len(data)}"})
    place = f"bytes {start}-{end}/{len(data)}"
    return Response(data[start : end + 1], 206, {**PRIVATE, "Content-Range": place}, content_type)


@router.get("/leads/{lead_id}/calls", operation_id="listLeadCalls", summary="Calls of a lead's patient")
async def list_lead_calls(lead_id: uuid.UUID, _: Reader, session: Transaction) -> CallList:
    """Newest first: those that led to the lead, and all from the patient's phones."""
    lead = await leads.lead(session, lead_id, "messages:read")
    items = await queries.of_lead(session, lead, SHOWN)
    await audit.record(session, "lead.calls_viewed", f"lead:{lead_id}", [lead.patient_id])
    return CallList(items=items)


@router.get("/settings/phone-lines/{line_id}/calls", operation_id="getLineCalls", summary="How a number answers calls")
async def get_line_calls(line_id: uuid.UUID, _: SettingsReader, session: Transaction, context: Context) -> LineCallsOut:
    """With what callers hear, and the addresses to enter at the carrier."""
    return await _shown(session, await _line(session, line_id), context)


@router.put(
    "/settings/phone-lines/{line_id}/calls", operation_id="updateLineCalls", summary="Change how a number answers calls"
)
async def update_line_calls(
    line_id: uuid.UUID, body: LineCallsIn, _: SettingsWriter, session: Transaction, context: Context
) -> LineCallsOut:
    """From the next call on. Stale versions get 409."""
    line = await _line(session, line_id, lock=True)
    await may_change(session, line.location_id)
    if line.version != body.version:
        raise StaleVersion(line.version)
    for name, value in body.model_dump(exclude={"version"}).items():
        setattr(line, name, value)
    line.version += 1
    await session.flush()
    tell_live(session, [LiveEvent("phone_line.changed", str(line.id), line.version)])
    await audit.record(session, "phone_line.calls_changed", f"phone_line:{line_id}")
    return await _shown(session, line, context)


async def _line(session: AsyncSession, line_id: uuid.UUID, *, lock: bool = False) -> PhoneLine:
    line = await session.get(PhoneLine, (practice_of(session), line_id), with_for_update=lock)
    if line is None:
        raise NotFound("There is no such phone line in this practice.")
    return line


async def _shown(session: AsyncSession, line: PhoneLine, context: ProcessContext) -> LineCallsOut:
    base = context.settings.base_url
    return LineCallsOut(
        line_id=line.id, number=line.number, forward_to=line.forward_to, ring_seconds=line.ring_seconds,
        text_back=line.text_back, greeting=line.greeting, greeting_es=line.greeting_es,
        says=[text for _, text in await planning.greeting(session, line)],
        voice_url=base + paths.of(line.account_key, "voice"),
        voice_status_url=base + paths.of(line.account_key, "voice-status"), version=line.version,
    )  # fmt: skip
