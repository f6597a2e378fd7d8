"""When a text may arrive: 47 CFR 64.1200(c)(1) forbids before 8 and after 21 at the called party's place.

Ours is narrower (9 to 20, no Sundays) unless the practice chooses otherwise; whatever it chooses, the law's hours hold,
in every zone the person may be in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

LAW_OPENS, LAW_CLOSES = time(8), time(21)
LONGEST_WAIT_DAYS = 8
SUNDAY = 6


@dataclass(frozen=True, slots=True)
class TextingHours:
    """From `opens` (included) to `closes` (excluded), local time; never beyond the law's hours."""

    opens: time = time(9)
    closes: time = time(20)
    sundays: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "opens", max(self.opens, LAW_OPENS))
        object.__setattr__(self, "closes", min(self.closes, LAW_CLOSES))


def allowed(at: datetime, zones: Sequence[str], hours: TextingHours) -> bool:
    """Whether a text may arrive now in every zone."""
    return all(_allowed_in(at.astimezone(ZoneInfo(zone)), hours) for zone in zones)


def _allowed_in(local: datetime, hours: TextingHours) -> bool:
    if local.weekday() == SUNDAY and not hours.sundays:
        return False
    return hours.opens <= local.time() < hours.closes


def next_allowed(at: datetime, zones: Sequence[str], hours: TextingHours) -> datetime | None:
    """`at` itself, or the next moment at which every zone allows texts; None when they have no hour in common."""
    moment = at
    for _ in range(LONGEST_WAIT_DAYS * 2 * max(1, len(zones))):
        if allowed(moment, zones, hours):
            return moment
        closed = [local for zone in zones if not _allowed_in(local := moment.astimezone(ZoneInfo(zone)), hours)]
        moment = max(_opening(local, hours) for local in closed)
    return None


def _opening(local: datetime, hours: TextingHours) -> datetime:
    """The next opening in this zone, by its own calendar."""
    zone = local.tzinfo
    day = local.date() + timedelta(days=0 if local.time() < hours.opens else 1)
    while day.weekday() == SUNDAY and not hours.sundays:
        day += timedelta(days=1)
    # Through UTC, so that an opening in the hour a spring night skips is a real moment.
    return datetime.combine(day, hours.opens, zone).astimezone(ZoneInfo("UTC"))
