"""Offer times by text: those that fit the lead, filled into `{slots}`, and kept so that "2" means something.

An offer holds nothing. Holding three times for everybody who is texted would keep them from patients who answer;
whoever answers first has the time, the other one gets the next three.
"""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.problems import Conflict, Invalid
from backend.leads.models import Lead
from backend.messaging import placeholders, service, standard
from backend.messaging.models import Conversation, Message
from backend.messaging.service import NewText
from backend.scheduling import alternatives, asking, first_slots, saying, slots, visit_settings
from backend.scheduling.appointment_models import Appointment
from backend.scheduling.asking import Whom
from backend.scheduling.errors import SlotTaken
from backend.scheduling.offer_models import SlotOffer
from backend.scheduling.words import Slot, SlotQuery, Wish

NONE_FREE: Final = "No time is free that fits. Open more hours, or call the patient."
BOOKED: Final = "This lead's evaluation is booked already. Offer other times from its appointment."
OTHER_DAYS: Final = timedelta(days=21)
LONGEST: Final = "1) Wed Dec 30 10:00 AM, 2) Wed Dec 30 11:15 AM, 3) Wed Dec 30 12:15 PM"


def provide() -> None:
    """Let texts hold `{slots}`."""
    placeholders.provide("slots", _fill, lambda: LONGEST)


async def _fill(session: AsyncSession, conversation: Conversation, lead: Lead) -> str:
    """For sequences and templates. Raises `Invalid` when nothing can be offered: such a text is not sent."""
    if lead.evaluation_state == "booked":
        raise Invalid(BOOKED, errors=[("/body", "booked already")])
    found = await first_slots.of_lead(session, lead)
    if found is None or not found.slots:
        raise Invalid(NONE_FREE, errors=[("/body", "no free time")])
    return await put(session, Whom(conversation.id, lead.patient_id, lead.id), conversation, found.slots)


async def put(
    session: AsyncSession, whom: Whom, conversation: Conversation, offered: Sequence[Slot],
    appointment_id: uuid.UUID | None = None, audience: str = "patient",
) -> str:  # fmt: skip
    """Keep the offer; it is asked with the text that holds the words returned."""
    words = saying.numbered(offered, await standard.language_in(session, conversation))
    lasts = timedelta(hours=(await visit_settings.of_practice(session)).offer_hours)
    last = max(slot.starts_at for slot in offered)
    asking.ask(
        session, "times", whom, min(now() + lasts, last), slots=asking.kept(offered), words=words,
        appointment_id=appointment_id, audience=audience,
    )  # fmt: skip
    await session.flush()
    return words


async def offer(session: AsyncSession, lead: Lead, chosen: Sequence[Slot] = ()) -> tuple[SlotOffer, Message]:
    """The desk's one click: these times, or the first that fit. The conversation is locked first, then the lead.

    Raises `Conflict` when the lead is booked, or nothing is free.
    """
    conversation = await service.of_lead(session, lead)
    lead = await session.get_one(Lead, (lead.practice_id, lead.id), with_for_update=True, populate_existing=True)
    if lead.evaluation_state == "booked":
        raise Conflict(BOOKED)
    offered = list(chosen)
    if not offered:
        found = await first_slots.of_lead(session, lead)
        offered = list(found.slots) if found else []
    if not offered:
        raise Conflict(NONE_FREE)
    audience = "staff" if chosen else "patient"
    words = await put(
        session, Whom(conversation.id, lead.patient_id, lead.id), conversation, offered, audience=audience
    )
    body = await standard.text(session, "offer_times", conversation, lead, more={"slots": words})
    message = await service.write(session, conversation, NewText(body, "care", lead.id))
    asked = await session.scalar(
        select(SlotOffer).where(SlotOffer.practice_id == lead.practice_id, SlotOffer.message_id == message.id)
    )
    assert asked is not None
    return asked, message


async def checked(session: AsyncSession, wished: Sequence[Wish]) -> list[Slot]:
    """Times somebody picked, as slots. Raises `Conflict` when one of them is not free any more."""
    found = []
    for wish in wished:
        query = SlotQuery(
            wish.type_id, wish.starts_at, wish.starts_at + timedelta(minutes=5), wish.location_id, wish.clinician_id,
            audience="staff",
        )  # fmt: skip
        free = [slot for slot in await slots.find(session, query) if slot.starts_at == wish.starts_at]
        if not free:
            raise SlotTaken(await alternatives.following(session, wish))
        found.append(free[0])
    return found


async def other_times(session: AsyncSession, appointment: Appointment, exclude: Sequence[Slot] = ()) -> list[Slot]:
    """Where an appointment could move: another time, its clinician's before others'."""
    query = SlotQuery(
        appointment.type_id, now(), now() + OTHER_DAYS, appointment.location_id,
        preferred_clinician_id=appointment.clinician_id, pick=3 + len(exclude) + 1, ignore=appointment.id,
    )  # fmt: skip
    known = {(slot.starts_at, slot.clinician_id) for slot in exclude}
    found = [
        slot for slot in await slots.find(session, query)
        if slot.starts_at != appointment.starts_at and (slot.starts_at, slot.clinician_id) not in known
    ]  # fmt: skip
    return found[:3]
