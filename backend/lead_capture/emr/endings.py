"""The end of a case as an export of visits says it: beside each visit, or beside the last alone. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from backend.lead_capture.emr.choosing import Course
from backend.lead_capture.emr.words import reason_of

# What is canceled because care has ended is no visit after it.
CALLED_OFF: Final = frozenset({"canceled", "clinic_canceled"})
FUTURE: Final = "the discharge date is in the future"
AFTER: Final = "after the discharge of its case"
TOO_EARLY: Final = "discharged before the evaluation of its case"
CAME_SINCE: Final = "discharged before a visit that took place"


@dataclass(frozen=True, slots=True)
class Ending:
    """When and why. Words that are none of our reasons are kept as the `note`."""

    on: date
    reason: str | None = None
    note: str | None = None


def ending(on: str | None, reason: str | None) -> Ending | None:
    """From the cells of a row. A reason alone ends nothing: some systems fill it in while care goes on."""
    if not on:
        return None
    known = reason_of(reason) if reason else None
    return Ending(date.fromisoformat(on), known, reason if known == "other" else None)


def contradiction(ending: Ending, day: date, state: str, today: date) -> str | None:
    """Why a row cannot be so, whatever is known."""
    if ending.on > today:
        return FUTURE
    return AFTER if day > ending.on and state not in CALLED_OFF else None


def refusal(course: Course, ending: Ending | None, day: date, state: str) -> str | None:
    """Why the row does not fit what is known of its course."""
    if ending is None:
        over = course.ended_on is not None and day > course.ended_on
        return AFTER if over and state not in CALLED_OFF else None
    if ending.on < min(course.started_on, day if state == "attended" else course.started_on):
        return TOO_EARLY
    return CAME_SINCE if course.came_on is not None and ending.on < course.came_on else None


def differs(facts: Mapping[str, Any], ending: Ending) -> bool:
    """Whether the episode does not say so already."""
    reason, note = ending.reason or facts["discharge_reason"], ending.note or facts["discharge_note"]
    return (facts["ended_on"], facts["discharge_reason"], facts["discharge_note"]) != (ending.on, reason, note)
