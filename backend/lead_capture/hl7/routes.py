"""Settings: who may send HL7 messages."""

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core.actor import Actor
from backend.core.database import practice_of
from backend.core.ids import new_id
from backend.core.inbox import WebhookDelivery
from backend.core.problems import Conflict, Invalid, NotFound, StaleVersion
from backend.identity import queries as identity
from backend.identity.access import Allowed, Context, Transaction
from backend.identity.calendars import may_change
from backend.lead_capture.hl7.models import Hl7Sender
from backend.lead_capture.hl7.questions import UNCLEAR
from backend.lead_capture.hl7.receiving import PROVIDER
from backend.lead_capture.hl7.schemas import Hl7SenderIn, Hl7SenderOut, Hl7SenderPage

router = APIRouter(prefix="/api/v1/settings/hl7-senders", tags=["settings"])
Reader = Annotated[Actor, Depends(Allowed("settings:read"))]
Writer = Annotated[Actor, Depends(Allowed("settings:write"))]
TAKEN = "This port, or these names on the shared one, are in use. Give this interface a port of its own."


@router.get("", operation_id="listHl7Senders", summary="Who sends HL7 messages")
async def list_hl7_senders(_: Reader, context: Context, session: Transaction) -> Hl7SenderPage:
    """With how many messages came, and how many could not be taken over."""
    rows = await session.scalars(
        select(Hl7Sender).where(Hl7Sender.practice_id == practice_of(session)).order_by(Hl7Sender.name, Hl7Sender.id)
    )
    counts = await _counts(session)
    return Hl7SenderPage(items=[_out(row, counts.get(row.id.hex), context) for row in rows])


@router.post("", operation_id="createHl7Sender", summary="Let somebody send HL7 messages", status_code=201)
async def create_hl7_sender(body: Hl7SenderIn, _: Writer, context: Context, session: Transaction) -> Hl7SenderOut:
    """Messages are matched by port, MSH-3 and MSH-4; whoever is unknown gets AR."""
    row = Hl7Sender(practice_id=practice_of(session), id=new_id(), version=0)
    await _write(session, row, body)
    await audit.record(session, "hl7_sender.created", f"hl7_sender:{row.id}")
    return _out(row, None, context)


@router.put("/{sender_id}", operation_id="updateHl7Sender", summary="Change an HL7 interface, or close it")
async def update_hl7_sender(
    sender_id: uuid.UUID, body: Hl7SenderIn, _: Writer, context: Context, session: Transaction
) -> Hl7SenderOut:
    """Closed, its messages get AR."""
    row = await session.scalar(
        select(Hl7Sender)
        .where(Hl7Sender.practice_id == practice_of(session), Hl7Sender.id == sender_id)
        .with_for_update()
    )
    if row is None:
        raise NotFound("There is no such interface in this practice.")
    if row.version != body.version:
        raise StaleVersion(row.version)
    await may_change(session, row.location_id)
    await _write(session, row, body)
    await audit.record(session, "hl7_sender.changed", f"hl7_sender:{row.id}")
    return _out(row, (await _counts(session)).get(row.id.hex), context)


async def _write(session: AsyncSession, row: Hl7Sender, body: Hl7SenderIn) -> None:
    await may_change(session, body.location_id)
    if body.location_id and body.location_id not in {place.id for place in await identity.locations(session)}:
        raise Invalid("Choose one of the practice's clinics.", errors=[("/location_id", "unknown")])
    if body.port is None and not body.facility:
        raise Invalid("On the shared port a facility must be named.", errors=[("/facility", "required without a port")])
    for name, value in body.model_dump(exclude={"version"}).items():
        setattr(row, name, value)
    row.version += 1
    try:
        async with session.begin_nested():
            session.add(row)
            await session.flush()
    except IntegrityError:
        raise Conflict(TAKEN) from None


async def _counts(session: AsyncSession) -> dict[str, Any]:
    rows = await session.execute(
        select(
            WebhookDelivery.account_key, func.count(),
            func.count().filter(WebhookDelivery.state == "failed", WebhookDelivery.error_code != UNCLEAR),
            func.max(WebhookDelivery.received_at), func.count().filter(WebhookDelivery.error_code == UNCLEAR),
        )
        .where(WebhookDelivery.practice_id == practice_of(session), WebhookDelivery.provider == PROVIDER)
        .group_by(WebhookDelivery.account_key)
    )  # fmt: skip
    return {row[0]: row for row in rows}


def _out(row: Hl7Sender, counted: Any, context: Context) -> Hl7SenderOut:
    told = {"listening_on", "received", "failed", "unclear", "last_received_at"}
    facts = {name: getattr(row, name) for name in Hl7SenderOut.model_fields if name not in told}
    return Hl7SenderOut(
        **facts, listening_on=row.port or context.settings.hl7_port or None, received=counted[1] if counted else 0,
        failed=counted[2] if counted else 0, unclear=counted[4] if counted else 0,
        last_received_at=counted[3] if counted else None,
    )  # fmt: skip
