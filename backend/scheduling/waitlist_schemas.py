"""The waitlist as the API takes and shows it."""

import uuid
from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from backend.core.pages import Page
from backend.core.schemas import RequestModel, ResponseModel
from backend.scheduling.schemas import EXAMPLE_ID, Note, example
from backend.scheduling.wishes import WEEKDAYS

CLOCK = r"^([01]\d|2[0-3]):[0-5]\d$"
State = Literal["waiting", "filled", "removed", "expired"]


def _day(value: str) -> str:
    if value not in {*WEEKDAYS, "any"}:
        date.fromisoformat(value)
    return value


class WindowIn(RequestModel):
    """A weekday (`mon`…`sun`), a date or `any`, and local times; equal times mean that very moment."""

    day: Annotated[str, Field(max_length=10), AfterValidator(_day)]
    start: str = Field(default="08:00", pattern=CLOCK)
    end: str = Field(default="18:00", pattern=CLOCK)

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if self.end < self.start:
            raise ValueError("end must not be before start")
        return self


class WaitlistChange(RequestModel):
    """What they wish, all of it, based on `version`."""

    model_config = example(version=1, appointment_type_id=EXAMPLE_ID, priority=2, windows=[{"day": "mon"}])

    version: int
    appointment_type_id: uuid.UUID
    location_id: uuid.UUID | None = None
    clinician_id: uuid.UUID | None = None
    priority: int = Field(default=0, ge=0, le=3)
    windows: list[WindowIn] = Field(default_factory=list, max_length=42)
    earliest: date | None = None
    expires_on: date | None = None
    note: Note | None = None


class WaitlistIn(RequestModel):
    """Who would come sooner, and when."""

    model_config = example(
        lead_id=EXAMPLE_ID, appointment_type_id=EXAMPLE_ID, priority=1,
        windows=[{"day": "any", "start": "13:00", "end": "18:00"}], expires_on="2026-12-31",
    )  # fmt: skip

    patient_id: uuid.UUID | None = None
    lead_id: uuid.UUID | None = None
    appointment_type_id: uuid.UUID
    location_id: uuid.UUID | None = None
    clinician_id: uuid.UUID | None = None
    priority: int = Field(default=0, ge=0, le=3)
    windows: list[WindowIn] = Field(default_factory=list, max_length=42)
    earliest: date | None = None
    expires_on: date | None = None
    note: Note | None = None


class WindowOut(ResponseModel):
    """Days and local times."""

    day: str = Field(examples=["mon"])
    start: str = Field(examples=["13:00"])
    end: str = Field(examples=["18:00"])


class WaitlistOut(ResponseModel):
    """Who waits for what. `appointment_id`: the time that became theirs."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    version: int
    state: State
    patient_id: uuid.UUID
    patient_display_name: str = Field(examples=["Ada Sample"])
    lead_id: uuid.UUID | None
    appointment_type_id: uuid.UUID
    appointment_type_name: str = Field(examples=["Evaluation"])
    location_id: uuid.UUID | None
    location_name: str | None
    clinician_id: uuid.UUID | None
    clinician_name: str | None
    priority: int
    windows: list[WindowOut]
    earliest: date | None
    expires_on: date | None
    note: str | None
    appointment_id: uuid.UUID | None
    created_at: datetime


class WaitlistPage(Page):
    """In the order in which they would be asked."""

    items: list[WaitlistOut]


class CandidateOut(ResponseModel):
    """Who could take a freed time; `appointment_id` is the later visit they would give up for it."""

    entry_id: uuid.UUID
    patient_id: uuid.UUID
    patient_display_name: str = Field(examples=["Ada Sample"])
    lead_id: uuid.UUID | None
    priority: int
    waiting_since: datetime
    appointment_id: uuid.UUID | None
    appointment_starts_at: datetime | None


class CandidatePage(Page):
    """By priority, then by who has waited longest."""

    items: list[CandidateOut]
