"""What keeps a draft from being published, at its place, and what is only worth knowing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from backend.intake_forms import answers
from backend.intake_forms.definition import MOST_QUESTIONS, Condition, Definition, Rule, Section, Words

OPS: Final[dict[str, frozenset[str]]] = {
    "choice": frozenset({"equals", "not_equals"}),
    "multi_choice": frozenset({"contains"}),
    "yes_no": frozenset({"equals"}),
    "scale": frozenset({"equals", "at_least", "at_most"}),
    "number": frozenset({"equals", "at_least", "at_most"}),
    "short_text": frozenset({"equals", "contains"}),
    "long_text": frozenset({"contains"}),
    "body_diagram": frozenset({"contains"}),
}
# The published score of own activities (PSFS) is the mean of three to five.
SCORED_FROM: Final = 3
PRESENT: Final = frozenset({"answered", "not_answered"})
# Kinds of questions a binding can fill.
TEXTS: Final = frozenset({"short_text", "long_text"})
FILLS: Final = {
    "patient.dob": frozenset({"date"}), "order.surgery_date": frozenset({"date"}), "patient.sex": frozenset({"choice"}),
    "patient.phone": frozenset({"phone"}), "patient.phone_alt": frozenset({"phone"}),
    "patient.email": frozenset({"email"}), "patient.address": frozenset({"address"}),
    "order.body_part": frozenset({"body_diagram", *TEXTS}), "order.side": TEXTS | {"choice"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing, with a JSON pointer into the definition. An `error` keeps the draft from being published."""

    pointer: str
    detail: str
    level: Literal["error", "warning"] = "error"


def find(form: Definition) -> list[Finding]:
    """Everything, in the order of the form."""
    return list(_form(form))


def _form(form: Definition) -> Iterator[Finding]:
    yield from _words("/title", form.title, "Give the form a title.")
    if not form.sections:
        yield Finding("/sections", "Add a section.")
    if sum(len(section.questions) for section in form.sections) > MOST_QUESTIONS:
        yield Finding("/sections", f"A form has at most {MOST_QUESTIONS} questions.")
    before: dict[str, Any] = {}
    sections: set[str] = set()
    for number, section in enumerate(form.sections):
        at = f"/sections/{number}"
        if section.id in sections:
            yield Finding(f"{at}/id", "Another section has this name.")
        sections.add(section.id)
        yield from _section(at, section, before)


def _section(at: str, section: Section, before: dict[str, Any]) -> Iterator[Finding]:
    yield from _words(f"{at}/title", section.title, "Give the section a title.")
    yield from _condition(f"{at}/show_if", section.show_if, before)
    if not section.questions:
        yield Finding(f"{at}/questions", "Add a question, or delete the section.")
    for number, question in enumerate(section.questions):
        place = f"{at}/questions/{number}"
        if question.id in before:
            yield Finding(f"{place}/id", "Another question has this name.")
        yield from _question(place, question)
        yield from _condition(f"{place}/show_if", question.show_if, before)
        before.setdefault(question.id, question)


def _question(at: str, question: Any) -> Iterator[Finding]:
    yield from _words(f"{at}/label", question.label, "Write the question.")
    if question.type in {"choice", "multi_choice"}:
        yield from _options(at, question)
    if question.type == "number" and None not in (question.least, question.most) and question.least > question.most:
        yield Finding(f"{at}/most", "The highest number is below the lowest.")
    if question.type == "activities" and question.least > question.most:
        yield Finding(f"{at}/most", "Fewer are allowed than are asked for.")
    elif question.type == "activities" and question.least < SCORED_FROM:
        yield Finding(
            f"{at}/least", f"With fewer than {SCORED_FROM} there is no PSFS score to compare with.", "warning"
        )
    if question.type == "agreement":
        yield from _words(f"{at}/text", question.text, "Write what the patient agrees to.")
    if question.type == "scale":
        yield from _words(f"{at}/low", question.low, "Say what 0 means.")
        yield from _words(f"{at}/high", question.high, "Say what 10 means.")
    if question.prefill and question.type not in FILLS.get(question.prefill, TEXTS):
        yield Finding(f"{at}/prefill", "This fact does not fit this kind of question.")


def _options(at: str, question: Any) -> Iterator[Finding]:
    if len(question.options) < 2:
        yield Finding(f"{at}/options", "Give at least two answers.")
    seen: set[str] = set()
    for number, option in enumerate(question.options):
        yield from _words(f"{at}/options/{number}/label", option.label, "Write the answer.")
        if option.id in seen:
            yield Finding(f"{at}/options/{number}/id", "Another answer has this name.")
        seen.add(option.id)


def _words(at: str, words: Words, missing: str) -> Iterator[Finding]:
    if not words.en:
        yield Finding(f"{at}/en", missing)
    elif not words.es:
        yield Finding(f"{at}/es", "No Spanish yet: English is shown.", "warning")


def _condition(at: str, condition: Condition | None, before: dict[str, Any]) -> Iterator[Finding]:
    for number, rule in enumerate(condition.rules if condition else ()):
        place, asked = f"{at}/rules/{number}", before.get(rule.question)
        if asked is None:
            yield Finding(f"{place}/question", "Choose a question that comes before this one.")
        elif detail := _rule(rule, asked):
            yield Finding(f"{place}/value", detail)


def _rule(rule: Rule, asked: Any) -> str | None:
    if asked.type == "note":
        return "A note has no answer."
    if rule.op in PRESENT:
        return None
    if rule.op not in OPS.get(asked.type, frozenset()):
        return "This kind of question cannot be compared so."
    if rule.value is None or rule.value == "":
        return "Say which answer."
    try:
        answers.accept(asked, [rule.value] if asked.type in {"multi_choice", "body_diagram"} else rule.value)
    except answers.Wrong:
        return "Choose one of that question's answers."
    return None
