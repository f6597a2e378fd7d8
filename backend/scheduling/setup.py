"""Appointment types and clinicians: what is given, by whom, where and when."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import actor_of
from backend.core.database import practice_of
from backend.core.ids import new_id
from backend.core.problems import Conflict, Invalid, NotFound, StaleVersion
from backend.identity.calendars import may_change
from backend.identity.models import Location, User
from backend.scheduling.models import (
    AppointmentType,
    Availability,
    AvailabilityException,
    Clinician,
    ClinicianLocation,
    ClinicianType,
)
from backend.scheduling.setup_schemas import (
    AppointmentTypeChange,
    AppointmentTypeIn,
    AvailabilityOut,
    ClinicianChange,
    ClinicianIn,
    ClinicianOut,
    ExceptionIn,
    WeekIn,
    WeekOut,
)

COPIED = ("id", "version", "name", "disciplines", "color", "user_id", "active")
KIND_ORDER = ("evaluation", "follow_up", "free_screen", "other")


async def types(session: AsyncSession) -> list[AppointmentType]:
    """By kind and name."""
    rows = await session.scalars(select(AppointmentType).where(AppointmentType.practice_id == practice_of(session)))
    return sorted(rows, key=lambda row: (KIND_ORDER.index(row.kind), row.name))


async def add_type(session: AsyncSession, body: AppointmentTypeIn) -> AppointmentType:
    """A new type. Raises `Conflict` for a name that is there."""
    await may_change(session, None)
    row = AppointmentType(practice_id=practice_of(session), id=new_id(), **body.model_dump(), version=1)
    session.add(row)
    await flushed(session, "There is a type with this name already.")
    return row


async def change_type(session: AsyncSession, type_id: uuid.UUID, body: AppointmentTypeChange) -> AppointmentType:
    """All of it. Raises `StaleVersion`."""
    await may_change(session, None)
    row: AppointmentType = await locked_row(session, AppointmentType, type_id, "appointment type", body.version)
    for name, value in body.model_dump(exclude={"version"}).items():
        setattr(row, name, value)
    row.version += 1
    await flushed(session, "There is a type with this name already.")
    return row


async def clinicians(session: AsyncSession, *, only: uuid.UUID | None = None) -> list[ClinicianOut]:
    """By name, with where they work, what they give, and what is missing until they can be offered."""
    practice_id = practice_of(session)
    query = select(Clinician).where(Clinician.practice_id == practice_id).order_by(Clinician.name, Clinician.id)
    rows = (await session.scalars(query.where(Clinician.id == only) if only else query)).all()
    places = await _by_clinician(session, ClinicianLocation.clinician_id, ClinicianLocation.location_id)
    given = await _by_clinician(session, ClinicianType.clinician_id, ClinicianType.type_id)
    hours = await _by_clinician(session, Availability.clinician_id, Availability.location_id)
    return [_clinician(row, places.get(row.id, []), given.get(row.id, []), hours.get(row.id, [])) for row in rows]


async def _by_clinician(session: AsyncSession, person: Any, what: Any) -> dict[uuid.UUID, list[uuid.UUID]]:
    found: dict[uuid.UUID, list[uuid.UUID]] = {}
    query = select(person, what).where(person.class_.practice_id == practice_of(session)).order_by(what)
    for clinician_id, value in await session.execute(query):
        found.setdefault(clinician_id, []).append(value)
    return found


def _clinician(row: Clinician, places: list[uuid.UUID], given: list[uuid.UUID], hours: list[uuid.UUID]) -> ClinicianOut:
    known = (("locations", places), ("types", given), ("availability", [place for place in hours if place in places]))
    facts = {
        name: getattr(row, name) for name in ("id", "version", "name", "disciplines", "color", "user_id", "active")
    }
    return ClinicianOut.model_validate(
        facts
        | {
            "location_ids": places, "appointment_type_ids": given,
            "missing": [name for name, there in known if not there],
        }
    )  # fmt: skip


async def clinician(session: AsyncSession, clinician_id: uuid.UUID) -> ClinicianOut:
    """One. Raises `NotFound`."""
    found = await clinicians(session, only=clinician_id)
    if not found:
        raise NotFound("There is no such clinician in this practice.")
    return found[0]


async def add_clinician(session: AsyncSession, body: ClinicianIn) -> uuid.UUID:
    """Somebody new."""
    await may_change(session, None)
    row = Clinician(practice_id=practice_of(session), id=new_id(), version=1)
    await _fill(session, row, body)
    session.add(row)
    await flushed(session, "This user is another clinician already.")
    await _link(session, row.id, body)
    return row.id


async def change_clinician(session: AsyncSession, clinician_id: uuid.UUID, body: ClinicianChange) -> None:
    """All of it. Raises `StaleVersion`."""
    await may_change(session, None)
    row = await locked_row(session, Clinician, clinician_id, "clinician", body.version)
    await _fill(session, row, body)
    row.version += 1
    await flushed(session, "This user is another clinician already.")
    await _link(session, row.id, body)


async def _fill(session: AsyncSession, row: Clinician, body: ClinicianIn) -> None:
    await known(session, Location, body.location_ids, "/location_ids")
    await known(session, AppointmentType, body.appointment_type_ids, "/appointment_type_ids")
    if body.user_id:
        await known(session, User, [body.user_id], "/user_id")
    row.name, row.disciplines, row.color = body.name, sorted(set(body.disciplines)), body.color
    row.user_id, row.active = body.user_id, body.active


async def _link(session: AsyncSession, clinician_id: uuid.UUID, body: ClinicianIn) -> None:
    for table, column, values in (
        (ClinicianLocation, "location_id", body.location_ids), (ClinicianType, "type_id", body.appointment_type_ids),
    ):  # fmt: skip
        theirs = {"practice_id": practice_of(session), "clinician_id": clinician_id}
        await session.execute(delete(table).filter_by(**theirs))
        if values:
            await session.execute(insert(table), [theirs | {column: value} for value in sorted(set(values))])


async def week(session: AsyncSession, clinician_id: uuid.UUID) -> WeekOut:
    """Weekly hours. Raises `NotFound`."""
    row = await session.get(Clinician, (practice_of(session), clinician_id), populate_existing=True)
    if row is None:
        raise NotFound("There is no such clinician in this practice.")
    query = select(Availability).where(
        Availability.practice_id == practice_of(session), Availability.clinician_id == clinician_id
    )
    rows = await session.scalars(query.order_by(Availability.weekday, Availability.opens, Availability.id))
    items = [
        AvailabilityOut(
            weekday=span.weekday, opens=span.opens, closes=span.closes, location_id=span.location_id,
            appointment_type_ids=span.type_ids, valid_from=span.valid_from, valid_until=span.valid_until,
        )
        for span in rows
    ]  # fmt: skip
    return WeekOut(clinician_id=clinician_id, version=row.version, items=items)


async def set_week(session: AsyncSession, clinician_id: uuid.UUID, body: WeekIn) -> None:
    """The whole week. A clinic's manager changes those who work there only. Raises `StaleVersion`."""
    row = await locked_row(session, Clinician, clinician_id, "clinician", body.version)
    await _may_change_hours(session, clinician_id)
    await known(session, Location, [span.location_id for span in body.items], "/items")
    await known(session, AppointmentType, [one for span in body.items for one in span.appointment_type_ids], "/items")
    practice_id = practice_of(session)
    await session.execute(delete(Availability).filter_by(practice_id=practice_id, clinician_id=clinician_id))
    spans = [
        {
            "practice_id": practice_id, "id": new_id(), "clinician_id": clinician_id, "location_id": span.location_id,
            "weekday": span.weekday, "opens": span.opens, "closes": span.closes,
            "type_ids": sorted(set(span.appointment_type_ids)), "valid_from": span.valid_from,
            "valid_until": span.valid_until,
        }
        for span in body.items
    ]  # fmt: skip
    if spans:
        await session.execute(insert(Availability), spans)
    row.version += 1
    await session.flush()


