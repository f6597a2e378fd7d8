"""The first-contact clock: it runs in working time, stops at the first attempt, and never runs backwards."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from backend.core.working_time import Calendar
from backend.leads.first_contact import FirstContact, clock
from backend.leads.models import Lead

CHICAGO = ZoneInfo("America/Chicago")
USUAL = Calendar("America/Chicago")
FRIDAY_EVENING = datetime(2026, 11, 20, 17, 30, tzinfo=CHICAGO)
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=CHICAGO)


def lead(opened_at: datetime, tried: datetime | None = None, reached: datetime | None = None) -> Lead:
    return Lead(opened_at=opened_at, first_attempt_at=tried, first_contact_at=reached, urgency="routine")


def read(row: Lead, at: datetime, minutes: int = 120) -> FirstContact:
    return clock(row, USUAL, minutes, at)


def test_a_weekend_costs_wall_time_but_no_working_time() -> None:
    found = read(lead(FRIDAY_EVENING), MONDAY + timedelta(minutes=45))
    assert (found.state, found.attempt.business_minutes) == ("running", 75)
    assert found.attempt.wall_minutes == 63 * 60 + 15
    assert found.breach_at == MONDAY + timedelta(minutes=90)
    assert read(lead(FRIDAY_EVENING), MONDAY + timedelta(minutes=60)).state == "due_soon"
    assert read(lead(FRIDAY_EVENING), MONDAY + timedelta(minutes=90)).state == "breached"


def test_an_attempt_stops_the_clock_and_being_reached_is_counted_apart() -> None:
    tried = lead(FRIDAY_EVENING, MONDAY + timedelta(minutes=30))
    found = read(tried, MONDAY + timedelta(days=2))
    assert (found.state, found.attempt.business_minutes, found.running) == ("met", 60, False)
    assert found.contact.business_minutes == 60 + 9 * 60 + 30 + 10 * 60
    late = read(lead(FRIDAY_EVENING, MONDAY + timedelta(minutes=91)), MONDAY + timedelta(days=2))
    assert late.state == "breached"


def test_a_patient_who_comes_to_us_stops_it_too() -> None:
    found = read(lead(FRIDAY_EVENING, reached=MONDAY), MONDAY + timedelta(days=2))
    assert (found.state, found.stopped_at, found.first_attempt_at) == ("met", MONDAY, None)


def test_short_targets_warn_ten_minutes_before() -> None:
    found = read(lead(MONDAY), MONDAY, minutes=30)
    assert found.due_soon_at == MONDAY + timedelta(minutes=20)


moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))
ORDER = {"running": 0, "due_soon": 1, "breached": 2}


@given(moments, st.integers(5, 3000), st.lists(st.integers(0, 10_000), min_size=2, max_size=6))
def test_it_only_gets_later(opened: datetime, target: int, waits: list[int]) -> None:
    read_at = [clock(lead(opened), USUAL, target, opened + timedelta(minutes=wait)) for wait in sorted(waits)]
    for earlier, later in pairwise(read_at):
        assert ORDER[earlier.state] <= ORDER[later.state]
        assert earlier.attempt.business_minutes <= later.attempt.business_minutes
        assert earlier.attempt.wall_minutes <= later.attempt.wall_minutes
        assert (earlier.breach_at, earlier.due_soon_at) == (later.breach_at, later.due_soon_at)
    assert all(found.attempt.business_minutes <= found.attempt.wall_minutes for found in read_at)


@given(moments, st.integers(5, 3000), st.integers(0, 20_000))
def test_late_is_more_than_the_target_in_working_minutes(opened: datetime, target: int, wait: int) -> None:
    tried = opened + timedelta(minutes=wait)
    found = clock(lead(opened, tried), USUAL, target, tried + timedelta(days=3))
    assert (found.state == "breached") == (tried > found.breach_at)
    if found.state == "breached":
        assert found.attempt.business_minutes >= target
    else:
        assert found.attempt.business_minutes <= target
    assert found.due_soon_at <= found.breach_at
