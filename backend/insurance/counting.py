"""Which authorization each visit uses up. Pure: the same visits and authorizations always settle the same way."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from backend.insurance.standing import Leave


@dataclass(frozen=True, slots=True)
class Claim:
    """An authorization that visits may use up."""

    id: uuid.UUID
    leave: Leave


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit that took place, in units when they were said, and where it is counted so far."""

    id: uuid.UUID
    day: date
    units: int | None
    counted_on: uuid.UUID | None


Placed = dict[uuid.UUID, tuple[uuid.UUID | None, int]]


def settle(visits: Sequence[Visit], claims: Sequence[Claim]) -> Placed:
    """By visit, its authorization and how much of it it takes.

    A visit stays where it is counted while that authorization holds on its day. The others go, in order of their
    days, to one that holds and has room, else to one that holds: more visits than were approved must show.
    """
    used = {claim.id: replace(claim.leave, used=0) for claim in claims}
    placed: Placed = {}
    for visit in sorted(visits, key=lambda visit: (visit.counted_on is None, visit.day, visit.id)):
        target = visit.counted_on
        if target is None or target not in used or not used[target].holds_on(visit.day):
            target = _choose(used, visit.day)
        taken = 0
        if target is not None:
            leave = used[target]
            taken = visit.units or leave.per_visit if leave.counts == "units" else 1
            used[target] = replace(leave, used=leave.used + taken)
        placed[visit.id] = (target, taken)
    return placed


def _choose(leaves: dict[uuid.UUID, Leave], day: date) -> uuid.UUID | None:
    """Of those that hold: one with room, and of these the one that ends first."""
    holding = {key: leave for key, leave in leaves.items() if leave.holds_on(day)}
    return min(
        holding, key=lambda key: (holding[key].left == 0, holding[key].valid_until or date.max, key), default=None
    )
