"""What a finished form says in numbers: pain, and activities that are hard. Pure."""

from collections.abc import Mapping
from typing import Any, Final

from backend.intake_forms.definition import Definition

# As the standard form names them; a practice that asks otherwise has no pain score from its form.
PAIN: Final = ("pain_now", "pain_best", "pain_worst")


def pain(form: Definition, answers: Mapping[str, Any]) -> tuple[int, ...]:
    """All three ratings, or that of now alone; empty where pain was not asked."""
    asked = {question.id for question in form.questions() if question.type == "scale"}
    given = [answers[name] for name in PAIN if name in asked and answers.get(name) is not None]
    return tuple(given) if len(given) == len(PAIN) or PAIN[:1] == tuple(asked & set(PAIN)) else ()


def activities(form: Definition, answers: Mapping[str, Any]) -> dict[str, int]:
    """The activities the patient named, with their ratings."""
    for question in form.questions():
        if question.type == "activities" and question.id in answers:
            return {one["activity"]: one["score"] for one in answers[question.id] if one["score"] is not None}
    return {}
