"""Reminders: one timer per appointment, which reads the appointment when it fires. Nothing about it is copied before.

A reminder whose moment lies in the night goes out the evening before. One that was due before the visit was booked or
moved (by more than an hour) is passed over: the patient has just been told.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.jobs import JobRun, set_timer
from backend.leads.models import Lead
from backend.messaging import facts, greeting
from backend.messaging.models import Conversation, Message
from backend.messaging.quiet_hours import TextingHours, allowed
from backend.scheduling import asking, visit_settings, visit_texts
from backend.scheduling.appointment_models import OPEN, Appointment, AppointmentEvent
from backend.scheduling.asking import Whom
from backend.scheduling.offer_models import SlotOffer

REMIND: Final = "scheduling.remind"
LOOK_AGAIN: Final = "scheduling.look_again"
CLOSE: Final = timedelta(seconds=2)
JUST_TOLD: Final = timedelta(hours=1)
# Nobody needs a reminder at the door.
TOO_LATE: Final = timedelta(minutes=30)
SOON_HOURS: Final = 24
STEP: Final = timedelta(minutes=15)
FARTHEST: Final = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder that is to come: `hours` before the visit, at a lawful moment."""

    hours: int
    at: datetime


async def watch(session: AsyncSession, appointment: Appointment) -> None:
    """It was booked or moved: its timer fires when its first reminder is due. Being early does no harm."""
    chosen = await visit_settings.of_practice(session)
    if appointment.patient_id is None or not chosen.reminders or not chosen.reminder_hours:
        return  # `look_again` sets it, should the practice change its mind
    first = appointment.starts_at - timedelta(hours=max(chosen.reminder_hours)) - FARTHEST
    await set_timer(session, REMIND, appointment.id, max(first, now()))


async def look_again(run: JobRun) -> None:
    """The practice chose other hours: every visit to come has its timer by them."""
    async with run.transaction() as session:
        coming = await session.scalars(
            select(Appointment).where(
                Appointment.practice_id == run.practice_id, Appointment.status.in_(OPEN), Appointment.starts_at > now()
            )
        )
        for appointment in coming:
            await watch(session, appointment)
        await run.finish(session)


async def withdraw(session: AsyncSession, appointment_id: uuid.UUID) -> None:
    """It moved or will not be: what was asked about it is moot, and what has not gone out never does."""
    about = (SlotOffer.appointment_id == appointment_id, SlotOffer.kind.in_(("reminder", "give_up", "times")))
    await greeting.withdraw(session, await asking.close_all(session, about, "withdrawn"))
    # Also those that were answered or replaced but whose text still waits.
    waiting = select(SlotOffer.message_id).where(
        SlotOffer.practice_id == practice_of(session), SlotOffer.appointment_id == appointment_id,
        SlotOffer.message_id.is_not(None),
    )  # fmt: skip
    await greeting.withdraw(session, [row for row in await session.scalars(waiting) if row])


async def remind(run: JobRun) -> None:
    """The timer: send what is due now, and wait for the next."""
    async with run.transaction() as session:
        following = await _look(session, run.ref_id)
        if following is None:
            await run.finish(session)
        else:
            await run.again(session, following)


async def _look(session: AsyncSession, appointment_id: uuid.UUID) -> datetime | None:
    """When to look again. A thread that would be begun for a text that does not go now is undone."""
    undo = await session.begin_nested()
    sent, following = await _act(session, appointment_id)
    await (undo.commit() if sent else undo.rollback())
    return following


