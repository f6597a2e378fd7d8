"""Whose insurance it is: reached through a lead the caller may see, changed with all leads of the patient locked."""

import uuid
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import practice_of, publish
from backend.identity.queries import practice
from backend.insurance.events import InsuranceChanged
from backend.leads import history
from backend.leads import queries as leads
from backend.leads.models import Lead


async def reach(session: AsyncSession, lead_id: uuid.UUID) -> Lead:
    """The lead whose insurance is to be changed, with all leads of its patient locked. Raises `NotFound`."""
    lead = await leads.lead(session, lead_id, "coverage:write")
    await hold(session, lead.patient_id)
    return lead


async def hold(session: AsyncSession, patient_id: uuid.UUID) -> list[Lead]:
    """Lock the patient's leads, in one order, and then their insurance: one change at a time."""
    rows = await session.scalars(
        select(Lead)
        .where(Lead.practice_id == practice_of(session), Lead.patient_id == patient_id)
        .order_by(Lead.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    held = list(rows)
    await alone(session, patient_id)
    return held


async def alone(session: AsyncSession, patient_id: uuid.UUID) -> None:
    """One change of a patient's insurance at a time, also where their leads are locked already."""
    lock = int.from_bytes(patient_id.bytes[8:], "big", signed=True)
    await session.execute(select(func.pg_advisory_xact_lock(lock)))


async def changed(session: AsyncSession, patient_id: uuid.UUID) -> None:
    """Let everyone react, and tell the screens that show the patient's leads. The leads are locked."""
    await session.flush()
    await publish(session, InsuranceChanged(patient_id))
    rows = await session.scalars(
        select(Lead)
        .where(Lead.practice_id == practice_of(session), Lead.patient_id == patient_id)
        .order_by(Lead.id)
        .execution_options(populate_existing=True)
    )
    for lead in rows:
        lead.version += 1
        history.tell(session, lead)
    await session.flush()


async def today(session: AsyncSession) -> date:
    """The day it is at the practice."""
    return now().astimezone(ZoneInfo((await practice(session)).timezone)).date()
