"""Hold, book, move, cancel; what became of an appointment. Services flush, never commit.

Locked in this order: the lead, the clinician, rooms, rules, the appointment. Two who want one time meet at the
clinician, and the second one sees what the first one did.
"""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import within
from backend.core.clock import now
from backend.core.database import practice_of, publish
from backend.core.ids import new_id
from backend.core.jobs import set_timer
from backend.core.problems import Conflict, Invalid, NotFound, StaleVersion
from backend.leads import service as leads
from backend.patients import service as patients
from backend.scheduling import alternatives, evaluation, history
from backend.scheduling.appointment_models import OPEN, Appointment
from backend.scheduling.claiming import TAKEN, Place, Refused, claim
from backend.scheduling.errors import EvaluationBooked, HoldGone, SlotTaken, SlotUnavailable
from backend.scheduling.events import AppointmentBooked, AppointmentConfirmed, AppointmentMoved
from backend.scheduling.material import type_of
from backend.scheduling.words import Wish

FORGET_HOLD: Final = "scheduling.forget_hold"
HOLD = timedelta(minutes=10)


async def hold(session: AsyncSession, wish: Wish, length: timedelta = HOLD) -> Appointment:
    """Keep a time for a while. Raises `SlotTaken` or `SlotUnavailable`."""
    if wish.patient_id or wish.lead_id:
        wish = await _whose(session, wish)
    until = now() + length
    held = await _place(session, wish, "held", hold_until=until)
    await set_timer(session, FORGET_HOLD, held.id, until)
    return held


async def release(session: AsyncSession, hold_id: uuid.UUID) -> None:
    """Give a held time back. Raises `NotFound`."""
    held = await locked(session, hold_id)
    if held.status != "held":
        raise NotFound("This time is not held.")
    await session.delete(held)
    await session.flush()


async def book(session: AsyncSession, wish: Wish) -> Appointment:
    """Make the appointment; a held time becomes one. Raises `SlotTaken`, `SlotUnavailable`, `HoldGone` or
    `EvaluationBooked`."""
    wish = await _whose(session, wish)
    if wish.patient_id is None:
        raise Invalid("Say whose appointment it is.", errors=[("/patient_id", "required without lead_id")])
    kind = await type_of(session, wish.type_id)
    if kind.kind == "evaluation" and wish.lead_id is not None:
        known = await evaluation.open_appointment(session, wish.lead_id)
        if known is not None:
            raise EvaluationBooked(known.id)
    appointment = await _from_hold(session, wish) if wish.hold_id else await _place(session, wish, "booked")
    history.note(session, appointment, "booked", wish.override_reason, **history.where(appointment))
    await session.flush()
    await evaluation.booked(session, appointment, kind)
    await publish(session, AppointmentBooked(appointment.id, appointment.lead_id))
    history.tell(session, appointment)
    return appointment


async def reschedule(
    session: AsyncSession, appointment_id: uuid.UUID, *, starts_at: datetime, version: int | None = None,
    clinician_id: uuid.UUID | None = None, location_id: uuid.UUID | None = None, type_id: uuid.UUID | None = None,
    reason: str | None = None, override_reason: str | None = None, audience: str = "staff",
) -> Appointment:  # fmt: skip
    """Move it; it keeps its id, and its history says where it was. Raises `SlotTaken`, `SlotUnavailable`."""
    before = await one(session, appointment_id, "schedule:write")
    if before.lead_id:
        await leads.locked(session, before.lead_id, permission="schedule:write")
    wish = Wish(
        type_id or before.type_id, clinician_id or before.clinician_id, location_id or before.location_id, starts_at,
        before.patient_id, before.lead_id, override_reason=override_reason,
        audience="patient" if audience == "patient" else "staff",
    )  # fmt: skip
    async with _claimed(session, wish, ignore=appointment_id) as place:
        appointment = await locked(session, appointment_id, version)
        if appointment.status not in OPEN:
            raise Conflict("Only an appointment that is still to come can be moved.")
        was, kind = history.where(appointment), await type_of(session, wish.type_id)
        moved = AppointmentMoved(
            appointment.id, appointment.lead_id, appointment.starts_at, appointment.clinician_id,
            appointment.location_id,
        )  # fmt: skip
        _put(appointment, wish, place)
        appointment.override_reason = override_reason
        appointment.status = "booked"
        _changed(appointment, calendars=True)
        await session.flush()
    history.note(session, appointment, "moved", reason or override_reason, was=was, now=history.where(appointment))
    await session.flush()
    await evaluation.booked(session, appointment, kind)
    await publish(session, moved)
    history.tell(session, appointment)
    return appointment


