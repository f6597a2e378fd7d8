"""When somebody could come: times free just now, in a fixed number of statements however many clinicians and days."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.scheduling import choosing
from backend.scheduling.grid import Grid
from backend.scheduling.material import load, rules_of
from backend.scheduling.openings import Opening, Openings
from backend.scheduling.rules import reach
from backend.scheduling.words import Slot, SlotQuery

# Padding, visit and what reaches over midnight.
MARGIN = timedelta(hours=24)
LONGEST_SPAN = timedelta(days=93)


@dataclass(frozen=True, slots=True)
class Found:
    """Slots in order; how many different times each local day has; where a later page would begin."""

    slots: list[Slot]
    days: dict[date, int]
    following: datetime | None


async def find(session: AsyncSession, wanted: SlotQuery) -> list[Slot]:
    """What is free, by time; with `pick`, that many that differ. Raises `NotFound` for an unknown type."""
    return (await search(session, wanted)).slots


async def search(session: AsyncSession, wanted: SlotQuery) -> Found:
    """As `find`, with what a page shows around it. A page never ends between two slots of the same time."""
    at = now()
    openings, grid, minutes = await openings_of(session, wanted, at)
    found = [(opening, opening.begins & openings.offered(opening.location)) for opening in openings.all()]
    found = [(opening, mask) for opening, mask in found if mask]
    if wanted.pick is not None:
        chosen, rest = choosing.varied(grid, found, wanted.pick, wanted.preferred_clinician_id), None
    else:
        chosen, rest = choosing.in_order(
            found, wanted.preferred_clinician_id, one_per_time=wanted.one_per_time, limit=wanted.limit
        )
    slots = [_slot(grid, choice, minutes, wanted) for choice in chosen]
    return Found(slots, _days(grid, found), None if rest is None else grid.moment(rest))


async def openings_of(session: AsyncSession, wanted: SlotQuery, at: datetime) -> tuple[Openings, Grid, timedelta]:
    """What was read, ready to be asked; and how long a visit of this type is."""
    end = min(wanted.end, max(wanted.start, at) + LONGEST_SPAN)
    rules = await rules_of(session)
    around = max(MARGIN, reach(rules) + MARGIN)
    start = max(wanted.start, at)
    grid = Grid.over(start - around, max(start, end) + around)
    material = await load(session, wanted, grid, rules)
    if not material.type.active or (wanted.audience == "patient" and not material.type.self_schedulable):
        material.places.clear()
    return Openings(wanted, material, grid, at), grid, timedelta(minutes=material.type.minutes)


def _slot(grid: Grid, choice: choosing.Choice, minutes: timedelta, wanted: SlotQuery) -> Slot:
    starts_at, person, place = grid.moment(choice.position), choice.opening.clinician, choice.opening.location
    return Slot(
        wanted.type_id, person.id, person.name, place.id, place.name, place.timezone, starts_at, starts_at + minutes
    )


def _days(grid: Grid, found: list[tuple[Opening, int]]) -> dict[date, int]:
    by_zone: dict[str, int] = {}
    for opening, mask in found:
        by_zone[opening.location.timezone] = by_zone.get(opening.location.timezone, 0) | mask
    days: Counter[date] = Counter()
    for zone, mask in by_zone.items():
        for day in grid.days(ZoneInfo(zone)):
            days[day] += (mask & grid.whole_day(ZoneInfo(zone), day)).bit_count()
    return {day: count for day, count in sorted(days.items()) if count}
