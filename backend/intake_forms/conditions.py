"""Which questions are shown, from the answers given. A rule only looks at earlier questions, so there is no circle."""

from collections.abc import Mapping
from typing import Any

from backend.intake_forms.definition import Condition, Definition, Rule

Answers = Mapping[str, Any]


def shown(definition: Definition, answers: Answers) -> set[str]:
    """Ids of the questions a patient with these answers sees; one that is hidden counts as not answered."""
    visible: set[str] = set()
    for section in definition.sections:
        if not holds(section.show_if, answers, visible):
            continue
        for question in section.questions:
            if holds(question.show_if, answers, visible):
                visible.add(question.id)
    return visible


def holds(condition: Condition | None, answers: Answers, visible: set[str]) -> bool:
    """Whether the condition is met; without rules it always is."""
    if condition is None or not condition.rules:
        return True
    met = (_met(rule, answers.get(rule.question) if rule.question in visible else None) for rule in condition.rules)
    return all(met) if condition.match == "all" else any(met)


def _met(rule: Rule, answer: Any) -> bool:
    match rule.op:
        case "answered":
            return answer is not None
        case "not_answered":
            return answer is None
        case "equals":
            return _same(answer, rule.value)
        case "not_equals":
            return answer is not None and not _same(answer, rule.value)
        case "contains":
            return _contains(answer, rule.value)
        case "at_least" | "at_most":
            if not _number(answer) or not _number(rule.value):
                return False
            return bool(answer >= rule.value if rule.op == "at_least" else answer <= rule.value)
    return False


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _same(answer: Any, value: Any) -> bool:
    if isinstance(answer, bool) or isinstance(value, bool):
        return answer is value
    if isinstance(answer, str) and isinstance(value, str):
        return answer.strip().casefold() == value.strip().casefold()
    return bool(answer == value)


def _contains(answer: Any, value: Any) -> bool:
    if isinstance(answer, list):
        return value in answer
    if isinstance(answer, Mapping):
        return value in (answer.get("areas") or ())
    return isinstance(answer, str) and isinstance(value, str) and value.casefold() in answer.casefold()
