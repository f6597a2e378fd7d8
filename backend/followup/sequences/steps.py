"""The steps of a sequence and the leads it is for, as a practice writes them."""

import uuid
from typing import Annotated, Any, Final, Literal

from pydantic import Field, TypeAdapter

from backend.core.schemas import RequestModel

Trigger = Literal["lead_opened", "unreachable", "evaluation_missed", "inactive"]
Source = Literal["fax", "web_form", "phone", "walk_in", "api", "text", "email"]
Urgency = Literal["routine", "urgent", "stat"]
Title = Annotated[str, Field(min_length=1, max_length=120)]
Hours = Annotated[float, Field(gt=0, le=200)]
MOST_STEPS: Final = 20


class Delay(RequestModel):
    """How long after the step before; 0 is at once. Working time passes only while the clinic is open."""

    amount: int = Field(default=0, ge=0, le=1000)
    unit: Literal["minutes", "hours", "days"] = "hours"
    working: bool = True


class TextStep(RequestModel):
    """Text the patient. The first text asks for consent first where the practice's policy says so."""

    kind: Literal["text"]
    after: Delay = Delay()
    template: str = Field(min_length=1, max_length=60)


class CallStep(RequestModel):
    """A person calls the patient, within so many working hours; null is as fast as the lead is urgent."""

    kind: Literal["call"]
    after: Delay = Delay()
    title: Title
    within_hours: Hours | None = None


class TaskStep(RequestModel):
    """A person does something else."""

    kind: Literal["task"]
    after: Delay = Delay()
    title: Title
    within_hours: Hours | None = 4


class TellReferrerStep(RequestModel):
    """A person tells who referred that the patient cannot be reached."""

    kind: Literal["tell_referrer"]
    after: Delay = Delay()
    within_hours: Hours | None = 4


class CloseStep(RequestModel):
    """The lead is closed as lost; only after somebody or something has really tried to reach the patient."""

    kind: Literal["close"]
    after: Delay = Delay()
    reason: Title


Step = Annotated[TextStep | CallStep | TaskStep | TellReferrerStep | CloseStep, Field(discriminator="kind")]
Steps = Annotated[list[Step], Field(min_length=1, max_length=MOST_STEPS)]


class Conditions(RequestModel):
    """Which leads; an empty list means any. `payers` are words found in the name of what pays."""

    sources: list[Source] = Field(default_factory=list, max_length=6)
    location_ids: list[uuid.UUID] = Field(default_factory=list, max_length=200)
    payers: list[Annotated[str, Field(min_length=1, max_length=60)]] = Field(default_factory=list, max_length=50)
    urgencies: list[Urgency] = Field(default_factory=list, max_length=3)


_STEPS: Final = TypeAdapter[list[Step]](list[Step])


def read(stored: list[Any]) -> list[Step]:
    """Steps from their table column."""
    return _STEPS.validate_python(stored)


def stored(steps: list[Step]) -> list[Any]:
    """Steps for their table column."""
    kept: list[Any] = _STEPS.dump_python(steps, mode="json")
    return kept
