"""What happens to appointments and texts, and what it means for reminders, offers and the waitlist."""

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import Subscribers, practice_of
from backend.messaging import greeting
from backend.messaging.events import TextsStopped, TextWritten
from backend.scheduling import asking, filling, reminders
from backend.scheduling.appointment_models import Appointment
from backend.scheduling.events import (
    AppointmentAttended,
    AppointmentBooked,
    AppointmentCanceled,
    AppointmentMissed,
    AppointmentMoved,
)
from backend.scheduling.offer_models import SlotOffer


async def _appointment(
    session: AsyncSession, event: AppointmentBooked | AppointmentMoved | AppointmentCanceled
) -> Appointment:
    return await session.get_one(Appointment, (practice_of(session), event.appointment_id))


async def _booked(session: AsyncSession, event: AppointmentBooked) -> None:
    """Times offered for the visit are not to be chosen from any more."""
    appointment = await _appointment(session, event)
    if appointment.lead_id:
        for_it = (
            SlotOffer.lead_id == appointment.lead_id, SlotOffer.kind == "times", SlotOffer.appointment_id.is_(None)
        )  # fmt: skip
        await greeting.withdraw(session, await asking.close_all(session, for_it, "withdrawn"))
    await reminders.watch(session, appointment)


async def _moved(session: AsyncSession, event: AppointmentMoved) -> None:
    appointment = await _appointment(session, event)
    await reminders.withdraw(session, appointment.id)
    await reminders.watch(session, appointment)
    await filling.opened(session, appointment, event.was_at, event.was_with, event.was_in)


async def _canceled(session: AsyncSession, event: AppointmentCanceled) -> None:
    appointment = await _appointment(session, event)
    await reminders.withdraw(session, appointment.id)
    await filling.opened(session, appointment, appointment.starts_at, appointment.clinician_id, appointment.location_id)


async def _over(session: AsyncSession, event: AppointmentAttended | AppointmentMissed) -> None:
    await reminders.withdraw(session, event.appointment_id)


async def _written(session: AsyncSession, event: TextWritten) -> None:
    await asking.written(session, event.message_id, event.conversation_id, event.body)


async def _stopped(session: AsyncSession, event: TextsStopped) -> None:
    await asking.close_all(session, (SlotOffer.conversation_id == event.conversation_id,), "withdrawn")


def subscribers() -> Subscribers:
    """Handlers by event."""
    return {
        AppointmentBooked: [_booked],
        AppointmentMoved: [_moved],
        AppointmentCanceled: [_canceled],
        AppointmentAttended: [_over],
        AppointmentMissed: [_over],
        TextWritten: [_written],
        TextsStopped: [_stopped],
    }
