"""Where a referral stands, in plain words for who sent it. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo

Tone = Literal["waiting", "moving", "good", "closed", "trouble"]
# As the desk words them; what it wrote in its own words stays with the desk.
REASONS: Final = {
    "Went to another clinic": "the patient went to another clinic",
    "Could not be reached": "the patient could not be reached",
    "No response": "the patient could not be reached",
    "Insurance not accepted": "their insurance is not accepted here",
    "Declined therapy": "the patient declined therapy",
    "Too far or no suitable time": "no place or time suited the patient",
}  # fmt: skip
ENDS: Final = {
    "goals_met": "goals met", "plan_finished": "the plan is finished", "patient_choice": "the patient’s choice",
    "no_return": "did not come back", "insurance": "insurance", "medical": "for medical reasons", "moved": "moved away",
    "other": "care has ended",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """What the words are made of. `ended` is (day, reason) of a discharge, `tried` what was tried so far."""

    stage: str
    group: str
    zone: ZoneInfo
    clinic: str | None = None
    lost_reason: str | None = None
    evaluation_state: str = "none"
    evaluation_at: datetime | None = None
    contacted_at: datetime | None = None
    tried: tuple[int, int] = (0, 0)
    started_on: date | None = None
    visits: int = 0
    ended: tuple[date, str] | None = None


def words(facts: Facts) -> tuple[str, Tone]:
    """One sentence, and how it looks."""
    if facts.ended is not None:
        day, reason = facts.ended
        return f"Discharged {_day(day)} after {_visits(facts.visits)}: {ENDS.get(reason, ENDS['other'])}", "good"
    if facts.started_on is not None:
        return f"In care since {_day(facts.started_on)}: {_visits(facts.visits)} so far", "good"
    if facts.group == "lost":
        return f"Closed: {_reason(facts.lost_reason)}", "closed"
    if facts.evaluation_state == "attended":
        return f"Came to the first visit{_on(facts)}", "good"
    if facts.evaluation_state == "booked":
        place = f", {facts.clinic} clinic" if facts.clinic else ""
        return f"First visit{_on(facts, hour=True)}{place}", "moving"
    if facts.evaluation_state == "missed":
        return f"Did not come to the first visit{_on(facts)}; we are arranging another", "trouble"
    if facts.contacted_at is not None:
        return f"Reached {_day(facts.contacted_at.astimezone(facts.zone).date())}; scheduling the first visit", "moving"
    if any(facts.tried):
        return f"Not reached yet: {_tried(*facts.tried)} so far", "trouble"
    return "Received; we are contacting the patient", "waiting"


def _on(facts: Facts, *, hour: bool = False) -> str:
    if facts.evaluation_at is None:
        return ""
    here = facts.evaluation_at.astimezone(facts.zone)
    said = f" on {here:%a}, {here:%b} {here.day}"
    return f"{said} at {here:%-I:%M %p}" if hour else said


def _day(day: date) -> str:
    return f"{day:%b} {day.day}, {day.year}"


def _visits(count: int) -> str:
    return "1 visit" if count == 1 else f"{count} visits"


def _tried(calls: int, texts: int) -> str:
    parts = [
        f"{count} {word}{'' if count == 1 else 's'}" for count, word in ((calls, "call"), (texts, "text")) if count
    ]
    return " and ".join(parts)


def _reason(reason: str | None) -> str:
    return REASONS.get(reason or "", "call us for the reason")
