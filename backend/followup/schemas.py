"""Tasks as the API takes and shows them."""

import uuid
from datetime import datetime
from typing import Any

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
    """A task of a lead or a fax."""

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
    patient_display_name: str | None = Field(examples=["Ada B. Sample"])


class TaskPage(Page):
    """Tasks by due time."""

    items: list[TaskOut]
