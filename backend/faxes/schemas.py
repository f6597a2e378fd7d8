"""A fax as the API shows it and takes decisions about it (contract §3)."""

import uuid
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from backend.core.pages import Page
from backend.core.schemas import RequestModel, ResponseModel

EXAMPLE_ID = "0199f3a2-6c1e-7c7a-9f0e-3d2b1a6f5e4d"
EXAMPLE_FIELD: dict[str, Any] = {
    "value": "4/9/1961", "normal": "1961-04-09", "confidence": 0.97, "page": 1, "box": [0.21, 0.18, 0.33, 0.2],
    "text": "4/9/1961", "source": "ocr", "candidates": [],
}  # fmt: skip
Reason = Annotated[str, Field(min_length=1, max_length=300)]


def _example(**facts: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [facts]})


class Failure(ResponseModel):
    """Where and why a fax stopped; `detail` is for the front desk."""

    step: str = Field(examples=["decoded"])
    code: str = Field(examples=["encrypted"])
    detail: str = Field(examples=["The PDF is locked with a password. Ask the sender for a copy without one."])


class FaxPageOut(ResponseModel):
    """One page. `rotation` is what turned it upright; `damage` 0 is sound, 1 unreadable."""

    number: int
    kind: str | None = Field(examples=["referral_order"])
    width: int
    height: int
    image_url: str
    rotation: int
    damage: float
    segment: int | None


class Candidate(ResponseModel):
    """Another value that could be meant."""

    value: str
    normal: str | bool | int | list[str]
    confidence: float
    page: int
    box: tuple[float, float, float, float] | None
    text: str
    source: str


class FieldOut(Candidate):
    """The value of a field and where it stands; `box` is in fractions of the upright page."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [EXAMPLE_FIELD]})

    candidates: list[Candidate] = Field(default_factory=list)


class FaxSegmentOut(ResponseModel):
    """The pages of one patient, what was read there, and why a person must look."""

    index: int
    kind: str = Field(examples=["referral_order"])
    pages: list[int]
    lead_id: uuid.UUID | None
    patient_id: uuid.UUID | None
    hold_reasons: list[str] = Field(examples=[["possible_same_patient"]])
    reject_reason: str | None = None
    fields: dict[str, FieldOut]


class StepOut(ResponseModel):
    """When a step was reached."""

    step: str
    at: datetime


class FaxBase(ResponseModel):
    """What a list and a page of a fax have in common."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    status: str = Field(examples=["needs_review"])
    failure: Failure | None
    channel: str = Field(examples=["upload"])
    from_number: str | None = Field(examples=["+13125550142"])
    to_number: str | None
    location_id: uuid.UUID | None
    received_at: datetime
    filed_at: datetime | None
    page_count: int | None
    duplicate_of: uuid.UUID | None
    reject_reason: str | None
    version: int


class FaxSummary(FaxBase):
    """A fax in a list, with what its first segment says."""

    kind: str | None
    patient_display_name: str | None = Field(examples=["Ada Sample"])
    sender_name: str | None = Field(examples=["Rowan Ortho"])
    lead_id: uuid.UUID | None
    hold_reasons: list[str]


class FaxOut(FaxBase):
    """A fax with its pages, segments and path."""

    pages: list[FaxPageOut]
    segments: list[FaxSegmentOut]
    steps: list[StepOut]
    allowed_actions: list[str] = Field(examples=[["confirm", "reject"]])


class FaxPageOfList(Page):
    """Faxes, newest first."""

    items: list[FaxSummary]


class FaxCounts(ResponseModel):
    """How many faxes wait where."""

    needs_review: int
    failed: int
    in_progress: int
    filed_today: int
    rejected: int


class ConfirmedSegment(RequestModel):
    """A person's word on one segment. `fields` holds only what is corrected, in normal form; null removes.

    `lead_id` files it under that lead. Without one, `patient_id` names the patient, else the patient is found or made.
    `reject_reason` files nothing from this segment.
    """

    index: int = Field(ge=0)
    fields: dict[str, Any] = Field(default_factory=dict)
    lead_id: uuid.UUID | None = None
    patient_id: uuid.UUID | None = None
    reject_reason: Reason | None = None


class ConfirmIn(RequestModel):
    """Confirm a fax; segments not named are confirmed as they were read."""

    model_config = _example(
        version=8, segments=[{"index": 0, "fields": {"patient_dob": "1961-04-09"}, "lead_id": None}]
    )

    version: int
    segments: list[ConfirmedSegment] = Field(default_factory=list, max_length=200)


class RejectIn(RequestModel):
    """Why it is no referral."""

    model_config = _example(reason="Advertisement")

    reason: Reason
    version: int | None = None


class RetryIn(RequestModel):
    """Read it again."""

    model_config = _example(version=8)

    version: int | None = None


class AttachIn(RequestModel):
    """The lead it belongs to."""

    model_config = _example(lead_id=EXAMPLE_ID, version=8)

    lead_id: uuid.UUID
    version: int | None = None


class SplitIn(RequestModel):
    """Which pages belong together."""

    model_config = _example(segments=[[1, 2], [3]], version=8)

    segments: list[list[int]] = Field(min_length=1, max_length=200)
    version: int | None = None


class FaxMatchOut(ResponseModel):
    """A known patient who may be meant, with the open lead if there is one."""

    patient_id: uuid.UUID
    lead_id: uuid.UUID | None
    display_name: str = Field(examples=["Ada Sample"])
    dob: date | None
    reasons: list[str] = Field(examples=[["same full name", "same date of birth"]])
    score: float
    certain: bool


class FaxMatchPage(Page):
    """Candidates, best first."""

    items: list[FaxMatchOut]
