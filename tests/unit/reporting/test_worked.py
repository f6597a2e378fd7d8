"""Adding up whole days once gives what counting each wait gives."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from backend.core.working_time import Calendar
from backend.reporting.worked import MINUTE, Worked

HOLIDAY = ((date(2026, 11, 26), ()), (date(2026, 11, 27), ((time(9), time(12)),)))
CALENDARS = st.sampled_from(
    [
        Calendar("America/Chicago", holidays=HOLIDAY), Calendar("America/Los_Angeles"), Calendar("America/Chicago", ()),
        Calendar("America/Denver", ((5, time(22), time(23, 59)), (6, time(0), time(4)))),
    ]
)  # fmt: skip
MOMENTS = st.datetimes(datetime(2026, 10, 20), datetime(2026, 12, 5), timezones=st.just(UTC))


@given(CALENDARS, MOMENTS, MOMENTS)
def test_it_is_the_calendars_own_count(calendar: Calendar, one: datetime, other: datetime) -> None:
    start, end = min(one, other), max(one, other)
    worked = Worked(calendar, start.date() - timedelta(days=1), end)
    assert worked.since(start) == calendar.between(start, end) // MINUTE
