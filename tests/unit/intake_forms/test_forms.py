"""The standard form is finished, in plain words and both languages; drafts say what is wrong, and where."""

import re
from typing import Any

import pytest

from backend.care.measures.own_words import FEWEST_ACTIVITIES, MOST_ACTIVITIES
from backend.intake_forms import changes, problems
from backend.intake_forms.body import AREAS, HEIGHT, NAMES, OF_ORDER, WIDTH, of_order
from backend.intake_forms.definition import Definition, stored
from backend.intake_forms.standard.form import FORM

WORD = {"en": "Question", "es": "Pregunta"}


def _texts(form: Definition, language: str) -> list[str]:
    found = []

    def collect(value: Any) -> None:
        if isinstance(value, dict):
            if value.keys() <= {"en", "es"} and "en" in value:
                found.append(value.get(language, ""))
            else:
                for part in value.values():
                    collect(part)
        elif isinstance(value, list):
            for part in value:
                collect(part)

    collect(stored(form))
    return found


def _grade(text: str) -> float:
    """Flesch–Kincaid grade, syllables counted by groups of vowels."""
    sentences = max(1, len(re.findall(r"[.!?:]+(?:\s|$)", text)))
    words = re.findall(r"[a-z']+", text.lower())
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"(?:es|ed|e)$", "", word)))) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


def test_the_standard_form_can_be_published_as_it_is() -> None:
    assert problems.find(FORM) == []


def test_it_is_written_for_everybody() -> None:
    texts = [text for text in _texts(FORM, "en") if len(text.split()) > 2]
    everything = ". ".join(text.rstrip(".?") for text in texts) + "."
    assert _grade(everything) <= 8
    agreements = [question.text.en for question in FORM.questions() if question.type == "agreement"]
    assert [round(_grade(text)) for text in agreements if _grade(text) > 8] == []


def test_every_text_has_its_spanish() -> None:
    english, spanish = _texts(FORM, "en"), _texts(FORM, "es")
    assert len(english) == len(spanish) > 150
    assert [one for one, other in zip(english, spanish, strict=True) if not other] == []


def test_it_asks_what_a_clinic_must_know() -> None:
    kinds = {question.type for question in FORM.questions()}
    assert kinds >= {
        "address", "card_photo", "body_diagram", "scale", "activities", "medications", "agreement", "signature",
    }  # fmt: skip
    assert sum(question.type == "agreement" for question in FORM.questions()) == 4


def _form(*questions: dict[str, Any], **section: Any) -> Definition:
    return Definition.model_validate(
        {"title": WORD, "sections": [{"id": "s", "title": WORD, "questions": list(questions), **section}]}
    )


def _ask(name: str, kind: str = "yes_no", **rest: Any) -> dict[str, Any]:
    return {"type": kind, "id": name, "label": WORD, **rest}


@pytest.mark.parametrize(
    ("form", "pointer"),
    [
        (Definition.model_validate({"title": WORD}), "/sections"),
        (_form(), "/sections/0/questions"),
        (_form(_ask("a"), _ask("a")), "/sections/0/questions/1/id"),
        (_form(_ask("a", label={"en": ""})), "/sections/0/questions/0/label/en"),
        (_form(_ask("a", "choice")), "/sections/0/questions/0/options"),
        (_form(_ask("a", "number", least=5, most=1)), "/sections/0/questions/0/most"),
        (_form(_ask("a", "agreement")), "/sections/0/questions/0/text/en"),
        (_form(_ask("a", prefill="patient.dob")), "/sections/0/questions/0/prefill"),
        (
            _form(_ask("a", show_if={"rules": [{"question": "a", "op": "answered"}]})),
            "/sections/0/questions/0/show_if/rules/0/question",
        ),
        (
            _form(_ask("a"), show_if={"rules": [{"question": "a", "op": "answered"}]}),
            "/sections/0/show_if/rules/0/question",
        ),
        (
            _form(_ask("a"), _ask("b", show_if={"rules": [{"question": "a", "op": "equals", "value": "yes"}]})),
            "/sections/0/questions/1/show_if/rules/0/value",
        ),
        (
            _form(_ask("a"), _ask("b", show_if={"rules": [{"question": "a", "op": "at_least", "value": 1}]})),
            "/sections/0/questions/1/show_if/rules/0/value",
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_place(form: Definition, pointer: str) -> None:
    assert [one.pointer for one in problems.find(form) if one.level == "error"] == [pointer]


def test_missing_spanish_is_only_a_warning() -> None:
    found = problems.find(_form(_ask("a", label={"en": "Fell?"})))
    assert [(one.pointer, one.level) for one in found] == [("/sections/0/questions/0/label/es", "warning")]


def test_changes_are_told_in_words() -> None:
    old = _form(_ask("a"), _ask("b", label={"en": "Old words", "es": "x"}), _ask("c", "short_text"))
    new = _form(
        _ask("c", "short_text", max_length=50, required=True), _ask("b", label={"en": "New words", "es": "x"}),
        _ask("d", label={"en": "x" * 90, "es": "x"}),
    )  # fmt: skip
    assert changes.summary(old, new) == [
        "Removed: “Question”.",
        "“Question”: now required, other answers or limits.",
        "“New words”: reworded.",
        f"Added: “{'x' * 59}…”.",
        "Questions are in another order.",
    ]
    assert changes.summary(old, old) == []
    assert changes.summary(None, old) == ["First version: 1 sections, 3 questions."]


def test_an_agreement_has_a_new_version_only_for_new_words() -> None:
    def with_words(text: str) -> Definition:
        return _form(_ask("a", "agreement", text={"en": text, "es": text}))

    first = changes.number_agreements([], with_words("one"))
    second = changes.number_agreements([first], with_words("two"))
    back = changes.number_agreements([second, first], with_words("one"))
    assert [form.question("a").version for form in (first, second, back)] == [1, 2, 1]
    assert changes.number_agreements([second, first], with_words("three")).question("a").version == 3


def test_the_body_lies_within_its_picture_and_every_part_has_a_name() -> None:
    for area in AREAS.values():
        assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in area.points), area.id
        assert area.words.en and area.words.es
    assert {
        area.id.removeprefix(f"{area.view}_").removesuffix("_left").removesuffix("_right") for area in AREAS.values()
    } == set(NAMES)
    assert len({area.words.en for area in AREAS.values()}) == len(AREAS)
    for part in OF_ORDER:
        for side in ("left", "right", "bilateral", None):
            assert set(of_order(part, side)) <= AREAS.keys()
            assert of_order(part, side)


def test_the_standard_form_asks_for_as_many_activities_as_a_score_needs() -> None:
    asked = FORM.question("activities")
    assert (asked.least, asked.most) == (FEWEST_ACTIVITIES, MOST_ACTIVITIES)
    assert problems.SCORED_FROM == FEWEST_ACTIVITIES
    few = FORM.model_copy(deep=True)
    few.question("activities").least = 2
    found = [one for one in problems.find(few) if one.pointer.endswith("/least")]
    assert [(one.level, "PSFS" in one.detail) for one in found] == [("warning", True)]
