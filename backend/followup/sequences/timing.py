"""When a step comes. Pure: the clinic's calendar is given."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Final

from backend.core.working_time import DAY, NOTHING, Calendar
from backend.followup import steps as tasks
from backend.followup.sequences.steps import Delay, Step

HOURS: Final = {"minutes": 1 / 60, "hours": 1.0}


def when(start: datetime, delay: Delay, calendar: Calendar) -> datetime:
    """The moment `delay` after `start`; at once is at once, even at night."""
    if delay.amount == 0:
        return start
    if not delay.working:
        return start + timedelta(**{delay.unit: delay.amount})
    if delay.unit == "days":
        return working_days(start, delay.amount, calendar)
    return calendar.after(start, delay.amount * HOURS[delay.unit])


def working_days(start: datetime, days: int, calendar: Calendar) -> datetime:
    """The same time of day so many open days later, or when the clinic opens next after it."""
    if not calendar.weekly:
        return start + timedelta(days=days)
    local = calendar.next_open(start).astimezone(calendar.zone)
    day = local.date()
    while days:
        day += timedelta(days=1)
        midnight = datetime.combine(day, time(0), calendar.zone)
        days -= calendar.between(midnight, midnight + DAY) > NOTHING
    return calendar.next_open(datetime.combine(day, local.time(), calendar.zone)).astimezone(start.tzinfo)


def due(at: datetime, step: Step, urgency: str, calendar: Calendar) -> datetime | None:
    """By when a person must do a step that comes at `at`; None for a step nobody does."""
    if step.kind in {"text", "close"}:
        return None
    hours = getattr(step, "within_hours", None) or tasks.first_call(urgency).hours
    return calendar.after(at, hours)


def plan(steps: Sequence[Step], first_at: datetime, calendar: Calendar) -> list[datetime]:
    """When each of these steps comes if nothing intervenes; the first at `first_at`."""
    moments = [first_at]
    for step in steps[1:]:
        moments.append(when(moments[-1], step.after, calendar))
    return moments[: len(steps)]
