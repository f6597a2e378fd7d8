"""Leads as the API takes and shows them (contract §4)."""

import uuid
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, ConfigDict, Field

from backend.core.pages import Page
from backend.core.schemas import RequestModel, ResponseModel
from backend.identity.owners import OwnerIn, OwnerOut
from backend.patients.schemas import PatientChanges, PatientFacts, PatientOut, Phone
from backend.referral_sources.schemas import Npi, ReferrerOut

EXAMPLE_ID = "0199f3a2-6c1e-7c7a-9f0e-3d2b1a6f5e4d"
Source = Literal["fax", "web_form", "phone", "walk_in", "api", "text", "email"]
Urgency = Literal["routine", "urgent", "stat"]
Group = Literal["open", "in_progress", "won", "lost"]
Text = Annotated[str, Field(min_length=1, max_length=2000)]
Short = Annotated[str, Field(min_length=1, max_length=200)]


def _example(**facts: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [facts]})


class ReferrerIn(RequestModel):
    """Who ordered it."""

    name: Short
    credential: Short | None = None
    npi: Npi | None = None
    practice_name: Short | None = None
    phone: Phone | None = None
    fax: Phone | None = None
    address: Short | None = None


class OrderIn(RequestModel):
    """What a provider ordered, as far as it is known."""

    referrer: ReferrerIn | None = None
    referral_date: date | None = None
    diagnosis_text: Text | None = None
    icd10_codes: list[Annotated[str, Field(pattern=r"^[A-TV-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?$")]] = Field(
        default_factory=list, max_length=24
    )
    body_part: Short | None = None
    side: Literal["left", "right", "bilateral"] | None = None
    order_text: Text | None = None
    discipline: Literal["PT", "OT", "SLP", "other"] | None = None
    evaluate_and_treat: bool | None = None
    frequency_per_week: int | None = Field(default=None, ge=1, le=14)
    duration_weeks: int | None = Field(default=None, ge=1, le=104)
    visits_authorized: int | None = Field(default=None, ge=1, le=999)
    surgery_date: date | None = None
    procedure: Text | None = None
    precautions: Text | None = None
    weight_bearing: Short | None = None
    notes: Text | None = None


class NewLeadIn(RequestModel):
    """A lead that came by phone, at the desk, or from a program."""

    model_config = _example(
        source="phone",
        patient={"first_name": "Ada", "last_name": "Sample", "dob": "1961-04-09", "phone": "(312) 555-0142"},
        order={"body_part": "knee", "side": "right"},
        note="Prefers afternoons",
    )

    source: Source
    location_id: uuid.UUID | None = None
    urgency: Urgency = "routine"
    patient: PatientFacts
    payer_name: Short | None = None
    member_id: Short | None = None
    order: OrderIn | None = None
    note: Text | None = None
    separate: bool = Field(default=False, description="open a second lead although the patient has an open one")


class LeadChanges(RequestModel):
    """Only what is given changes."""

    model_config = _example(version=3, urgency="urgent", patient={"phone": "312-555-0143"})

    version: int
    location_id: uuid.UUID | None = None
    owner: OwnerIn | None = None
    urgency: Urgency | None = None
    patient: PatientChanges | None = None


class MoveIn(RequestModel):
    """Where the card goes. `after_id` is the card above it; null puts it on top."""

    model_config = _example(stage="scheduled", after_id=None, version=3)

    stage: str = Field(max_length=60)
    after_id: uuid.UUID | None = None
    version: int
    lost_reason: str | None = Field(default=None, min_length=1, max_length=300)


class ReopenIn(RequestModel):
    """Opens a closed lead again."""

    model_config = _example(version=7)

    version: int | None = None


class CallIn(RequestModel):
    """How a call to the patient went."""

    model_config = _example(outcome="left_message", note="Call back after 5")

    outcome: Literal["reached", "left_message", "no_answer", "wrong_number"]
    note: Text | None = None


class EvaluationIn(RequestModel):
    """When the first visit is."""

    model_config = _example(at="2026-12-01T15:00:00Z", version=3)

    at: AwareDatetime
    version: int


