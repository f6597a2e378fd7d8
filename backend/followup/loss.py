"""What is lost first, and why, in plain words. Pure; `queries.by_loss` keeps the same order in SQL.

0  a patient waits for an answer: who wrote, asked for a call, or reached nobody is with the next practice in minutes
1  a referral nobody has tried to reach, or an urgent one, due now or within half an hour; a fax that may be one
2  everything else by due time: what is overdue longest, then today, then later
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from backend.core.working_time import Calendar

Group = Literal["now", "today", "later"]
WAITING, PRESSING, OTHER = 0, 1, 2
# A first call this close to its end comes before what has been overdue for long.
SOON: Final = timedelta(minutes=30)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LONG: Final = timedelta(hours=10)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the reasons are made of. `first`: nobody has tried the patient yet, which was promised by `promised_at`."""

    loss_group: int
    due_at: datetime
    first: bool = False
    promised_at: datetime | None = None
    urgency: str = "routine"
    waiting_since: datetime | None = None
    snoozed: bool = False
    fax: bool = False
    alert: str | None = None


def section(facts: Facts, at: datetime) -> int:
    """The place in the order above: 0, 1 or 2."""
    if facts.loss_group == WAITING and not facts.snoozed:
        return 0
    return 1 if facts.loss_group == PRESSING and facts.due_at <= at + SOON else 2


def group(facts: Facts, calendar: Calendar, at: datetime) -> Group:
    """Where a day's list shows it."""
    if section(facts, at) < OTHER or facts.due_at <= at:
        return "now"
    zone = calendar.zone
    return "today" if facts.due_at.astimezone(zone).date() <= at.astimezone(zone).date() else "later"


def why(facts: Facts, calendar: Calendar, at: datetime) -> str:
    """One reason, in a few words."""
    if facts.waiting_since is not None and not facts.snoozed:
        return _waiting(facts.waiting_since, calendar, at)
    said = _due(facts, calendar, at)
    if facts.alert == "escalated":
        return f"{said}; its owner before did not act"
    return said


def _waiting(since: datetime, calendar: Calendar, at: datetime) -> str:
    if at - since < HOUR * 12:
        return f"Waiting {span(max(at - since, timedelta(0)))} for an answer"
    return f"Waiting for an answer since {since.astimezone(calendar.zone):%a %-I:%M %p}"


def _due(facts: Facts, calendar: Calendar, at: datetime) -> str:
    due_at = facts.promised_at if facts.first and facts.promised_at and not facts.snoozed else facts.due_at
    late = due_at <= at
    size = span(calendar.between(*sorted((due_at, at))))
    if facts.first:
        return f"First call late by {size}" if late else f"First call within {size}"
    if facts.fax:
        return f"A fax waits for a person, {f'late by {size}' if late else _when(facts, calendar, at)}"
    urgent = {"stat": "Stat referral", "urgent": "Urgent referral"}.get(facts.urgency)
    said = f"overdue by {size}" if late else _when(facts, calendar, at)
    return f"{urgent}, {said}" if urgent else said[0].upper() + said[1:]


def _when(facts: Facts, calendar: Calendar, at: datetime) -> str:
    due, here = facts.due_at.astimezone(calendar.zone), at.astimezone(calendar.zone)
    if due.date() == here.date():
        return f"due today at {due:%-I:%M %p}"
    if due.date() - here.date() < timedelta(days=7):
        return f"due {due:%A}"
    return f"due {due:%b} {due.day}"


def span(size: timedelta) -> str:
    """`40 min`, `3 h`, `2 days`: working days have ten hours here."""
    if size < HOUR:
        return f"{max(size // timedelta(minutes=1), 1)} min"
    if size < LONG:
        return f"{size // HOUR} h"
    days = max(size // LONG, 1)
    return "1 day" if days == 1 else f"{days} days"
