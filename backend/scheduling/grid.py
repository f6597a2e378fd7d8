"""Time as bits: a clinician's weeks are one integer, a bit for every five minutes. Pure.

Asking when twenty people are free for an hour in thirty days is then a few shifts and ANDs instead of a loop over days.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

SECONDS = 300
MINUTES = SECONDS // 60
DAY = timedelta(days=1)


def tick_of(moment: datetime) -> int:
    """The five minutes a moment lies in, counted since 1970."""
    return int(moment.timestamp()) // SECONDS


def tick_after(moment: datetime) -> int:
    """The first whole five minutes that do not begin before a moment."""
    return -(int(-moment.timestamp()) // SECONDS) if moment.microsecond == 0 else tick_of(moment) + 1


def bits(start: int, end: int) -> int:
    """Ones from `start` until before `end`."""
    return ((1 << (end - start)) - 1) << start if start < end else 0


def fits(free: int, length: int) -> int:
    """Where `length` free bits begin."""
    done = 1
    while done < length and free:
        step = min(done, length - done)
        free &= free >> step
        done += step
    return free


def positions(mask: int) -> Iterator[int]:
    """The places of the ones, in order."""
    digits = bin(mask)[:1:-1]
    at = digits.find("1")
    while at >= 0:
        yield at
        at = digits.find("1", at + 1)


def runs(mask: int) -> Iterator[tuple[int, int]]:
    """Where the ones begin, and where they end."""
    ends = positions(mask & ~(mask >> 1))
    for begin in positions(mask & ~(mask << 1)):
        yield begin, next(ends) + 1


@dataclass(frozen=True)
class Grid:
    """The ticks from `base` on, `size` of them; bit 0 is `base`."""

    base: int
    size: int
    _known: dict[tuple[str, date, time], int] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def over(cls, start: datetime, end: datetime) -> "Grid":
        """Every tick that touches the span."""
        base = tick_of(start)
        return cls(base, max(0, tick_after(end) - base))

    @cached_property
    def all(self) -> int:
        """Every bit."""
        return bits(0, self.size)

    def ticks(self, start: int, end: int) -> int:
        """Bits of ticks counted since 1970, as far as they lie on the grid."""
        return bits(max(0, start - self.base), min(self.size, end - self.base))

    def within(self, start: datetime, end: datetime) -> int:
        """Ticks that lie wholly inside the span."""
        return self.ticks(tick_after(start), tick_of(end))

    def touching(self, start: datetime, end: datetime) -> int:
        """Ticks that have any part in the span."""
        return self.ticks(tick_of(start), tick_after(end))

    def moment(self, position: int) -> datetime:
        """When a bit begins."""
        return datetime.fromtimestamp((self.base + position) * SECONDS, UTC)

    def local(self, zone: ZoneInfo, day: date, at: time) -> int:
        """The tick of a local time; through UTC, so a day on which the clocks change has what it has."""
        key = (zone.key, day, at)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = tick_of(datetime.combine(day, at, zone))
        return found

    def local_span(self, zone: ZoneInfo, day: date, opens: time, closes: time) -> int:
        """Bits of a local span of one day."""
        return self.ticks(self.local(zone, day, opens), self.local(zone, day, closes))

    def whole_day(self, zone: ZoneInfo, day: date) -> int:
        """Bits of a local day."""
        return self.ticks(self.local(zone, day, time()), self.local(zone, day + DAY, time()))

    def days(self, zone: ZoneInfo) -> list[date]:
        """Local days the grid touches."""
        first = self.moment(0).astimezone(zone).date()
        last = self.moment(max(0, self.size - 1)).astimezone(zone).date()
        return [first + DAY * number for number in range((last - first).days + 1)]

    def every(self, minutes: int, zone: ZoneInfo) -> int:
        """Ticks at which the local clock shows a multiple of `minutes`, a divisor of 60."""
        step = minutes // MINUTES
        first = self.moment(0).astimezone(zone)
        ahead = -(first.minute // MINUTES) % step
        count = max(0, (self.size - ahead + step - 1) // step)
        return (int(("0" * (step - 1) + "1") * count or "0", 2) << ahead) & self.all
