"""The live promise: the first times that fit each of many leads, before anybody has called.

What is free is read once for all of them; each distinct need is then a few shifts and ANDs. Nothing is cached, so
nothing is ever stale.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.identity.queries import practice
from backend.leads.models import Lead
from backend.scheduling import choosing, needs
from backend.scheduling.grid import Grid
from backend.scheduling.material import Material, load, rules_of
from backend.scheduling.needs import Need
from backend.scheduling.openings import Opening, Openings
from backend.scheduling.rules import reach
from backend.scheduling.slots import MARGIN
from backend.scheduling.words import Slot, SlotQuery

DAYS: Final = timedelta(days=21)
WANTED: Final = 3


@dataclass(frozen=True, slots=True)
class FirstSlots:
    """`in_window`: they are early enough. `as_said`: at days and times the patient named; when none of those is free,
    whatever is."""

    need: Need
    slots: tuple[Slot, ...]
    in_window: bool
    as_said: bool


async def of_lead(session: AsyncSession, lead: Lead, exclude: Sequence[Slot] = ()) -> FirstSlots | None:
    """For one lead; without `exclude`, times it was offered before. None when there is no type of evaluation."""
    return (await of_leads(session, [lead], exclude)).get(lead.id)


async def of_leads(
    session: AsyncSession, leads: Sequence[Lead], exclude: Sequence[Slot] = ()
) -> dict[uuid.UUID, FirstSlots]:
    """By lead."""
    wanted = await needs.of_leads(session, leads) if leads else {}
    found: dict[Need, FirstSlots] = {}
    timezone = (await practice(session)).timezone if wanted else ""
    for type_id in {need.type_id for need in wanted.values()}:
        board = await _Board.read(session, type_id, timezone, exclude)
        found |= {need: board.first(need) for need in set(wanted.values()) if need.type_id == type_id}
    return {lead_id: found[need] for lead_id, need in wanted.items()}


class _Board:
    """What is free for one type, everywhere; asked for need after need."""

    def __init__(
        self, query: SlotQuery, material: Material, grid: Grid, timezone: str, exclude: Sequence[Slot]
    ) -> None:
        self._query, self._material, self._grid, self._timezone = query, material, grid, timezone
        self._payers = any(rule.payer for rule in material.rules)
        self._free: dict[str | None, list[Opening]] = {}
        self._offered: dict[tuple[SlotQuery, uuid.UUID], int] = {}
        self._exclude = {(slot.starts_at, slot.clinician_id) for slot in exclude}

    @classmethod
    async def read(cls, session: AsyncSession, type_id: uuid.UUID, timezone: str, exclude: Sequence[Slot]) -> "_Board":
        """Read what the type's clinicians have in the coming weeks."""
        at, rules = now(), await rules_of(session)
        query = SlotQuery(type_id, at, at + DAYS)
        around = max(MARGIN, reach(rules) + MARGIN)
        grid = Grid.over(at - around, at + DAYS + around)
        return cls(query, await load(session, query, grid, rules), grid, timezone, exclude)

    def first(self, need: Need) -> FirstSlots:
        """In the surgeon's window and as the patient said; else in the window; else as said, later; else whenever."""
        start = needs.starts(need, self._query.start, self._timezone)
        latest = need.window.latest
        for windows in dict.fromkeys((need.said, ())):
            if slots := self._pick(need, replace(self._query, start=start, latest=latest, windows=windows)):
                return FirstSlots(need, slots, True, windows == need.said)
        if latest is None:
            return FirstSlots(need, (), True, True)
        for windows in dict.fromkeys((need.said, ())):
            if slots := self._pick(need, replace(self._query, start=start, windows=windows)):
                return FirstSlots(need, slots, False, windows == need.said)
        return FirstSlots(need, (), False, True)

    def _pick(self, need: Need, query: SlotQuery) -> tuple[Slot, ...]:
        asking = Openings(query, self._material, self._grid, self._query.start)
        found = []
        for opening in self._openings(need.payer):
            if need.location_id not in {None, opening.location.id}:
                continue
            if need.discipline and need.discipline not in opening.clinician.disciplines:
                continue
            key = (query, opening.location.id)
            if key not in self._offered:
                self._offered[key] = asking.offered(opening.location)
            if mask := opening.begins & self._offered[key]:
                found.append((opening, mask))
        minutes = timedelta(minutes=self._material.type.minutes)
        chosen = choosing.varied(self._grid, found, WANTED + len(self._exclude), None) if found else []
        slots = [self._slot(choice, minutes) for choice in chosen]
        left = [slot for slot in slots if (slot.starts_at, slot.clinician_id) not in self._exclude]
        return tuple(left[:WANTED])

    def _openings(self, payer: str | None) -> list[Opening]:
        """Who pays matters only where a rule asks."""
        key = payer if self._payers else None
        if key not in self._free:
            openings = Openings(replace(self._query, payer=key), self._material, self._grid, self._query.start)
            self._free[key] = [opening for opening in openings.all() if opening.begins]
        return self._free[key]

    def _slot(self, choice: choosing.Choice, minutes: timedelta) -> Slot:
        starts_at: datetime = self._grid.moment(choice.position)
        person, place = choice.opening.clinician, choice.opening.location
        return Slot(
            self._query.type_id, person.id, person.name, place.id, place.name, place.timezone, starts_at,
            starts_at + minutes,
        )  # fmt: skip
