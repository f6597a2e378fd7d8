"""What became of an appointment: canceled, attended, missed."""

import uuid
from datetime import timedelta

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import publish
from backend.core.problems import Conflict
from backend.leads import service as leads
from backend.scheduling import evaluation, history, waitlist
from backend.scheduling.appointment_models import LANES, OPEN, Appointment
from backend.scheduling.booking import locked, one
from backend.scheduling.claiming import BESIDE
from backend.scheduling.events import AppointmentAttended, AppointmentCanceled, AppointmentMissed, AppointmentUndone
from backend.scheduling.settings import offerings

NO_SHOW_CAME = "Came after being noted as missed"


async def cancel(
    session: AsyncSession, appointment_id: uuid.UUID, *, version: int | None = None, reason: str | None = None,
    by_clinic: bool = False,
) -> Appointment:  # fmt: skip
    """It will not take place; its time is free at once. Late when little time is left to fill it."""
    appointment = await _opened(session, appointment_id, version, OPEN, "canceled")
    notice = (await offerings(session)).at(appointment.location_id).late_cancel_hours
    late = appointment.starts_at - now() < timedelta(hours=notice)
    appointment.late_cancel, appointment.cancel_reason = late, reason
    appointment.sequence += 1
    await _ended(session, appointment, "canceled", reason, late=late, **({"by_clinic": True} if by_clinic else {}))
    await evaluation.canceled(session, appointment)
    await publish(session, AppointmentCanceled(appointment.id, appointment.lead_id, late))
    return appointment


async def check_in(session: AsyncSession, appointment_id: uuid.UUID, version: int | None = None) -> Appointment:
    """The patient is here, even if somebody had noted otherwise before."""
    appointment = await _opened(session, appointment_id, version, (*OPEN, "no_show"), "attended")
    if appointment.status == "no_show":
        await _back(session, appointment, "checked_in")
    await _ended(session, appointment, "checked_in")
    await evaluation.attended(session, appointment)
    await waitlist.came(session, appointment)
    await publish(session, AppointmentAttended(appointment.id, appointment.lead_id))
    return appointment


async def no_show(session: AsyncSession, appointment_id: uuid.UUID, version: int | None = None) -> Appointment:
    """The patient did not come."""
    appointment = await _opened(session, appointment_id, version, OPEN, "missed")
    await _ended(session, appointment, "no_show")
    await evaluation.missed(session, appointment)
    await publish(session, AppointmentMissed(appointment.id, appointment.lead_id))
    return appointment


async def undo(session: AsyncSession, appointment_id: uuid.UUID, version: int | None = None) -> Appointment:
    """What was noted was a mistake: it is booked, as before. An evaluation gives its lead back."""
    appointment = await _opened(session, appointment_id, version, ("checked_in", "no_show"), "undone")
    was = appointment.status
    if was == "no_show":
        await _back(session, appointment, "booked")
    appointment.status = "booked"
    appointment.version += 1
    history.note(session, appointment, "undone", was=was)
    await session.flush()
    history.tell(session, appointment)
    await evaluation.undone(session, appointment)
    await publish(session, AppointmentUndone(appointment.id, appointment.lead_id, was))
    return appointment


async def _opened(
    session: AsyncSession, appointment_id: uuid.UUID, version: int | None, states: tuple[str, ...], verb: str
) -> Appointment:
    """Locked, its lead before it."""
    lead_id = (await one(session, appointment_id, "schedule:write")).lead_id
    if lead_id:
        await leads.locked(session, lead_id, permission="schedule:write")
    appointment = await locked(session, appointment_id, version)
    if appointment.status not in states:
        raise Conflict(f"This appointment cannot be noted as {verb}: it is {appointment.status.replace('_', ' ')}.")
    return appointment


async def _ended(
    session: AsyncSession, appointment: Appointment, status: str, reason: str | None = None, **detail: bool
) -> None:
    appointment.status = status
    appointment.version += 1
    history.note(session, appointment, status, reason, **detail)
    await session.flush()
    history.tell(session, appointment)


async def _back(session: AsyncSession, appointment: Appointment, status: str) -> None:
    """Takes its time again; where somebody was given it meanwhile, beside them."""
    try:
        async with session.begin_nested():
            appointment.status = status
            await session.flush()
    except IntegrityError:
        await session.refresh(appointment)
        appointment.override_reason = NO_SHOW_CAME
        appointment.lanes = Range(LANES + BESIDE - 1, LANES + BESIDE)
