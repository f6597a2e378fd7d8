"""Where an appointment could begin, as bits, for a clinician at a clinic. Pure; offering and booking both ask it."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from backend.identity.models import Location
from backend.scheduling.busy import blocked, not_joinable, some_unit, taken_by_clinician
from backend.scheduling.grid import DAY, MINUTES, Grid, fits, tick_after
from backend.scheduling.hours import Hours
from backend.scheduling.material import Key, Material
from backend.scheduling.models import Clinician
from backend.scheduling.rules import Asked, Rulebook, concurrency
from backend.scheduling.wishes import in_part, in_windows
from backend.scheduling.words import SlotQuery


@dataclass(frozen=True, slots=True)
class Opening:
    """Why, and why not: each mask says where the visit may begin as far as that matter goes."""

    clinician: Clinician
    location: Location
    hours: int
    unblocked: int
    untaken: int
    room: int
    allowed: int
    concurrency: int
    load: int

    @property
    def begins(self) -> int:
        """Where all of them say yes."""
        return self.hours & self.unblocked & self.untaken & self.room & self.allowed


class Openings:
    """The clinicians of a query on one grid."""

    def __init__(self, wanted: SlotQuery, material: Material, grid: Grid, at: datetime) -> None:
        self._wanted, self._material, self._grid, self._at = wanted, material, grid, at
        self._hours = Hours(grid, material.calendars, material.availability, material.exceptions)
        self._taken = taken_by_clinician(material.taken)
        self._books: dict[str, Rulebook] = {}
        self._rooms: dict[uuid.UUID, int] = {}
        self._clinics: dict[uuid.UUID, set[uuid.UUID]] = {}
        for row in material.availability:
            self._clinics.setdefault(row.clinician_id, set()).add(row.location_id)
        kind = material.type
        self._before, self._length = kind.padding_before // MINUTES, kind.minutes // MINUTES
        self._whole = self._before + self._length + kind.padding_after // MINUTES

    def all(self) -> Iterator[Opening]:
        """In the order in which clinicians are listed."""
        for key in self._material.places:
            yield self.of(key)

    def of(self, key: Key) -> Opening:
        """One clinician at one clinic."""
        clinician, location = self._material.places[key]
        kind, grid = self._material.type, self._grid
        asked = Asked(kind.id, kind.kind, self._wanted.payer, clinician.id, location.id)
        most, groups = concurrency(self._material.rules, asked), self._taken[clinician.id]
        forbidden = self._book(location).forbidden(asked, lambda: self._worked(clinician.id), kind.minutes)
        return Opening(
            clinician, location,
            # Padding may lie outside working hours, the visit may not.
            hours=fits(self._hours.of(key, kind.id), self._length),
            unblocked=self._padded(~blocked(grid, self._material.blocked, clinician.id, location.id)),
            untaken=self._padded(~not_joinable(grid, groups, most)),
            room=self._room(location), allowed=grid.all & ~forbidden, concurrency=most,
            load=sum(len(group.begins) for group in groups),
        )  # fmt: skip

    def offered(self, location: Location) -> int:
        """Where the asker may be offered anything at this clinic, whoever is free."""
        wanted, rule = self._wanted, self._material.offering.at(location.id)
        zone, grid = ZoneInfo(location.timezone), self._grid
        start, end = max(wanted.start, self._at), wanted.end
        if wanted.audience == "patient":
            start = max(start, self._at + timedelta(minutes=rule.notice_minutes))
            end = min(end, self._at + timedelta(days=rule.horizon_days))
        if wanted.latest is not None:
            end = min(end, datetime.combine(wanted.latest + DAY, time(), zone))
        found = grid.ticks(tick_after(start), tick_after(end)) & grid.every(rule.spacing_minutes, zone)
        if wanted.part_of_day:
            found &= in_part(grid, zone, wanted.part_of_day)
        if wanted.windows:
            found &= in_windows(grid, zone, wanted.windows, self._length)
        return found

    def _padded(self, free: int) -> int:
        return fits(free & self._grid.all, self._whole) << self._before

    def _room(self, location: Location) -> int:
        if self._material.type.resource_kind is None:
            return self._grid.all
        if location.id not in self._rooms:
            free = some_unit(self._grid, self._material, location.id, self._whole)
            self._rooms[location.id] = free << self._before
        return self._rooms[location.id]

    def _book(self, location: Location) -> Rulebook:
        zone = location.timezone
        if zone not in self._books:
            self._books[zone] = Rulebook(self._grid, ZoneInfo(zone), self._material.rules, self._material.taken)
        return self._books[zone]

    def _worked(self, clinician_id: uuid.UUID) -> int:
        """At every clinic."""
        found = 0
        for place in self._clinics.get(clinician_id, ()):
            found |= self._hours.of((clinician_id, place), None)
        return found
