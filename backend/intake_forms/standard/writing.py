"""Short ways to write the questions of the standard form: English first, then Spanish."""

from typing import Any

from backend.intake_forms.definition import Condition, Option, Rule, Section, Words

Pair = tuple[str, str]


def words(pair: Pair | None) -> Words | None:
    """Both languages."""
    return Words(en=pair[0], es=pair[1]) if pair else None


def ask(kind: str, name: str, label: Pair, *, help_: Pair | None = None, **rest: Any) -> dict[str, Any]:
    """One question. What every form must know is required; `required=False` says otherwise."""
    return {"type": kind, "id": name, "label": words(label), "help": words(help_), "required": True, **rest}


def options(*rows: tuple[str, str, str], alone: str | None = None, alert: bool = False) -> list[Option]:
    """Answers to choose from: name, English, Spanish. With `alert` the desk is warned of all but the lone one."""
    return [
        Option(id=name, label=Words(en=en, es=es), alone=name == alone, alert=alert and name != alone)
        for name, en, es in rows
    ]


def when(question: str, value: str | bool | int, op: Any = "equals") -> Condition:
    """Shown if that question was answered so."""
    return Condition(rules=[Rule(question=question, op=op, value=value)])


def any_of(question: str, *values: str) -> Condition:
    """Shown if that question was answered with one of these."""
    return Condition(match="any", rules=[Rule(question=question, op="equals", value=value) for value in values])


def section(name: str, title: Pair, *questions: dict[str, Any], help_: Pair | None = None) -> Section:
    """One page of the form."""
    return Section.model_validate(
        {"id": name, "title": words(title), "help": words(help_), "questions": list(questions)}
    )  # fmt: skip
