"""Working time of a clinic: is it open, when are so many hours worked, how much was worked between two moments. Pure.

Spans are local; time between them is measured through UTC, so a day on which the clocks change counts what it has.
A calendar without any weekly hours is never open, but its time still runs, by the wall clock: a promise that waits
for working hours that never come would be lost.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Span = tuple[time, time]
Moments = tuple[datetime, datetime]
DAY = timedelta(days=1)
NOTHING = timedelta(0)
MONDAY_TO_FRIDAY = tuple((weekday, time(8), time(18)) for weekday in range(5))


@dataclass(frozen=True, slots=True)
class Calendar:
    """`weekly` holds (weekday, opens, closes), 0 is Monday; `holidays` the days that differ, with their own spans."""

    timezone: str
    weekly: tuple[tuple[int, time, time], ...] = MONDAY_TO_FRIDAY
    holidays: tuple[tuple[date, tuple[Span, ...]], ...] = ()
    _special: dict[date, tuple[Span, ...]] = field(init=False, repr=False, compare=False)
    _days: dict[date, tuple[Moments, ...]] = field(init=False, repr=False, compare=False, default_factory=dict)
    _lengths: dict[int, timedelta] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "weekly", tuple(span for span in self.weekly if span[1] < span[2]))
        object.__setattr__(self, "_special", dict(self.holidays))

    @property
    def zone(self) -> ZoneInfo:
        """The clinic's zone."""
        return ZoneInfo(self.timezone)

    def is_open(self, at: datetime) -> bool:
        """Whether somebody works at this moment; the closing minute no longer counts."""
        return any(opens <= at < closes for opens, closes in self._spans(at.astimezone(self.zone).date()))

    def next_open(self, at: datetime) -> datetime:
        """`at` itself when open, else the next opening."""
        if not self.weekly:
            return at
        opens, _ = next(self._from(at))
        return max(opens, at).astimezone(at.tzinfo)

    def after(self, start: datetime, hours: float) -> datetime:
        """The moment at which `hours` of working time have passed since `start`, in the zone of `start`."""
        left, moment = timedelta(hours=hours), start.astimezone(UTC)
        if not self.weekly:
            return (moment + left).astimezone(start.tzinfo)
        for opens, closes in self._from(moment):
            begin = max(opens, moment)
            if left <= closes - begin:
                return (begin + left).astimezone(start.tzinfo)
            left -= closes - begin
        raise AssertionError("weekly hours come round")

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from `start` to `end`; none when `end` is not later."""
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        if end <= start:
            return NOTHING
        if not self.weekly:
            return end - start
        first, last = start.astimezone(self.zone).date(), end.astimezone(self.zone).date()
        worked = sum((self._worked(day, start, end) for day in {first, last}), NOTHING)
        return sum(map(self._length, range(first.toordinal() + 1, last.toordinal())), worked)

    def open_on(self, day: date) -> tuple[Moments, ...]:
        """When the clinic is open on a local day, in UTC."""
        return self._spans(day)

    def _worked(self, day: date, start: datetime, end: datetime) -> timedelta:
        overlaps = (min(closes, end) - max(opens, start) for opens, closes in self._spans(day))
        return sum((overlap for overlap in overlaps if overlap > NOTHING), NOTHING)

    def _length(self, ordinal: int) -> timedelta:
        """Of a whole day; a lead may have waited for a year of them."""
        found = self._lengths.get(ordinal)
        if found is None:
            spans = self._spans(date.fromordinal(ordinal))
            found = self._lengths[ordinal] = sum((closes - opens for opens, closes in spans), NOTHING)
        return found

    def _from(self, start: datetime) -> Iterator[Moments]:
        """Spans that end after `start`, in order, without end."""
        day = start.astimezone(self.zone).date()
        while True:
            for opens, closes in self._spans(day):
                if closes > start:
                    yield opens, closes
            day += DAY

    def _spans(self, day: date) -> tuple[Moments, ...]:
        found = self._days.get(day)
        if found is None:
            spans = self._special.get(day)
            if spans is None:
                spans = tuple((opens, closes) for weekday, opens, closes in self.weekly if weekday == day.weekday())
            found = self._days[day] = _joined(self._moment(day, spans))
        return found

    def _moment(self, day: date, spans: Iterable[Span]) -> list[Moments]:
        """Through UTC: an hour that a spring night skips is no working time."""
        zone = self.zone
        return [
            (datetime.combine(day, opens, zone).astimezone(UTC), datetime.combine(day, closes, zone).astimezone(UTC))
            for opens, closes in spans
        ]


def _joined(spans: list[Moments]) -> tuple[Moments, ...]:
    """In order, none empty, none overlapping."""
    joined: list[Moments] = []
    for opens, closes in sorted(span for span in spans if span[0] < span[1]):
        if joined and opens <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], closes))
        else:
            joined.append((opens, closes))
    return tuple(joined)