async def _act(session: AsyncSession, appointment_id: uuid.UUID) -> tuple[bool, datetime | None]:
    """Locks the thread, the lead, the appointment: the order in which a reply locks them."""
    seen = await session.get(Appointment, (practice_of(session), appointment_id))
    if seen is None or seen.patient_id is None:
        return False, None
    conversation = await visit_texts.thread(session, seen.patient_id, seen.location_id)
    appointment = await _locked(session, seen)
    if conversation is None or appointment.status not in OPEN or appointment.starts_at - TOO_LATE <= now():
        return False, None
    left = await _left(session, conversation, appointment)
    due = [reminder for reminder in left if reminder.at <= now() + CLOSE]
    later = [reminder.at for reminder in left if reminder.at > now() + CLOSE]
    if not due:
        return False, min(later, default=None)
    # Of several that are due the nearest to the visit says it all.
    sent, wait = await _send(session, conversation, appointment, min(due, key=lambda one: one.hours))
    if wait is not None and wait < appointment.starts_at - TOO_LATE:
        later.append(wait)
    return sent, min(later, default=None)


async def _locked(session: AsyncSession, seen: Appointment) -> Appointment:
    practice_id = practice_of(session)
    if seen.lead_id:
        await session.get_one(Lead, (practice_id, seen.lead_id), with_for_update=True, populate_existing=True)
    return await session.get_one(Appointment, (practice_id, seen.id), with_for_update=True, populate_existing=True)


async def _left(session: AsyncSession, conversation: Conversation, appointment: Appointment) -> list[Due]:
    """Reminders of this time of the visit that have not gone out and are not needless."""
    chosen = await visit_settings.of_practice(session)
    if not chosen.reminders:
        return []
    row = SlotOffer
    sent = set(
        await session.scalars(
            select(row.hours)
            .join(Message, and_(Message.practice_id == row.practice_id, Message.id == row.message_id))
            .where(row.practice_id == practice_of(session), row.kind == "reminder")
            .where(row.appointment_id == appointment.id, row.about_at == appointment.starts_at)
            .where(Message.status != "canceled")
        )
    )  # fmt: skip
    nearest = min((hours for hours in sent if hours is not None), default=None)
    told = await _told(session, appointment)
    policy, location = await facts.policy(session), (await visit_texts.of(session, appointment)).location
    lawful = TextingHours(policy.opens, policy.closes, policy.sundays)
    found = []
    for hours in chosen.reminder_hours:
        if hours in sent or (nearest is not None and hours >= nearest):
            continue
        reminder = Due(
            hours, _evening_before(appointment.starts_at - timedelta(hours=hours), location.timezone, lawful)
        )
        if reminder.at > told + JUST_TOLD:
            found.append(reminder)
    return found


def _evening_before(at: datetime, timezone: str, hours: TextingHours) -> datetime:
    """The last moment not after `at` at which a text may arrive."""
    moment = at
    while not allowed(moment, (timezone,), hours) and at - moment < FARTHEST:
        moment -= STEP
    return moment


async def _told(session: AsyncSession, appointment: Appointment) -> datetime:
    """When the patient last learned of this time: it was booked or moved then."""
    row = AppointmentEvent
    latest = await session.scalar(
        select(func.max(row.at)).where(
            row.practice_id == appointment.practice_id, row.appointment_id == appointment.id,
            row.kind.in_(("booked", "moved")),
        )
    )  # fmt: skip
    return latest or appointment.created_at


async def _send(
    session: AsyncSession, conversation: Conversation, appointment: Appointment, due: Due
) -> tuple[bool, datetime | None]:
    """Written only when it may go out at once; else when to try again, or never."""
    verdict = await visit_texts.may_send(session, conversation)
    if verdict.action != "send":
        return False, verdict.until or (now() + timedelta(hours=1) if verdict.action == "hold" else None)
    assert appointment.patient_id is not None
    visit = await visit_texts.of(session, appointment)
    template = "visit_soon" if due.hours < SOON_HOURS else "visit_reminder"
    body = await visit_texts.body(session, template, conversation, visit)
    message = await visit_texts.write(session, conversation, body, appointment.lead_id)
    whom = Whom(conversation.id, appointment.patient_id, appointment.lead_id)
    offer = asking.ask(
        session, "reminder", whom, appointment.starts_at, appointment_id=appointment.id,
        about_at=appointment.starts_at, hours=due.hours, message_id=message.id,
    )  # fmt: skip
    await asking.replace_older(session, offer)
    await asking.note(session, appointment.lead_id, "reminder_sent")
    return True, None
