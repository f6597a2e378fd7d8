"""What a patient's text does to a question of ours: book, move, confirm, cancel. Only when nothing else can be meant.

One text does one thing: the thread is locked while its texts come in one after the other, and an answered question is
closed in the transaction that acts. Whatever is not certain is left to a person, with what it seems to say.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.problems import Conflict, Invalid
from backend.leads.models import Lead
from backend.messaging.answering import Reply
from backend.messaging.people import linked
from backend.scheduling import acting, answers, asking, visit_settings
from backend.scheduling.answers import Answer
from backend.scheduling.appointment_models import OPEN, Appointment
from backend.scheduling.offer_models import SlotOffer

# Who answers what was asked this short a while ago has answered something else.
READING: Final = timedelta(seconds=8)
# The same answer again, this soon, is the same answer.
AGAIN: Final = timedelta(minutes=10)


async def settle(session: AsyncSession, reply: Reply) -> bool:
    """Answer it by rule if it is certain; else note what it seems to say, for a person."""
    if not (await visit_settings.of_practice(session)).book_by_reply:
        return False
    offers = list(await asking.open_in(session, reply.conversation.id))
    visits = await _coming(session, reply, offers)
    alone = len(await _concerned(session, reply, offers, visits)) == 1
    if answered := await _choice(session, reply, offers, alone=alone):
        return answered == "settled"
    return await _about_visit(session, reply, offers, visits, alone=alone)


async def _concerned(
    session: AsyncSession, reply: Reply, offers: Sequence[SlotOffer], visits: Sequence[Appointment]
) -> set[uuid.UUID | None]:
    """Everybody this text may be about: with an open lead, an open question or a visit to come."""
    query = select(Lead.patient_id).where(
        Lead.practice_id == practice_of(session), Lead.id.in_(reply.leads or [uuid.UUID(int=0)])
    )
    people: set[uuid.UUID | None] = set(await session.scalars(query))
    return people | {offer.patient_id for offer in offers} | {visit.patient_id for visit in visits}


async def _coming(session: AsyncSession, reply: Reply, offers: Sequence[SlotOffer]) -> Sequence[Appointment]:
    """Visits to come of those who may be at the other end."""
    people = set(await linked(session, reply.conversation.id)) | {offer.patient_id for offer in offers}
    query = select(Appointment).where(
        Appointment.practice_id == practice_of(session), Appointment.patient_id.in_(people),
        Appointment.status.in_(OPEN), Appointment.starts_at > now(),
    )  # fmt: skip
    return (await session.scalars(query.order_by(Appointment.starts_at, Appointment.id))).all()


def _local(offer: SlotOffer) -> list[datetime]:
    return [slot.starts_at.astimezone(ZoneInfo(slot.timezone)) for slot in asking.slots_of(offer)]


async def _choice(session: AsyncSession, reply: Reply, offers: Sequence[SlotOffer], *, alone: bool) -> str | None:
    """`settled` when the text chose one of the times offered; `noted` when it seems to; None when it does not."""
    asked = [offer for offer in offers if offer.kind == "times"]
    if not asked:
        return await _again(session, reply, alone=alone)
    offer = asked[0]
    times = _local(offer)
    answer = answers.chosen(reply.body, times, reply.written_at.astimezone(times[0].tzinfo).date())
    if answer is None and len(times) == 1 and reply.understood and reply.understood.kind == "yes" and len(offers) == 1:
        answer = Answer("choice", 0)
    if answer is None or answer.choice is None:
        return None
    hasty = reply.written_at - offer.created_at < READING and await _follows(session, offer)
    if not answer.certain or not alone or len(asked) > 1 or offer.state != "open" or hasty:
        for one in asked:
            one.suggested = answer.choice if answer.choice < len(one.slots) else None
        return "noted"
    try:
        async with session.begin_nested():
            await acting.take(session, reply, offer, answer.choice)
    except (Conflict, Invalid):
        # Booked meanwhile by somebody at the desk, or not ours to move: a person looks.
        offer.suggested = answer.choice
        return "noted"
    return "settled"


async def _follows(session: AsyncSession, offer: SlotOffer) -> bool:
    """Whether it was made in answer to a text, a moment ago: a second "2" then still means the first offer."""
    before = select(SlotOffer.id).where(
        SlotOffer.practice_id == offer.practice_id, SlotOffer.conversation_id == offer.conversation_id,
        SlotOffer.id != offer.id, SlotOffer.closed_at > offer.created_at - AGAIN, SlotOffer.answer_id.is_not(None),
    )  # fmt: skip
    return await session.scalar(before.limit(1)) is not None


async def _again(session: AsyncSession, reply: Reply, *, alone: bool) -> str | None:
    """The same choice once more, just after it was booked: nothing more is to be done."""
    query = (
        select(SlotOffer)
        .where(SlotOffer.practice_id == practice_of(session), SlotOffer.conversation_id == reply.conversation.id)
        .where(SlotOffer.kind == "times", SlotOffer.state == "taken", SlotOffer.closed_at > now() - AGAIN)
        .order_by(SlotOffer.closed_at.desc())
        .limit(1)
    )
    offer = await session.scalar(query)
    if offer is None or not alone:
        return None
    times = _local(offer)
    answer = answers.chosen(reply.body, times, reply.written_at.astimezone(times[0].tzinfo).date())
    return "settled" if answer and answer.certain and answer.choice == offer.choice else None


async def _about_visit(
    session: AsyncSession, reply: Reply, offers: Sequence[SlotOffer], visits: Sequence[Appointment], *, alone: bool
) -> bool:
    answer = answers.about_visit(reply.body, reply.understood.kind if reply.understood else None)
    if answer is None or not alone or not answer.certain:
        return False
    if answer.kind in {"yes", "no"}:
        return await _yes_or_no(session, reply, [offer for offer in offers if offer.kind != "times"], answer)
    appointment = _meant(offers, visits)
    if appointment is None:
        return False
    try:
        async with session.begin_nested():
            if answer.kind == "confirm":
                return await acting.confirm(session, reply, appointment)
            if answer.kind == "other_time":
                return await acting.offer_other_times(session, reply, appointment)
            return await acting.ask_to_give_up(session, reply, appointment)
    except (Conflict, Invalid):
        return False


def _meant(offers: Sequence[SlotOffer], visits: Sequence[Appointment]) -> Appointment | None:
    """The visit they were asked about last, else the only one to come."""
    asked = {
        offer.appointment_id for offer in offers if offer.kind in {"reminder", "give_up"} and offer.state == "open"
    }
    found = [visit for visit in visits if visit.id in asked] if asked else visits
    return found[0] if len(found) == 1 else None


async def _yes_or_no(session: AsyncSession, reply: Reply, offers: Sequence[SlotOffer], answer: Answer) -> bool:
    """To the only question that waits for one."""
    waiting = [offer for offer in offers if offer.state == "open"]
    if answer.kind == "no":
        waiting = [offer for offer in waiting if offer.kind != "reminder"]
    if len(waiting) != 1:
        return False
    if answer.kind == "no":
        asking.close(waiting[0], "declined", reply.message_id)
        return True
    try:
        async with session.begin_nested():
            return await _yes(session, reply, waiting[0])
    except (Conflict, Invalid):
        return False


async def _yes(session: AsyncSession, reply: Reply, offer: SlotOffer) -> bool:
    if offer.kind == "opening":
        return await acting.take_opening(session, reply, offer)
    assert offer.appointment_id is not None
    appointment = await session.get_one(Appointment, (offer.practice_id, offer.appointment_id))
    if offer.kind == "give_up":
        return await acting.give_up(session, reply, offer, appointment)
    return await acting.confirm(session, reply, appointment, offer)
