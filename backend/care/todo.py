"""What is left to do for an episode, and on which day to look again; pure, so that timers only have to ask."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from backend.care import certification
from backend.care.certification import Case, Plan

SILENT_DAYS: Final = 30
# Care without a lead that had been silent for so long before anybody looked is history: nobody waits for it.
HISTORY_DAYS: Final = 60
# A plan that goes out by itself is asked about only when it has not.
SEND_AFTER: Final = timedelta(days=2)
SIGN_BEFORE: Final = timedelta(days=14)
RECERTIFY_BEFORE: Final = timedelta(days=10)
REPORT_AT: Final = certification.REPORT_EVERY - 1


@dataclass(frozen=True, slots=True)
class Todo:
    """A task about an episode; one of a kind at a time."""

    kind: str
    title: str


KINDS: Final = ("plan_of_care", "plan_send", "plan_sign", "recertify", "progress_report", "no_visits")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an active episode. `plans` by number, `ready_on` the day each was complete."""

    case: Case
    plans: tuple[Plan, ...]
    ready_on: tuple[date | None, ...]
    treatment_days: tuple[date, ...]
    reports: tuple[date, ...]
    next_booked_on: date | None


def of(facts: Facts, today: date) -> tuple[list[Todo], date | None]:
    """What is to be done today, and the next day on which that may change by itself."""
    wanted: dict[str, Todo] = {}
    later = []
    for todo, since in _rules(facts, today):
        if since <= today:
            wanted.setdefault(todo.kind, todo)
        else:
            later.append(since)
    return list(wanted.values()), min(later, default=None)


def _rules(facts: Facts, today: date) -> Iterator[tuple[Todo, date]]:
    """Each task with the day from which it is due to be done."""
    for plan, ready_on in zip(facts.plans, facts.ready_on, strict=True):
        if ready_on is not None:
            yield from _certify(facts.case, plan, ready_on, today)
    if not facts.plans or facts.ready_on[-1] is None:
        title = "Finish the new plan of care" if len(facts.plans) > 1 else "Write the plan of care"
        yield Todo("plan_of_care", title), facts.case.first_treatment_on
    if facts.plans:
        ends_on = facts.plans[-1].ends_on
        yield Todo("recertify", f"Recertify or discharge: the plan ends {_day(ends_on)}"), ends_on - RECERTIFY_BEFORE
    treated = certification.treated_since(list(facts.treatment_days), list(facts.reports))
    if treated >= REPORT_AT:
        yield Todo("progress_report", f"Write a progress report: treatment day {treated} since the last"), today
    yield _silence(facts, today)


def _certify(case: Case, plan: Plan, ready_on: date, today: date) -> Iterator[tuple[Todo, date]]:
    now = certification.standing(plan, case, today)
    if now.next in {"send", "send_to_sign"}:
        yield Todo("plan_send", f"Send the plan of care by {_day(now.due_on)}"), ready_on + SEND_AFTER
        if now.next == "send":
            # From then on only a signature helps.
            yield Todo("plan_send", "Send the plan of care: now it must be signed"), now.due_on + timedelta(days=1)
    elif now.next in {"sign", "sign_verbal"}:
        yield Todo("plan_sign", f"Get the plan of care signed by {_day(now.due_on)}"), now.due_on - SIGN_BEFORE


def _silence(facts: Facts, today: date) -> tuple[Todo, date]:
    last = max(facts.treatment_days, default=facts.case.first_treatment_on)
    if facts.next_booked_on is not None and facts.next_booked_on >= today:
        last = max(last, facts.next_booked_on)
    silent_on = last + timedelta(days=SILENT_DAYS)
    return Todo("no_visits", f"No visit since {_day(last)} and none booked: call, or discharge"), silent_on


def _day(day: date) -> str:
    return f"{day:%b} {day.day}"
