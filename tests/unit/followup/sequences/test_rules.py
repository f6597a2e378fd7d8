"""Pure rules of sequences: for whom, when, what ends them, who waits."""

import uuid
from datetime import UTC, date, datetime, time, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.working_time import Calendar
from backend.followup.sequences import defaults, stopping, throttle, timing, wording
from backend.followup.sequences.conditions import LeadFacts, matches
from backend.followup.sequences.models import FollowupRules
from backend.followup.sequences.steps import Conditions, Delay
from backend.messaging.templates import DEFAULTS

CHICAGO = "America/Chicago"
CALENDAR = Calendar(CHICAGO, holidays=((date(2026, 11, 26), ()),))
TUESDAY_NOON = datetime(2026, 11, 24, 18, tzinfo=UTC)
PLACES = [uuid.UUID(int=number) for number in range(3)]
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
delays = st.builds(
    Delay, amount=st.integers(0, 60), unit=st.sampled_from(["minutes", "hours", "days"]), working=st.booleans()
)
leads = st.builds(
    LeadFacts, source=st.sampled_from(["fax", "phone", "web_form"]), urgency=st.sampled_from(["routine", "stat"]),
    location_id=st.sampled_from([None, *PLACES]), payers=st.lists(st.sampled_from(["Aetna PPO", "Medicare", "Cigna"])),
)  # fmt: skip
asked = st.builds(
    Conditions, sources=st.lists(st.sampled_from(["fax", "phone"]), max_size=6),
    urgencies=st.lists(st.just("stat"), max_size=1), location_ids=st.lists(st.sampled_from(PLACES)),
    payers=st.lists(st.sampled_from(["aetna", "MEDICARE"])),
)  # fmt: skip


@given(leads)
def test_without_conditions_it_is_for_everybody(lead: LeadFacts) -> None:
    assert matches(Conditions(), lead)


@given(asked, leads)
def test_every_condition_must_hold(wanted: Conditions, lead: LeadFacts) -> None:
    parts = [
        matches(Conditions(**{name: getattr(wanted, name)}), lead)
        for name in ("sources", "urgencies", "location_ids", "payers")
    ]
    assert matches(wanted, lead) == all(parts)


def test_a_payer_is_found_by_a_word_of_its_name() -> None:
    lead = LeadFacts("fax", "routine", payers=("Blue Cross Blue Shield of Illinois",))
    assert matches(Conditions(payers=["blue cross"]), lead)
    assert not matches(Conditions(payers=["aetna"]), lead)


@pytest.mark.parametrize(
    ("delay", "expected"),
    [
        (Delay(amount=0), TUESDAY_NOON),
        (Delay(amount=2, unit="hours"), datetime(2026, 11, 24, 20, tzinfo=UTC)),
        (Delay(amount=8, unit="hours"), datetime(2026, 11, 25, 16, tzinfo=UTC)),
        (Delay(amount=30, unit="minutes"), datetime(2026, 11, 24, 18, 30, tzinfo=UTC)),
        (Delay(amount=1, unit="days"), datetime(2026, 11, 25, 18, tzinfo=UTC)),
        (Delay(amount=2, unit="days"), datetime(2026, 11, 27, 18, tzinfo=UTC)),  # Thanksgiving
        (Delay(amount=3, unit="days"), datetime(2026, 11, 30, 18, tzinfo=UTC)),  # and a weekend
        (Delay(amount=2, unit="days", working=False), datetime(2026, 11, 26, 18, tzinfo=UTC)),
    ],
)
def test_delays(delay: Delay, expected: datetime) -> None:
    assert timing.when(TUESDAY_NOON, delay, CALENDAR) == expected


@given(moments, delays)
def test_never_early_and_in_working_time_where_asked(start: datetime, delay: Delay) -> None:
    at = timing.when(start, delay, CALENDAR)
    assert at >= start
    if delay.amount and delay.working:
        assert CALENDAR.is_open(at) or CALENDAR.is_open(at - timedelta(seconds=1))
    if delay.amount and not delay.working:
        assert at - start == timedelta(**{delay.unit: delay.amount})


