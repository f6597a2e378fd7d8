"""By when the first visit should be."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.scheduling.surgeon_window import Order, window, working_days_after

FRIDAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("order", "earliest", "latest", "why"),
    [
        (Order("routine", FRIDAY), None, None, None),
        (Order("stat", FRIDAY), None, date(2026, 11, 30), "stat"),
        (Order("urgent", FRIDAY), None, date(2026, 12, 1), "urgent"),
        (Order(surgery_date=date(2026, 11, 25)), None, date(2026, 12, 2), "post_op"),
        (Order(surgery_date=date(2026, 12, 4)), date(2026, 12, 5), date(2026, 12, 11), "post_op"),
        (Order(surgery_date=date(2026, 6, 1)), None, None, None),
        (Order(surgery_date=date(2026, 11, 25), words="PT within 3-5 days, 3x/week for 6 weeks"), None,
         date(2026, 11, 30), "order"),
        (Order(surgery_date=date(2026, 11, 20), words="POD 10"), None, date(2026, 11, 30), "order"),
        (Order(surgery_date=date(2026, 11, 20), words="no lifting for 6 weeks. Eval 2 weeks post-op"), None,
         date(2026, 12, 4), "order"),
        (Order(words="Start PT by 12/4"), None, date(2026, 12, 4), "order"),
        (Order(words="within 2 weeks", referral_date=FRIDAY), None, date(2026, 12, 11), "order"),
        (Order("urgent", FRIDAY, words="Start PT by 12/4"), None, date(2026, 12, 1), "urgent"),
        (Order(words="by 13/45"), None, None, None),
    ],
)  # fmt: skip
def test_the_window(order: Order, earliest: date | None, latest: date | None, why: str | None) -> None:
    found = window(order, FRIDAY)
    assert (found.earliest, found.latest, found.why) == (earliest, latest, why)


@given(
    st.sampled_from(["routine", "urgent", "stat"]), st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.none() | st.dates(date(2025, 1, 1), date(2027, 12, 31)), st.text(max_size=120),
)  # fmt: skip
def test_a_window_is_never_empty(urgency: str, opened: date, operated: date | None, words: str) -> None:
    found = window(Order(urgency, opened, operated, opened, words), opened)
    assert (found.latest is None) == (found.why is None)
    assert found.earliest is None or found.latest is None or found.earliest <= found.latest


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(1, 10))
def test_working_days_are_no_weekend(day: date, count: int) -> None:
    found = working_days_after(day, count)
    assert found.weekday() < 5 and found - day >= timedelta(days=count)
