"""What the patient said about days and times, as bits in which a visit may begin. Pure.

A window that ends when clinics usually close ("after 5") is open to the end of the day, one that begins when they
usually open ("before noon") to its beginning.
"""

from collections.abc import Iterable
from datetime import date, time
from typing import Final
from zoneinfo import ZoneInfo

from backend.scheduling.grid import DAY, Grid
from backend.scheduling.words import PartOfDay, Window

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OPENS, CLOSES = "08:00", "18:00"
PARTS: Final[dict[PartOfDay, tuple[time, time | None]]] = {
    "morning": (time(), time(12)), "afternoon": (time(12), time(17)), "evening": (time(17), None),
}  # fmt: skip


def part_of(at: time) -> PartOfDay:
    """Morning, afternoon or evening."""
    return "morning" if at < time(12) else "afternoon" if at < time(17) else "evening"


def in_part(grid: Grid, zone: ZoneInfo, part: PartOfDay) -> int:
    """Where a visit begins in this part of any day."""
    opens, closes = PARTS[part]
    found = 0
    for day in grid.days(zone):
        found |= grid.ticks(grid.local(zone, day, opens), _end(grid, zone, day, closes))
    return found


def in_windows(grid: Grid, zone: ZoneInfo, windows: Iterable[Window], length: int) -> int:
    """Where a visit of `length` ticks lies inside one of the windows; equal times mean that very moment."""
    found, days = 0, grid.days(zone)
    for named, start, end in windows:
        opens = time() if start == OPENS < end else time.fromisoformat(start)
        closes = None if end == CLOSES > start else time.fromisoformat(end)
        for day in days:
            if not _means(named, day):
                continue
            first = grid.local(zone, day, opens)
            last = first + 1 if start == end else _end(grid, zone, day, closes) - length + 1
            found |= grid.ticks(first, last)
    return found


def fits_windows(zone: ZoneInfo, windows: Iterable[Window], grid: Grid, position: int, length: int) -> bool:
    """Whether one visit does."""
    return bool(in_windows(grid, zone, windows, length) >> position & 1)


def _means(named: str, day: date) -> bool:
    return named in {"any", WEEKDAYS[day.weekday()], day.isoformat()}


def _end(grid: Grid, zone: ZoneInfo, day: date, closes: time | None) -> int:
    return grid.local(zone, day, closes) if closes else grid.local(zone, day + DAY, time())
