"""Intervals against published figures; medians of waits against textbook data; what must hold for any data."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.reporting.statistics import kaplan_meier, mean_interval, median_ranks, student, wilson

# Freireich 1963, remission of 6-MP in weeks: (week, ended, censored); the median is 23 (Kalbfleisch & Prentice).
FREIREICH = [
    (6, 3, 1), (7, 1, 0), (9, 0, 1), (10, 1, 1), (11, 0, 1), (13, 1, 0), (16, 1, 0), (17, 0, 1), (19, 0, 1), (20, 0, 1),
    (22, 1, 0), (23, 1, 0), (25, 0, 1), (32, 0, 2), (34, 0, 1), (35, 0, 1),
]  # fmt: skip
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


@pytest.mark.parametrize(
    ("hits", "tries", "low", "high"),
    # Newcombe 1998, Statistics in Medicine 17:857, table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilsons_interval_is_newcombes(hits: int, tries: int, low: float, high: float) -> None:
    found = wilson(hits, tries)
    assert found.low == pytest.approx(low, abs=5e-5) and found.high == pytest.approx(high, abs=5e-5)


def test_remission_of_leukemia() -> None:
    found = kaplan_meier(FREIREICH)
    assert (found.n, found.events, found.median) == (21, 9, 23)
    # R, survfit(conf.type = "log-log"): 13 to none.
    assert (found.interval.low, found.interval.high) == (13, None)
    placebo = kaplan_meier([(week, 1, 0) for week in PLACEBO])
    assert (placebo.median, placebo.interval.low, placebo.interval.high) == (8, 4, 11)


@pytest.mark.parametrize(
    ("n", "ranks"),
    # Conover, Practical Nonparametric Statistics: order statistics that hold the median with at least 95 %.
    [(5, None), (6, (1, 6)), (9, (2, 8)), (10, (2, 9)), (15, (4, 12)), (20, (6, 15)), (25, (8, 18)), (50, (18, 33))],
)
def test_ranks_around_the_median(n: int, ranks: tuple[int, int] | None) -> None:
    assert median_ranks(n) == ranks


@pytest.mark.parametrize(("freedom", "point"), [(1, 12.706), (4, 2.776), (5, 2.571), (10, 2.228), (30, 2.042)])
def test_students_point(freedom: int, point: float) -> None:
    assert student(freedom) == pytest.approx(point, abs=2e-3)


def test_a_mean_of_one_has_no_interval() -> None:
    assert mean_interval(3.0, 0.0, 1) is None
    found = mean_interval(10.0, 2.0, 25)
    assert found is not None and found.low == pytest.approx(10 - 2.0639 * 0.4, abs=1e-3)


@given(st.integers(1, 5000).flatmap(lambda tries: st.tuples(st.integers(0, tries), st.just(tries))))
def test_an_interval_holds_its_share(pair: tuple[int, int]) -> None:
    hits, tries = pair
    found = wilson(hits, tries)
    assert found.low is not None and found.high is not None
    assert 0 <= found.low <= hits / tries + 1e-12 and hits / tries - 1e-12 <= found.high <= 1


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=60))
def test_without_censoring_it_is_the_lower_median(waits: list[int]) -> None:
    found = kaplan_meier([(wait, 1, 0) for wait in waits])
    assert found.median == sorted(waits)[(len(waits) - 1) // 2]


@given(st.lists(st.tuples(st.integers(0, 500), st.booleans()), min_size=1, max_size=60), st.integers(1, 9))
def test_waiting_longer_never_makes_it_shorter(waits: list[tuple[int, bool]], more: int) -> None:
    def median(longer: int) -> float:
        found = kaplan_meier([(wait + (0 if over else longer), int(over), int(not over)) for wait, over in waits])
        return math.inf if found.median is None else found.median

    assert median(more) >= median(0)
