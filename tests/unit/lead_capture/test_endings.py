"""The end of a case as an export says it: why in our words, and what cannot be so."""

import uuid
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.lead_capture.emr.choosing import GONE, Course, choose
from backend.lead_capture.emr.endings import (
    AFTER,
    CAME_SINCE,
    FUTURE,
    TOO_EARLY,
    Ending,
    contradiction,
    differs,
    ending,
    refusal,
)
from backend.lead_capture.emr.words import reason_of

DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("Goals Met", "goals_met"), ("All LTGs achieved - met goals", "goals_met"), ("Goals not met", "other"),
        ("Goals partially met", "other"), ("Completed POC", "plan_finished"), ("Max rehab potential", "plan_finished"),
        ("Plateau", "plan_finished"), ("D/C to HEP", "plan_finished"), ("Non-compliance", "no_return"),
        ("Patient did not return", "no_return"), ("Self-discharge", "no_return"), ("Lost to follow up", "no_return"),
        ("Insurance exhausted", "insurance"), ("No more authorization", "insurance"), ("Moved away", "moved"),
        ("Transferred to another clinic", "moved"), ("Medical complication", "medical"), ("Surgery", "medical"),
        ("Patient request", "patient_choice"), ("Declined further care", "patient_choice"), ("Code 7", "other"),
    ],
)  # fmt: skip
def test_reasons_in_the_words_of_systems(said: str, reason: str) -> None:
    assert reason_of(said) == reason


def test_words_that_are_no_reason_of_ours_are_kept() -> None:
    assert ending("2026-03-09", "Code 7") == Ending(date(2026, 3, 9), "other", "Code 7")
    assert ending("2026-03-09", "Goals met") == Ending(date(2026, 3, 9), "goals_met", None)
    assert ending("2026-03-09", None) == Ending(date(2026, 3, 9))
    assert ending(None, "Goals met") is None


def test_what_cannot_be_so_in_one_row() -> None:
    end = Ending(DAY)
    assert contradiction(end, DAY + timedelta(1), "attended", date(2026, 4, 1)) == AFTER
    assert contradiction(end, DAY + timedelta(1), "no_show", date(2026, 4, 1)) == AFTER
    assert contradiction(end, DAY + timedelta(1), "canceled", date(2026, 4, 1)) is None
    assert contradiction(end, DAY, "attended", DAY - timedelta(1)) == FUTURE


def course(**facts: object) -> Course:
    made = Course(uuid.uuid4(), "C1", DAY, None, evaluated=True)
    for name, value in facts.items():
        setattr(made, name, value)
    return made


def test_what_does_not_fit_what_is_known() -> None:
    late = DAY + timedelta(20)
    assert refusal(course(came_on=late), Ending(DAY + timedelta(9)), DAY, "attended") == CAME_SINCE
    assert refusal(course(), Ending(DAY - timedelta(1)), DAY - timedelta(2), "canceled") == TOO_EARLY
    assert refusal(course(ended_on=DAY + timedelta(9)), None, late, "attended") == AFTER
    assert refusal(course(ended_on=DAY + timedelta(9)), None, late, "clinic_canceled") is None
    assert refusal(course(ended_on=DAY + timedelta(9)), Ending(late), late, "attended") is None, "a later end is news"
    over = course(ended_on=DAY + timedelta(9))
    assert choose([over], case=None, day=late, kind="treatment", came=True).why == GONE


@given(
    st.dates(DAY, date(2026, 12, 31)),
    st.none() | st.sampled_from(["goals_met", "other"]),
    st.none() | st.text(max_size=9),
)
def test_the_same_word_twice_is_no_news(on: date, reason: str | None, note: str | None) -> None:
    end = Ending(on, reason, note or None)
    known = {"ended_on": on, "discharge_reason": reason or "moved", "discharge_note": note or "before"}
    assert not differs(known, end)
    assert differs(known | {"ended_on": None}, end)
