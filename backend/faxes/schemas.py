"""A fax as the API shows it (contract §3)."""

import uuid
from datetime import datetime
from typing import Any

from pydantic import Field

from backend.core.pages import Page
from backend.core.schemas import ResponseModel

EXAMPLE_ID = "0199f3a2-6c1e-7c7a-9f0e-3d2b1a6f5e4d"


class Failure(ResponseModel):
    """Where and why a fax stopped; `detail` is for the front desk."""

    step: str = Field(examples=["decoded"])
    code: str = Field(examples=["encrypted"])
    detail: str = Field(examples=["The PDF is locked with a password. Ask the sender for a copy without one."])


class FaxPageOut(ResponseModel):
    """One page. `rotation` is what turned it upright; `damage` 0 is sound, 1 unreadable."""

    number: int
    kind: str | None
    width: int
    height: int
    image_url: str
    rotation: int
    damage: float
    segment: int | None


class FaxSegmentOut(ResponseModel):
    """The pages of one patient, what was read there, and why a person must look."""

    index: int
    kind: str
    pages: list[int]
    lead_id: uuid.UUID | None
    patient_id: uuid.UUID | None
    hold_reasons: list[str]
    fields: dict[str, Any]


class StepOut(ResponseModel):
    """When a step was reached."""

    step: str
    at: datetime


class FaxSummary(ResponseModel):
    """A fax in a list."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    status: str = Field(examples=["needs_review"])
    failure: Failure | None
    channel: str = Field(examples=["upload"])
    from_number: str | None = Field(examples=["+13125550142"])
    to_number: str | None
    received_at: datetime
    filed_at: datetime | None
    page_count: int | None
    duplicate_of: uuid.UUID | None
    version: int


class FaxOut(FaxSummary):
    """A fax with its pages, segments and path."""

    pages: list[FaxPageOut]
    segments: list[FaxSegmentOut]
    steps: list[StepOut]


class FaxPageOfList(Page):
    """Faxes, newest first."""

    items: list[FaxSummary]
