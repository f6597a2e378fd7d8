"""Results as a letter states them: no more than the scores carry."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from backend.care.measures.catalog import INSTRUMENTS
from backend.care.outcomes.models import OutcomeScore
from backend.care.outcomes.queries import measures_of
from backend.core.ids import new_id
from backend.loop import outcomes
from backend.loop.content import Sender
from backend.loop.outcomes import NO_RESULT
from backend.loop.wording import Course, Facts, compose

FACTS: dict[str, Any] = {
    "sender": Sender("Northside Physical Therapy", None, None, None, None), "timezone": "America/Chicago",
    "today": date(2026, 11, 25), "to": "Rowan Ortho, MD", "to_office": None, "to_fax": None, "patient": "Ada Sample",
}  # fmt: skip


def row(score: float, day: int) -> OutcomeScore:
    at = datetime(2026, 11, day, tzinfo=UTC)
    return OutcomeScore(
        practice_id=new_id(), id=new_id(), patient_id=new_id(), episode_id=new_id(), instrument="quickdash",
        instrument_version=INSTRUMENTS["quickdash"].versions[0], language="en", rule_version="2026.1", items=[],
        score=Decimal(str(score)), completeness=Decimal(1), higher_better=False, occasion="intake",
        taken_at=at, source="staff", created_at=at, recorded_by="x",
        unit="points", parts={},
    )  # fmt: skip


def said(*rows: OutcomeScore) -> str:
    ((_, words),) = outcomes.stated(measures_of(rows))
    return words


def test_a_change_that_matters_says_so() -> None:
    assert said(row(60, 1), row(36, 20)).startswith("from 60 to 36: better by 24, 40 %, which patients notice")


def test_a_small_change_says_that_too() -> None:
    assert "less than patients notice" in said(row(60, 1), row(55, 20))


def test_worse_and_unchanged_are_told_as_they_are() -> None:
    assert said(row(30, 1), row(45, 20)) == "from 30 to 45: worse by 15, 50 %"
    assert said(row(30, 1), row(30, 20)) == "from 30 to 30: unchanged"


def test_one_score_is_no_result() -> None:
    assert said(row(30, 1)) == "30 at first"
    course = Course(FACTS["today"], FACTS["today"], "goals_met", 11, "shoulder", (("QuickDASH", "30 at first"),))
    content = compose(["discharge"], Facts(**FACTS, course=course))
    assert content is not None and NO_RESULT in content.text and "11 visits" in content.text[0]


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_words_agree_with_the_numbers(first: int, last: int) -> None:
    words = said(row(first / 10, 1), row(last / 10, 20))
    better, worse = last < first, last > first
    assert ("better" in words, "worse" in words, "unchanged" in words) == (better, worse, not better and not worse)
