"""Which episode a visit belongs to. Pure; where two can be meant, a person decides."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

# Without a case number, so long without a visit is another course of care.
APART: Final = 60
# An episode begun by hand, whose evaluation comes from the EMR.
ABOUT: Final = 14
NOT_BEGUN: Final = "care has not begun by that day: import the evaluation first"
UNDER_WAY: Final = "another evaluation while care is under way: give the case number, or call it a re-evaluation"
SEVERAL: Final = "several episodes at that time: give the case number"
GONE: Final = "after the discharge: import the new evaluation first, or correct the discharge date"
ENDED: Final = "before the evaluation of its case"


@dataclass(slots=True)
class Course:
    """An episode as far as it matters here. `days`: visits known so far, attended or not."""

    id: uuid.UUID
    case: str | None
    started_on: date
    ended_on: date | None
    evaluated: bool
    days: list[date] = field(default_factory=list)
    # The last day they came.
    came_on: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the day is in its course."""
        return self.started_on <= day and (self.ended_on is None or day <= self.ended_on)

    def near(self, day: date) -> bool:
        """Whether there was a visit not long before or after."""
        return any(abs((day - each).days) < APART for each in (*self.days, self.started_on))


@dataclass(frozen=True, slots=True)
class Choice:
    """The episode; or, without one, that it begins with this visit, or why it cannot be told."""

    course: Course | None = None
    begins: bool = False
    why: str | None = None


def choose(courses: Sequence[Course], *, case: str | None, day: date, kind: str, came: bool) -> Choice:
    """Of one patient's episodes."""
    if case is not None:
        return _by_case(courses, case, day, kind, came=came)
    fitting = [course for course in courses if course.covers(day)]
    if kind == "evaluation" and came:
        same = [course for course in courses if course.started_on == day]
        if len(same) == 1:
            return Choice(same[0])
        open_ones = [each for each in courses if not each.evaluated and abs((day - each.started_on).days) <= ABOUT]
        if len(open_ones) == 1:
            return Choice(open_ones[0])
        return Choice(why=UNDER_WAY) if any(course.near(day) for course in fitting) else Choice(begins=True)
    near = [course for course in fitting if course.near(day)] if len(fitting) > 1 else fitting
    if len(near) == 1:
        return Choice(near[0])
    if fitting:
        return Choice(why=SEVERAL)
    over = any(each.ended_on is not None and each.ended_on < day for each in courses)
    return Choice(why=GONE if over else NOT_BEGUN)


def _by_case(courses: Sequence[Course], case: str, day: date, kind: str, *, came: bool) -> Choice:
    known = next((course for course in courses if course.case == case), None)
    if known is not None:
        return Choice(known)
    # One begun by hand, or by a lead, has no case number yet.
    own = [course for course in courses if course.case is None and (course.covers(day) or course.started_on == day)]
    if kind == "evaluation":
        own = [course for course in own if not course.evaluated or course.started_on == day]
    if len(own) == 1:
        return Choice(own[0])
    if own:
        return Choice(why=SEVERAL)
    return Choice(begins=True) if came else Choice(why=NOT_BEGUN)
