"""Slots and appointments as the API takes and shows them."""

import uuid
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, ConfigDict, Field

from backend.core.pages import Page
from backend.core.schemas import RequestModel, ResponseModel
from backend.scheduling.words import Kind, Status

EXAMPLE_ID = "0199f3a2-6c1e-7c7a-9f0e-3d2b1a6f5e4d"
Note = Annotated[str, Field(min_length=1, max_length=1000)]
Reason = Annotated[str, Field(min_length=3, max_length=300)]


def example(**facts: Any) -> ConfigDict:
    """The request's example in the documentation."""
    return ConfigDict(json_schema_extra={"examples": [facts]})


class SlotOut(ResponseModel):
    """A time that can be booked just now; all of it goes into the booking."""

    appointment_type_id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    clinician_id: uuid.UUID
    clinician_name: str = Field(examples=["Pat Therapist"])
    location_id: uuid.UUID
    location_name: str = Field(examples=["North"])
    timezone: str = Field(examples=["America/Chicago"])
    starts_at: datetime
    ends_at: datetime


class DayCount(ResponseModel):
    """How many different times a local day has."""

    date: date
    count: int


class SlotPage(Page):
    """Times in order, and what each day of the whole span has."""

    items: list[SlotOut]
    days: list[DayCount]


class OpenTimeOut(ResponseModel):
    """A clinician works at a clinic, whether or not somebody is booked."""

    clinician_id: uuid.UUID
    location_id: uuid.UUID
    starts_at: datetime
    ends_at: datetime


class OpenTimePage(Page):
    """By clinician and time."""

    items: list[OpenTimeOut]


class AppointmentIn(RequestModel):
    """A time for a patient, or for a lead and so for its patient."""

    model_config = example(
        appointment_type_id=EXAMPLE_ID, clinician_id=EXAMPLE_ID, location_id=EXAMPLE_ID, lead_id=EXAMPLE_ID,
        starts_at="2026-12-01T15:00:00Z", note="Wheelchair",
    )  # fmt: skip

    appointment_type_id: uuid.UUID
    clinician_id: uuid.UUID
    location_id: uuid.UUID
    starts_at: AwareDatetime
    patient_id: uuid.UUID | None = None
    lead_id: uuid.UUID | None = None
    note: Note | None = None
    hold_id: uuid.UUID | None = Field(default=None, description="the time is held already")
    override_reason: Reason | None = Field(
        default=None, description="book although the time is taken or closed, on purpose; goes on record"
    )


class HoldIn(RequestModel):
    """Keep a time for a few minutes."""

    model_config = example(
        appointment_type_id=EXAMPLE_ID, clinician_id=EXAMPLE_ID, location_id=EXAMPLE_ID,
        starts_at="2026-12-01T15:00:00Z", minutes=10,
    )  # fmt: skip

    appointment_type_id: uuid.UUID
    clinician_id: uuid.UUID
    location_id: uuid.UUID
    starts_at: AwareDatetime
    patient_id: uuid.UUID | None = None
    lead_id: uuid.UUID | None = None
    minutes: int = Field(default=10, ge=1, le=30)


class RescheduleIn(RequestModel):
    """Another time; what is left out stays."""

    model_config = example(version=1, starts_at="2026-12-02T15:00:00Z", reason="The patient asked for another day")

    version: int
    starts_at: AwareDatetime
    clinician_id: uuid.UUID | None = None
    location_id: uuid.UUID | None = None
    appointment_type_id: uuid.UUID | None = None
    reason: Reason | None = None
    override_reason: Reason | None = None


class CancelIn(RequestModel):
    """Why it will not take place; `by_clinic`: not for the patient's sake."""

    model_config = example(version=1, reason="Sick")

    version: int
    reason: Reason | None = None
    by_clinic: bool = False


class OutcomeIn(RequestModel):
    """The version somebody looked at; without one, whatever it is now."""

    model_config = example(version=1)

    version: int | None = None


class AppointmentOut(ResponseModel):
    """One appointment. `busy_from`–`busy_until` is its time with padding; `double_booked` is on purpose."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    version: int
    status: Status
    appointment_type_id: uuid.UUID
    appointment_type_name: str = Field(examples=["Evaluation"])
    kind: Kind
    virtual: bool
    starts_at: datetime
    ends_at: datetime
    busy_from: datetime
    busy_until: datetime
    timezone: str = Field(examples=["America/Chicago"])
    location_id: uuid.UUID
    location_name: str = Field(examples=["North"])
    clinician_id: uuid.UUID
    clinician_name: str = Field(examples=["Pat Therapist"])
    clinician_color: str = Field(examples=["#1971c2"])
    patient_id: uuid.UUID | None
    patient_display_name: str | None = Field(examples=["Ada Sample"])
    lead_id: uuid.UUID | None
    resource_id: uuid.UUID | None
    resource_name: str | None
    source: Literal["staff", "patient", "text", "waitlist", "api", "import"]
    note: str | None
    double_booked: bool
    override_reason: str | None
    hold_until: datetime | None
    late_cancel: bool
    cancel_reason: str | None
    sequence: int
    created_at: datetime


class AppointmentPage(Page):
    """Appointments by time."""

    items: list[AppointmentOut]


class AppointmentEventOut(ResponseModel):
    """One thing that happened to an appointment; a move keeps where it was in `detail`."""

    id: uuid.UUID
    kind: Literal["booked", "moved", "confirmed", "canceled", "checked_in", "no_show", "noted"]
    at: datetime
    actor: str = Field(examples=["Dana Desk"])
    reason: str | None
    detail: dict[str, Any]


class AppointmentHistory(Page):
    """Newest first."""

    items: list[AppointmentEventOut]
