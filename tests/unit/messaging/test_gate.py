"""No text outside law and wish, whatever the facts."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.messaging import gate, zones
from backend.messaging.gate import Facts, Verdict, decide
from backend.messaging.quiet_hours import TextingHours, allowed, next_allowed
from backend.messaging.segments import segments
from backend.messaging.templates import DEFAULTS, FIRST, fill, lint

CHICAGO = "America/Chicago"
TUESDAY_NOON = datetime(2026, 11, 24, 18, tzinfo=UTC)
GIVEN: dict[str, Any] = {"line": True, "consent": "granted", "zones": (CHICAGO,)}
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
some_zones = st.lists(
    st.sampled_from([zone for pair in zones.STATES.values() for zone in pair][:-1]), min_size=1, max_size=3
)


def facts(**changes: Any) -> Facts:
    return Facts(**{"at": TUESDAY_NOON, **GIVEN, **changes})


def test_a_lawful_text_goes() -> None:
    assert decide(facts(), "care") == gate.SEND


@pytest.mark.parametrize(
    ("changes", "action", "reason"),
    [
        ({"consent": "revoked"}, "block", "opted_out"),
        ({"consent": "revoked", "last_inbound": TUESDAY_NOON}, "block", "opted_out"),
        ({"wrong_person": True}, "block", "wrong_person"),
        ({"landline": True}, "block", "landline"),
        ({"bad_number": True}, "block", "bad_number"),
        ({"line": False}, "block", "no_line"),
        ({"consent": "none"}, "hold", "no_consent"),
        ({"consent": "asked"}, "hold", "no_consent"),
        ({"at": datetime(2026, 11, 25, 3, tzinfo=UTC)}, "hold", "quiet_hours"),
        ({"at": datetime(2026, 11, 22, 18, tzinfo=UTC)}, "hold", "quiet_hours"),
        ({"sent": (TUESDAY_NOON - timedelta(hours=3),)}, "hold", "cap"),
        ({"sent": tuple(TUESDAY_NOON - timedelta(days=day) for day in (2, 3, 4))}, "hold", "cap"),
        ({"send_at": TUESDAY_NOON + timedelta(hours=1)}, "hold", "send_later"),
    ],
)
def test_refusals(changes: dict[str, object], action: str, reason: str) -> None:
    verdict = decide(facts(**changes), "care")
    assert (verdict.action, verdict.reason) == (action, reason)


def test_asking_for_consent_happens_once() -> None:
    assert decide(facts(consent="none"), "consent_request") == gate.SEND
    assert decide(facts(consent="asked"), "consent_request") == Verdict("hold", "no_consent")


def test_a_reply_within_half_an_hour_may_be_answered_at_night() -> None:
    night = datetime(2026, 11, 25, 4, tzinfo=UTC)
    recent = tuple(night - timedelta(hours=hours) for hours in (1, 2, 3, 4))
    assert decide(facts(at=night, last_inbound=night - timedelta(minutes=29), sent=recent), "care") == gate.SEND
    assert decide(facts(at=night, last_inbound=night - timedelta(minutes=31)), "care").reason == "quiet_hours"


@given(moments, some_zones, st.booleans())
def test_a_hold_ends_in_lawful_hours_everywhere(at: datetime, places: list[str], sundays: bool) -> None:
    hours = TextingHours(time(9), time(20), sundays)
    until = next_allowed(at, places, hours)
    if until is None:
        return
    assert until >= at
    assert allowed(until, places, hours)
    for place in places:
        local = until.astimezone(ZoneInfo(place))
        assert time(8) <= local.time() < time(21)


@given(
    st.lists(st.timedeltas(timedelta(), timedelta(days=10)), max_size=20),
    st.sampled_from(["granted", "asked", "none", "revoked"]), st.booleans(), st.booleans(), moments, some_zones,
)  # fmt: skip
def test_whatever_is_sent_was_lawful(
    ago: list[timedelta], consent: str, landline: bool, wrong: bool, at: datetime, places: list[str]
) -> None:
    sent = tuple(at - span for span in ago)
    given_facts = facts(at=at, sent=sent, consent=consent, landline=landline, wrong_person=wrong, zones=tuple(places))
    verdict = decide(given_facts, "care")
    if verdict.action != "send":
        return
    assert consent == "granted"
    assert not landline
    assert not wrong
    assert allowed(at, places, given_facts.hours)
    assert not any(at - moment < timedelta(days=1) for moment in sent)
    assert sum(at - moment < timedelta(days=7) for moment in sent) < 3


@given(moments)
def test_sending_when_told_never_exceeds_the_caps(start: datetime) -> None:
    at = start
    sent: list[datetime] = []
    for _ in range(12):
        verdict = decide(facts(at=at, sent=tuple(sent)), "care")
        if verdict.action == "send":
            sent.append(at)
            at += timedelta(minutes=1)
        else:
            assert verdict.until is not None
            assert verdict.until > at
            at = verdict.until
    assert all(later - earlier >= timedelta(days=1) for earlier, later in pairwise(sent))
    assert all(sent[place + 3] - sent[place] >= timedelta(days=7) for place in range(len(sent) - 3))


def test_zones_come_from_address_number_and_clinic() -> None:
    assert zones.of_address("1 Main St, Reno, NV 89501") == ("America/Los_Angeles",)
    assert set(zones.of_address("1 Main St, Austin, TX 78701-1234")) == {CHICAGO, "America/Denver"}
    assert zones.of_address(None) == ()
    assert zones.of_number("+12125550142") == ("America/New_York",)
    assert zones.of_number("+18005550142") == ()
    assert zones.candidates("+12125550142", "1 Main St, Reno, NV 89501", CHICAGO) == (
        "America/Los_Angeles", "America/New_York", CHICAGO,
    )  # fmt: skip


def test_a_skipped_hour_in_spring_is_no_trap() -> None:
    before = datetime(2026, 3, 8, 4, tzinfo=UTC)
    until = next_allowed(before, (CHICAGO,), TextingHours(time(2, 30), time(20), sundays=True))
    assert until is not None
    assert until >= before


def test_no_choice_of_the_practice_widens_the_law() -> None:
    widest = TextingHours(time(0), time(23, 59), sundays=True)
    for hour in range(24):
        at = datetime(2026, 11, 24, hour, tzinfo=ZoneInfo(CHICAGO))
        assert allowed(at, (CHICAGO,), widest) == (8 <= hour < 21)


def test_zones_without_a_common_hour_wait_for_a_person() -> None:
    noon = {"hours": TextingHours(time(12), time(13)), "zones": ("America/New_York", "Pacific/Honolulu")}
    assert decide(facts(**noon), "care") == Verdict("hold", "quiet_hours", None)


def test_default_templates_are_clean() -> None:
    for template in DEFAULTS:
        assert lint(template.body, first=template.key in FIRST) == []
        assert template.body.startswith("{practice}")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("{practice}: about your knee surgery. Reply STOP to opt out.", "knee"),
        ("{practice}: see bit.ly/x Reply STOP", "shorteners"),
        ("Hi! Reply STOP", "name the practice"),
        ("{practice}: hello", "STOP"),
        ("{practice} {diagnosis} STOP", "placeholder"),
        ("{practice} STOP " + "x" * 500, "Too long"),
    ],
)
def test_the_linter_speaks(body: str, said: str) -> None:
    assert any(said in finding for finding in lint(body, first=True))


def test_filling() -> None:
    assert fill("{practice}: hi {first_name}, ok?", {"practice": "North", "first_name": ""}) == "North: hi, ok?"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("{" * 80, 1),
        ("{" * 81, 2),
        ("é" * 160, 1),
        ("ñ😀" + "a" * 67, 1),
        ("😀" * 36, 2),
    ],
)
def test_segments(text: str, count: int) -> None:
    assert segments(text) == count
