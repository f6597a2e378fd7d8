"""When patients are asked: never twice for one reason, never twice in a few days, never when it is too late."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from backend.care.outcomes.due import APART, Course, Due, Plan, due, next_day

START = date(2026, 11, 2)
ALL = Plan(at_intake=True, at_discharge=True, every_visits=5, every_weeks=2)
TIME = Plan(at_intake=False, at_discharge=True, every_visits=None, every_weeks=3)


def course(day: int, attended: int = 0, *asked: str, last: int | None = None, ended: int | None = None) -> Course:
    return Course(
        START + timedelta(days=day), START, START + timedelta(days=ended) if ended is not None else None, attended,
        frozenset(asked), START + timedelta(days=last) if last is not None else None,
    )  # fmt: skip


def test_each_occasion() -> None:
    assert due(ALL, course(0)) == Due("intake", "intake")
    assert due(ALL, course(11)) is None, "too late for a baseline, too soon for the second week"
    assert due(ALL, course(6, 5, "intake", last=0)) == Due("visits:5", "progress")
    assert due(ALL, course(6, 7, "intake", "visits:5", last=0)) is None
    assert due(ALL, course(14, 7, "intake", "visits:5", last=12)) is None, "asked two days ago"
    assert due(ALL, course(17, 7, "intake", "visits:5", last=12)) == Due("weeks:2", "progress")
    assert due(ALL, course(44, 0, "intake", last=0)) == Due("weeks:6", "progress"), "what was missed is not caught up"
    assert due(ALL, course(50, 12, ended=49, last=48)) == Due("discharge", "discharge")
    assert due(ALL, course(50, 12, "discharge", ended=49)) is None
    assert due(ALL, course(80, 12, ended=49)) is None


def test_the_timer_waits_for_the_next_moment_that_time_alone_brings() -> None:
    assert next_day(TIME, course(0)) == START + timedelta(weeks=3)
    assert next_day(TIME, course(21, last=21)) == START + timedelta(days=26)
    assert next_day(TIME, course(27, last=21)) == START + timedelta(weeks=6)
    assert next_day(TIME, course(27, ended=27)) is None
    assert next_day(Plan(True, True, 5, None), course(3)) is None


plans = st.builds(
    Plan, st.booleans(), st.booleans(), st.none() | st.integers(2, 50), st.none() | st.integers(1, 26)
)  # fmt: skip


@given(plans, st.lists(st.integers(0, 3), min_size=1, max_size=200), st.integers(0, 200) | st.none())
def test_a_whole_course_day_by_day(plan: Plan, visits: list[int], ended: int | None) -> None:
    asked: list[str] = []
    days: list[int] = []
    attended = 0
    for day, more in enumerate(visits):
        over = ended if ended is not None and day >= ended else None
        attended += more if over is None else 0
        now = course(day, attended, *asked, last=days[-1] if days else None, ended=over)
        found = due(plan, now)
        if found is None:
            following = next_day(plan, now)
            assert following is None or following > now.day
            continue
        assert found.key not in asked
        if days and found.occasion == "progress":
            assert day - days[-1] >= APART.days
        asked.append(found.key)
        days.append(day)
    assert asked.count("intake") <= 1 and asked.count("discharge") <= 1
