"""Everything needed to say when somebody could come, read in a fixed number of statements."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, and_, case, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import within
from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.problems import NotFound
from backend.core.working_time import Calendar
from backend.identity.calendars import calendar_of
from backend.identity.models import Location
from backend.patients.models import Coverage
from backend.scheduling.appointment_models import LANES, LONGEST_HOURS, OCCUPYING, Appointment
from backend.scheduling.grid import SECONDS, Grid
from backend.scheduling.models import (
    AppointmentType,
    Availability,
    AvailabilityException,
    BlockedTime,
    BookingRule,
    Clinician,
    ClinicianLocation,
    ClinicianType,
    Resource,
)
from backend.scheduling.settings import Offerings, offerings
from backend.scheduling.words import SlotQuery

Key = tuple[uuid.UUID, uuid.UUID]
InUse = tuple[uuid.UUID, int, datetime, datetime]
_DAY = timedelta(days=1)
# No appointment with its padding, and no blocked time, is longer: so an index range finds what reaches into a span.
_LONGEST = timedelta(hours=LONGEST_HOURS)
_LONGEST_BLOCK = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Taken:
    """Appointments of one clinician, clinic, type (and payer, where rules ask): ticks from, until, begin; minutes."""

    clinician_id: uuid.UUID
    location_id: uuid.UUID
    type_id: uuid.UUID
    type_kind: str
    payer: str | None
    concurrency: int
    starts: Sequence[int]
    ends: Sequence[int]
    begins: Sequence[int]
    minutes: Sequence[int]


@dataclass(frozen=True, slots=True)
class Material:
    """What was read. `places` are the clinicians that may be offered, each at a clinic."""

    type: AppointmentType
    offering: Offerings
    places: dict[Key, tuple[Clinician, Location]]
    calendars: dict[uuid.UUID, Calendar]
    availability: Sequence[Availability]
    exceptions: Sequence[AvailabilityException]
    blocked: Sequence[BlockedTime]
    taken: Sequence[Taken]
    rules: Sequence[BookingRule]
    resources: Sequence[Resource]
    in_use: Sequence[InUse]


async def type_of(session: AsyncSession, type_id: uuid.UUID) -> AppointmentType:
    """One type. Raises `NotFound`."""
    found = await session.get(AppointmentType, (practice_of(session), type_id), populate_existing=True)
    if found is None:
        raise NotFound("There is no such appointment type in this practice.")
    return found


async def rules_of(session: AsyncSession) -> Sequence[BookingRule]:
    """Rules in force."""
    query = select(BookingRule).where(BookingRule.practice_id == practice_of(session), BookingRule.active)
    return (await session.scalars(query.order_by(BookingRule.id))).all()


async def load(session: AsyncSession, wanted: SlotQuery, grid: Grid, rules: Sequence[BookingRule]) -> Material:
    """Read it. The grid says which time matters; rules may look beyond the clinicians that are asked for."""
    kind = await type_of(session, wanted.type_id)
    places = await _places(session, wanted)
    people, clinics = {person for person, _ in places}, {location.id for _, location in places.values()}
    availability = await availability_of(session, people)
    first, last = grid.moment(0), grid.moment(grid.size)
    # Rules that count for a whole clinic look at everybody's appointments.
    everybody = any(rule.per != "clinician" for rule in rules)
    payers = any(rule.payer for rule in rules)
    resources = await _resources(session, kind, clinics) if kind.resource_kind else ()
    return Material(
        type=kind, offering=await offerings(session), places=places,
        calendars={place: await calendar_of(session, place)
                   for place in clinics | {row.location_id for row in availability}},
        availability=availability,
        exceptions=await exceptions_of(session, people, first, last),
        blocked=await _blocked(session, first, last),
        taken=await _taken(session, None if everybody else people, first, last, wanted.ignore, payers=payers),
        rules=rules, resources=resources,
        in_use=await _in_use(session, resources, first, last, wanted.ignore) if resources else (),
    )  # fmt: skip


async def _places(session: AsyncSession, wanted: SlotQuery) -> dict[Key, tuple[Clinician, Location]]:
    practice_id = practice_of(session)
    query = (
        select(Clinician, Location)
        .join(
            ClinicianType,
            and_(ClinicianType.practice_id == practice_id, ClinicianType.clinician_id == Clinician.id),
        )
        .join(
            ClinicianLocation,
            and_(ClinicianLocation.practice_id == practice_id, ClinicianLocation.clinician_id == Clinician.id),
        )
        .join(Location, and_(Location.practice_id == practice_id, Location.id == ClinicianLocation.location_id))
        .where(Clinician.practice_id == practice_id, Clinician.active, ClinicianType.type_id == wanted.type_id)
        .where(within(session, "schedule:read", Location.id))
        .order_by(Clinician.name, Clinician.id, Location.name)
    )
    if wanted.location_id:
        query = query.where(Location.id == wanted.location_id)
    if wanted.clinician_id:
        query = query.where(Clinician.id == wanted.clinician_id)
    if wanted.exclude_clinician_ids:
        query = query.where(Clinician.id.not_in(wanted.exclude_clinician_ids))
    if wanted.discipline:
        query = query.where(Clinician.disciplines.contains([wanted.discipline]))
    return {(person.id, place.id): (person, place) for person, place in await session.execute(query)}


async def availability_of(session: AsyncSession, people: set[uuid.UUID]) -> Sequence[Availability]:
    """Weekly hours of these clinicians."""
    query = select(Availability).where(
        Availability.practice_id == practice_of(session), Availability.clinician_id.in_(people)
    )
    return (await session.scalars(query)).all()


async def exceptions_of(
    session: AsyncSession, people: set[uuid.UUID], first: datetime, last: datetime
) -> Sequence[AvailabilityException]:
    """Dates of these clinicians that differ."""
    # Local dates: a day more on either side holds them all.
    dates = AvailabilityException.date.between(first.date() - _DAY, last.date() + _DAY)
    query = select(AvailabilityException).where(AvailabilityException.practice_id == practice_of(session), dates)
    return (await session.scalars(query.where(AvailabilityException.clinician_id.in_(people)))).all()


async def _blocked(session: AsyncSession, first: datetime, last: datetime) -> Sequence[BlockedTime]:
    query = select(BlockedTime).where(
        BlockedTime.practice_id == practice_of(session),
        BlockedTime.starts_at.between(first - _LONGEST_BLOCK, last),
        BlockedTime.ends_at > first,
    )
    return (await session.scalars(query)).all()


async def _taken(
    session: AsyncSession, people: set[uuid.UUID] | None, first: datetime, last: datetime, ignore: uuid.UUID | None,
    *, payers: bool,
) -> list[Taken]:  # fmt: skip
    row, practice_id = Appointment, practice_of(session)
    # Nobody joins an on-purpose double booking.
    joined = case((func.upper(row.lanes) > LANES, 1), else_=row.concurrency)
    payer: Any = (
        select(Coverage.payer_name)
        .where(Coverage.practice_id == practice_id, Coverage.patient_id == row.patient_id, Coverage.rank == "primary")
        .limit(1)
        .scalar_subquery()
        if payers
        else cast(None, AppointmentType.name.type)
    )
    groups = (row.clinician_id, row.location_id, row.type_id, AppointmentType.kind, payer.label("payer"), joined)
    query = (
        select(
            *groups,
            func.array_agg(_tick(func.floor, row.busy_from)),
            func.array_agg(_tick(func.ceil, row.busy_until)),
            func.array_agg(_tick(func.floor, row.starts_at)),
            func.array_agg(cast(func.date_part("epoch", row.ends_at - row.starts_at) / 60, Integer)),
        )
        .join(AppointmentType, and_(AppointmentType.practice_id == practice_id, AppointmentType.id == row.type_id))
        .where(row.practice_id == practice_id, *occupying(first, last))
        .group_by(*(groups[:4]), "payer", joined)
    )
    if people is not None:
        query = query.where(row.clinician_id.in_(people))
    if ignore:
        query = query.where(row.id != ignore)
    return [Taken(*found) for found in await session.execute(query)]


def _tick(rounding: Any, moment: Any) -> Any:
    return cast(rounding(func.date_part("epoch", moment) / SECONDS), Integer)


def occupying(first: datetime, last: datetime) -> tuple[Any, ...]:
    """SQL conditions: appointments and unexpired holds with some time in the span."""
    return (
        Appointment.status.in_(OCCUPYING),
        Appointment.busy_from.between(first - _LONGEST, last),
        Appointment.busy_until > first,
        or_(Appointment.hold_until.is_(None), Appointment.hold_until > now()),
    )


async def _resources(session: AsyncSession, kind: AppointmentType, places: set[uuid.UUID]) -> Sequence[Resource]:
    query = select(Resource).where(
        Resource.practice_id == practice_of(session), Resource.kind == kind.resource_kind, Resource.active,
        Resource.location_id.in_(places),
    )  # fmt: skip
    return (await session.scalars(query.order_by(Resource.name, Resource.id))).all()


async def _in_use(
    session: AsyncSession, resources: Sequence[Resource], first: datetime, last: datetime, ignore: uuid.UUID | None
) -> Sequence[InUse]:
    row = Appointment
    query = select(row.resource_id, row.resource_unit, row.busy_from, row.busy_until).where(
        row.practice_id == practice_of(session), row.resource_id.in_([resource.id for resource in resources]),
        *occupying(first, last),
    )  # fmt: skip
    if ignore:
        query = query.where(row.id != ignore)
    return [
        (unit[0], unit[1], unit[2], unit[3]) for unit in await session.execute(query) if unit[0] and unit[1] is not None
    ]
