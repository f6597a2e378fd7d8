"""Rooms, blocked time and booking rules: add, change, remove."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import actor_of, within
from backend.core.database import practice_of
from backend.core.ids import new_id
from backend.core.problems import Forbidden, Invalid, NotFound
from backend.identity.calendars import may_change
from backend.identity.models import Location
from backend.scheduling import repeats
from backend.scheduling.models import AppointmentType, BlockedTime, BookingRule, Clinician, ClinicianLocation, Resource
from backend.scheduling.moments import zone_of
from backend.scheduling.rule_schemas import BlockedTimeIn, BookingRuleIn, NewBlockedTimeIn, ResourceIn
from backend.scheduling.setup import flushed, known, locked_row

Row = TypeVar("Row", Resource, BlockedTime, BookingRule)
ROOM_TWICE = "This clinic has something with this name already."


async def resources(session: AsyncSession) -> Sequence[Resource]:
    """By clinic and name."""
    query = select(Resource).where(
        Resource.practice_id == practice_of(session), within(session, "schedule:read", Resource.location_id)
    )
    return (await session.scalars(query.order_by(Resource.location_id, Resource.name))).all()


async def add_resource(session: AsyncSession, body: ResourceIn) -> Resource:
    """Something new to use. Raises `Conflict` for a name that is there."""
    await may_change(session, body.location_id)
    row = Resource(practice_id=practice_of(session), id=new_id(), **body.model_dump(), version=1)
    session.add(row)
    await flushed(session, ROOM_TWICE)
    return row


async def change_resource(session: AsyncSession, resource_id: uuid.UUID, version: int, body: ResourceIn) -> Resource:
    """All of it but its clinic. Raises `StaleVersion`."""
    row: Resource = await locked_row(session, Resource, resource_id, "resource", version)
    await may_change(session, row.location_id)
    if body.location_id != row.location_id:
        raise Invalid("Rooms stay where they are.", errors=[("/location_id", "cannot change")])
    _set(row, body.model_dump(exclude={"version"}))
    await flushed(session, ROOM_TWICE)
    return row


async def blocked_times(
    session: AsyncSession, start: datetime | None, end: datetime | None, clinician_id: uuid.UUID | None,
    location_id: uuid.UUID | None,
) -> Sequence[BlockedTime]:  # fmt: skip
    """Those with any time in the span, by time; a clinic's list holds those of its clinicians, too."""
    query = select(BlockedTime).where(
        BlockedTime.practice_id == practice_of(session), within(session, "schedule:read", BlockedTime.location_id)
    )
    if start:
        query = query.where(BlockedTime.ends_at > start)
    if end:
        query = query.where(BlockedTime.starts_at < end)
    if clinician_id:
        query = query.where(or_(BlockedTime.clinician_id == clinician_id, BlockedTime.clinician_id.is_(None)))
    if location_id:
        here = select(ClinicianLocation.clinician_id).where(
            ClinicianLocation.practice_id == practice_of(session), ClinicianLocation.location_id == location_id
        )
        everywhere = BlockedTime.location_id.is_(None) & BlockedTime.clinician_id.in_(here)
        query = query.where(or_(BlockedTime.location_id == location_id, everywhere))
    return (await session.scalars(query.order_by(BlockedTime.starts_at, BlockedTime.id).limit(1000))).all()


async def blocked_time(session: AsyncSession, blocked_id: uuid.UUID) -> BlockedTime:
    """One. Raises `NotFound`."""
    return await _row(session, BlockedTime, blocked_id, "blocked time")


async def add_blocked_time(session: AsyncSession, body: NewBlockedTimeIn) -> BlockedTime:
    """Time that is not offered from now on; what is booked stays. The first one, where it repeats."""
    await _may_block(session, body.clinician_id, body.location_id)
    facts = body.model_dump(exclude={"starts_at", "ends_at", "repeat_weekly_until"})
    series_id = new_id() if body.repeat_weekly_until else None
    spans = repeats.weekly(body.starts_at, body.ends_at, body.repeat_weekly_until, await _zone(session, body))
    rows = [
        BlockedTime(
            practice_id=practice_of(session), id=new_id(), **facts, starts_at=start, ends_at=end, series_id=series_id,
            version=1,
        )
        for start, end in spans
    ]  # fmt: skip
    session.add_all(rows)
    await session.flush()
    return rows[0]


