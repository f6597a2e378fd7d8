"""The times that fit a lead, offers of them by text, and what is texted about visits by itself."""

import uuid
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Header
from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core import idempotency
from backend.core.actor import Actor
from backend.core.database import practice_of
from backend.core.jobs import later
from backend.core.problems import NotFound
from backend.identity.access import Allowed, Transaction
from backend.identity.calendars import may_change
from backend.leads import queries as leads
from backend.leads.models import Lead
from backend.messaging.models import Message
from backend.messaging.wording import in_words
from backend.scheduling import asking, first_slots, offering, reminders, visit_settings
from backend.scheduling.offer_models import SlotOffer
from backend.scheduling.offer_schemas import (
    FirstSlotsOut,
    SlotOfferIn,
    SlotOfferOut,
    SlotOffersOut,
    VisitTextsIn,
    VisitTextsOut,
    WindowOut,
)
from backend.scheduling.routes import slot_out
from backend.scheduling.words import Wish

router = APIRouter(prefix="/api/v1", tags=["scheduling"])
Reader = Annotated[Actor, Depends(Allowed("schedule:read"))]
Writer = Annotated[Actor, Depends(Allowed("messages:write"))]
Chooser = Annotated[Actor, Depends(Allowed("settings:write"))]
Key = Annotated[str | None, Header()]
SHOWN = 10


@router.get("/leads/{lead_id}/first-slots", operation_id="getFirstSlots", summary="The first times that fit a lead")
async def get_first_slots(lead_id: uuid.UUID, _: Reader, session: Transaction) -> FirstSlotsOut:
    """By discipline, payer, clinic, what the patient said, the surgeon's window. 404 without a type of evaluation."""
    lead = await leads.lead(session, lead_id, "schedule:read")
    found = await first_slots.of_lead(session, lead)
    if found is None:
        raise NotFound("This practice has no type of evaluation that patients may book. Add one under Settings.")
    await audit.record(session, "first_slots.viewed", f"lead:{lead_id}", [lead.patient_id])
    window = found.need.window
    said = [{"day": day, "start": start, "end": end} for day, start, end in found.need.said]
    return FirstSlotsOut(
        slots=[slot_out(slot) for slot in found.slots], in_window=found.in_window, as_said=found.as_said,
        said=in_words({"kind": "availability", "windows": said}) if said else [],
        window=WindowOut.model_validate(window),
    )  # fmt: skip


@router.get("/leads/{lead_id}/slot-offers", operation_id="listSlotOffers", summary="What was asked by text")
async def list_slot_offers(lead_id: uuid.UUID, _: Reader, session: Transaction) -> SlotOffersOut:
    """The latest ten, the newest first; `suggested` where a reply was not certain."""
    lead = await leads.lead(session, lead_id, "schedule:read")
    await audit.record(session, "slot_offers.viewed", f"lead:{lead_id}", [lead.patient_id])
    return SlotOffersOut(items=await _listed(session, SlotOffer.lead_id == lead_id))


async def _listed(session: AsyncSession, which: object) -> list[SlotOfferOut]:
    query = (
        select(SlotOffer, Message.status, Message.reason)
        .outerjoin(Message, and_(Message.practice_id == SlotOffer.practice_id, Message.id == SlotOffer.message_id))
        .where(SlotOffer.practice_id == practice_of(session), which)  # type: ignore[arg-type]
        .order_by(SlotOffer.created_at.desc(), SlotOffer.id.desc())
        .limit(SHOWN)
    )
    return [_out(*row) for row in await session.execute(query)]


def _out(offer: SlotOffer, status: str | None, reason: str | None) -> SlotOfferOut:
    copied = (
        "id", "kind", "state", "choice", "suggested", "appointment_id", "created_at", "expires_at", "message_id",
    )  # fmt: skip
    known = {name: getattr(offer, name) for name in copied}
    shown = [slot_out(slot) for slot in asking.slots_of(offer)]
    return SlotOfferOut.model_validate(known | {"slots": shown, "message_status": status, "message_reason": reason})


async def _offer(session: AsyncSession, lead: Lead, body: SlotOfferIn) -> uuid.UUID:
    wished = [
        Wish(slot.appointment_type_id, slot.clinician_id, slot.location_id, slot.starts_at) for slot in body.slots
    ]
    offer, _ = await offering.offer(session, lead, await offering.checked(session, wished))
    return offer.id


@router.post("/leads/{lead_id}/slot-offers", operation_id="offerSlots", summary="Offer times by text", status_code=201)
async def offer_slots(
    lead_id: uuid.UUID, body: SlotOfferIn, caller: Writer, session: Transaction, idempotency_key: Key = None
) -> SlotOfferOut:
    """Passes the gate as any text. Nothing is held: who answers first has the time. 409 when nothing is free."""
    lead = await leads.lead(session, lead_id, "messages:write")
    asked = f"{lead_id}:{body.model_dump_json()}".encode()
    offer_id, _ = await idempotency.once(
        session, caller.id, idempotency_key, asked, partial(_offer, session, lead, body)
    )
    await audit.record(session, "slots.offered", f"lead:{lead_id}", [lead.patient_id])
    return (await _listed(session, SlotOffer.id == offer_id))[0]


@router.get("/settings/visit-texts", operation_id="getVisitTexts", summary="Texts about visits")
async def get_visit_texts(
    _: Annotated[Actor, Depends(Allowed("settings:read"))], session: Transaction
) -> VisitTextsOut:
    """What the practice chose, or the usual."""
    return VisitTextsOut.model_validate(await visit_settings.of_practice(session))


@router.put("/settings/visit-texts", operation_id="updateVisitTexts", summary="Change the texts about visits")
async def update_visit_texts(body: VisitTextsIn, _: Chooser, session: Transaction) -> VisitTextsOut:
    """Holds at once, also for visits that are booked already."""
    await may_change(session, None)
    values = body.model_dump(exclude={"version"}) | {"reminder_hours": sorted(set(body.reminder_hours), reverse=True)}
    changed = await visit_settings.change(session, body.version, values)
    await later(session, reminders.LOOK_AGAIN, changed.practice_id, key=str(changed.version))
    await audit.record(session, "visit_texts.changed", "visit_text_settings")
    return VisitTextsOut.model_validate(changed)
