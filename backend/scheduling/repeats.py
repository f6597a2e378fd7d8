"""What repeats every week, at the same time of the clinic's day whatever its clocks do. Pure."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo


def weekly(start: datetime, end: datetime, until: date | None, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """The span itself, then each week's whose day is not after `until`; without `until` the span alone."""
    first, last = start.astimezone(zone).replace(tzinfo=None), end.astimezone(zone).replace(tzinfo=None)
    yield start, end
    week = timedelta(days=7)
    while until is not None and (first := first + week).date() <= until:
        last += week
        yield _moment(first, zone), _moment(last, zone)


def _moment(wall: datetime, zone: ZoneInfo) -> datetime:
    return wall.replace(tzinfo=zone).astimezone(UTC)
