"""Medicare's 2025 rule of certification, whatever dates come; and what is left to do of it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.care import todo
from backend.care.certification import (
    Case,
    Plan,
    due_on,
    is_assumed,
    last_day,
    standing,
    treated_since,
)
from backend.care.regions import region_of

EVALUATED = date(2026, 11, 30)
ORDERED = Case(EVALUATED, order_signed_on=date(2026, 11, 20))
DIRECT = Case(EVALUATED)
INITIAL = Plan("initial", EVALUATED, date(2027, 1, 24))
AGAIN = Plan("recertification", date(2027, 1, 25), date(2027, 3, 21), previous_ends_on=date(2027, 1, 24))


def days(number: int) -> date:
    return EVALUATED + timedelta(days=number)


NEAR = st.integers(-10, 140).map(days)
MAYBE = st.none() | NEAR
CASES = st.builds(Case, first_treatment_on=st.just(EVALUATED) | NEAR, order_signed_on=MAYBE)
PLANS = st.builds(
    Plan, kind=st.sampled_from(["initial", "recertification"]), starts_on=NEAR, ends_on=NEAR, certify=st.booleans(),
    sent_on=MAYBE, verbal_on=MAYBE, signed_on=MAYBE, previous_ends_on=MAYBE,
)  # fmt: skip


@pytest.mark.parametrize(
    ("plan", "case", "day", "stands"),
    [
        (INITIAL, ORDERED, 0, ("due", "send", None)),
        (INITIAL, ORDERED, 30, ("due", "send", None)),
        (INITIAL, ORDERED, 31, ("overdue", "send_to_sign", None)),
        (INITIAL, DIRECT, 0, ("due", "send_to_sign", None)),
        (replace(INITIAL, sent_on=days(30)), ORDERED, 80, ("sent", "nothing", "assent")),
        (replace(INITIAL, sent_on=days(31)), ORDERED, 31, ("overdue", "sign", None)),
        (replace(INITIAL, sent_on=days(3)), DIRECT, 30, ("waiting", "sign", None)),
        (replace(INITIAL, sent_on=days(3)), DIRECT, 31, ("overdue", "sign", None)),
        (replace(INITIAL, signed_on=days(5)), DIRECT, 80, ("signed", "nothing", "signature")),
        (replace(INITIAL, verbal_on=days(2)), DIRECT, 16, ("due", "sign_verbal", None)),
        (replace(INITIAL, verbal_on=days(2)), DIRECT, 17, ("overdue", "sign_verbal", None)),
        (replace(AGAIN, sent_on=days(50)), ORDERED, 55, ("waiting", "sign", None)),
        (replace(AGAIN, sent_on=days(50)), ORDERED, 56, ("overdue", "sign", None)),
        (replace(INITIAL, certify=False), DIRECT, 60, ("not_needed", "nothing", None)),
    ],
)
def test_how_a_plan_stands(plan: Plan, case: Case, day: int, stands: tuple[str, str, str | None]) -> None:
    found = standing(plan, case, days(day))
    assert (found.progress, found.next, found.certified_by) == stands


def test_before_2025_silence_was_no_assent() -> None:
    evaluated = date(2024, 12, 31)
    case = Case(evaluated, order_signed_on=date(2024, 12, 20))
    plan = Plan("initial", evaluated, date(2025, 2, 1), sent_on=evaluated)
    assert not is_assumed(plan, case)
    assert is_assumed(replace(plan, sent_on=date(2025, 1, 3)), Case(date(2025, 1, 1), date(2024, 12, 20)))


def test_an_order_signed_after_the_plan_went_out_is_no_order_on_file() -> None:
    assert not is_assumed(replace(INITIAL, sent_on=days(3)), replace(ORDERED, order_signed_on=days(4)))


@given(PLANS, CASES, NEAR)
def test_only_a_signature_or_an_order_with_proof_in_time_certifies(plan: Plan, case: Case, today: date) -> None:
    found = standing(plan, case, today)
    if found.certified_by == "assent":
        assert plan.kind == "initial" and case.order_signed_on and plan.sent_on
        assert plan.sent_on <= case.first_treatment_on + timedelta(days=30)
    if found.certified_by is None:
        assert plan.signed_on is None
        assert (found.progress == "overdue") == (plan.certify and today > found.due_on)
    assert (found.next == "nothing") == (found.certified_by is not None or not plan.certify)


@given(PLANS, CASES, NEAR, st.integers(0, 60))
def test_time_alone_only_makes_it_overdue(plan: Plan, case: Case, today: date, more: int) -> None:
    before, after = (standing(plan, case, day).progress for day in (today, today + timedelta(days=more)))
    assert after in {before, "overdue"}
    if before in {"signed", "sent", "overdue", "not_needed"}:
        assert after == before


@given(NEAR, st.integers(1, 52))
def test_a_plan_covers_its_weeks_and_never_more_than_ninety_days(starts: date, weeks: int) -> None:
    covered = (last_day(starts, weeks) - starts).days + 1
    assert covered == min(weeks * 7, 90)


@given(PLANS, CASES)
def test_deadlines(plan: Plan, case: Case) -> None:
    due = due_on(plan, case)
    if plan.verbal_on:
        assert due - plan.verbal_on == timedelta(days=14)
    elif plan.kind == "initial":
        assert due - case.first_treatment_on == timedelta(days=30)


@given(st.lists(NEAR, max_size=30), st.lists(NEAR, max_size=3))
def test_treatment_days_are_days_not_visits(visits: list[date], reports: list[date]) -> None:
    found = treated_since(visits, reports)
    assert found == treated_since(visits + visits, reports) <= len(set(visits))
    assert treated_since(visits, [*reports, days(200)]) == 0


def facts(**more: object) -> todo.Facts:
    usual = {
        "case": ORDERED, "plans": (INITIAL,), "ready_on": (EVALUATED,), "treatment_days": (EVALUATED,), "reports": (),
        "next_booked_on": days(20),
    }  # fmt: skip
    return todo.Facts(**(usual | more))  # type: ignore[arg-type]


def kinds(known: todo.Facts, day: int) -> set[str]:
    return {one.kind for one in todo.of(known, days(day))[0]}


def test_what_is_left_to_do() -> None:
    assert kinds(facts(plans=(), ready_on=()), 0) == {"plan_of_care"}
    assert kinds(facts(ready_on=(None,)), 0) == {"plan_of_care"}
    assert kinds(facts(), 1) == set()
    assert kinds(facts(), 2) == {"plan_send"}
    sent = facts(plans=(replace(INITIAL, sent_on=days(1)),))
    assert kinds(sent, 10) == set()
    assert kinds(facts(case=DIRECT, plans=sent.plans), 16) == {"plan_sign"}
    assert kinds(replace(sent, next_booked_on=days(60)), 45) == {"recertify"}
    nine = facts(plans=sent.plans, treatment_days=tuple(days(day) for day in range(9)))
    assert kinds(nine, 9) == {"progress_report"}
    assert kinds(replace(nine, reports=(days(8),)), 9) == set()


def test_thirty_days_without_a_visit_and_none_booked() -> None:
    sent = facts(plans=(replace(INITIAL, sent_on=days(1)),), next_booked_on=None)
    assert kinds(sent, 29) == set()
    assert kinds(sent, 30) == {"no_visits"}
    assert "no_visits" not in kinds(replace(sent, next_booked_on=days(31)), 30)


@given(st.lists(PLANS, max_size=3), CASES, st.lists(NEAR, max_size=12), MAYBE, NEAR, st.data())
def test_between_today_and_the_next_look_nothing_changes(
    plans: list[Plan], case: Case, treated: list[date], booked: date | None, today: date, data: st.DataObject
) -> None:
    """So a timer that sleeps until then misses nothing, but for a visit to come whose day passes."""
    ready = tuple(data.draw(MAYBE) for _ in plans)
    known = todo.Facts(case, tuple(plans), ready, tuple(treated), (), booked)
    wanted, again = todo.of(known, today)
    last = (again or days(400)) - timedelta(days=1)
    if booked is not None and today <= booked < last:
        last = booked
    assert {one.kind for one in wanted} <= set(todo.KINDS)
    assert {one.kind for one in todo.of(known, last)[0]} == {one.kind for one in wanted}


@pytest.mark.parametrize(
    ("said", "region"),
    [("Right shoulder", "shoulder"), ("LUMBAR SPINE", "lumbar spine"), ("big toe", "other"), (" ", None), (None, None)],
)
def test_which_region(said: str | None, region: str | None) -> None:
    assert region_of(said) == region
