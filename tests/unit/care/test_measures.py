"""Outcome measures against the worked examples, and against what must be true of every one of them."""

import re
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from backend.care.measures.answers import Answer, Scored
from backend.care.measures.catalog import INSTRUMENTS, KEYS, Key, score_range
from backend.care.measures.change import change, in_common
from backend.care.measures.scoring import problems, score
from backend.care.measures.suggesting import suggest

ORDERLESS: list[Key] = [key for key in KEYS if key != "spadi"]


def cents(scored: Scored) -> str:
    assert scored.score is not None
    return str(scored.score.quantize(Decimal("0.01"), ROUND_HALF_UP))


def spread(total: int, count: int, lowest: int, highest: int) -> list[Answer]:
    """As many answers as asked for, with this sum."""
    items = [lowest] * count
    for index in range(count):
        items[index] += min(total - sum(items), highest - lowest)
    assert sum(items) == total
    return list(items)


@pytest.mark.parametrize(
    ("key", "items", "expected"),
    [
        ("dash", [3] * 30, "50.00"),
        ("dash", [3] * 27 + [None] * 3, "50.00"),
        ("dash", [3] * 27, "50.00"),
        ("quickdash", [2] * 11, "25.00"),
        ("quickdash", spread(30, 11, 1, 5), "43.18"),
        ("quickdash", [*spread(25, 10, 1, 5), None], "37.50"),
        ("odi", spread(16, 10, 0, 5), "32.00"),
        ("odi", [None, *spread(16, 9, 0, 5)], "35.56"),
        ("ndi", spread(17, 10, 0, 5), "34.00"),
        ("lefs", [4] * 20, "80.00"),
        ("spadi", [8, 6, None, 5, 7, 4, 5, 6, 3, 2, 7, 8, None], "57.50"),
        ("koos_jr", [2, 2, 1, 3, 2, 2, 3], "50.01"),
        ("hoos_jr", spread(11, 6, 0, 4), "55.99"),
        ("psfs", [3, 5, 4], "4.00"),
        ("psfs", [3, 5, 4, None], "4.00"),
        ("nprs", [7], "7.00"),
        ("nprs", [7, 3, 8], "6.00"),
    ],
)
def test_worked_example(key: Key, items: list[Answer], expected: str) -> None:
    assert cents(score(key, items)) == expected


@pytest.mark.parametrize(
    ("key", "items", "reason"),
    [
        ("dash", [3] * 26, "too_many_missing"),
        ("quickdash", [2] * 9, "too_many_missing"),
        ("odi", [1] * 8, "too_many_missing"),
        ("ndi", [None, None, *[1] * 8], "too_many_missing"),
        ("lefs", [4] * 19, "items_missing"),
        ("koos_jr", [1] * 6, "items_missing"),
        ("hoos_jr", [None, 1, 1, 1, 1, 1], "items_missing"),
        ("psfs", [3, 5], "too_few_activities"),
        ("psfs", [3, 5, None, None], "too_few_activities"),
        ("nprs", [7, None, 3], "items_missing"),
        ("spadi", [None] * 5 + [3] * 8, "subscale_empty"),
        ("spadi", [3] * 5, "subscale_empty"),
        ("spadi", [3, 3, None, None, None] + [3] * 8, "too_many_missing"),
        ("spadi", [3] * 5 + [3] * 5 + [None] * 3, "too_many_missing"),
        ("nprs", [None], "nothing_answered"),
        ("dash", [None] * 30, "nothing_answered"),
    ],
)
def test_no_score_with_its_reason(key: Key, items: list[Answer], reason: str) -> None:
    found = score(key, items)
    assert (found.score, found.null_reason) == (None, reason)


def test_parts_say_what_a_score_was_made_of() -> None:
    spadi = score("spadi", [8, 6, None, 5, 7, 4, 5, 6, 3, 2, 7, 8, None])
    assert spadi.parts == {"pain": 65, "disability": 50}
    assert spadi.completeness == Decimal(11) / 13
    assert score("koos_jr", [2, 2, 1, 3, 2, 2, 3]).parts == {"raw": 15}
    assert score("hoos_jr", spread(11, 6, 0, 4)).score == Decimal("55.985")
    assert score("koos_jr", [2, 2, 1, 3, 2, 2, 3]).score == Decimal("50.012")
    assert score("ndi", spread(17, 10, 0, 5)).parts == {"raw": 17, "maximum": 50}
    assert score("odi", [None, *spread(16, 9, 0, 5)]).parts == {"raw": 16, "maximum": 45}


def test_tables_of_the_joints_run_down_from_best_to_worst() -> None:
    joints: tuple[tuple[Key, int], ...] = (("koos_jr", 28), ("hoos_jr", 24))
    for key, most in joints:
        count = INSTRUMENTS[key].most_items
        column = [score(key, spread(raw, count, 0, 4)).score for raw in range(most + 1)]
        assert column[0] == 100 and column[-1] == 0
        assert column == sorted(column, key=lambda value: -(value or 0))
        assert len(set(column)) == most + 1


