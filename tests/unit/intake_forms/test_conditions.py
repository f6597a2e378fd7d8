"""What a patient sees follows from the answers, on the server as in the page; nothing hidden is ever kept."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.intake_forms import answers, problems
from backend.intake_forms.conditions import shown
from backend.intake_forms.definition import Condition, Definition, Rule, Section, Words, YesNo
from tests.conftest import ROOT

FILE = json.loads((ROOT / "frontend/src/patient/intake/conditions.cases.json").read_text())
FORM = Definition.model_validate(FILE["form"])


@pytest.mark.parametrize("case", FILE["cases"], ids=lambda case: json.dumps(case["answers"]))
def test_the_page_and_the_server_decide_alike(case: dict[str, Any]) -> None:
    order = [question.id for question in FORM.questions()]
    assert sorted(shown(FORM, case["answers"]), key=order.index) == case["shown"]


VALUES = st.fixed_dictionaries(
    {},
    optional={
        "fell": st.booleans(), "falls": st.integers(0, 5), "hurt": st.sampled_from(["arm", "leg"]),
        "ills": st.lists(st.sampled_from(["heart", "other"]), unique=True), "which": st.sampled_from(["lung", "skin"]),
        "pain": st.integers(0, 10), "more": st.text(max_size=5),
    },
)  # fmt: skip


@given(VALUES)
def test_what_is_hidden_changes_nothing(given_answers: dict[str, Any]) -> None:
    visible = shown(FORM, given_answers)
    kept = answers.finished(FORM, given_answers)
    assert kept.keys() <= visible
    assert shown(FORM, kept) == visible, "dropping the hidden answers shows the same questions"
    assert answers.finished(FORM, kept) == kept


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=20))
def test_no_published_form_has_a_circle(edges: list[tuple[int, int]]) -> None:
    """Whatever rules somebody writes: those that look ahead, or at themselves, are refused."""
    rules: dict[int, list[Rule]] = {}
    for asks, asked in edges:
        rules.setdefault(asks, []).append(Rule(question=f"q{asked}", op="equals", value=True))
    questions = [
        YesNo(type="yes_no", id=f"q{number}", label=Words(en="?", es="?"),
              show_if=Condition(rules=rules.get(number, [])[:10]))
        for number in range(10)
    ]  # fmt: skip
    form = Definition(
        title=Words(en="F", es="F"), sections=[Section(id="s", title=Words(en="S", es="S"), questions=questions)]
    )  # fmt: skip
    ahead = any(asked >= asks for asks, asked in edges)
    errors = [one for one in problems.find(form) if one.level == "error"]
    assert bool(errors) == ahead
    assert shown(form, {f"q{number}": True for number in range(10)}) <= {f"q{number}" for number in range(10)}
