"""When a patient is asked how they are. Pure: facts of an episode in, what is due out."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from backend.care.outcomes.schemas import Occasion

# Too late it would not be a baseline, or not the state at discharge.
INTAKE_WITHIN: Final = timedelta(days=10)
DISCHARGE_WITHIN: Final = timedelta(days=14)
# By visits and by weeks together nobody is asked twice in a few days.
APART: Final = timedelta(days=5)


@dataclass(frozen=True, slots=True)
class Plan:
    """What the practice chose."""

    at_intake: bool
    at_discharge: bool
    every_visits: int | None
    every_weeks: int | None


@dataclass(frozen=True, slots=True)
class Course:
    """How far an episode is on this day. `asked`: the keys asked for already; `last_asked`: the day of the latest."""

    day: date
    started_on: date
    ended_on: date | None
    attended: int
    asked: Collection[str] = ()
    last_asked: date | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """One reason to ask. Its key is the same however often it is looked at."""

    key: str
    occasion: Occasion


def due(plan: Plan, course: Course) -> Due | None:
    """What is to be asked on this day."""
    if course.ended_on is not None:
        late = course.day - course.ended_on > DISCHARGE_WITHIN
        return None if late or not plan.at_discharge else _unless(course, Due("discharge", "discharge"))
    if plan.at_intake and course.day - course.started_on <= INTAKE_WITHIN and "intake" not in course.asked:
        return Due("intake", "intake")
    if course.last_asked is not None and course.day - course.last_asked < APART:
        return None
    return _by_visits(plan, course) or _by_weeks(plan, course)


def _by_visits(plan: Plan, course: Course) -> Due | None:
    if plan.every_visits is None or course.attended < plan.every_visits:
        return None
    return _unless(course, Due(f"visits:{course.attended // plan.every_visits * plan.every_visits}", "progress"))


def _by_weeks(plan: Plan, course: Course) -> Due | None:
    """The latest that is due; those before it have been missed."""
    weeks = (course.day - course.started_on).days // 7
    if plan.every_weeks is None or weeks < plan.every_weeks:
        return None
    return _unless(course, Due(f"weeks:{weeks // plan.every_weeks * plan.every_weeks}", "progress"))


def _unless(course: Course, found: Due) -> Due | None:
    return None if found.key in course.asked else found


def next_day(plan: Plan, course: Course) -> date | None:
    """The next day on which time alone makes something due; visits and the discharge come by themselves."""
    if course.ended_on is not None:
        return None
    days = [course.last_asked + APART] if course.last_asked else []
    if plan.every_weeks is not None:
        weeks = (course.day - course.started_on).days // 7
        days.append(course.started_on + timedelta(weeks=(weeks // plan.every_weeks + 1) * plan.every_weeks))
    return min((day for day in days if day > course.day), default=None)
