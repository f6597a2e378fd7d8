"""An evaluation is the lead's first visit: what happens to its appointment happens to the lead, and the other way."""

import uuid
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.leads import evaluations
from backend.leads.models import Lead
from backend.scheduling.appointment_models import OPEN, Appointment
from backend.scheduling.models import AppointmentType

PERMISSION = "schedule:write"


async def open_appointment(session: AsyncSession, lead_id: uuid.UUID) -> Appointment | None:
    """The lead's evaluation that is still to come, or whose outcome nobody has noted."""
    query = _of_lead(session, lead_id, *OPEN).order_by(Appointment.starts_at).limit(1)
    found: Appointment | None = await session.scalar(query)
    return found


async def current(session: AsyncSession, lead_id: uuid.UUID, *states: str) -> Appointment | None:
    """The appointment the lead speaks of, when it is in one of these states."""
    query = _of_lead(session, lead_id, *states).join(
        Lead, and_(Lead.practice_id == Appointment.practice_id, Lead.id == Appointment.lead_id)
    )
    query = query.where(Lead.evaluation_at == Appointment.starts_at)
    found: Appointment | None = await session.scalar(query.order_by(Appointment.created_at.desc()).limit(1))
    return found


def _of_lead(session: AsyncSession, lead_id: uuid.UUID, *states: str) -> Select[Any]:
    of_type = and_(AppointmentType.practice_id == Appointment.practice_id, AppointmentType.id == Appointment.type_id)
    found: Select[Any] = (
        select(Appointment)
        .join(AppointmentType, of_type)
        .where(Appointment.practice_id == practice_of(session), Appointment.lead_id == lead_id)
        .where(AppointmentType.kind == "evaluation", Appointment.status.in_(states))
        .execution_options(populate_existing=True)
    )
    return found


async def booked(session: AsyncSession, appointment: Appointment, kind: AppointmentType) -> None:
    """The lead knows when; its stage follows by the rules."""
    if kind.kind == "evaluation" and appointment.lead_id is not None:
        await evaluations.book(session, appointment.lead_id, appointment.starts_at, permission=PERMISSION)


async def attended(session: AsyncSession, appointment: Appointment) -> None:
    """Unless the lead knows already."""
    lead = await _lead_of(session, appointment)
    if lead is not None and lead.evaluation_state in {"booked", "missed"}:
        await evaluations.attended(session, lead.id, permission=PERMISSION)


async def missed(session: AsyncSession, appointment: Appointment) -> None:
    """Unless the lead knows already."""
    lead = await _lead_of(session, appointment)
    if lead is not None and lead.evaluation_state == "booked":
        await evaluations.missed(session, lead.id, permission=PERMISSION)


async def canceled(session: AsyncSession, appointment: Appointment) -> None:
    """Unless the lead knows already."""
    lead = await _lead_of(session, appointment)
    if lead is not None and lead.evaluation_state == "booked":
        await evaluations.cancel(session, lead.id, permission=PERMISSION)


async def undone(session: AsyncSession, appointment: Appointment) -> None:
    """Unless the lead knows already."""
    lead = await _lead_of(session, appointment)
    if lead is not None and lead.evaluation_state in {"attended", "missed"}:
        await evaluations.undo(session, lead.id, permission=PERMISSION)


async def _lead_of(session: AsyncSession, appointment: Appointment) -> Lead | None:
    """The lead whose evaluation this appointment is."""
    if appointment.lead_id is None:
        return None
    kind = await session.get_one(AppointmentType, (appointment.practice_id, appointment.type_id))
    lead = await session.get_one(Lead, (appointment.practice_id, appointment.lead_id))
    return lead if kind.kind == "evaluation" and lead.evaluation_at == appointment.starts_at else None
