"""Working minutes of many waits at one clinic: whole days are added up once. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from typing import Final

from backend.core.working_time import NOTHING, Calendar

MINUTE: Final = timedelta(minutes=1)


class Worked:
    """What a clinic has worked between moments of which the last is `end`."""

    def __init__(self, calendar: Calendar, first: date, end: datetime) -> None:
        self._calendar, self._end = calendar, end
        last = end.astimezone(calendar.zone).date()
        days = range(first.toordinal(), last.toordinal() + 1)
        spans = [calendar.open_on(date.fromordinal(day)) for day in days]
        worked = [sum((min(closes, end) - opens for opens, closes in each if opens < end), NOTHING) for each in spans]
        self._first = days.start
        # Worked from the beginning of a day to the end.
        self._left = list(accumulate(reversed(worked), initial=NOTHING))[::-1]

    def since(self, start: datetime) -> int:
        """Whole working minutes from `start` to the end."""
        if not self._calendar.weekly:
            return max(self._end - start, NOTHING) // MINUTE
        day = start.astimezone(self._calendar.zone).date()
        tomorrow = day.toordinal() + 1 - self._first
        rest = self._left[tomorrow] if tomorrow < len(self._left) else NOTHING
        midnight = datetime.combine(day + timedelta(days=1), time(), self._calendar.zone).astimezone(UTC)
        return (rest + self._calendar.between(start, min(midnight, self._end))) // MINUTE