async def confirm(session: AsyncSession, appointment_id: uuid.UUID, version: int | None = None) -> Appointment:
    """The patient says that they will come."""
    appointment = await locked(session, appointment_id, version)
    if appointment.status == "confirmed":
        return appointment
    if appointment.status != "booked":
        raise Conflict("Only an appointment that is still to come can be confirmed.")
    appointment.status = "confirmed"
    _changed(appointment)
    history.note(session, appointment, "confirmed")
    await session.flush()
    await publish(session, AppointmentConfirmed(appointment.id, appointment.lead_id))
    history.tell(session, appointment)
    return appointment


async def one(session: AsyncSession, appointment_id: uuid.UUID, permission: str = "schedule:read") -> Appointment:
    """One appointment the caller may see, or with `permission` change. Raises `NotFound`."""
    found = await session.scalar(
        select(Appointment)
        .where(Appointment.practice_id == practice_of(session), Appointment.id == appointment_id)
        .where(within(session, permission, Appointment.location_id))
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("There is no such appointment in this practice.")
    return found


async def locked(session: AsyncSession, appointment_id: uuid.UUID, version: int | None = None) -> Appointment:
    """The appointment, locked until commit. Lock its lead first. Raises `NotFound` or `StaleVersion`."""
    found = await session.scalar(
        select(Appointment)
        .where(Appointment.practice_id == practice_of(session), Appointment.id == appointment_id)
        .where(within(session, "schedule:write", Appointment.location_id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("There is no such appointment in this practice.")
    if version is not None and version != found.version:
        raise StaleVersion(found.version)
    return found


async def _whose(session: AsyncSession, wish: Wish) -> Wish:
    """The lead is locked, and says who the patient is."""
    if wish.lead_id is None:
        if wish.patient_id is not None:
            await patients.get(session, wish.patient_id)
        return wish
    lead = await leads.locked(session, wish.lead_id, permission="schedule:write")
    if wish.patient_id not in {None, lead.patient_id}:
        raise Invalid("The lead is another patient's.", errors=[("/patient_id", "not the lead's patient")])
    return replace(wish, patient_id=lead.patient_id)


async def _place(session: AsyncSession, wish: Wish, status: str, hold_until: datetime | None = None) -> Appointment:
    async with _claimed(session, wish) as place:
        appointment = Appointment(
            practice_id=practice_of(session), id=new_id(), patient_id=wish.patient_id, lead_id=wish.lead_id,
            status=status, source=wish.source, note=wish.note, override_reason=wish.override_reason,
            hold_until=hold_until, created_at=now(), version=1, sequence=0, late_cancel=False,
        )  # fmt: skip
        _put(appointment, wish, place)
        session.add(appointment)
        await session.flush()
    return appointment


async def _from_hold(session: AsyncSession, wish: Wish) -> Appointment:
    """Its time is ours already."""
    assert wish.hold_id is not None
    held = await session.scalar(
        select(Appointment)
        .where(Appointment.practice_id == practice_of(session), Appointment.id == wish.hold_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if held is None or held.status != "held" or held.hold_until is None or held.hold_until <= now():
        raise HoldGone
    same = (held.type_id, held.clinician_id, held.location_id, held.starts_at)
    if same != (wish.type_id, wish.clinician_id, wish.location_id, wish.starts_at):
        raise Invalid("The held time is another one.", errors=[("/hold_id", "another time")])
    if held.patient_id not in {None, wish.patient_id}:
        raise HoldGone
    held.patient_id, held.lead_id, held.source = wish.patient_id, wish.lead_id, wish.source
    held.note, held.status, held.hold_until, held.created_at = wish.note or held.note, "booked", None, now()
    _changed(held)
    await session.flush()
    return held


@asynccontextmanager
async def _claimed(session: AsyncSession, wish: Wish, ignore: uuid.UUID | None = None) -> AsyncIterator[Place]:
    """A place nobody else can have. When it cannot be had the locks are given back before others are looked for."""
    try:
        async with session.begin_nested():
            yield await claim(session, wish, ignore)
        return
    except Refused as refused:
        reasons = refused.reasons
    except IntegrityError as error:
        # Exclusion: somebody who did not wait at the clinician was quicker.
        if getattr(error.orig, "sqlstate", "") != "23P01":
            raise
        reasons = ["taken"]
    free = await alternatives.following(session, wish, ignore)
    raise SlotTaken(free) if TAKEN & set(reasons) else SlotUnavailable(reasons, free)


def _put(appointment: Appointment, wish: Wish, place: Place) -> None:
    appointment.type_id, appointment.clinician_id = wish.type_id, wish.clinician_id
    appointment.location_id = wish.location_id
    for field in fields(place):
        setattr(appointment, field.name, getattr(place, field.name))


def _changed(appointment: Appointment, *, calendars: bool = False) -> None:
    appointment.version += 1
    appointment.sequence += 1 if calendars else 0
