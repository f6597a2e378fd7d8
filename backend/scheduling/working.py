"""When clinicians work, for a calendar that is drawn: the same hours that are offered, before anybody is booked."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import within
from backend.core.database import practice_of
from backend.identity.calendars import calendar_of
from backend.scheduling.grid import Grid, runs
from backend.scheduling.hours import Hours
from backend.scheduling.material import availability_of, exceptions_of
from backend.scheduling.models import Clinician, ClinicianLocation
from backend.scheduling.slots import LONGEST_SPAN


@dataclass(frozen=True, slots=True)
class Span:
    """One clinician, one clinic, one stretch of time."""

    clinician_id: uuid.UUID
    location_id: uuid.UUID
    starts_at: datetime
    ends_at: datetime


async def spans(
    session: AsyncSession, start: datetime, end: datetime, clinician_id: uuid.UUID | None,
    location_id: uuid.UUID | None,
) -> list[Span]:  # fmt: skip
    """By clinician, clinic and time."""
    practice_id = practice_of(session)
    query = (
        select(Clinician.id, ClinicianLocation.location_id)
        .join(
            ClinicianLocation,
            and_(ClinicianLocation.practice_id == practice_id, ClinicianLocation.clinician_id == Clinician.id),
        )
        .where(Clinician.practice_id == practice_id, Clinician.active)
        .where(within(session, "schedule:read", ClinicianLocation.location_id))
        .order_by(Clinician.name, Clinician.id, ClinicianLocation.location_id)
    )
    if clinician_id:
        query = query.where(Clinician.id == clinician_id)
    if location_id:
        query = query.where(ClinicianLocation.location_id == location_id)
    keys = [(person, place) for person, place in await session.execute(query)]
    people = {person for person, _ in keys}
    grid = Grid.over(start, min(end, start + LONGEST_SPAN))
    calendars = {place: await calendar_of(session, place) for place in {place for _, place in keys}}
    exceptions = await exceptions_of(session, people, start, end)
    hours = Hours(grid, calendars, await availability_of(session, people), exceptions)
    return [
        Span(person, place, grid.moment(first), grid.moment(last))
        for person, place in keys
        for first, last in runs(hours.of((person, place), None))
    ]
