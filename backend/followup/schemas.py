"""Tasks as the API takes and shows them."""

import uuid
from datetime import datetime
from typing import Any, Literal

from pydantic import AwareDatetime, ConfigDict, Field

from backend.core.pages import Page
from backend.core.schemas import RequestModel, ResponseModel
from backend.identity.owners import OwnerIn, OwnerOut

EXAMPLE_ID = "0199f3a2-6c1e-7c7a-9f0e-3d2b1a6f5e4d"


def _example(**facts: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [facts]})


class NewTask(RequestModel):
    """Something to do for a lead."""

    model_config = _example(lead_id=EXAMPLE_ID, title="Ask for the operative report", due_at="2026-11-25T15:00:00Z")

    lead_id: uuid.UUID
    title: str = Field(min_length=1, max_length=200)
    due_at: AwareDatetime
    owner: OwnerIn | None = None


class NextTask(RequestModel):
    """The step after this one."""

    title: str = Field(min_length=1, max_length=200)
    due_at: AwareDatetime


class DoneIn(RequestModel):
    """Finish a task; `next` plans the step after it."""

    model_config = _example(version=1, next={"title": "Call again", "due_at": "2026-11-25T15:00:00Z"})

    version: int
    next: NextTask | None = None


class SnoozeIn(RequestModel):
    """Put a task off."""

    model_config = _example(version=1, until="2026-11-25T15:00:00Z")

    version: int
    until: AwareDatetime


class AssignIn(RequestModel):
    """Give a task to someone."""

    model_config = _example(version=1, owner={"kind": "user", "id": EXAMPLE_ID})

    version: int
    owner: OwnerIn


class TaskOut(ResponseModel):
    """A task of a lead, a fax, a referrer, or of care that has no lead."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    version: int
    kind: str = Field(examples=["call"])
    title: str = Field(examples=["Call the patient"])
    due_at: datetime
    done_at: datetime | None
    snoozed_until: datetime | None
    owner: OwnerOut
    lead_id: uuid.UUID | None
    fax_id: uuid.UUID | None
    referrer_id: uuid.UUID | None
    episode_id: uuid.UUID | None
    patient_display_name: str | None = Field(examples=["Ada B. Sample"])
    group: Literal["now", "today", "later"] = Field(description="where a day's list shows it")
    why: str = Field(description="why it matters now", examples=["Waiting 25 min for an answer"])
    alert: Literal["breached", "escalated"] | None


class TaskPage(Page):
    """Tasks by due time."""

    items: list[TaskOut]


class TaskCount(ResponseModel):
    """How much there is to do, up to `most` of each."""

    now: int = Field(description="overdue, or waiting for an answer")
    breached: int = Field(description="referrals nobody tried to reach in time")
    most: int


class EscalationIn(RequestModel):
    """Who gets a task whose owner is silent, in order. Empty: the practice's chain, or the usual one."""

    model_config = _example(version=0, silent_minutes=120, chain=[{"kind": "team", "id": EXAMPLE_ID}])

    version: int
    location_id: uuid.UUID | None = None
    silent_minutes: int = Field(ge=5, le=14400, description="working minutes after the due time")
    chain: list[OwnerIn] = Field(max_length=10)


class EscalationOut(ResponseModel):
    """The chain that is set (`chain`), and the one that holds (`effective`) after inheriting."""

    location_id: uuid.UUID | None
    silent_minutes: int
    chain: list[OwnerOut]
    effective: list[OwnerOut]
    version: int


class FirstContactIn(RequestModel):
    """Working minutes from a lead's opening to the first attempt."""

    model_config = _example(version=0, stat=30, urgent=60, routine=120)

    version: int
    stat: int = Field(ge=5, le=14400)
    urgent: int = Field(ge=5, le=14400)
    routine: int = Field(ge=5, le=14400)


class FirstContactTargetsOut(ResponseModel):
    """Working minutes by urgency; `version` 0 are the usual ones."""

    stat: int
    urgent: int
    routine: int
    version: int
