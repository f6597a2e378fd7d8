"""Answers as people read them, in the order of the form; the desk's page and the PDF say the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from backend.intake_forms import addresses, answers, body
from backend.intake_forms.conditions import shown
from backend.intake_forms.definition import Definition
from backend.messaging.standard import spoken

YES: dict[str, tuple[str, str]] = {"en": ("Yes", "No"), "es": ("Sí", "No")}


@dataclass(frozen=True, slots=True)
class Line:
    """One question with its answer in words; none where nothing was said. `alert`: look at this first."""

    question_id: str
    kind: str
    label: str
    words: tuple[str, ...]
    alert: bool
    prefilled: bool
    missing: bool
    value: Any = None


@dataclass(frozen=True, slots=True)
class Part:
    """One section."""

    title: str
    lines: tuple[Line, ...]


def parts(
    form: Definition, given: Mapping[str, Any], prefilled: frozenset[str] = frozenset(), language: str = "en"
) -> list[Part]:
    """Every section a patient with these answers sees, without notes."""
    visible, warned = shown(form, given), {name for name, _ in answers.alerts(form, given)}
    found = []
    for section in form.sections:
        lines = tuple(
            Line(
                question.id, question.type, question.label.text(language),
                tuple(in_words(question, given.get(question.id), language)), question.id in warned,
                question.id in prefilled, answers.wrong(question, given.get(question.id)) is not None,
                given.get(question.id) if question.type in {"signature", "body_diagram", "card_photo"} else None,
            )
            for question in section.questions
            if question.id in visible and question.type != "note"
        )  # fmt: skip
        if lines:
            found.append(Part(section.title.text(language), lines))
    return found


def in_words(question: Any, value: Any, language: str = "en") -> list[str]:
    """An answer as one or more lines of text."""
    if value is None:
        return []
    match question.type:
        case "yes_no":
            return [YES[language][0 if value else 1]]
        case "choice" | "multi_choice":
            chosen = [value] if question.type == "choice" else value
            return [one.label.text(language) for one in question.options if one.id in chosen]
        case "scale":
            return [f"{value} / 10"]
        case "number":
            unit = question.unit.text(language) if question.unit else ""
            return [f"{value:g} {unit}".strip()]
        case "date":
            return [_day(value)]
        case "phone":
            return [spoken(value)]
        case "address":
            return [addresses.line(value)]
        case "body_diagram":
            return [area.words.text(language) for area in body.AREAS.values() if area.id in value]
    return _listed(question.type, value, language)


def _listed(kind: str, value: Any, language: str) -> list[str]:
    match kind:
        case "medications":
            if value["none"] and not value["items"]:
                return ["Ninguna" if language == "es" else "None"]
            return [", ".join(filter(None, (one["name"], one["dose"], one["often"]))) for one in value["items"]]
        case "activities":
            return [f"{one['activity']}: {'–' if one['score'] is None else one['score']} / 10" for one in value]
        case "agreement":
            return [YES[language][0]] if value["agreed"] else []
        case "signature":
            return [value["name"] or "–"]
        case "card_photo":
            sides = {"en": ("Front", "Back"), "es": ("Frente", "Reverso")}[language]
            return [words for side, words in zip(("front", "back"), sides, strict=True) if value[side]]
    return str(value).splitlines()


def _day(value: str) -> str:
    try:
        return f"{date.fromisoformat(value):%m/%d/%Y}"
    except ValueError:
        return value