@pytest.mark.parametrize(
    ("key", "version", "before", "after", "error", "mcid"),
    [
        ("lefs", "1", 40, 49, True, True),
        ("lefs", "1", 40, 48, False, False),
        ("lefs", "1", 49, 40, True, False),
        ("psfs", "1", 4, 6, True, False),
        ("psfs", "1", 4, "6.3", True, True),
        ("psfs", "1", 4, "6.29", True, False),
        ("ndi", "1", 34, 14, True, True),
        ("ndi", "1", 34, 16, True, False),
        ("nprs", "current", 7, 5, True, True),
        ("nprs", "current", 7, 6, False, False),
        ("odi", "2.1a", 40, 30, False, True),
        ("odi", "modified", 40, 34, False, True),
        ("odi", "modified", 40, 35, False, False),
        ("odi", "modified", 40, "27.3", True, True),
        ("spadi", "1", 60, 52, False, True),
        ("spadi", "1", 60, 42, True, True),
        ("spadi", "1", 60, "42.01", False, True),
        ("koos_jr", "1", "50.012", "70.704", None, True),
        ("hoos_jr", "1", "50.012", "50.012", None, False),
    ],
)
def test_thresholds(
    key: Key, version: str, before: float | str, after: float | str, error: bool | None, mcid: bool
) -> None:
    found = change(key, version, Decimal(str(before)), Decimal(str(after)))
    assert (found.beyond_error, found.reached_mcid) == (error, mcid)


def test_seven_points_of_quickdash_are_what_is_published_as_15_91() -> None:
    before, seven, six = (score("quickdash", spread(total, 11, 1, 5)).score for total in (40, 33, 34))
    assert before is not None and seven is not None and six is not None
    assert before - seven < Decimal("15.91")
    assert change("quickdash", "1", before, seven).reached_mcid
    assert not change("quickdash", "1", before, six).reached_mcid
    dash = [score("dash", spread(total, 30, 1, 5)).score for total in (90, 77, 78)]
    assert dash[0] is not None and dash[1] is not None and dash[2] is not None
    assert change("dash", "1", dash[0], dash[1]).reached_mcid
    assert not change("dash", "1", dash[0], dash[2]).reached_mcid


def test_per_cent_is_of_the_baseline_in_the_better_direction() -> None:
    assert change("quickdash", "1", Decimal(60), Decimal(36)).percent == 40
    assert change("lefs", "1", Decimal(40), Decimal(56)).percent == 40
    assert change("lefs", "1", Decimal(40), Decimal(30)).percent == -25
    none = change("nprs", "current", Decimal(0), Decimal(3))
    assert (none.result, none.percent, none.no_percent) == ("worse", None, "baseline_zero")


def test_out_of_range_is_refused_where_it_is() -> None:
    assert [index for index, _ in problems("dash", [0, 1, 5, 6, None])] == [0, 3]
    assert problems("lefs", [4] * 21)[0][0] is None
    assert problems("nprs", [4, 4])[0][0] is None
    assert problems("odi", [])
    with pytest.raises(ValueError, match="not answers"):
        score("nprs", [11])


def test_suggestions_by_region() -> None:
    assert suggest("shoulder") == ["quickdash", "spadi", "dash", "psfs", "nprs"]
    assert suggest("knee")[0] == "lefs"
    assert suggest("knee", "Total knee arthroplasty")[0] == "koos_jr"
    assert suggest("hip", "THR")[0] == "hoos_jr"
    assert suggest("cervical spine")[0] == "ndi"
    assert suggest(None) == ["psfs", "nprs"]


def _items(key: Key, *, missing: bool) -> st.SearchStrategy[list[Answer]]:
    one = INSTRUMENTS[key]
    answer: st.SearchStrategy[Answer] = st.integers(one.lowest, one.highest)
    if missing:
        answer = st.one_of(answer, answer, answer, answer, answer, st.none())
    return st.sampled_from(one.items).flatmap(lambda count: st.lists(answer, min_size=count, max_size=count))


any_answers = st.sampled_from(KEYS).flatmap(lambda key: st.tuples(st.just(key), _items(key, missing=True)))
whole_answers = st.sampled_from(KEYS).flatmap(lambda key: st.tuples(st.just(key), _items(key, missing=False)))


@given(any_answers)
def test_a_score_is_within_its_range_or_has_a_reason(given_: tuple[Key, list[Answer]]) -> None:
    key, items = given_
    found = score(key, items)
    assert (found.score is None) == (found.null_reason is not None)
    lowest, highest = score_range(INSTRUMENTS[key])
    assert found.score is None or lowest <= found.score <= highest
    assert found.answered == sum(item is not None for item in items)