async def _zone(session: AsyncSession, body: BlockedTimeIn) -> ZoneInfo:
    """Of the clinic; of a clinician's only one, where none is named."""
    if body.location_id or body.clinician_id is None:
        return await zone_of(session, body.location_id)
    theirs = select(ClinicianLocation.location_id).where(
        ClinicianLocation.practice_id == practice_of(session), ClinicianLocation.clinician_id == body.clinician_id
    )
    places = list(await session.scalars(theirs.limit(2)))
    return await zone_of(session, places[0] if len(places) == 1 else None)


async def change_blocked_time(
    session: AsyncSession, blocked_id: uuid.UUID, version: int, body: BlockedTimeIn
) -> BlockedTime:
    """All of it. Raises `StaleVersion`."""
    row: BlockedTime = await locked_row(session, BlockedTime, blocked_id, "blocked time", version)
    await _may_block(session, row.clinician_id, row.location_id)
    await _may_block(session, body.clinician_id, body.location_id)
    _set(row, body.model_dump(exclude={"version"}))
    await session.flush()
    return row


async def remove_blocked_time(session: AsyncSession, blocked_id: uuid.UUID, *, following: bool = False) -> None:
    """Offered again, and with `following` the later ones of its series too. Raises `NotFound`."""
    row = await _row(session, BlockedTime, blocked_id, "blocked time")
    await _may_block(session, row.clinician_id, row.location_id)
    which = BlockedTime.id == row.id
    if following and row.series_id:
        which = (BlockedTime.series_id == row.series_id) & (BlockedTime.starts_at >= row.starts_at)
    await session.execute(delete(BlockedTime).where(BlockedTime.practice_id == row.practice_id, which))


async def _may_block(session: AsyncSession, clinician_id: uuid.UUID | None, location_id: uuid.UUID | None) -> None:
    """At a clinic whose calendar the caller keeps; a clinician's, where they keep all of theirs."""
    places = actor_of(session).places("schedule:write")
    if clinician_id:
        await known(session, Clinician, [clinician_id], "/clinician_id")
    if location_id:
        await known(session, Location, [location_id], "/location_id")
    if places is None or location_id in places:
        return
    theirs = select(ClinicianLocation.location_id).where(
        ClinicianLocation.practice_id == practice_of(session), ClinicianLocation.clinician_id == clinician_id
    )
    if location_id is not None or not clinician_id or not places.issuperset(await session.scalars(theirs)):
        raise Forbidden("This holds at other clinics, too. Ask someone who keeps their calendars.")


async def rules(session: AsyncSession) -> Sequence[BookingRule]:
    """All of them, in the order in which they were made."""
    query = select(BookingRule).where(BookingRule.practice_id == practice_of(session))
    return (await session.scalars(query.order_by(BookingRule.id))).all()


async def add_rule(session: AsyncSession, body: BookingRuleIn) -> BookingRule:
    """Holds for what is booked from now on."""
    await may_change(session, body.location_id)
    row = BookingRule(practice_id=practice_of(session), id=new_id(), **await _checked(session, body), version=1)
    session.add(row)
    await session.flush()
    return row


async def change_rule(session: AsyncSession, rule_id: uuid.UUID, version: int, body: BookingRuleIn) -> BookingRule:
    """All of it. Raises `StaleVersion`."""
    row: BookingRule = await locked_row(session, BookingRule, rule_id, "booking rule", version)
    await may_change(session, row.location_id)
    await may_change(session, body.location_id)
    _set(row, await _checked(session, body))
    await session.flush()
    return row


async def remove_rule(session: AsyncSession, rule_id: uuid.UUID) -> None:
    """Holds no longer. Raises `NotFound`."""
    row = await _row(session, BookingRule, rule_id, "booking rule")
    await may_change(session, row.location_id)
    await session.delete(row)
    await session.flush()


async def _checked(session: AsyncSession, body: BookingRuleIn) -> dict[str, Any]:
    if body.clinician_id:
        await known(session, Clinician, [body.clinician_id], "/clinician_id")
    if body.appointment_type_id:
        await known(session, AppointmentType, [body.appointment_type_id], "/appointment_type_id")
    facts = body.model_dump(exclude={"version", "appointment_type_id"})
    return facts | {"type_id": body.appointment_type_id}


async def _row(session: AsyncSession, table: type[Row], row_id: uuid.UUID, what: str) -> Row:
    row = await session.get(table, (practice_of(session), row_id), with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound(f"There is no such {what} in this practice.")
    return row


def _set(row: Row, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