async def exceptions(
    session: AsyncSession, clinician_id: uuid.UUID, first: date | None = None
) -> Sequence[AvailabilityException]:
    """Dates that differ. Raises `NotFound`."""
    await clinician(session, clinician_id)
    query = select(AvailabilityException).where(
        AvailabilityException.practice_id == practice_of(session), AvailabilityException.clinician_id == clinician_id,
        AvailabilityException.date >= (first or date(1900, 1, 1)),
    )  # fmt: skip
    return (await session.scalars(query.order_by(AvailabilityException.date, AvailabilityException.id))).all()


async def add_exception(session: AsyncSession, clinician_id: uuid.UUID, body: ExceptionIn) -> AvailabilityException:
    """A date that differs. Raises `NotFound`."""
    await clinician(session, clinician_id)
    await _may_change_hours(session, clinician_id)
    if body.location_id:
        await known(session, Location, [body.location_id], "/location_id")
    row = AvailabilityException(
        practice_id=practice_of(session), id=new_id(), clinician_id=clinician_id, **body.model_dump()
    )
    session.add(row)
    await session.flush()
    return row


async def remove_exception(session: AsyncSession, clinician_id: uuid.UUID, exception_id: uuid.UUID) -> None:
    """An ordinary day again. Raises `NotFound`."""
    row = await session.get(AvailabilityException, (practice_of(session), exception_id))
    if row is None or row.clinician_id != clinician_id:
        raise NotFound("There is no such exception for this clinician.")
    await _may_change_hours(session, clinician_id)
    await session.delete(row)
    await session.flush()


async def _may_change_hours(session: AsyncSession, clinician_id: uuid.UUID) -> None:
    """Whoever manages all the clinics where this person works."""
    if actor_of(session).places("settings:write") is None:
        return
    query = select(ClinicianLocation.location_id).where(
        ClinicianLocation.practice_id == practice_of(session), ClinicianLocation.clinician_id == clinician_id
    )
    places: list[uuid.UUID | None] = list(await session.scalars(query))
    for place in places or [None]:
        await may_change(session, place)


async def known(session: AsyncSession, table: Any, ids: Iterable[uuid.UUID], pointer: str) -> None:
    """All of them are this practice's. Raises `Invalid`."""
    wanted = set(ids)
    if not wanted:
        return
    found = await session.scalars(
        select(table.id).where(table.practice_id == practice_of(session), table.id.in_(wanted))
    )
    if wanted - set(found):
        raise Invalid("Something named here does not exist in this practice.", errors=[(pointer, "unknown")])


async def locked_row(session: AsyncSession, table: Any, row_id: uuid.UUID, what: str, version: int) -> Any:
    """A row about to be changed. Raises `NotFound` or `StaleVersion`."""
    query = select(table).where(table.practice_id == practice_of(session), table.id == row_id)
    row = await session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if row is None:
        raise NotFound(f"There is no such {what} in this practice.")
    if row.version != version:
        raise StaleVersion(row.version)
    return row


async def flushed(session: AsyncSession, otherwise: str) -> None:
    """Written, or a `Conflict` when something with its name is there."""
    try:
        async with session.begin_nested():
            await session.flush()
    except IntegrityError:
        raise Conflict(otherwise) from None
