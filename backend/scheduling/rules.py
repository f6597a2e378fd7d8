"""Booking rules: how many may overlap, how many a day or week, which share of a week. Pure."""

import uuid
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from backend.scheduling.grid import DAY, MINUTES, Grid
from backend.scheduling.material import Taken
from backend.scheduling.models import BookingRule

# Days beyond the asked span whose appointments count for it.
REACH = {"day": timedelta(days=1), "week": timedelta(days=8)}


@dataclass(frozen=True, slots=True)
class Asked:
    """What would be booked, as rules see it."""

    type_id: uuid.UUID
    type_kind: str
    payer: str | None
    clinician_id: uuid.UUID
    location_id: uuid.UUID


def matches(rule: BookingRule, it: "Asked | Taken") -> bool:
    """Whether the rule is about this."""
    return (
        rule.type_id in {None, it.type_id}
        and rule.type_kind in {None, it.type_kind}
        and rule.location_id in {None, it.location_id}
        and rule.clinician_id in {None, it.clinician_id}
        and (rule.payer is None or (it.payer is not None and rule.payer.casefold() in it.payer.casefold()))
    )


def concurrency(rules: Iterable[BookingRule], asked: Asked) -> int:
    """How many may overlap: what the strictest rule about it says, one where none does."""
    return min((rule.most for rule in rules if rule.rule == "concurrency" and matches(rule, asked)), default=1)


def reach(rules: Iterable[BookingRule]) -> timedelta:
    """How far beyond the asked span the rules look."""
    found = [REACH["week" if rule.rule == "case_mix" else rule.period or "day"] for rule in rules
             if rule.rule != "concurrency"]  # fmt: skip
    return max(found, default=timedelta(0))


class Rulebook:
    """Days and weeks of one zone in which the rules allow no more; what was counted once is not counted again."""

    def __init__(self, grid: Grid, zone: ZoneInfo, rules: Iterable[BookingRule], taken: Sequence[Taken]) -> None:
        self._rules = [rule for rule in rules if rule.rule != "concurrency"]
        spread = [(group, self._spread(grid, zone, group)) for group in taken] if self._rules else []
        self._counted = {rule.id: [item for item in spread if matches(rule, item[0])] for rule in self._rules}
        self._periods: dict[bool, dict[date, int]] = {weekly: defaultdict(int) for weekly in (False, True)}
        for day in grid.days(zone) if self._rules else ():
            bits = grid.whole_day(zone, day)
            self._periods[False][day] |= bits
            self._periods[True][_monday(day)] |= bits

    @staticmethod
    def _spread(grid: Grid, zone: ZoneInfo, group: Taken) -> dict[date, tuple[int, int]]:
        """How many, and how many minutes, on each local day."""
        days = grid.days(zone)
        begins = [grid.local(zone, day, time()) for day in days]
        found: dict[date, tuple[int, int]] = {}
        for begin, minutes in zip(group.begins, group.minutes, strict=True):
            if begin >= begins[0]:
                day = days[bisect_right(begins, begin) - 1]
                count, total = found.get(day, (0, 0))
                found[day] = (count + 1, total + minutes)
        return found

    def forbidden(self, asked: Asked, worked: Callable[[], int], minutes: int) -> int:
        """Bits of days and weeks that are full for what would be booked. `worked` is the clinician's working time."""
        found = 0
        for rule in self._rules:
            if not matches(rule, asked):
                continue
            weekly = rule.rule == "case_mix" or rule.period == "week"
            used = self._used(rule, asked, weekly=weekly)
            capacity = worked() if rule.rule == "case_mix" else 0
            for period, bits in self._periods[weekly].items():
                count, total = used.get(period, (0, 0))
                if rule.rule == "count":
                    full = count >= rule.most
                else:
                    full = (total + minutes) * 100 > (capacity & bits).bit_count() * MINUTES * rule.most
                found |= bits if full else 0
        return found

    def _used(self, rule: BookingRule, asked: Asked, *, weekly: bool) -> dict[date, tuple[int, int]]:
        used: dict[date, tuple[int, int]] = {}
        for group, spread in self._counted[rule.id]:
            if not _together(rule, asked, group):
                continue
            for day, (count, minutes) in spread.items():
                period = _monday(day) if weekly else day
                so_far = used.get(period, (0, 0))
                used[period] = (so_far[0] + count, so_far[1] + minutes)
        return used


def _together(rule: BookingRule, asked: Asked, group: Taken) -> bool:
    if rule.per == "clinician":
        return group.clinician_id == asked.clinician_id
    return rule.per == "practice" or group.location_id == asked.location_id


def _monday(day: date) -> date:
    return day - day.weekday() * DAY
