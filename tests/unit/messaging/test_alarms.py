"""When a line is paused: one filtered text never stops a practice, a missing registration does at once."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.integrations.sms_twilio import POLICIES
from backend.messaging.alarms import AT_ONCE, HABIT, LAST, MEANINGS, pauses
from backend.messaging.gate import SEND, Facts, Verdict, decide
from backend.messaging.line_check import findings
from backend.messaging.ports import LineState, SenderPool
from tests.unit.messaging.test_gate import TUESDAY_NOON, facts

ALARMS = {code for code, policy in POLICIES.items() if policy == "alarm"}
codes = st.one_of(st.none(), st.sampled_from(sorted(ALARMS | {"30003", "21610"})))
REFUSED = SenderPool(True, True, uses_number_url=True, campaign="FAILED")
URL = "https://desk.example.org/webhooks/twilio/k/sms"


def test_every_alarm_has_a_rule_and_words() -> None:
    assert AT_ONCE | HABIT >= ALARMS
    assert not AT_ONCE & HABIT
    assert set(MEANINGS) == AT_ONCE | HABIT


@given(st.lists(codes, max_size=40))
def test_a_registration_code_pauses_at_once(recent: list[str | None]) -> None:
    assert all(pauses(code, recent) for code in AT_ONCE)


@given(st.sampled_from(sorted(HABIT)), st.lists(st.none(), max_size=40), st.integers(0, 40))
def test_one_or_two_filtered_texts_pause_nothing(code: str, rest: list[None], place: int) -> None:
    recent: list[str | None] = [code, *rest]
    recent.insert(min(place, len(recent)), code)
    assert not pauses(code, recent)


@given(codes, st.lists(codes, max_size=60))
def test_pausing_needs_an_alarm_and_only_the_latest_count(code: str | None, recent: list[str | None]) -> None:
    assert pauses(code, recent) == pauses(code, recent[:LAST])
    if pauses(code, recent):
        assert code in AT_ONCE | HABIT
        assert code in AT_ONCE or sum(known in HABIT for known in recent[:LAST]) >= 3


@given(st.sampled_from(sorted(HABIT)), st.lists(codes, max_size=17), st.permutations(range(20)))
def test_three_of_twenty_pause_in_any_order(code: str, rest: list[str | None], order: list[int]) -> None:
    recent = [code, code, code, *rest]
    mixed = [recent[place] for place in order if place < len(recent)]
    assert pauses(code, mixed)


def paused(**changes: Any) -> Facts:
    return facts(line_paused=True, **changes)


def test_rules_wait_people_are_warned() -> None:
    assert decide(paused(automatic=True), "care") == Verdict("hold", "line_paused", warning="line_paused")
    assert decide(paused(), "care") == Verdict("send", warning="line_paused")
    assert decide(paused(automatic=True), "notice") == SEND, "a STOP is confirmed all the same"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"consent": "revoked"}, "opted_out"), ({"consent": "none"}, "no_consent"), ({"landline": True}, "landline"),
     ({"wrong_person": True}, "wrong_person"), ({"bad_number": True}, "bad_number"), ({"line": False}, "no_line"),
     ({"sent": (TUESDAY_NOON,)}, "line_paused")],
)  # fmt: skip
def test_the_order_of_reasons(changes: dict[str, Any], reason: str) -> None:
    assert decide(paused(automatic=True, **changes), "care").reason == reason


@pytest.mark.parametrize(
    ("state", "wrong"),
    [
        (LineState("refused"), "does not accept the credentials"),
        (LineState("suspended"), "suspended"),
        (LineState("active"), "does not belong"),
        (LineState("active", True, False, sms_url=URL), "cannot send texts"),
        (LineState("active", True, True, sms_url=None), "no address is set"),
        (LineState("active", True, True, sms_url="https://elsewhere.example.org"), "another address"),
        (LineState("active", True, True, sms_url=URL, sms_method="GET"), "brought by GET"),
        (LineState("active", True, True, True, sms_url=URL), "TwiML app"),
        (LineState("active", True, True, sms_url=URL, pool=SenderPool(False)), "does not exist"),
        (LineState("active", True, True, sms_url=URL, pool=SenderPool(True)), "not in the sender pool"),
        (LineState("active", True, True, sms_url=URL, pool=SenderPool(True, True, None, "POST")), "no address is set"),
        (LineState("active", True, True, sms_url=URL, pool=REFUSED), "campaign is not approved"),
    ],
)  # fmt: skip
def test_a_check_names_what_is_wrong(state: LineState, wrong: str) -> None:
    errors = [item for item in findings(state, URL) if item.level == "error"]
    assert any(wrong in item.title for item in errors)
    assert all(item.advice for item in errors)


def test_a_check_is_content_when_all_is_well() -> None:
    pool = SenderPool(True, True, URL, "POST", campaign="VERIFIED")
    state = LineState("active", True, True, sms_url="https://old.example.org", pool=pool, voice_url="v")
    assert {item.level for item in findings(state, URL, "v")} == {"ok"}, "the service's address wins over the number's"
    deferring = SenderPool(True, True, "https://old.example.org", "POST", True, "VERIFIED")
    assert {item.level for item in findings(LineState("active", True, True, sms_url=URL, pool=deferring), URL)} == {
        "ok"
    }
