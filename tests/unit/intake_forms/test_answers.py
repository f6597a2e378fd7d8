"""Answers: whatever a browser sends is kept as an answer or refused, and never breaks anything."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.intake_forms import answers, reading
from backend.intake_forms.pdf.fonts import markup, plain
from backend.intake_forms.standard.form import FORM

QUESTIONS = list(FORM.questions())
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=60),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=12), inner, max_size=5),
    max_leaves=12,
)


@given(st.sampled_from(QUESTIONS), JSON)
def test_anything_is_an_answer_or_refused(question: Any, raw: Any) -> None:
    try:
        value = answers.accept(question, raw)
    except answers.Wrong as wrong:
        assert wrong.detail
        return
    assert answers.accept(question, value) == value, "what is kept is kept again unchanged"
    assert not isinstance(value, float) or math.isfinite(value)
    detail = answers.wrong(question, value)
    assert detail is None or isinstance(detail, str)
    assert all(isinstance(line, str) for line in reading.in_words(question, value))


@given(st.dictionaries(st.sampled_from([one.id for one in QUESTIONS]), JSON, max_size=12))
def test_a_form_is_complete_exactly_when_nothing_is_missing(raw: dict[str, Any]) -> None:
    kept = {}
    for name, value in raw.items():
        try:
            kept[name] = answers.accept(FORM.question(name), value)
        except answers.Wrong:
            continue
    known = {name: value for name, value in kept.items() if value is not None}
    missing = [name for name, _ in answers.unfinished(FORM, known)]
    required = [name for name in missing if FORM.question(name).required]
    assert (answers.percent(FORM, known) == 100) == (not required)


@pytest.mark.parametrize(
    ("name", "raw", "kept"),
    [
        ("first_name", "  Ada \u0000\u200b Sample ", "Ada Sample"),
        ("first_name", "<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("story", "one\n\ntwo", "one\n\ntwo"),
        ("story", "   ", None),
        ("conditions", ["heart", "heart"], ["heart"]),
        ("conditions", [], None),
        ("medicines", {"none": False, "items": []}, None),
        ("address", {"street": " "}, None),
        ("signature", {"kind": "typed", "name": " "}, None),
        ("privacy", {"agreed": False, "version": 1}, None),
    ],
)
def test_what_is_kept(name: str, raw: Any, kept: Any) -> None:
    assert answers.accept(FORM.question(name), raw) == kept


@pytest.mark.parametrize(
    ("name", "value", "detail"),
    [
        ("phone", "123", "is not a phone number we can call"),
        ("email", "ada@example", "is not an e-mail address"),
        ("dob", "1961-02-30", "is not a date"),
        ("dob", "2999-01-01", "is not a date we can use"),
        ("goal_by", "2001-01-01", "must not be in the past"),
        ("falls", 0, "must be at least 1"),
        ("falls", 1.5, "has too many decimals"),
        ("conditions", ["none", "heart"], "cannot go with the others"),
        ("address", {"street": "1 Elm", "unit": "", "city": "", "state": "IL", "zip": ""}, "needs city, zip"),
        ("activities", [{"activity": "Walk", "score": None}], "needs words and a number for each activity"),
        ("activities", [{"activity": "Walk", "score": 3}], "needs at least 3"),
        ("activities", [{"activity": "Walk", "score": 3}, {"activity": "walk", "score": 4}], "names an activity twice"),
        ("medicines", {"none": True, "items": [{"name": "A"}]}, "cannot say none and name some"),
        ("signature", {"kind": "drawn", "name": "Ada", "strokes": []}, "is not drawn yet"),
        ("privacy", {"agreed": True, "version": 3, "name": ""}, "has other words now; please read them again"),
    ],
)
def test_what_is_wrong(name: str, value: Any, detail: str) -> None:
    assert answers.wrong(FORM.question(name), value) == detail


@given(st.text(max_size=40))
def test_no_letter_is_lost_in_the_pdf(text: str) -> None:
    assert len(plain(text)) == len(text)
    assert "<" not in markup(text).replace("&lt;", "")
