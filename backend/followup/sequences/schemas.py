"""Sequences, a lead's way through one, and rules, as the API takes and shows them."""

import uuid
from datetime import datetime, time
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from backend.core.schemas import RequestModel, ResponseModel
from backend.followup.sequences.steps import Conditions, Steps, Title, Trigger

EXAMPLE_ID = "0199f3a2-6c1e-7c7a-9f0e-3d2b1a6f5e4d"
EXAMPLE_STEPS: list[dict[str, Any]] = [
    {"kind": "text", "template": "first_text"},
    {"kind": "call", "title": "Call the patient"},
    {"kind": "text", "after": {"amount": 1, "unit": "days"}, "template": "second_text"},
]
Days = Annotated[int, Field(ge=1, le=365)]
Stage = Annotated[str, Field(min_length=1, max_length=60)]
PerHour = Annotated[int, Field(ge=0, le=1000)]


def _example(**facts: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [facts]})


class SequenceIn(RequestModel):
    """A sequence as a practice writes it."""

    model_config = _example(name="Post-op", trigger="lead_opened", conditions={"urgencies": ["urgent"]},
                            steps=EXAMPLE_STEPS)  # fmt: skip

    name: Title
    trigger: Trigger
    active: bool = True
    conditions: Conditions = Field(default_factory=Conditions)
    steps: Steps


class SequenceChange(SequenceIn):
    """All of it, based on `version`."""

    model_config = _example(version=1, name="Post-op", trigger="lead_opened", active=False, steps=EXAMPLE_STEPS)

    version: int


class SequenceOrderIn(RequestModel):
    """Every sequence, the one to be tried first first."""

    model_config = _example(ids=[EXAMPLE_ID])

    ids: list[uuid.UUID] = Field(min_length=1, max_length=200)


class PreviewIn(RequestModel):
    """Plan for this lead, or for any."""

    model_config = _example(lead_id=None)

    lead_id: uuid.UUID | None = None


class PreviewStepsIn(PreviewIn):
    """Steps that need not be saved yet."""

    model_config = _example(steps=EXAMPLE_STEPS)

    steps: Steps


class StepOut(BaseModel):
    """A step as a sentence: when and `what`."""

    position: int
    kind: Literal["text", "call", "task", "tell_referrer", "close"]
    sentence: str = Field(examples=["2 working hours later: text “Second text”."])
    what: str = Field(examples=["text “Second text”"])


class SequenceOut(ResponseModel):
    """A sequence with its steps in words."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    version: int
    name: str
    trigger: Trigger
    active: bool
    conditions: Conditions
    steps: Steps
    sentences: list[str]
    for_whom: str = Field(examples=["Every new lead"])
    running: int = Field(description="leads on their way through it")


class SequencePage(BaseModel):
    """In the order in which they are tried."""

    items: list[SequenceOut]


class PlannedStep(StepOut):
    """When it comes, and by when a person must have done it."""

    at: datetime
    due_at: datetime | None


class PreviewOut(BaseModel):
    """The plan from now, if the patient stays silent."""

    steps: list[PlannedStep]


class DoneStep(StepOut):
    """What became of a step."""

    at: datetime
    outcome: Literal["done", "skipped"]
    reason: str | None = Field(examples=["the patient asked for no texts"])


class ComingStep(StepOut):
    """When it comes if nothing intervenes; `reason` says why it waits longer than its delay."""

    at: datetime
    reason: str | None


class EnrollmentOut(BaseModel):
    """A lead's way through a sequence."""

    id: uuid.UUID
    version: int
    sequence_id: uuid.UUID
    name: str
    state: Literal["active", "snoozed", "done", "stopped"]
    why: str | None = Field(description="why it ended, in words", examples=["the patient replied"])
    started_at: datetime
    ended_at: datetime | None
    next_at: datetime | None
    done: list[DoneStep]
    coming: list[ComingStep]


class LeadSequence(BaseModel):
    """The sequence that runs, else the last one; null before the first."""

    enrollment: EnrollmentOut | None


class SnoozeSequenceIn(RequestModel):
    """Nothing automatic before then."""

    model_config = _example(until="2026-12-01T15:00:00Z")

    until: AwareDatetime


class StartIn(RequestModel):
    """Begin another; the one that runs ends."""

    model_config = _example(sequence_id=EXAMPLE_ID)

    sequence_id: uuid.UUID


class TextWindow(RequestModel):
    """A time of the clinic's day with its own number of texts; null is as many as there are."""

    opens: time
    closes: time
    per_hour: PerHour | None


class FollowupRulesIn(RequestModel):
    """The practice's choice."""

    model_config = _example(
        version=0, scheduled_stage="scheduled", scheduling_window_days=90, missed_after_days=1,
        missed_stage="contacted", attended_stage="first_visit_complete", inactivity_days=15, lost_after_days=7,
        lost_reason="No response", texts_per_hour=30,
        text_windows=[{"opens": "12:00", "closes": "13:00", "per_hour": 5}],
    )  # fmt: skip

    version: int
    scheduled_stage: Stage
    scheduling_window_days: Days
    missed_after_days: Annotated[int, Field(ge=0, le=60)]
    missed_stage: Stage
    attended_stage: Stage
    inactivity_days: Days
    lost_after_days: Days
    lost_reason: Title
    texts_per_hour: PerHour | None = Field(description="automatic texts an hour and clinic; null: no limit, 0: none")
    text_windows: list[TextWindow] = Field(default_factory=list, max_length=12)


class FollowupRulesOut(ResponseModel):
    """What holds now."""

    version: int
    scheduled_stage: str
    scheduling_window_days: int
    missed_after_days: int
    missed_stage: str
    attended_stage: str
    inactivity_days: int
    lost_after_days: int
    lost_reason: str
    texts_per_hour: int | None
    text_windows: list[TextWindow]
    waiting: int = Field(description="texts that wait for their turn now")