@given(moments, st.integers(1, 59))
def test_longer_is_not_sooner(start: datetime, amount: int) -> None:
    for unit in ("minutes", "hours", "days"):
        first, second = (timing.when(start, Delay(amount=amount + more, unit=unit), CALENDAR) for more in (0, 1))
        assert first < second


@given(moments)
def test_a_plan_is_in_order(start: datetime) -> None:
    for default in defaults.DEFAULTS:
        plan = timing.plan(default.steps, start, CALENDAR)
        assert len(plan) == len(default.steps)
        assert plan == sorted(plan)


def test_the_table_speaks_of_everything_that_happens() -> None:
    assert set(stopping.EFFECTS) == set(get_args(stopping.Happening))
    assert set(stopping.EFFECTS.values()) == set(get_args(stopping.Effect))


@pytest.mark.parametrize("trigger", ["lead_opened", "unreachable", "evaluation_missed", "inactive"])
def test_a_stop_never_ends_the_human_follow_up(trigger: str) -> None:
    for refusal in ("opted_out", "landline", "undelivered"):
        assert stopping.effect(refusal, trigger) == "no_texts"
    for sign_of_life in ("replied", "reached", "missed_call", "booked", "attended", "closed", "person"):
        assert stopping.effect(sign_of_life, trigger) == "stop"
    for nothing in ("no_answer", "left_message"):
        assert stopping.effect(nothing, trigger) == "none"


def test_what_only_counts_for_some() -> None:
    assert stopping.effect("new_order", "inactive") == "stop"
    assert stopping.effect("new_order", "lead_opened") == "none"
    assert stopping.effect("wrong_number", "lead_opened") == "find_number"
    assert stopping.effect("wrong_number", "unreachable") == "no_texts"


def limited(per_hour: int | None, *windows: dict[str, object]) -> throttle.LimitAt:
    return throttle.limits(FollowupRules(texts_per_hour=per_hour, text_windows=list(windows)), CHICAGO)[0]


@given(st.integers(1, 20), st.integers(1, 120))
def test_no_hour_has_more_texts_than_allowed(per_hour: int, waiting: int) -> None:
    sent: list[datetime] = []
    for _ in range(waiting):
        at = throttle.slot(TUESDAY_NOON, sent, 0, limited(per_hour), [], CHICAGO)
        assert at is not None
        sent.append(at)
    assert sent == sorted(sent), "in order"
    assert all(sum(begin - throttle.HOUR < other <= begin for other in sent) <= per_hour for begin in sent), (
        "in any hour"
    )


@given(st.integers(1, 10), st.integers(0, 60))
def test_the_place_in_line_is_the_time_it_takes(per_hour: int, ahead: int) -> None:
    at = throttle.slot(TUESDAY_NOON, [], ahead, limited(per_hour), [], CHICAGO)
    assert at == TUESDAY_NOON + throttle.HOUR * (ahead // per_hour)


def test_times_of_day() -> None:
    lunch = {"opens": "12:00", "closes": "13:00", "per_hour": 0}
    edges = [time(12), time(13)]
    assert throttle.slot(TUESDAY_NOON, [], 0, limited(30, lunch), edges, CHICAGO) == TUESDAY_NOON + timedelta(hours=1)
    assert throttle.slot(TUESDAY_NOON, [], 99, limited(None), [], CHICAGO) == TUESDAY_NOON
    assert throttle.slot(TUESDAY_NOON, [], 0, limited(0), [], CHICAGO) is None, "0 is none at all"


def test_the_first_sequences_say_what_exists() -> None:
    names = {template.key: template.name for template in DEFAULTS}
    for default in defaults.DEFAULTS:
        for step in default.steps:
            assert step.kind != "text" or step.template in names
            assert wording.sentence(step, names).endswith(".")
