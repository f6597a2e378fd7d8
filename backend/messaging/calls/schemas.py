"""Calls as the API shows them."""

import uuid
from datetime import datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from backend.core.schemas import RequestModel, ResponseModel
from backend.patients.schemas import Phone

EXAMPLE_ID = "0199f3a2-6c1e-7c7a-9f0e-3d2b1a6f5e4d"
Greeting = Annotated[str, Field(min_length=10, max_length=600)]


class CallOut(ResponseModel):
    """A call. `voicemail_url` plays its recording once `voicemail` is ready; `phone` is null where withheld."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    direction: Literal["in", "out"]
    outcome: Literal["ringing", "missed", "voicemail", "answered"]
    phone: str | None = Field(examples=["+12175550142"])
    conversation_id: uuid.UUID | None
    lead_id: uuid.UUID | None
    started_at: datetime
    after_hours: bool
    duration_seconds: int | None
    voicemail: Literal["none", "coming", "ready", "lost"]
    voicemail_seconds: int | None
    voicemail_url: str | None
    transcript: str | None
    handled_at: datetime | None


class CallList(ResponseModel):
    """Newest first."""

    items: list[CallOut]


class LineCallsIn(RequestModel):
    """How a number answers calls: rung at `forward_to` in desk hours, else the greeting and a voicemail.

    `text_back`: who reached nobody gets a text, where law and patient allow it. Null greetings: the usual words.
    `version`: of the number.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"forward_to": "(217) 555-0199", "ring_seconds": 20, "version": 1}]}
    )

    forward_to: Phone | None = None
    ring_seconds: int = Field(default=20, ge=5, le=60)
    text_back: bool = True
    greeting: Greeting | None = None
    greeting_es: Greeting | None = None
    version: int


class LineCallsOut(ResponseModel):
    """How a number answers calls. Enter both addresses at the carrier, method POST; `says`: what callers hear."""

    line_id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    number: str = Field(examples=["+12175550110"])
    forward_to: str | None
    ring_seconds: int
    text_back: bool
    greeting: str | None
    greeting_es: str | None
    says: list[str]
    voice_url: str
    voice_status_url: str
    version: int
