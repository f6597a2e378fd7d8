"""What cards say of benefits and authorizations, and how visits are counted, whatever comes."""

import uuid
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.insurance import checklist, counting, rules, standing
from backend.insurance.standing import Leave, authorization_mark, benefits_mark, counter, warnings

TODAY = date(2026, 11, 25)
DAYS = st.integers(-40, 40).map(lambda days: TODAY + timedelta(days=days))


def approved(**facts: object) -> Leave:
    return Leave(**({"state": "approved", "approved": 12} | facts))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("leave", "text"),
    [
        (approved(used=4, valid_until=date(2027, 1, 14)), "Auth 4 of 12, to Jan 14"),
        (approved(used=4, valid_until=date(2027, 12, 14)), "Auth 4 of 12, to Dec 14, 2027"),
        (approved(used=16, approved=48, counts="units"), "Auth 16 of 48 units"),
        (approved(used=3, approved=None), "Auth 3 used"),
    ],
)
def test_the_counter(leave: Leave, text: str) -> None:
    assert counter(leave, TODAY) == text


@pytest.mark.parametrize(
    ("leave", "expected"),
    [
        (approved(used=9), []),
        (approved(used=10), ["few_left"]),
        (approved(used=12), ["used_up"]),
        (approved(used=0, valid_until=TODAY + timedelta(days=15)), []),
        (approved(used=11, valid_until=TODAY + timedelta(days=14)), ["few_left", "ends_soon"]),
        (approved(used=0, valid_until=TODAY), ["ends_soon"]),
        (approved(used=0, valid_until=TODAY - timedelta(days=1)), ["expired"]),
        (approved(used=40, approved=48, counts="units", per_visit=4), ["few_left"]),
        (Leave("denied"), []),
    ],
)
def test_warnings_come_in_time(leave: Leave, expected: list[str]) -> None:
    assert warnings(leave, TODAY) == expected


@pytest.mark.parametrize(
    ("leaves", "mark"),
    [
        ([], None),
        ([Leave("not_needed")], None),
        ([Leave("needed")], ("Auth needed", "warning")),
        ([Leave("requested")], ("Auth requested", "info")),
        ([Leave("denied")], ("Auth denied", "danger")),
        ([approved(used=4)], ("Auth 4 of 12", "info")),
        ([approved(used=11)], ("Auth 11 of 12", "warning")),
        ([Leave("requested"), approved(used=11)], ("Auth 11 of 12 · renewal requested", "info")),
        ([approved(used=0), approved(used=11)], ("Auth 0 of 12", "info")),
        ([approved(used=13)], ("Auth 13 of 12: used up", "danger")),
        ([approved(used=3, valid_until=TODAY - timedelta(days=1))], ("Auth expired", "danger")),
        ([Leave("requested"), approved(used=12)], ("Auth requested", "info")),
    ],
)
def test_what_a_card_says(leaves: list[Leave], mark: tuple[str, str] | None) -> None:
    found = authorization_mark(leaves, TODAY)
    assert (found and (found.label, found.tone)) == mark


def test_benefits_of_a_month_that_is_over_count_no_more() -> None:
    assert benefits_mark("verified", TODAY, None, TODAY).tone == "good"
    assert benefits_mark("verified", TODAY - timedelta(days=1), None, TODAY).label == "Verify benefits again"
    assert benefits_mark("not_covered", TODAY - timedelta(days=1), None, TODAY).label == "Not covered"
    assert benefits_mark(None, None, None, TODAY).label == "Benefits to verify"


@pytest.mark.parametrize(
    ("reverify", "ends", "expected"),
    [
        ("month", None, date(2026, 11, 30)),
        ("month", date(2026, 11, 27), date(2026, 11, 27)),
        ("plan_year", None, date(2026, 12, 31)),
        ("never", None, None),
        ("never", date(2027, 3, 1), date(2027, 3, 1)),
    ],
)
def test_how_long_answers_hold(reverify: str, ends: date | None, expected: date | None) -> None:
    assert rules.holds_until(reverify, TODAY, ends) == expected