@given(whole_answers)
def test_a_whole_one_always_has_a_score(given_: tuple[Key, list[Answer]]) -> None:
    found = score(*given_)
    assert found.score is not None and found.completeness == 1


@given(any_answers, st.data())
def test_a_better_answer_never_makes_it_worse(given_: tuple[Key, list[Answer]], data: st.DataObject) -> None:
    key, items = given_
    one = INSTRUMENTS[key]
    places = [index for index, item in enumerate(items) if item is not None and item < one.highest]
    assume(places)
    place = data.draw(st.sampled_from(places))
    raised: list[Answer] = [*items]
    raised[place] = (items[place] or 0) + 1
    low, high = score(key, items), score(key, raised)
    assert low.null_reason == high.null_reason
    if low.score is None or high.score is None:
        return
    # An answer of 4 on KOOS, JR is the worst, and 100 its best score.
    falling = key in {"koos_jr", "hoos_jr"}
    assert high.score < low.score if falling else high.score > low.score


@given(st.sampled_from(ORDERLESS).flatmap(lambda key: st.tuples(st.just(key), _items(key, missing=True))), st.data())
def test_order_does_not_matter_but_for_the_parts_of_spadi(
    given_: tuple[Key, list[Answer]], data: st.DataObject
) -> None:
    key, items = given_
    assert score(key, data.draw(st.permutations(items))) == score(key, items)


@given(_items("spadi", missing=True), st.data())
def test_order_does_not_matter_within_a_part_of_spadi(items: list[Answer], data: st.DataObject) -> None:
    mixed = [*data.draw(st.permutations(items[:5])), *data.draw(st.permutations(items[5:]))]
    assert score("spadi", mixed) == score("spadi", items)


@given(st.sampled_from(["dash", "quickdash", "odi", "ndi", "spadi"]), st.data())
def test_a_missing_item_counts_as_the_mean_of_the_others(key: Key, data: st.DataObject) -> None:
    """Prorating is the mean of what was answered: an item equal to it may as well be missing."""
    one = INSTRUMENTS[key]
    value = data.draw(st.integers(one.lowest, one.highest))
    place = data.draw(st.integers(0, one.most_items - 1))
    items: list[Answer] = [value] * one.most_items
    items[place] = None
    assert score(key, items).score == score(key, [value] * one.most_items).score


@given(whole_answers, st.data())
def test_there_and_back_is_the_same_change(given_: tuple[Key, list[Answer]], data: st.DataObject) -> None:
    key, items = given_
    one = INSTRUMENTS[key]
    others = data.draw(st.lists(st.integers(one.lowest, one.highest), min_size=len(items), max_size=len(items)))
    first, second = score(key, items).score, score(key, others).score
    assert first is not None and second is not None
    there, back = (change(key, one.versions[0], *pair) for pair in ((first, second), (second, first)))
    assert there.improvement == -back.improvement
    assert there.beyond_error == back.beyond_error
    assert not (there.reached_mcid and back.reached_mcid)
    assert (there.result == "unchanged") == (first == second)
    assert there.percent is None or (there.percent > 0) == (there.improvement > 0)


def test_every_threshold_has_its_source() -> None:
    for one in INSTRUMENTS.values():
        assert set(one.mdc) <= set(one.versions)
        assert set(one.mcid) == set(one.versions)
        for threshold in (*one.mdc.values(), *one.mcid.values()):
            assert threshold.value > 0 and any(letter.isdigit() for letter in threshold.source)


def test_activities_are_compared_by_those_rated_both_times() -> None:
    assert in_common([2, 2, 2, 8], [2, 2, 2, None]) == (Decimal(2), Decimal(2))
    assert in_common([3, 5, 4], [6, 7, 5]) == (Decimal(4), Decimal(6))
    assert in_common([3, None, 4, 5], [6, 7, None, 5]) is None
    assert in_common([3, 5], [6, 7]) is None


@given(st.lists(st.integers(0, 10), min_size=3, max_size=5), st.integers(0, 10))
def test_an_activity_left_out_later_changes_nothing_by_itself(items: list[int], left_out: int) -> None:
    pair = in_common([*items, left_out], [*items, None])
    assert pair is not None and pair[0] == pair[1]


@pytest.mark.parametrize("key", KEYS)
def test_thresholds_say_where_they_are_from(key: Key) -> None:
    """A study with its year, volume and first page; and a threshold fits into the scale."""
    one = INSTRUMENTS[key]
    for threshold in [*one.mdc.values(), *one.mcid.values()]:
        assert re.search(r" (?:19|20)\d\d, [A-Z][A-Za-z ]+ \d+:\d+", threshold.source), threshold.source
        assert 0 < threshold.value < score_range(one)[1]
