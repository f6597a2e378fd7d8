"""The sequences every practice begins with. Plain ones: a practice reads them and makes them its own."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.core.ids import new_id
from backend.followup.sequences import steps
from backend.followup.sequences.models import Sequence
from backend.followup.sequences.steps import (
    CallStep,
    Conditions,
    Delay,
    Step,
    TaskStep,
    TellReferrerStep,
    TextStep,
    Trigger,
)


@dataclass(frozen=True, slots=True)
class Default:
    """A sequence of the first day."""

    name: str
    trigger: Trigger
    steps: tuple[Step, ...]


def _days(amount: int) -> Delay:
    return Delay(amount=amount, unit="days")


def _hours(amount: int) -> Delay:
    return Delay(amount=amount, unit="hours")


NEW_REFERRAL: Final = (
    TextStep(kind="text", template="first_text"),
    CallStep(kind="call", title="Call the patient"),
    CallStep(kind="call", after=_hours(5), title="Call again", within_hours=3),
    TextStep(kind="text", after=_hours(5), template="second_text"),
    CallStep(kind="call", after=_days(1), title="Third call", within_hours=4),
    CallStep(kind="call", after=_days(1), title="Last call", within_hours=4),
    TellReferrerStep(kind="tell_referrer", after=_hours(6), within_hours=4),
)
UNREACHABLE: Final = (
    TaskStep(kind="task", after=_hours(5), title="Ask the referring office for the right phone number", within_hours=5),
    TellReferrerStep(kind="tell_referrer", after=_days(2), within_hours=4),
)
MISSED: Final = (
    TextStep(kind="text", template="missed_evaluation"),
    CallStep(kind="call", title="Call: missed the evaluation, find a new time", within_hours=2),
    CallStep(kind="call", after=_days(1), title="Call again: missed the evaluation", within_hours=4),
    TextStep(kind="text", after=_days(1), template="second_text"),
    CallStep(kind="call", after=_days(2), title="Last call: missed the evaluation", within_hours=4),
    TellReferrerStep(kind="tell_referrer", after=_days(1), within_hours=4),
)
LAST_ATTEMPT: Final = (
    CallStep(kind="call", title="Last attempt: call the patient", within_hours=10),
    TextStep(kind="text", after=_hours(2), template="last_attempt"),
)
DEFAULTS: Final = (
    Default("New referral", "lead_opened", NEW_REFERRAL),
    Default("Unreachable", "unreachable", UNREACHABLE),
    Default("Missed evaluation", "evaluation_missed", MISSED),
    Default("Last attempt", "inactive", LAST_ATTEMPT),
)


async def ensure(session: AsyncSession) -> None:
    """Give the practice its first sequences, once; what it deleted stays deleted."""
    practice_id = practice_of(session)
    if await session.scalar(select(Sequence.id).where(Sequence.practice_id == practice_id).limit(1)):
        return
    rows = [
        {
            "practice_id": practice_id, "id": new_id(), "name": default.name, "trigger": default.trigger,
            "position": position, "conditions": Conditions().model_dump(mode="json"),
            "steps": steps.stored(list(default.steps)),
        }
        for position, default in enumerate(DEFAULTS)
    ]  # fmt: skip
    await session.execute(insert(Sequence).values(rows).on_conflict_do_nothing())