LEAVES = st.builds(
    Leave,
    state=st.sampled_from(["approved", "approved", "denied", "needed"]),
    counts=st.sampled_from(["visits", "units"]),
    approved=st.none() | st.integers(1, 6),
    per_visit=st.integers(1, 4),
    valid_from=st.none() | DAYS,
    valid_until=st.none() | DAYS,
)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[counting.Visit], list[counting.Claim]]:
    claims = [counting.Claim(uuid.UUID(int=number), draw(LEAVES)) for number in range(draw(st.integers(0, 4)))]
    places = st.none() | st.sampled_from([*(claim.id for claim in claims), uuid.UUID(int=99)])
    visits = [
        counting.Visit(uuid.UUID(int=1000 + number), draw(DAYS), draw(st.none() | st.integers(1, 8)), draw(places))
        for number in range(draw(st.integers(0, 12)))
    ]
    return visits, claims


@given(worlds())
def test_every_visit_is_counted_once_and_only_where_it_may(
    world: tuple[list[counting.Visit], list[counting.Claim]],
) -> None:
    visits, claims = world
    placed, leaves = counting.settle(visits, claims), {claim.id: claim.leave for claim in claims}
    assert set(placed) == {visit.id for visit in visits}
    for visit in visits:
        target, amount = placed[visit.id]
        holding = [key for key, leave in leaves.items() if leave.holds_on(visit.day)]
        if target is None:
            assert (holding, amount) == ([], 0)
            continue
        assert target in holding and amount >= 1
        if visit.counted_on in holding:
            assert target == visit.counted_on, "what is counted stays"


@given(worlds())
def test_counting_again_changes_nothing(world: tuple[list[counting.Visit], list[counting.Claim]]) -> None:
    visits, claims = world
    placed = counting.settle(visits, claims)
    again = [counting.Visit(visit.id, visit.day, visit.units, placed[visit.id][0]) for visit in visits]
    assert counting.settle(again, claims) == placed
    assert counting.settle(again[::-1], claims[::-1]) == placed


@given(worlds())
def test_nothing_is_over_used_while_another_has_room(
    world: tuple[list[counting.Visit], list[counting.Claim]],
) -> None:
    visits, claims = world
    fresh = [counting.Visit(visit.id, visit.day, None, None) for visit in visits]
    whole = [claim for claim in claims if claim.leave.counts == "visits"]
    placed = counting.settle(fresh, whole)
    for claim in whole:
        used = sum(amount for target, amount in placed.values() if target == claim.id)
        if claim.leave.approved is None or used <= claim.leave.approved:
            continue
        late = max(
            (visit for visit in fresh if placed[visit.id][0] == claim.id), key=lambda visit: (visit.day, visit.id)
        )
        for other in whole:
            if other.id != claim.id and other.leave.holds_on(late.day) and other.leave.approved is not None:
                taken = sum(amount for target, amount in placed.values() if target == other.id)
                assert taken >= other.leave.approved


@given(st.lists(LEAVES, max_size=5))
def test_a_card_never_praises_what_does_not_hold(leaves: list[Leave]) -> None:
    mark = authorization_mark(leaves, TODAY)
    usable = [leave for leave in leaves if leave.state == "approved" and not leave.over_on(TODAY) and leave.left != 0]
    if mark is not None and mark.label.startswith("Auth ") and " of " in mark.label and mark.tone == "info":
        assert usable


@given(st.text(max_size=30), st.sampled_from(["yes_no", "amount", "percent", "count", "text"]))
def test_answers_are_normal_or_refused(text: str, kind: checklist.Kind) -> None:
    found = checklist.normal(kind, text)
    if found is not None:
        assert checklist.normal(kind, found) == found


def test_short_days_name_their_year_when_far() -> None:
    assert standing.short(date(2027, 1, 14), TODAY) == "Jan 14"
    assert standing.short(date(2028, 1, 14), TODAY) == "Jan 14, 2028"
