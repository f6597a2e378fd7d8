"""Which episode a visit belongs to, and the EMR's words for states, kinds and times."""

import uuid
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.lead_capture.emr import words
from backend.lead_capture.emr.choosing import Course, choose

DAY = date(2026, 3, 2)
DAYS = st.integers(0, 400).map(lambda days: date(2025, 9, 1) + timedelta(days=days))
COURSES = st.lists(
    st.builds(
        lambda case, start, length, evaluated, visits: Course(
            uuid.uuid4(), case, start, start + timedelta(days=length) if length is not None else None,
            evaluated, [start + timedelta(days=each) for each in visits],
        ),
        st.sampled_from([None, "C1", "C2"]), DAYS, st.one_of(st.none(), st.integers(0, 120)), st.booleans(),
        st.lists(st.integers(0, 90), max_size=4),
    ),
    max_size=4, unique_by=lambda course: course.case or course.id,
)  # fmt: skip
KINDS = st.sampled_from(["evaluation", "treatment", "reevaluation", "discharge"])


@given(COURSES, st.sampled_from([None, "C1", "C2", "C3"]), DAYS, KINDS, st.booleans())
def test_one_answer_and_never_one_that_contradicts(
    courses: list[Course], case: str | None, day: date, kind: str, came: bool
) -> None:
    choice = choose(courses, case=case, day=day, kind=kind, came=came)
    assert sum((choice.course is not None, choice.begins, choice.why is not None)) == 1
    if choice.begins:
        assert came and (case is not None or kind == "evaluation")
    if choice.course is not None:
        assert choice.course in courses
        assert case is None or choice.course.case in {None, case}
        same = [course for course in courses if course.case == case and case]
        assert not same or choice.course is same[0]
        if case is None and kind != "evaluation":
            assert choice.course.covers(day)


@given(COURSES, DAYS)
def test_two_that_go_on_are_never_guessed_between(courses: list[Course], day: date) -> None:
    near = [course for course in courses if course.covers(day) and course.near(day)]
    choice = choose(courses, case=None, day=day, kind="treatment", came=True)
    assert len(near) < 2 or choice.course is None


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("Attended", "attended"), ("Checked Out", "attended"), ("CHECKED-IN", "attended"), ("Completed", "attended"),
        ("No Show", "no_show"), ("NOSHOW", "no_show"), ("no-show", "no_show"), ("Did not attend", "no_show"),
        ("Cancelled", "canceled"), ("Canceled by patient", "canceled"), ("Cancelled - late", "late_cancel"),
        ("Late Cancel", "late_cancel"), ("Cancel <24h", "late_cancel"), ("Same day cancellation", "late_cancel"),
        ("Cancelled by clinic", "clinic_canceled"), ("Clinic Cancel", "clinic_canceled"), ("Rescheduled", "canceled"),
        ("Scheduled", "to_come"), ("Booked", "to_come"), ("Confirmed", "to_come"), ("purple", None),
    ],
)  # fmt: skip
def test_states(said: str, state: str | None) -> None:
    assert words.state_of(said) == state


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("PT Initial Evaluation", "evaluation"), ("Eval", "evaluation"), ("IE", "evaluation"),
        ("New Patient", "evaluation"),
        ("Re-Evaluation", "reevaluation"), ("Progress Note", "reevaluation"), ("Discharge", "discharge"),
        ("D/C visit", "discharge"), ("Follow Up", "treatment"), ("97110", "treatment"),
    ],
)  # fmt: skip
def test_kinds(said: str, kind: str) -> None:
    assert words.kind_of(said) == kind


@pytest.mark.parametrize(
    ("said", "day", "at"),
    [
        ("3/2/2026", DAY, None), ("03-02-2026", DAY, None), ("2026-03-02", DAY, None), ("20260302", DAY, None),
        ("Mar 02, 2026", DAY, None), ("3/2/26", DAY, None), ("2026-03-02T09:30:00", DAY, time(9, 30)),
        ("3/2/2026 9:30 AM", DAY, time(9, 30)), ("03/02/2026 14:30:00", DAY, time(14, 30)),
        ("2026-03-02 09:30:00Z", DAY, time(9, 30)), ("3/2/2026 2:30p", DAY, time(14, 30)),
    ],
)  # fmt: skip
def test_days_and_times(said: str, day: date, at: time | None) -> None:
    assert words.day_and_time(said) == (day, at)


@pytest.mark.parametrize("said", ["", "2/30/2026", "13/13/2026", "tomorrow", "3/2/2026 99:99"])
def test_what_is_no_day(said: str) -> None:
    assert words.day_and_time(said) is None


@given(st.lists(st.dates(date(1950, 1, 1), date(2030, 1, 1)), min_size=3))
def test_a_column_is_only_turned_when_it_must_be(days: list[date]) -> None:
    american = [f"{day:%m/%d/%Y}" for day in days]
    assert not words.day_first(american) or not any(day.day > 12 for day in days)
    european = [f"{day:%d/%m/%Y}" for day in days]
    if any(day.day > 12 for day in days):
        assert words.day_first(european)
        assert [words.day_and_time(words.month_first(each)) for each in european] == [(day, None) for day in days]
