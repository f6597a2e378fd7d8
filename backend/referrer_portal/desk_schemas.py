"""What referrers wrote, as the desk reads and answers it."""

import uuid
from datetime import datetime

from pydantic import Field

from backend.core.pages import Page
from backend.core.schemas import RequestModel, ResponseModel
from backend.loop.kinds import State, Way
from backend.referral_sources.schemas import EXAMPLE_ID, Text, example


class AnswerIn(RequestModel):
    """A few lines to whoever wrote."""

    model_config = example(text="Thank you. Strengthening waits until the MRI is back.")

    text: Text


class DeskAnswerOut(ResponseModel):
    """An answer, and how the referrer was told of it. `reason` says why not."""

    id: uuid.UUID
    at: datetime
    by: str
    text: str
    letter_id: uuid.UUID | None
    told: State | None
    way: Way | None
    reason: str | None = Field(examples=["prefers_portal"])


class MessageWriter(ResponseModel):
    """Who wrote."""

    id: uuid.UUID
    name: str = Field(examples=["Rowan Ortho"])
    practice_name: str | None


class DeskMessageOut(ResponseModel):
    """What a referrer wrote, with its answers, oldest first. Without `settled_at` somebody waits."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    at: datetime
    referrer: MessageWriter
    lead_id: uuid.UUID | None
    patient_name: str | None = Field(examples=["Ada Sample"])
    text: str
    settled_at: datetime | None
    settled_by: str | None
    answers: list[DeskAnswerOut]


class DeskMessagePage(Page):
    """Newest first."""

    items: list[DeskMessageOut]


class MessageCounts(ResponseModel):
    """For the menu."""

    waiting: int
