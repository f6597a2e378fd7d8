"""Working time: never at night, never on a holiday, right when the clocks change, and never without end."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.working_time import Calendar

CHICAGO = ZoneInfo("America/Chicago")
USUAL = Calendar("America/Chicago")
THANKSGIVING = date(2026, 11, 26)
ZONES = ("America/Chicago", "America/New_York", "America/Phoenix", "Pacific/Honolulu", "America/Havana", "UTC")


def local(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CHICAGO)


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
    assert USUAL.after(start.astimezone(UTC), hours) == due


def test_a_holiday_is_skipped_and_a_short_day_counts_its_hours() -> None:
    friday = (date(2026, 11, 27), ((time(8), time(12)),))
    calendar = Calendar("America/Chicago", holidays=((THANKSGIVING, ()), friday))
    assert calendar.after(local(25, 17), 2) == local(27, 9)
    assert calendar.after(local(25, 17), 6) == local(30, 9)
    assert not calendar.is_open(local(26, 10))
    assert calendar.is_open(local(27, 11)) and not calendar.is_open(local(27, 12))
    assert calendar.next_open(local(26, 10)) == local(27, 8)
    assert calendar.between(local(25, 17), local(30, 9)) == timedelta(hours=6)


def test_a_lunch_break_is_no_working_time() -> None:
    halves = ((time(8), time(12)), (time(13), time(17)))
    calendar = Calendar("America/Chicago", tuple((day, *span) for day in range(5) for span in halves))
    assert calendar.after(local(24, 11, 30), 1) == local(24, 13, 30)
    assert not calendar.is_open(local(24, 12, 30))
    assert calendar.next_open(local(24, 12, 30)) == local(24, 13)
    assert calendar.between(local(24, 8), local(25, 8)) == timedelta(hours=8)


def test_the_nights_on_which_clocks_change_have_23_and_25_hours() -> None:
    always = Calendar("America/Chicago", tuple((day, time(0), time(23, 59)) for day in range(7)))
    for day, month, hours in ((8, 3, 23), (1, 11, 25)):
        start = local(day, 0, month=month)
        assert always.between(start, start.replace(hour=23, minute=59)) == timedelta(hours=hours, minutes=-1)
        assert always.after(start, hours - 1) == start.replace(hour=23)


def test_overlapping_hours_count_once() -> None:
    calendar = Calendar("America/Chicago", ((1, time(8), time(12)), (1, time(10), time(14)), (1, time(9), time(9))))
    assert calendar.between(local(24, 0), local(25, 0)) == timedelta(hours=6)


def test_a_calendar_without_hours_is_closed_but_its_time_still_runs() -> None:
    for empty in (Calendar("America/Chicago", ()), Calendar("America/Chicago", ((1, time(9), time(9)),))):
        assert not empty.is_open(local(24, 10))
        assert empty.after(local(24, 10), 2) == local(24, 12)
        assert empty.next_open(local(28, 3)) == local(28, 3)
        assert empty.between(local(24, 10), local(24, 12)) == timedelta(hours=2)


spans = st.tuples(st.integers(0, 6), st.times(), st.times()).map(lambda it: (it[0], *sorted(it[1:])))
days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
closings = st.tuples(days, st.just(()) | st.tuples(st.just((time(9), time(11, 30)))))
calendars = st.builds(
    Calendar, st.sampled_from(ZONES), st.lists(spans, max_size=8).map(tuple), st.lists(closings, max_size=12).map(tuple)
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.sampled_from([UTC, CHICAGO]))
hours = st.integers(0, 40 * 3600).map(lambda seconds: seconds / 3600)


def long_enough(calendar: Calendar) -> bool:
    """A week with minutes only would take a year for 40 hours; that is no clinic."""
    return sum((b.hour - a.hour) * 60 + b.minute - a.minute for _, a, b in calendar.weekly) >= 30


@given(calendars.filter(lambda calendar: not calendar.weekly or long_enough(calendar)), moments, hours)
def test_after_and_between_are_inverse(calendar: Calendar, start: datetime, hours: float) -> None:
    due = calendar.after(start, hours)
    assert due >= start
    assert abs(calendar.between(start, due) - timedelta(hours=hours)) < timedelta(milliseconds=1)


@given(calendars.filter(long_enough), moments, hours, st.floats(0, 5))
def test_more_hours_and_later_starts_are_never_due_earlier(
    calendar: Calendar, start: datetime, hours: float, more: float
) -> None:
    due = calendar.after(start, hours)
    assert calendar.after(start, hours + more) >= due
    assert calendar.after(start + timedelta(hours=more), hours) >= due


@given(calendars, moments, moments, moments)
def test_working_time_adds_up_and_never_exceeds_wall_time(
    calendar: Calendar, one: datetime, two: datetime, three: datetime
) -> None:
    first, middle, last = sorted((one, two, three))
    whole = calendar.between(first, last)
    assert whole == calendar.between(first, middle) + calendar.between(middle, last)
    assert timedelta(0) <= whole <= last.astimezone(UTC) - first.astimezone(UTC)
    assert calendar.between(last, first) == timedelta(0)


@given(calendars.filter(long_enough), moments)
def test_the_next_opening_is_open_and_nothing_before_it_is(calendar: Calendar, at: datetime) -> None:
    opening = calendar.next_open(at)
    assert calendar.is_open(opening)
    assert calendar.between(at, opening) == timedelta(0)
    assert (opening == at) == calendar.is_open(at)


@given(moments, st.floats(0.01, 80))
def test_never_at_night_and_never_early(start: datetime, hours: float) -> None:
    there = USUAL.after(start, hours).astimezone(CHICAGO)
    assert there.weekday() < 5
    assert time(8) <= there.time() <= time(18)
    assert there - start < timedelta(hours=hours) + timedelta(days=3 + 3 * (hours // 10 + 1))
