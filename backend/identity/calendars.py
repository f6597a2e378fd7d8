"""Working calendars: each clinic's hours and holidays. Read once per transaction, whoever asks how often."""

import uuid
from collections.abc import Iterable
from datetime import date, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import actor_of, within
from backend.core.database import practice_of, publish
from backend.core.ids import new_id
from backend.core.problems import Conflict, Forbidden, NotFound, StaleVersion
from backend.core.working_time import MONDAY_TO_FRIDAY, Calendar, Span
from backend.identity.events import CalendarChanged
from backend.identity.models import Holiday, Location, LocationHours
from backend.identity.queries import practice

CACHE = "calendars"
Weekly = tuple[tuple[int, time, time], ...]


async def calendar_of(session: AsyncSession, location_id: uuid.UUID | None) -> Calendar:
    """The clinic's calendar; without a clinic the usual hours in the practice's zone, with its holidays."""
    known: dict[uuid.UUID | None, Calendar] | None = session.info.get(CACHE)
    if known is None:
        known = session.info[CACHE] = await _all(session)
    return known.get(location_id) or known[None]


async def _all(session: AsyncSession) -> dict[uuid.UUID | None, Calendar]:
    practice_id = practice_of(session)
    clinics = await session.execute(
        select(Location.id, Location.timezone, LocationHours.weekly)
        .outerjoin(
            LocationHours,
            (LocationHours.practice_id == Location.practice_id) & (LocationHours.location_id == Location.id),
        )
        .where(Location.practice_id == practice_id)
    )
    days: dict[uuid.UUID | None, dict[date, tuple[Span, ...]]] = {None: {}}
    for row in await session.scalars(select(Holiday).where(Holiday.practice_id == practice_id)):
        days.setdefault(row.location_id, {})[row.date] = tuple(_span(span) for span in row.hours)

    def calendar(place: uuid.UUID | None, timezone: str, weekly: list[Any] | None) -> Calendar:
        special = days[None] | days.get(place, {})
        return Calendar(timezone, MONDAY_TO_FRIDAY if weekly is None else weekly_of(weekly), tuple(special.items()))

    found = {place: calendar(place, timezone, weekly) for place, timezone, weekly in clinics}
    return {**found, None: calendar(None, (await practice(session)).timezone, None)}


def weekly_of(stored: list[Any]) -> Weekly:
    """Spans as the table keeps them."""
    return tuple((span["weekday"], *_span(span)) for span in stored)


def _span(stored: dict[str, Any]) -> Span:
    return time.fromisoformat(stored["opens"]), time.fromisoformat(stored["closes"])


async def hours_of(
    session: AsyncSession, location_id: uuid.UUID, permission: str, *, lock: bool = False
) -> tuple[Location, LocationHours]:
    """The clinic and its hours, or the usual ones (`version` 0). Raises `NotFound`."""
    query = select(Location).where(Location.practice_id == practice_of(session), Location.id == location_id)
    query = query.where(within(session, permission, Location.id))
    location = await session.scalar(query.with_for_update() if lock else query)
    if location is None:
        raise NotFound("There is no such clinic in this practice.")
    row = await session.get(LocationHours, (practice_of(session), location_id), populate_existing=True)
    usual = [{"weekday": day, "opens": str(opens), "closes": str(closes)} for day, opens, closes in MONDAY_TO_FRIDAY]
    return location, row or LocationHours(
        practice_id=location.practice_id, location_id=location_id, weekly=usual, version=0
    )


async def set_hours(
    session: AsyncSession, location_id: uuid.UUID, version: int, weekly: list[Any]
) -> tuple[Location, LocationHours]:
    """Change a clinic's hours. Raises `StaleVersion`."""
    location, row = await hours_of(session, location_id, "settings:write", lock=True)
    if row.version != version:
        raise StaleVersion(row.version)
    row.weekly, row.version = weekly, version + 1
    session.add(row)
    await _changed(session)
    return location, row


async def holidays(session: AsyncSession, year: int | None = None) -> list[Holiday]:
    """Of the practice and the clinics the caller may know, by date."""
    query = select(Holiday).where(Holiday.practice_id == practice_of(session))
    query = query.where(within(session, "directory:read", Holiday.location_id))
    if year is not None:
        query = query.where(Holiday.date.between(date(year, 1, 1), date(year, 12, 31)))
    return list(await session.scalars(query.order_by(Holiday.date, Holiday.id)))


async def holiday(session: AsyncSession, holiday_id: uuid.UUID) -> Holiday:
    """One day. Raises `NotFound`."""
    row = await session.get(Holiday, (practice_of(session), holiday_id))
    if row is None:
        raise NotFound("There is no such holiday in this practice.")
    return row


async def add_holiday(
    session: AsyncSession, on: date, name: str, location_id: uuid.UUID | None, hours: list[Any]
) -> Holiday:
    """A day that differs. Raises `Conflict` when that day is listed already."""
    await may_change(session, location_id)
    row = {
        "practice_id": practice_of(session), "id": new_id(), "location_id": location_id, "date": on, "name": name,
        "hours": hours,
    }  # fmt: skip
    holiday_id = await session.scalar(insert(Holiday).values(row).on_conflict_do_nothing().returning(Holiday.id))
    if holiday_id is None:
        raise Conflict("This day is listed already. Remove it first to change it.")
    await _changed(session)
    return await holiday(session, holiday_id)


async def add_us_federal(session: AsyncSession, years: Iterable[int]) -> list[Holiday]:
    """The federal holidays of these years, and when they are observed; days listed already stay as they are."""
    from holidays import country_holidays  # half a second that nobody else should wait for

    await may_change(session, None)
    base: dict[str, Any] = {"practice_id": practice_of(session), "location_id": None, "hours": []}
    rows = [
        {**base, "id": new_id(), "date": on, "name": name}
        for on, name in sorted(country_holidays("US", years=sorted(set(years))).items())
    ]
    statement = insert(Holiday).values(rows).on_conflict_do_nothing().returning(Holiday.id)
    added = set((await session.scalars(statement)).all())
    await _changed(session)
    return [row for row in await holidays(session) if row.id in added]


async def remove_holiday(session: AsyncSession, holiday_id: uuid.UUID) -> None:
    """An ordinary day again. Raises `NotFound`."""
    row = await holiday(session, holiday_id)
    await may_change(session, row.location_id)
    await session.delete(row)
    await _changed(session)


async def may_change(session: AsyncSession, location_id: uuid.UUID | None) -> None:
    """A clinic's manager changes their clinic; what holds for all needs a manager of all. Raises when not."""
    if location_id is not None:
        await hours_of(session, location_id, "settings:write")
    elif actor_of(session).places("settings:write") is not None:
        raise Forbidden("This holds for every clinic. Ask someone who manages all of them.")


async def _changed(session: AsyncSession) -> None:
    await session.flush()
    session.info.pop(CACHE, None)
    await publish(session, CalendarChanged())
