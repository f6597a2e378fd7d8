"""What a calendar page draws behind its appointments: when somebody works, and what is blocked."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import within
from backend.core.database import practice_of
from backend.identity.calendars import calendar_of
from backend.identity.models import Location
from backend.scheduling.grid import Grid
from backend.scheduling.hours import Hours
from backend.scheduling.models import (
    Availability,
    AvailabilityException,
    BlockedTime,
    Clinician,
    ClinicianLocation,
)

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Worked:
    """A stretch of working time."""

    clinician_id: uuid.UUID
    location_id: uuid.UUID
    starts_at: datetime
    ends_at: datetime


async def working(session: AsyncSession, start: datetime, end: datetime, location_id: uuid.UUID | None) -> list[Worked]:
    """Of everybody active, at the clinics the caller may see; by clinician, clinic and time."""
    practice_id, grid = practice_of(session), Grid.over(start, end)
    query = (
        select(ClinicianLocation.clinician_id, ClinicianLocation.location_id)
        .join(Clinician, (Clinician.practice_id == practice_id) & (Clinician.id == ClinicianLocation.clinician_id))
        .where(ClinicianLocation.practice_id == practice_id, Clinician.active)
        .where(within(session, "schedule:read", ClinicianLocation.location_id))
        .order_by(ClinicianLocation.clinician_id, ClinicianLocation.location_id)
    )
    if location_id:
        query = query.where(ClinicianLocation.location_id == location_id)
    keys = [(person, place) for person, place in await session.execute(query)]
    people = {person for person, _ in keys}
    availability = await _of(session, Availability, people)
    exceptions = await _of(
        session, AvailabilityException, people,
        AvailabilityException.date.between(start.date() - _DAY, end.date() + _DAY),
    )  # fmt: skip
    calendars = {place: await calendar_of(session, place) for place in {place for _, place in keys}}
    hours = Hours(grid, calendars, [row for row in availability if row.location_id in calendars], exceptions)
    return [
        Worked(person, place, grid.moment(first), grid.moment(last))
        for person, place in keys
        for first, last in _stretches(hours.of((person, place), None))
    ]


async def blocked(
    session: AsyncSession, start: datetime, end: datetime, location_id: uuid.UUID | None
) -> Sequence[BlockedTime]:
    """Of clinics the caller may see, or of a clinician everywhere; by time."""
    row = BlockedTime
    practice = select(Location.id).where(Location.practice_id == practice_of(session))
    seen = practice.where(within(session, "schedule:read", Location.id))
    query = select(row).where(
        row.practice_id == practice_of(session), row.starts_at < end, row.ends_at > start,
        or_(row.location_id.is_(None), row.location_id.in_(seen)),
    )  # fmt: skip
    if location_id:
        query = query.where(or_(row.location_id.is_(None), row.location_id == location_id))
    return (await session.scalars(query.order_by(row.starts_at, row.id))).all()


async def _of(session: AsyncSession, table: Any, people: set[uuid.UUID], *conditions: Any) -> Sequence[Any]:
    query = select(table).where(table.practice_id == practice_of(session), table.clinician_id.in_(people), *conditions)
    return (await session.scalars(query)).all()


def _stretches(mask: int) -> Iterator[tuple[int, int]]:
    """First and last-plus-one of every run of ones."""
    at = 0
    while mask:
        skipped = (mask & -mask).bit_length() - 1
        mask >>= skipped
        length = (~mask & (mask + 1)).bit_length() - 1
        yield at + skipped, at + skipped + length
        at += skipped + length
        mask >>= length
