"""Sequences in plain English: what a step does and when, for whom a sequence is, why something did not happen."""

from collections.abc import Mapping
from typing import Final

from backend.followup.sequences.steps import Conditions, Delay, Step

TRIGGERS: Final = {
    "lead_opened": "Every new lead",
    "unreachable": "Leads whose phone number is missing or wrong",
    "evaluation_missed": "Leads that missed their evaluation",
    "inactive": "Leads nobody has heard from",
}
SOURCES: Final = {
    "fax": "fax", "web_form": "web form", "phone": "phone", "walk_in": "the desk", "api": "a partner", "text": "text",
    "email": "e-mail",
}  # fmt: skip
# Why a step was passed over, waits, or a sequence ended.
REASONS: Final = {
    "no_consent": "the patient has not agreed to texts",
    "opted_out": "the patient asked for no texts",
    "quiet_hours": "outside texting hours",
    "cap": "enough texts for now",
    "landline": "the number is a landline",
    "bad_number": "the number does not exist",
    "wrong_person": "the number is somebody else’s",
    "undelivered": "texts do not arrive",
    "no_line": "this practice has no number for texts",
    "no_phone": "no phone number",
    "no_template": "the text no longer exists",
    "first_text_off": "the practice sends no first text",
    "greeted": "texted already",
    "text_back": "the patient called, and is answered by text",
    "throttle": "many texts at once: waits for its turn",
    "no_turn": "no automatic texts, or too many in line",
    "closed": "the lead was closed",
    "other_task_first": "something else comes before calling",
    "call_due_already": "a call was due already",
    "no_referrer": "nobody is named on the order",
    "told_already": "the office is being told already",
    "letter_written": "a letter goes to the office",
    "nobody_tried": "nobody has tried to reach the patient yet",
    "replied": "the patient replied",
    "reached": "the patient was reached by phone",
    "missed_call": "the patient called",
    "booked": "the evaluation is booked",
    "attended": "the patient came",
    "person": "stopped by a person",
    "superseded": "another sequence took over",
    "wrong_number": "the number is wrong",
    "new_order": "another order came",
    "removed": "the sequence was deleted",
}


def reason(code: str | None) -> str | None:
    """The words for a code."""
    return REASONS.get(code, code.replace("_", " ")) if code else None


def sentence(step: Step, templates: Mapping[str, str], first: bool = False) -> str:
    """`2 working hours later: text “Second text”.`"""
    return f"{_when(step.after, first)}: {what(step, templates)}."


def _when(delay: Delay, first: bool) -> str:
    if delay.amount == 0:
        return "At once"
    unit = delay.unit[:-1] if delay.amount == 1 else delay.unit
    spoken = f"{delay.amount} {'working ' if delay.working else ''}{unit}"
    return f"After {spoken}" if first else f"{spoken} later"


def what(step: Step, templates: Mapping[str, str]) -> str:
    """`text “Second text”`"""
    match step.kind:
        case "text":
            return f"text “{templates.get(step.template, step.template)}”"
        case "call":
            within = f"within {_hours(step.within_hours)}" if step.within_hours else "as fast as the lead is urgent"
            return f"call task “{step.title}”, {within}"
        case "task":
            return f"task “{step.title}”" + (f", within {_hours(step.within_hours)}" if step.within_hours else "")
        case "tell_referrer":
            return "tell the referring office that the patient can’t be reached"
        case "close":
            return f"close the lead as lost: “{step.reason}”"


def _hours(hours: float) -> str:
    if hours < 1:
        return f"{round(hours * 60)} working minutes"
    return f"{hours:g} working hour{'' if hours == 1 else 's'}"


def for_whom(trigger: str, conditions: Conditions, clinics: Mapping[str, str]) -> str:
    """`Every new lead that came by fax, at North, stat or urgent, paid by Aetna`."""
    said = []
    if conditions.sources:
        said.append("that came by " + _either([SOURCES[source] for source in conditions.sources]))
    if conditions.location_ids:
        said.append("at " + _either([clinics.get(str(place), "a closed clinic") for place in conditions.location_ids]))
    if conditions.urgencies:
        said.append("if " + _either(list(conditions.urgencies)))
    if conditions.payers:
        said.append("paid by " + _either(conditions.payers))
    return ", ".join([TRIGGERS[trigger], *said])


def _either(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
