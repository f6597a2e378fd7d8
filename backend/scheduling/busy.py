"""When a clinician cannot be offered: appointments with their padding, blocked time, rooms in use. Pure."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence

from backend.scheduling.grid import Grid, fits
from backend.scheduling.material import Material, Taken
from backend.scheduling.models import BlockedTime


def taken_by_clinician(taken: Iterable[Taken]) -> dict[uuid.UUID, list[Taken]]:
    """Everywhere: nobody treats at two clinics at once."""
    found: dict[uuid.UUID, list[Taken]] = defaultdict(list)
    for group in taken:
        found[group.clinician_id].append(group)
    return found


def not_joinable(grid: Grid, groups: Sequence[Taken], concurrency: int) -> int:
    """Bits in which one more appointment that bears `concurrency - 1` others would be one too many for any of them."""
    levels, alone, shared = [0] * max(concurrency, 6), 0, defaultdict[int, int](int)
    for group in groups:
        for start, end in zip(group.starts, group.ends, strict=True):
            here = grid.ticks(start, end)
            if concurrency == 1 or group.concurrency == 1:
                alone |= here
                continue
            shared[group.concurrency] |= here
            for level in range(len(levels) - 1, 0, -1):
                levels[level] |= levels[level - 1] & here
            levels[0] |= here
    full = alone | (levels[concurrency - 1] if concurrency > 1 else 0)
    for most, where in shared.items():
        full |= where & levels[most - 1]
    return full


def blocked(grid: Grid, rows: Iterable[BlockedTime], clinician_id: uuid.UUID, location_id: uuid.UUID) -> int:
    """Blocked for this clinician, or for everyone at this clinic."""
    found = 0
    for row in rows:
        if row.clinician_id in {None, clinician_id} and row.location_id in {None, location_id}:
            found |= grid.touching(row.starts_at, row.ends_at)
    return found


def units_free(grid: Grid, material: Material, location_id: uuid.UUID) -> dict[tuple[uuid.UUID, int], int]:
    """Bits in which each unit of the rooms of a clinic is free, in the order in which they are given out."""
    in_use: dict[tuple[uuid.UUID, int], int] = defaultdict(int)
    for resource_id, unit, start, end in material.in_use:
        in_use[resource_id, unit] |= grid.touching(start, end)
    return {
        (resource.id, unit): grid.all & ~in_use[resource.id, unit]
        for resource in material.resources
        if resource.location_id == location_id
        for unit in range(resource.units)
    }


def some_unit(grid: Grid, material: Material, location_id: uuid.UUID, length: int) -> int:
    """Where one and the same unit is free for `length` bits."""
    found = 0
    for free in units_free(grid, material, location_id).values():
        found |= fits(free, length)
    return found
