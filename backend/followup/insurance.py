"""Tasks about a patient's insurance: what insurance says is left to do, no more and no less."""

import uuid
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.followup import service
from backend.identity.models import Location
from backend.insurance import service as insurance
from backend.insurance import todo
from backend.insurance.events import InsuranceChanged
from backend.leads.events import EvaluationBooked
from backend.leads.models import Lead
from backend.scheduling.appointment_models import Appointment
from backend.scheduling.events import AppointmentAttended, AppointmentCanceled, AppointmentMissed


async def on_changed(session: AsyncSession, event: InsuranceChanged) -> None:
    """Every lead of the patient for which it matters now."""
    rows = await session.scalars(
        select(Lead).where(Lead.practice_id == practice_of(session), Lead.patient_id == event.patient_id)
    )
    for lead in rows:
        await _sync(session, lead)


async def on_booked(session: AsyncSession, event: EvaluationBooked) -> None:
    """Before the first visit benefits are verified, and an authorization is there if the payer wants one."""
    lead = await service.lead_of(session, event.lead_id)
    await insurance.detect(session, lead.patient_id)
    await _sync(session, lead)


async def on_attended(session: AsyncSession, event: AppointmentAttended) -> None:
    """A visit of the authorization is used."""
    visit = await _visit(session, event.appointment_id)
    if visit.patient_id is not None:
        location = await session.get_one(Location, (visit.practice_id, visit.location_id))
        day = visit.starts_at.astimezone(ZoneInfo(location.timezone)).date()
        await insurance.count_visit(session, visit.patient_id, visit.id, day)


async def on_not_attended(session: AsyncSession, event: AppointmentMissed | AppointmentCanceled) -> None:
    """Nothing is used, even if somebody had noted otherwise before."""
    visit = await _visit(session, event.appointment_id)
    if visit.patient_id is not None:
        await insurance.uncount_visit(session, visit.patient_id, visit.id)


async def _visit(session: AsyncSession, appointment_id: uuid.UUID) -> Appointment:
    return await session.get_one(Appointment, (practice_of(session), appointment_id))


async def _sync(session: AsyncSession, lead: Lead) -> None:
    wanted = {one.kind: one.title for one in await todo.of(session, lead.patient_id)} if _matters(lead) else {}
    await service.keep_tasks(session, lead, wanted, todo.KINDS)


def _matters(lead: Lead) -> bool:
    """From the first booking on, as long as care goes on. Before, the card's badge says enough."""
    return lead.stage != "lost" and lead.evaluation_state in {"booked", "attended"}