class EvaluationChangeIn(RequestModel):
    """What became of the booked evaluation."""

    model_config = _example(version=4)

    version: int


class NoteIn(RequestModel):
    """A note for the lead's timeline."""

    model_config = _example(text="Prefers afternoons")

    text: Text


class OrderOut(ResponseModel):
    """A referral order. Clinical fields are null for callers without `clinical:read`."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    fax_id: uuid.UUID | None
    referrer: ReferrerOut | None
    referral_date: date | None
    diagnosis_text: str | None
    icd10_codes: list[str]
    body_part: str | None
    side: str | None
    order_text: str | None
    discipline: str | None
    evaluate_and_treat: bool | None
    frequency_per_week: int | None
    duration_weeks: int | None
    visits_authorized: int | None
    authorization_number: str | None
    surgery_date: date | None
    procedure: str | None
    precautions: str | None
    weight_bearing: str | None
    urgency: str | None
    signed: bool | None
    notes: str | None


class NextStep(ResponseModel):
    """The open task that is due first."""

    kind: str = Field(examples=["call"])
    label: str = Field(examples=["Call the patient"])
    due_at: datetime
    task_id: uuid.UUID


class ElapsedOut(ResponseModel):
    """Minutes until it happened, or so far: by the wall, and of the clinic's working time."""

    wall_minutes: int
    business_minutes: int


class FirstContactOut(ResponseModel):
    """The first-contact clock. It stops at the first attempt; being reached is counted apart."""

    state: Literal["met", "running", "due_soon", "breached"]
    target_minutes: int = Field(description="working minutes from opening to the first attempt")
    due_soon_at: datetime
    breach_at: datetime
    stopped_at: datetime | None
    first_attempt_at: datetime | None
    first_contact_at: datetime | None
    attempt: ElapsedOut
    contact: ElapsedOut


class Clocks(FirstContactOut):
    """When what happened first."""

    opened_at: datetime
    stage_entered_at: datetime
    closed_at: datetime | None


class MergeIn(RequestModel):
    """The lead this one turned out to be."""

    model_config = _example(into=EXAMPLE_ID, version=2, into_version=5)

    into: uuid.UUID
    version: int
    into_version: int


class UnmergeIn(RequestModel):
    """Takes a merge back."""

    model_config = _example(version=3)

    version: int


class MergeOut(ResponseModel):
    """A lead that became part of this one. `can_undo`: no later merge is on top of it."""

    lead_id: uuid.UUID
    version: int
    at: datetime
    by: str = Field(examples=["Dana Desk"])
    source: Source
    opened_at: datetime
    can_undo: bool


class LeadIntake(ResponseModel):
    """How far the patient is with the intake form."""

    state: Literal["none", "sent", "started", "done"]
    percent: int


class LeadOut(ResponseModel):
    """A lead with everything its drawer shows but tasks and faxes (see /tasks and /faxes with `lead_id`)."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    version: int
    stage: str = Field(examples=["new"])
    stage_name: str = Field(examples=["New"])
    group: Group
    source: Source
    urgency: Urgency
    location_id: uuid.UUID | None
    location_name: str | None
    owner: OwnerOut
    patient: PatientOut
    orders: list[OrderOut]
    next_step: NextStep | None
    overdue: bool
    story: str = Field(examples=["Faxed Tue 9:14 by Rowan Ortho; left a message Tue 9:40; waiting since Wed."])
    lost_reason: str | None
    evaluation_at: datetime | None
    evaluation_state: Literal["none", "booked", "missed", "attended", "canceled"]
    intake: LeadIntake
    opened_at: datetime
    first_contact_at: datetime | None
    clocks: Clocks
    merged_into: uuid.UUID | None = Field(description="the lead this one is part of; open that one")
    merges: list[MergeOut] = Field(description="leads that became part of this one")


class TimelineItem(ResponseModel):
    """One thing that happened."""

    id: uuid.UUID
    at: datetime
    kind: str = Field(examples=["call"])
    title: str = Field(examples=["Left a message"])
    detail: str | None
    actor: str = Field(examples=["Dana Desk"])


class Timeline(Page):
    """What happened, newest first."""

    items: list[TimelineItem]
