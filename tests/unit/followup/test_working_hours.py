"""Due times fall into working hours."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.followup.working_hours import CLOSES, OPENS, after

CHICAGO = ZoneInfo("America/Chicago")


def local(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=CHICAGO)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        (local(24, 9), 2, local(24, 11)),
        (local(24, 17), 2, local(25, 9)),
        (local(24, 3), 1, local(24, 9)),
        (local(24, 22), 1, local(25, 9)),
        (local(27, 17, 30), 1, local(30, 8, 30)),  # Friday evening → Monday morning
        (local(28, 12), 2, local(30, 10)),  # Saturday
        (local(24, 9), 10, local(25, 9)),
    ],
)
def test_examples(start: datetime, hours: float, due: datetime) -> None:
    assert after(start.astimezone(UTC), hours, "America/Chicago") == due


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)), st.floats(0.01, 80))
def test_never_at_night_and_never_early(start: datetime, hours: float) -> None:
    begun = start.replace(tzinfo=UTC)
    due = after(begun, hours, "America/Chicago")
    there = due.astimezone(CHICAGO)
    assert there.weekday() < 5
    assert OPENS <= there.time() <= CLOSES
    assert due >= begun
    assert due - begun < timedelta(hours=hours) + timedelta(days=3 + 3 * (hours // 10 + 1))
