"""What a draft changes against the published version, in a manager's words; and the versions of agreements."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from backend.intake_forms.definition import Agreement, Definition

LONGEST: Final = 60


def summary(old: Definition | None, new: Definition) -> list[str]:
    """One sentence per change; empty when nothing changed."""
    if old is None:
        count = sum(1 for _ in new.questions())
        return [f"First version: {len(new.sections)} sections, {count} questions."]
    return list(_changes(old, new))


def _changes(old: Definition, new: Definition) -> Iterator[str]:
    if (old.title, old.intro) != (new.title, new.intro):
        yield "Title or introduction reworded."
    yield from _sections(old, new)
    before, after = _by_id(old), _by_id(new)
    for question_id, (_, question) in before.items():
        if question_id not in after:
            yield f"Removed: “{_short(question)}”."
    for question_id, (section, question) in after.items():
        if question_id not in before:
            yield f"Added: “{_short(question)}”."
            continue
        was_in, was = before[question_id]
        if was_in != section:
            yield f"Moved to another section: “{_short(question)}”."
        if changed := _differs(was, question):
            yield f"“{_short(question)}”: {', '.join(changed)}."
    if [one for one in before if one in after] != [one for one in after if one in before]:
        yield "Questions are in another order."


def _sections(old: Definition, new: Definition) -> Iterator[str]:
    before, after = ({section.id: section for section in form.sections} for form in (old, new))
    yield from (f"Section removed: “{section.title.en}”." for one, section in before.items() if one not in after)
    for one, section in after.items():
        if one not in before:
            yield f"Section added: “{section.title.en}”."
        elif (before[one].title, before[one].help) != (section.title, section.help):
            yield f"Section “{section.title.en}” reworded."
        elif before[one].show_if != section.show_if:
            yield f"Section “{section.title.en}” is shown in other cases."


def _by_id(form: Definition) -> dict[str, tuple[str, Any]]:
    return {question.id: (section.id, question) for section in form.sections for question in section.questions}


def _short(question: Any) -> str:
    words: str = question.label.en or question.id
    return words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + "…"


def _differs(was: Any, now: Any) -> Iterable[str]:
    if was.type != now.type:
        return ["another kind of question"]
    found = []
    if (was.label, was.help) != (now.label, now.help):
        found.append("reworded")
    if was.required != now.required:
        found.append("now required" if now.required else "no longer required")
    if was.show_if != now.show_if:
        found.append("shown in other cases")
    if was.prefill != now.prefill:
        found.append("filled in from another fact")
    if isinstance(now, Agreement) and was.text != now.text:
        found.append("new words to agree to")
    known = {"id", "type", "label", "help", "required", "show_if", "prefill", "text", "version"}
    if was.model_dump(exclude=known) != now.model_dump(exclude=known):
        found.append("other answers or limits")
    return found


def number_agreements(earlier: Iterable[Definition], draft: Definition) -> Definition:
    """The draft with each agreement's version: the one its words had before, else one more than any before."""
    known: dict[str, list[Agreement]] = {}
    for form in earlier:
        for question in form.questions():
            if isinstance(question, Agreement):
                known.setdefault(question.id, []).append(question)
    numbered = draft.model_copy(deep=True)
    for question in numbered.questions():
        if isinstance(question, Agreement):
            before = known.get(question.id, [])
            same = [one.version for one in before if (one.text, one.label) == (question.text, question.label)]
            question.version = same[0] if same else max((one.version for one in before), default=0) + 1
    return numbered
