"""When a step comes. Pure: working time is given as a function."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from backend.followup import steps as tasks
from backend.followup.calendar import Work
from backend.followup.sequences.steps import Delay, Step

WORKING_HOURS: Final = {"minutes": 1 / 60, "hours": 1.0, "days": tasks.DAY}


def when(start: datetime, delay: Delay, work: Work) -> datetime:
    """The moment `delay` after `start`; at once is at once, even at night."""
    if delay.amount == 0:
        return start
    if delay.working:
        return work(start, delay.amount * WORKING_HOURS[delay.unit])
    return start + timedelta(**{delay.unit: delay.amount})


def due(at: datetime, step: Step, urgency: str, work: Work) -> datetime | None:
    """By when a person must do a step that comes at `at`; None for a step nobody does."""
    if step.kind in {"text", "close"}:
        return None
    hours = getattr(step, "within_hours", None) or tasks.first_call(urgency).hours
    return work(at, hours)


def plan(steps: Sequence[Step], first_at: datetime, work: Work) -> list[datetime]:
    """When each of these steps comes if nothing intervenes; the first at `first_at`."""
    moments = [first_at]
    for step in steps[1:]:
        moments.append(when(moments[-1], step.after, work))
    return moments[: len(steps)]
