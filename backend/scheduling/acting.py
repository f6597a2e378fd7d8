"""Do what a patient's text asks for, and tell them. The thread is locked; then lead, clinician, appointment."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.jobs import later
from backend.leads.models import Lead
from backend.messaging.answering import Reply
from backend.patient_links import marks
from backend.patient_links import service as links
from backend.scheduling import asking, booking, evaluation, first_slots, offering, outcomes, visit_texts
from backend.scheduling.appointment_models import OPEN, Appointment, WaitlistEntry
from backend.scheduling.asking import Whom
from backend.scheduling.errors import SlotTaken, SlotUnavailable
from backend.scheduling.offer_models import SlotOffer, WaitlistOpening
from backend.scheduling.words import Slot, Wish

TELL_GONE: Final = "scheduling.tell_gone"
DECIDE: Final = timedelta(hours=24)
BY_TEXT: Final = "By text"


async def take(session: AsyncSession, reply: Reply, offer: SlotOffer, choice: int) -> None:
    """Book or move to the time chosen; when somebody was quicker, say so and offer the next ones.

    Raises `Conflict` when a person must look.
    """
    slot = asking.slots_of(offer)[choice]
    asking.close(offer, "taken", reply.message_id, choice)
    await session.flush()
    try:
        if offer.appointment_id:
            appointment = await booking.reschedule(
                session, offer.appointment_id, starts_at=slot.starts_at, clinician_id=slot.clinician_id,
                location_id=slot.location_id, reason=BY_TEXT, audience=offer.audience,
            )  # fmt: skip
        else:
            appointment = await booking.book(
                session,
                Wish.of_slot(
                    slot, patient_id=offer.patient_id, lead_id=offer.lead_id, source="text", audience=offer.audience
                ),
            )
    except (SlotTaken, SlotUnavailable):
        offer.state = "lost"
        await _offer_next(session, reply, offer)
        return
    template = "visit_moved" if offer.appointment_id else "visit_booked"
    await _tell(session, reply, template, appointment)


async def _tell(session: AsyncSession, reply: Reply, template: str, appointment: Appointment) -> None:
    visit = await visit_texts.of(session, appointment)
    words = await visit_texts.body(session, template, reply.conversation, visit)
    await visit_texts.write(session, reply.conversation, words, appointment.lead_id)


async def _offer_next(session: AsyncSession, reply: Reply, offer: SlotOffer) -> None:
    """The time is gone: three others, of the same kind."""
    free = await _others(session, offer)
    slot = asking.slots_of(offer)[offer.choice or 0]
    visit = await visit_texts.visit(session, slot.starts_at, slot.clinician_id, slot.location_id)
    whom = Whom(offer.conversation_id, offer.patient_id, offer.lead_id)
    if free:
        words = await offering.put(session, whom, reply.conversation, free, offer.appointment_id)
        body = await visit_texts.body(session, "time_taken", reply.conversation, visit, {"slots": words})
    else:
        body = await visit_texts.body(session, "no_time_left", reply.conversation, visit)
    await visit_texts.write(session, reply.conversation, body, offer.lead_id)
    await asking.note(session, offer.lead_id, "time_was_taken")


async def _others(session: AsyncSession, offer: SlotOffer) -> Sequence[Slot]:
    if offer.appointment_id:
        appointment = await booking.one(session, offer.appointment_id)
        return await offering.other_times(session, appointment)
    if offer.lead_id is None:
        return ()
    lead = await session.get_one(Lead, (offer.practice_id, offer.lead_id))
    found = await first_slots.of_lead(session, lead)
    return found.slots if found else ()


async def confirm(
    session: AsyncSession, reply: Reply, appointment: Appointment, offer: SlotOffer | None = None
) -> bool:
    """They will come. A reminder of a visit that has moved since is no question any more."""
    if offer is not None and offer.about_at != appointment.starts_at:
        return False
    before = appointment.status
    confirmed = await booking.confirm(session, await _with_lead(session, appointment))
    if offer is not None:
        asking.close(offer, "done", reply.message_id)
    await asking.close_all(
        session, (SlotOffer.appointment_id == appointment.id, SlotOffer.kind.in_(("reminder", "give_up"))), "done"
    )
    if before == "confirmed":
        return True  # said once more
    await _tell(session, reply, "visit_confirmed", confirmed)
    await asking.note(session, confirmed.lead_id, "visit_confirmed")
    return True


async def _with_lead(session: AsyncSession, appointment: Appointment) -> uuid.UUID:
    """Its lead is locked before it."""
    if appointment.lead_id:
        await session.get_one(
            Lead, (practice_of(session), appointment.lead_id), with_for_update=True, populate_existing=True
        )
    return appointment.id


async def offer_other_times(session: AsyncSession, reply: Reply, appointment: Appointment) -> bool:
    """By number, or on the page of a link. The visit stays where it is until they choose.

    False when nothing is free: a person answers.
    """
    free = await offering.other_times(session, appointment)
    if not free or appointment.patient_id is None:
        return False
    whom = Whom(reply.conversation.id, appointment.patient_id, appointment.lead_id)
    words = await offering.put(session, whom, reply.conversation, free, appointment.id)
    body = await _with_link(session, reply, appointment, appointment.patient_id, words)
    await visit_texts.write(session, reply.conversation, body, appointment.lead_id)
    await asking.close_all(
        session, (SlotOffer.appointment_id == appointment.id, SlotOffer.kind == "give_up"), "declined"
    )
    return True


async def _with_link(
    session: AsyncSession, reply: Reply, appointment: Appointment, patient_id: uuid.UUID, words: str
) -> str:  # fmt: skip
    """The times, and where the practice's text wants it the link to all of them for this visit."""
    link = await links.create(
        session, "reschedule", patient_id=patient_id, lead_id=appointment.lead_id, ref_id=appointment.id
    )
    visit, more = await visit_texts.of(session, appointment), {"slots": words, "reschedule_link": marks.mark(link.id)}
    body = await visit_texts.body(session, "other_times", reply.conversation, visit, more)
    if link.id not in marks.marked(body):
        await session.delete(link)
        await session.flush()
    return body


