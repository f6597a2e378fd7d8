"""How a plan of care must be certified: Medicare's rule as of 1 January 2025, as pure functions of dates.

The therapist's plan is signed by the referrer within 30 days of the first treatment, the evaluation included; who
agreed by word signs within 14 days. A plan holds for its duration, 90 days at most, and is recertified before it
runs out.
Since 2025 a signed and dated order on file, and the plan sent within 30 days of the evaluation, certify the *initial*
plan: silence is assent. Without an order, or for a recertification, only a signature does.
(Benefit Policy Manual ch. 15 §220.1.3; CY 2025 physician fee schedule, 42 CFR 424.24(c).)
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

FIRST_DAYS: Final = timedelta(days=30)
VERBAL_DAYS: Final = timedelta(days=14)
LONGEST_DAYS: Final = 90
EXCEPTION_FROM: Final = date(2025, 1, 1)
REPORT_EVERY: Final = 10

Progress = Literal["due", "sent", "waiting", "signed", "overdue", "not_needed"]
Next = Literal["send", "send_to_sign", "sign", "sign_verbal", "nothing"]
By = Literal["signature", "assent"]


@dataclass(frozen=True, slots=True)
class Case:
    """What the rule asks about the episode: its first treatment, and the date of a signed order on file."""

    first_treatment_on: date
    order_signed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What the rule asks about one plan; `previous_ends_on` of the plan a recertification follows."""

    kind: str
    starts_on: date
    ends_on: date
    certify: bool = True
    sent_on: date | None = None
    verbal_on: date | None = None
    signed_on: date | None = None
    previous_ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a plan stands on a day: what comes next, until when, and what certifies it. `late`: after the deadline."""

    progress: Progress
    next: Next
    due_on: date
    certified_by: By | None
    late: bool


def last_day(starts_on: date, duration_weeks: int) -> date:
    """The last day a plan covers: its duration or 90 days, whichever is shorter; its first day counts."""
    return starts_on + timedelta(days=min(duration_weeks * 7, LONGEST_DAYS) - 1)


def due_on(plan: Plan, case: Case) -> date:
    """Until when it must be signed (or, where the exception can hold, sent)."""
    if plan.verbal_on is not None:
        return plan.verbal_on + VERBAL_DAYS
    if plan.kind == "initial":
        return case.first_treatment_on + FIRST_DAYS
    return plan.previous_ends_on or plan.starts_on


def may_be_assumed(plan: Plan, case: Case) -> bool:
    """Whether silence could certify it, once it is sent in time."""
    return plan.kind == "initial" and case.order_signed_on is not None and case.first_treatment_on >= EXCEPTION_FROM


def is_assumed(plan: Plan, case: Case) -> bool:
    """Whether silence certifies it: the order on file and the plan sent in time are the proof."""
    if plan.sent_on is None or case.order_signed_on is None or not may_be_assumed(plan, case):
        return False
    return case.order_signed_on <= plan.sent_on <= case.first_treatment_on + FIRST_DAYS


def standing(plan: Plan, case: Case, today: date) -> Standing:
    """How the plan stands today."""
    due = due_on(plan, case)
    if plan.signed_on is not None:
        return Standing("signed", "nothing", due, "signature", plan.signed_on > due)
    if not plan.certify:
        return Standing("not_needed", "nothing", due, None, late=False)
    if is_assumed(plan, case):
        return Standing("sent", "nothing", due, "assent", late=False)
    return Standing(
        "overdue" if today > due else "waiting" if plan.sent_on else "due", _next(plan, case, today), due, None,
        today > due,
    )  # fmt: skip


def _next(plan: Plan, case: Case, today: date) -> Next:
    if plan.verbal_on is not None:
        return "sign_verbal"
    if plan.sent_on is not None:
        return "sign"
    in_time = today <= case.first_treatment_on + FIRST_DAYS
    return "send" if in_time and may_be_assumed(plan, case) else "send_to_sign"


def treated_since(days: list[date], reports: list[date]) -> int:
    """Treatment days since the last progress report; the day it was written closes the period before."""
    last = max(reports, default=date.min)
    return len({day for day in days if day > last})
