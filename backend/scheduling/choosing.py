"""Which times to offer first: on different days, at different times of day, with different clinicians. Pure."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from zoneinfo import ZoneInfo

from backend.scheduling.grid import Grid, positions
from backend.scheduling.openings import Opening
from backend.scheduling.wishes import part_of

# Variety must not cost weeks: so many open days are looked at for each time wanted.
DAYS_EACH = 2


@dataclass(frozen=True, slots=True)
class Choice:
    """A time, and whose it is."""

    position: int
    opening: Opening


def in_order(
    found: Sequence[tuple[Opening, int]], preferred: uuid.UUID | None, *, one_per_time: bool, limit: int | None
) -> tuple[list[Choice], int | None]:
    """By time; at the same time the preferred clinician first, then whoever has least to do. At most about `limit`.

    A time is never split: also returns the place of the first one left out.
    """
    ordered = sorted(found, key=lambda item: _rank(item[0], preferred))
    digits = [(opening, bin(mask)[:1:-1]) for opening, mask in ordered]
    together = 0
    for _, mask in ordered:
        together |= mask
    chosen: list[Choice] = []
    for position in positions(together):
        if limit is not None and len(chosen) >= limit:
            return chosen, position
        free = (opening for opening, places in digits if places[position : position + 1] == "1")
        chosen += [Choice(position, opening) for opening in (islice(free, 1) if one_per_time else free)]
    return chosen, None


def _rank(opening: Opening, preferred: uuid.UUID | None) -> tuple[bool, int, str, str]:
    person = opening.clinician
    return person.id != preferred, opening.load, person.name, f"{person.id}{opening.location.id}"


def varied(grid: Grid, found: Sequence[tuple[Opening, int]], wanted: int, preferred: uuid.UUID | None) -> list[Choice]:
    """`wanted` times, the preferred clinician's as far as there are any."""
    theirs = [(opening, mask) for opening, mask in found if opening.clinician.id == preferred]
    chosen = _spread(grid, theirs, wanted, [])
    if len(chosen) < wanted:
        others = [(opening, mask) for opening, mask in found if opening.clinician.id != preferred]
        chosen = _spread(grid, others, wanted, chosen)
    return sorted(chosen, key=lambda choice: choice.position)


def _spread(grid: Grid, found: Sequence[tuple[Opening, int]], wanted: int, chosen: list[Choice]) -> list[Choice]:
    cells = _cells(grid, found, wanted * DAYS_EACH)
    used_days: Counter[date] = Counter()
    used_parts: Counter[str] = Counter()
    used_people: Counter[uuid.UUID] = Counter(choice.opening.clinician.id for choice in chosen)
    taken = {choice.position for choice in chosen}
    while len(chosen) < wanted:
        left = {cell: [at for at in cells[cell] if at not in taken] for cell in cells}
        open_cells = [cell for cell, at in left.items() if at]
        if not open_cells:
            return chosen
        day, part = min(open_cells, key=lambda cell: (used_days[cell[0]], used_parts[cell[1]], left[cell][0]))
        position = left[day, part][0]
        free = [opening for opening, mask in found if mask >> position & 1]
        opening = min(free, key=lambda one: (used_people[one.clinician.id], *_rank(one, None)))
        chosen.append(Choice(position, opening))
        taken.add(position)
        used_days[day] += 1
        used_parts[part] += 1
        used_people[opening.clinician.id] += 1
    return chosen


def _cells(grid: Grid, found: Sequence[tuple[Opening, int]], most_days: int) -> dict[tuple[date, str], list[int]]:
    """Times by local day and part of day, of the first open days."""
    cells: dict[tuple[date, str], set[int]] = {}
    for zone in sorted({opening.location.timezone for opening, _ in found}):
        together = 0
        for opening, mask in found:
            together |= mask if opening.location.timezone == zone else 0
        days: set[date] = set()
        for position in positions(together):
            local = grid.moment(position).astimezone(ZoneInfo(zone))
            days.add(local.date())
            if len(days) > most_days:
                break
            cells.setdefault((local.date(), part_of(local.time())), set()).add(position)
    return {cell: sorted(at) for cell, at in cells.items()}
