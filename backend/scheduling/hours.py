"""When a clinician works at a clinic: weekly hours, dates that differ, within the clinic's own hours. Pure."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, time
from zoneinfo import ZoneInfo

from backend.core.working_time import Calendar
from backend.scheduling.grid import Grid, tick_after, tick_of
from backend.scheduling.models import Availability, AvailabilityException

Key = tuple[uuid.UUID, uuid.UUID]


class Hours:
    """Working time of many people on one grid."""

    def __init__(
        self, grid: Grid, calendars: dict[uuid.UUID, Calendar], availability: Iterable[Availability],
        exceptions: Iterable[AvailabilityException],
    ) -> None:  # fmt: skip
        self._grid, self._calendars = grid, calendars
        self._weekly: dict[Key, list[Availability]] = defaultdict(list)
        for row in availability:
            self._weekly[row.clinician_id, row.location_id].append(row)
        self._special: dict[uuid.UUID, list[AvailabilityException]] = defaultdict(list)
        for exception in exceptions:
            self._special[exception.clinician_id].append(exception)
        self._open: dict[uuid.UUID, int] = {}
        self._spans: dict[tuple[str, date, time, time], int] = {}
        self._weekdays: dict[tuple[str, int], list[date]] = {}

    def of(self, key: Key, type_id: uuid.UUID | None) -> int:
        """Bits in which the clinician works at the clinic and gives this type (None: whatever they give)."""
        clinician_id, location_id = key
        zone, usual = self._calendars[location_id].zone, 0
        for row in self._weekly[key]:
            if type_id is None or not row.type_ids or type_id in row.type_ids:
                usual |= self._usual(row, zone)
        here = [row for row in self._special[clinician_id] if row.location_id in {None, location_id}]
        extra = self._union(zone, [row for row in here if row.kind == "extra"])
        off = self._union(zone, [row for row in here if row.kind == "off"])
        # Extra hours are a decision for that day: the clinic's weekly hours do not end them, its holidays do.
        return ((usual & self._clinic(location_id)) | (extra & ~self._closed(location_id))) & ~off

    def _usual(self, row: Availability, zone: ZoneInfo) -> int:
        found = 0
        for day in self._days_like(zone, row.weekday):
            if (row.valid_from is None or row.valid_from <= day) and (
                row.valid_until is None or day <= row.valid_until
            ):
                found |= self._span(zone, day, row.opens, row.closes)
        return found

    def _days_like(self, zone: ZoneInfo, weekday: int) -> list[date]:
        key = (zone.key, weekday)
        if key not in self._weekdays:
            self._weekdays[key] = [day for day in self._grid.days(zone) if day.weekday() == weekday]
        return self._weekdays[key]

    def _span(self, zone: ZoneInfo, day: date, opens: time, closes: time) -> int:
        key = (zone.key, day, opens, closes)
        found = self._spans.get(key)
        if found is None:
            found = self._spans[key] = self._grid.local_span(zone, day, opens, closes)
        return found

    def _union(self, zone: ZoneInfo, rows: Sequence[AvailabilityException]) -> int:
        found = 0
        for row in rows:
            if row.opens is None or row.closes is None:
                found |= self._grid.whole_day(zone, row.date)
            else:
                found |= self._span(zone, row.date, row.opens, row.closes)
        return found

    def _clinic(self, location_id: uuid.UUID) -> int:
        if location_id not in self._open:
            calendar, found = self._calendars[location_id], 0
            for day in self._grid.days(calendar.zone):
                for opens, closes in calendar.open_on(day):
                    found |= self._grid.ticks(tick_after(opens), tick_of(closes))
            self._open[location_id] = found
        return self._open[location_id]

    def _closed(self, location_id: uuid.UUID) -> int:
        """Holidays, but for their own hours."""
        calendar, found = self._calendars[location_id], 0
        for day, _ in calendar.holidays:
            found |= self._grid.whole_day(calendar.zone, day)
        return found & ~self._clinic(location_id)