async def ask_to_give_up(session: AsyncSession, reply: Reply, appointment: Appointment) -> bool:
    """They cannot come: asked back, since a visit is lost with a yes."""
    if appointment.patient_id is None:
        return False
    visit = await visit_texts.of(session, appointment)
    body = await visit_texts.body(session, "give_up_visit", reply.conversation, visit)
    message = await visit_texts.write(session, reply.conversation, body, appointment.lead_id)
    whom = Whom(reply.conversation.id, appointment.patient_id, appointment.lead_id)
    offer = asking.ask(
        session, "give_up", whom, min(now() + DECIDE, appointment.starts_at), appointment_id=appointment.id,
        about_at=appointment.starts_at, message_id=message.id,
    )  # fmt: skip
    await asking.replace_older(session, offer)
    # A yes now means this, not the reminder.
    await asking.close_all(
        session, (SlotOffer.appointment_id == appointment.id, SlotOffer.kind == "reminder"), "replaced"
    )
    return True


async def give_up(session: AsyncSession, reply: Reply, offer: SlotOffer, appointment: Appointment) -> bool:
    """Canceled; other times are offered at once."""
    if appointment.status not in OPEN or offer.about_at != appointment.starts_at:
        return False
    asking.close(offer, "done", reply.message_id)
    await session.flush()
    canceled = await outcomes.cancel(session, appointment.id, reason=BY_TEXT)
    visit = await visit_texts.of(session, canceled)
    lead = await session.get(Lead, (canceled.practice_id, canceled.lead_id)) if canceled.lead_id else None
    found = await first_slots.of_lead(session, lead) if lead and lead.evaluation_state == "canceled" else None
    free = [slot for slot in found.slots if slot.starts_at != canceled.starts_at] if found else []
    if free:
        whom = Whom(offer.conversation_id, offer.patient_id, offer.lead_id)
        words = await offering.put(session, whom, reply.conversation, free)
        body = await visit_texts.body(session, "visit_canceled", reply.conversation, visit, {"slots": words})
    else:
        body = await visit_texts.body(session, "visit_canceled_alone", reply.conversation, visit)
    await visit_texts.write(session, reply.conversation, body, offer.lead_id)
    return True


async def take_opening(session: AsyncSession, reply: Reply, offer: SlotOffer) -> bool:
    """The first yes has the time; the others are told kindly by a job, since their threads must be locked first."""
    assert offer.opening_id is not None
    lead_id = offer.lead_id
    if lead_id:
        await session.get_one(Lead, (practice_of(session), lead_id), with_for_update=True, populate_existing=True)
    opening = await session.get_one(
        WaitlistOpening, (offer.practice_id, offer.opening_id), with_for_update=True, populate_existing=True
    )
    entry = await session.get(WaitlistEntry, (offer.practice_id, offer.entry_id)) if offer.entry_id else None
    appointment = None
    if opening.state == "open" and entry is not None and entry.state == "waiting":
        appointment = await _take_time(session, opening, entry)
    asking.close(offer, "taken" if appointment else "lost", reply.message_id)
    if appointment is None:
        visit = await visit_texts.visit(session, opening.starts_at, opening.clinician_id, opening.location_id)
        body = await visit_texts.body(session, "waitlist_gone", reply.conversation, visit)
        await visit_texts.write(session, reply.conversation, body, lead_id)
        return True
    assert entry is not None
    opening.state, opening.filled_by = "filled", appointment.id
    entry.state, entry.version = "filled", entry.version + 1
    await session.flush()
    await _tell(session, reply, "visit_booked", appointment)
    await asking.note(session, lead_id, "waitlist_filled")
    await later(session, TELL_GONE, opening.id, key=str(opening.id))
    return True


async def later_visit(session: AsyncSession, entry: WaitlistEntry) -> Appointment | None:
    """The visit that somebody on the waitlist would give for an earlier one."""
    if entry.appointment_id:
        return await session.get(Appointment, (entry.practice_id, entry.appointment_id), populate_existing=True)
    return await evaluation.open_appointment(session, entry.lead_id) if entry.lead_id else None


def _moves(before: Appointment, entry: WaitlistEntry, opening: WaitlistOpening) -> bool:
    return before.status in OPEN and before.type_id == entry.type_id and before.starts_at > opening.starts_at


async def _take_time(session: AsyncSession, opening: WaitlistOpening, entry: WaitlistEntry) -> Appointment | None:
    """Their later visit moves there, or a new one is booked; None when the time is gone."""
    before = await later_visit(session, entry)
    try:
        if before is not None and _moves(before, entry, opening):
            return await booking.reschedule(
                session, before.id, starts_at=opening.starts_at, clinician_id=opening.clinician_id,
                location_id=opening.location_id, reason="Waitlist",
            )  # fmt: skip
        wish = Wish(
            entry.type_id, opening.clinician_id, opening.location_id, opening.starts_at, entry.patient_id,
            entry.lead_id, source="waitlist",
        )  # fmt: skip
        return await booking.book(session, wish)
    except (SlotTaken, SlotUnavailable):
        return None
