"""The words of each letter, from facts alone. Pure: plain English for a busy office, and no more than it needs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from backend.loop import asking
from backend.loop.content import Content, Sender
from backend.loop.kinds import NEWS
from backend.loop.outcomes import NO_RESULT

TITLES: Final = {
    "received": "We have your referral",
    "contacted": "We have spoken with your patient",
    "unreachable": "We cannot reach your patient",
    "scheduled": "Your patient has an appointment",
    "seen": "Your patient was seen",
    "plan_of_care": "Plan of care: please review, sign and return",
    "progress": "How your patient is doing",
    "discharge": "Your patient has finished therapy",
    "missing_info": "Your referral lacks something we need",
    "answer": "Our answer to your message",
}
ENDED: Final = {
    "goals_met": "The goals were met.", "plan_finished": "The planned visits were completed.",
    "patient_choice": "The patient chose to end therapy.", "no_return": "The patient did not come back.",
    "insurance": "Coverage ended.", "medical": "Therapy ended for medical reasons.", "moved": "The patient moved away.",
    "other": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Course:
    """Care as far as a letter tells of it."""

    started_on: date
    ended_on: date | None
    reason: str | None
    visits: int
    region: str | None
    # (measure, what became of it in words).
    results: tuple[tuple[str, str], ...] = ()
    compared: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan of care as it is put before who signs it."""

    kind: str
    starts_on: date
    ends_on: date
    frequency_per_week: int
    duration_weeks: int
    goals: tuple[str, ...]
    diagnoses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a letter may say, as it stands when it is written."""

    sender: Sender
    timezone: str
    today: date
    to: str
    to_office: str | None
    to_fax: str | None
    patient: str | None = None
    born: date | None = None
    referred_on: date | None = None
    contacted_at: datetime | None = None
    tried: str = ""
    evaluation_at: datetime | None = None
    evaluation_state: str = "none"
    clinician: str | None = None
    course: Course | None = None
    plan: Plan | None = None
    asks: tuple[dict[str, Any], ...] = ()
    note: str | None = None
    code: str | None = None


def true_still(kind: str, facts: Facts) -> bool:
    """Whether news of this kind is still so; what has been overtaken is not told."""
    match kind:
        case "scheduled":
            return facts.evaluation_state in {"booked", "attended"}
        case "seen":
            return facts.evaluation_state == "attended"
        case "unreachable":
            return facts.contacted_at is None and facts.evaluation_state == "none"
        case "contacted":
            return facts.contacted_at is not None
    return True


def compose(kinds: Collection[str], facts: Facts) -> Content | None:
    """The letter that tells all of these; None when nothing of it is so any more."""
    told = [kind for kind in kinds if true_still(kind, facts)]
    if not told:
        return None
    news = [kind for kind in NEWS if kind in told]
    leading = news[-1] if news else told[0]
    paragraphs = _news(news, facts) if news else _alone(leading, facts)
    asks = asking.asks_of(facts.asks) if leading == "missing_info" else ()
    signs = leading == "missing_info" and asking.wants_signature(facts.asks)
    return Content(
        sender=facts.sender, to=facts.to, to_office=facts.to_office, to_fax=facts.to_fax, date=day(facts.today),
        title=TITLES[leading], about=_about(facts), text=(*paragraphs, *(facts.note or "").splitlines()),
        facts=_table(leading, facts), asks=asks,
        sign="plan" if leading == "plan_of_care" else "order" if signs else None, code=facts.code,
    )  # fmt: skip


def day(value: date) -> str:
    """`November 25, 2026`."""
    return f"{value:%B} {value.day}, {value.year}"


def moment(at: datetime, timezone: str) -> str:
    """`Wednesday, November 25, at 2:30 PM`."""
    local = at.astimezone(ZoneInfo(timezone))
    return f"{local:%A, %B} {local.day}, at {local.hour % 12 or 12}:{local:%M} {local:%p}"


def _about(facts: Facts) -> tuple[tuple[str, str], ...]:
    if facts.patient is None:
        return ()
    born = [("Born", f"{facts.born:%m/%d/%Y}")] if facts.born else []
    referred = [("Referral of", day(facts.referred_on))] if facts.referred_on else []
    return (("Patient", facts.patient), *born, *referred)


def _news(news: Sequence[str], facts: Facts) -> list[str]:
    said = []
    if "received" in news:
        said.append("Thank you for your referral. It has arrived and is in our hands.")
    if "unreachable" in news:
        said.append(f"So far we could not reach the patient ({facts.tried}).")
        said.append("If you have another phone number, please write it on this page and fax it back.")
    if "contacted" in news and not {"scheduled", "seen"} & set(news):
        said.append("We have spoken with the patient and are arranging the first visit.")
    if "seen" in news:
        said.append(f"The patient came to the first visit{_with(facts)} on {_when(facts)}.")
        said.append("We will write again with the plan of care.")
    elif "scheduled" in news:
        said.append(f"The first visit{_with(facts)} is on {_when(facts)}.")
    elif news == ["received"]:
        said.append("We are calling the patient to arrange the first visit, and will tell you when it is booked.")
    return said


def _when(facts: Facts) -> str:
    assert facts.evaluation_at is not None
    return moment(facts.evaluation_at, facts.timezone)


def _with(facts: Facts) -> str:
    return f" with {facts.clinician}" if facts.clinician else ""


def _alone(kind: str, facts: Facts) -> list[str]:
    course = facts.course
    match kind:
        case "missing_info":
            signs = (
                "tick or write the answer, sign" if asking.wants_signature(facts.asks) else "tick or write the answer"
            )
            return [f"So that we can begin without delay, please {signs} and fax this page back."]
        case "plan_of_care":
            return ["This is the plan for your patient. Please sign below and fax this page back."]
        case "discharge" if course is not None:
            ended = f" and ended on {day(course.ended_on)}" if course.ended_on else ""
            words = f"Therapy began on {day(course.started_on)}{ended}, after {_visits(course.visits)}."
            return [" ".join(filter(None, (words, ENDED.get(course.reason or "", "")))), *_unproven(course)]
        case "progress" if course is not None:
            return [
                f"Therapy began on {day(course.started_on)}; so far there were {_visits(course.visits)}.",
                *_unproven(course),
            ]
    return []


def _unproven(course: Course) -> list[str]:
    return [] if course.compared else [NO_RESULT]


def _visits(number: int) -> str:
    return f"{number} visit{'' if number == 1 else 's'}"


def _table(kind: str, facts: Facts) -> tuple[tuple[str, str], ...]:
    if kind == "plan_of_care" and facts.plan is not None:
        plan = facts.plan
        weeks = f"{plan.frequency_per_week} a week for {plan.duration_weeks} weeks"
        return (
            ("Diagnoses", "; ".join(plan.diagnoses) or "–"), ("Visits", weeks),
            ("From, to", f"{day(plan.starts_on)} to {day(plan.ends_on)}"), ("Goals", "; ".join(plan.goals) or "–"),
        )  # fmt: skip
    if kind in {"discharge", "progress"} and facts.course is not None:
        return facts.course.results
    return ()
