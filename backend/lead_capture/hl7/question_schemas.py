"""What people are asked about HL7 messages, as the API takes and shows it."""

import uuid
from datetime import date, datetime
from typing import Literal

from pydantic import ConfigDict, Field, model_validator

from backend.core.pages import Page
from backend.core.schemas import RequestModel, ResponseModel

State = Literal["open", "decided"]


class PersonSaid(ResponseModel):
    """The patient as the EMR calls them."""

    first_name: str | None
    middle_name: str | None
    last_name: str | None
    suffix: str | None
    dob: date | None
    sex: str | None
    phone: str | None
    phone_alt: str | None
    email: str | None
    address: str | None
    mrn: str | None


class Asked(ResponseModel):
    """What is shown of a message. `event`: as HL7 calls it, such as S12 for a new appointment."""

    person: PersonSaid
    event: str
    starts_at: datetime | None
    number: str | None


class MaybePatient(ResponseModel):
    """A known patient who may be meant, and what speaks for and against it."""

    patient_id: uuid.UUID
    display_name: str
    dob: date | None
    phone: str | None
    mrn: str | None
    reasons: list[str]


class MaybePatients(Page):
    """Best first."""

    items: list[MaybePatient]


class Hl7MessageSaid(ResponseModel):
    """One message of these words."""

    event: str
    starts_at: datetime | None
    received_at: datetime


class Hl7QuestionOut(ResponseModel):
    """Whose these messages are: all that one interface sent about a patient called so. `id`: that of the newest."""

    id: uuid.UUID
    sender_name: str
    state: State
    why: str
    person: PersonSaid
    messages: list[Hl7MessageSaid] = Field(description="the newest few")
    count: int
    candidates: list[MaybePatient]
    may_be_new: bool = Field(description="whether enough is said to make somebody new")
    patient: MaybePatient | None = Field(description="who was chosen")
    decided_by: str | None
    decided_at: datetime | None
    outcome: str | None = Field(
        description="what became of the newest: created, updated, skipped, failed; null: not yet"
    )
    detail: str | None


class Hl7QuestionPage(Page):
    """Newest first."""

    items: list[Hl7QuestionOut]


class Hl7QuestionCount(ResponseModel):
    """How many patients people are asked about."""

    open: int


class Hl7DecideIn(RequestModel):
    """Who it is: a known patient, somebody new, or none of ours."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"decision": "same", "patient_id": "0192f3a0-0000-7000-8000-000000000000"}]}
    )

    decision: Literal["same", "new", "leave_out"]
    patient_id: uuid.UUID | None = None

    @model_validator(mode="after")
    def _named(self) -> "Hl7DecideIn":
        if (self.decision == "same") != (self.patient_id is not None):
            raise ValueError("name the patient for `same`, and only then")
        return self
