"""What repeats every week keeps its time of day, whatever the clocks do."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from backend.scheduling.repeats import weekly

CHICAGO = ZoneInfo("America/Chicago")


def test_the_clocks_change_the_meeting_stays_at_noon() -> None:
    start = datetime(2026, 10, 26, 17, 0, tzinfo=UTC)  # noon in Chicago, the week before the clocks go back
    spans = list(weekly(start, start + timedelta(hours=1), date(2026, 11, 9), CHICAGO))
    assert [begin.astimezone(CHICAGO).hour for begin, _ in spans] == [12, 12, 12]
    assert [begin.hour for begin, _ in spans] == [17, 18, 18]


def test_without_an_end_it_happens_once() -> None:
    start = datetime(2026, 10, 26, 17, 0, tzinfo=UTC)
    assert list(weekly(start, start + timedelta(hours=1), None, CHICAGO)) == [(start, start + timedelta(hours=1))]


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
    st.integers(5, 10_000), st.integers(0, 366),
)  # fmt: skip
def test_every_week_until_the_day_and_none_after(start: datetime, minutes: int, days: int) -> None:
    start = start.replace(second=0, microsecond=0)
    until = start.astimezone(CHICAGO).date() + timedelta(days=days)
    spans = list(weekly(start, start + timedelta(minutes=minutes), until, CHICAGO))
    assert len(spans) == days // 7 + 1
    assert all(begin.astimezone(CHICAGO).date() <= until for begin, _ in spans)
    assert len({begin.astimezone(CHICAGO).weekday() for begin, _ in spans}) == 1
