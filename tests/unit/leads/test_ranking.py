"""Ranks: strictly between, byte-ordered, short however many cards arrive on top."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.leads import ranking

START = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=120))
def test_any_sequence_of_moves_keeps_a_strict_order(places: list[int]) -> None:
    ranks: list[str] = []
    for place in places:
        at = place % (len(ranks) + 1)
        low = ranks[at - 1] if at else None
        high = ranks[at] if at < len(ranks) else None
        ranks.insert(at, ranking.between(low, high))
    assert ranks == sorted(set(ranks), key=str.encode)
    assert all(not rank.endswith("0") for rank in ranks)


def test_ten_thousand_arrivals_need_no_longer_keys() -> None:
    first: str | None = None
    for second in range(10_000):
        rank = ranking.top(START + timedelta(milliseconds=second), first)
        assert first is None or rank < first
        first = rank
    assert first is not None and len(first) <= ranking.WIDTH


def test_a_clock_that_goes_back_still_puts_the_card_on_top() -> None:
    first = ranking.top(START, None)
    assert ranking.top(START - timedelta(days=1), first) < first


def test_a_card_put_into_one_gap_again_and_again_grows_slowly() -> None:
    low, high = ranking.evenly(2)
    for _ in range(300):
        high = ranking.between(low, high)
    assert low < high and len(high) < ranking.TOO_LONG + 10


@given(st.integers(1, 500))
def test_fresh_ranks_are_in_order(count: int) -> None:
    ranks = list(ranking.evenly(count))
    assert ranks == sorted(set(ranks))


def test_crossed_neighbours_are_refused() -> None:
    with pytest.raises(ValueError, match="lower rank"):
        ranking.between("B", "A")
