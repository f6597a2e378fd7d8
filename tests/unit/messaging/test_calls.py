"""Rules of calls: outcomes move forward, the thread's words, and what a missed call changes at the gate."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from backend.messaging.calls import states
from backend.messaging.calls.models import Call
from backend.messaging.gate import Facts, decide

NOON = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
ZONES = ("America/Chicago",)


@pytest.mark.parametrize(("current", "reported"), list(product(states.RANK, states.RANK)))
def test_an_outcome_never_goes_back(current: str, reported: str) -> None:
    assert states.moves(current, reported) == (states.RANK[reported] > states.RANK[current])
    assert not (states.moves(current, reported) and states.moves(reported, current))


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"outcome": "ringing"}, "Calling now"),
        ({"outcome": "missed", "after_hours": False}, "Missed call"),
        ({"outcome": "missed", "after_hours": True}, "Missed call after hours"),
        ({"outcome": "voicemail", "voicemail_seconds": 42}, "Voicemail, 0:42"),
        ({"outcome": "voicemail", "voicemail_seconds": None}, "Voicemail"),
        ({"outcome": "answered", "duration_seconds": 725}, "Call answered, 12:05"),
        ({"outcome": "answered", "duration_seconds": None}, "Call answered"),
    ],
)
def test_the_thread_says_it_plainly(facts: dict[str, object], words: str) -> None:
    assert states.words(Call(**facts)) == words


def texted(at: datetime, **more: object) -> Facts:
    """Consent, and a text earlier today: the cap of one a day is used up."""
    return Facts(at=at, line=True, consent="granted", zones=ZONES, sent=(at - timedelta(hours=2),), **more)  # type: ignore[arg-type]


def test_who_called_in_vain_is_answered_past_the_caps_on_unasked_texts() -> None:
    assert decide(texted(NOON), "care").reason == "cap"
    assert decide(texted(NOON, missed_call=NOON - timedelta(minutes=1)), "care").action == "send"
    assert decide(texted(NOON, missed_call=NOON - timedelta(days=2)), "care").reason == "cap"


def test_a_call_at_night_does_not_open_the_night_for_texts() -> None:
    verdict = decide(texted(NIGHT, missed_call=NIGHT - timedelta(minutes=1)), "care")
    assert (verdict.action, verdict.reason) == ("hold", "quiet_hours")
    assert verdict.until is not None and verdict.until > NIGHT + timedelta(hours=9)


@pytest.mark.parametrize("state", ["revoked", "asked", "none"])
def test_a_missed_call_alone_is_no_consent_at_the_gate(state: str) -> None:
    facts = Facts(at=NOON, line=True, consent=state, zones=ZONES, missed_call=NOON)  # type: ignore[arg-type]
    assert decide(facts, "care").action != "send"
