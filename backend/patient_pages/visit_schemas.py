"""A visit as the patient's page shows it, and times to choose from."""

import uuid
from datetime import date, datetime
from typing import Literal

from pydantic import AwareDatetime, Field

from backend.core.schemas import RequestModel, ResponseModel
from backend.patient_pages.schemas import example

EXAMPLE_ID = "0199f3a2-6c1e-7c7a-9f0e-3d2b1a6f5e4d"
Reason = Literal["sick", "work", "ride", "better", "other_clinic", "cost", "other"]


class PlaceOut(ResponseModel):
    """Where to go."""

    name: str = Field(examples=["North"])
    address: str | None = Field(examples=["100 Main Street, Springfield, IL 62701"])
    phone: str | None = Field(examples=["+12175550110"])


class VisitOut(ResponseModel):
    """The patient's visit. `can_change`: it has not begun, so it may be moved or canceled here."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    version: int
    status: Literal["booked", "confirmed", "checked_in", "no_show", "canceled"]
    kind: Literal["evaluation", "follow_up", "free_screen", "other"]
    virtual: bool
    starts_at: datetime
    ends_at: datetime
    timezone: str = Field(examples=["America/Chicago"])
    clinician: str = Field(examples=["Pat Therapist"])
    place: PlaceOut
    can_change: bool


class VisitPageOut(ResponseModel):
    """What the page shows: the visit, or (null) that one can be chosen."""

    visit: VisitOut | None
    can_choose: bool


class TimeOut(ResponseModel):
    """A time to choose."""

    starts_at: datetime
    ends_at: datetime
    clinician_id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    clinician: str = Field(examples=["Pat Therapist"])
    location_id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    location: str = Field(examples=["North"])
    timezone: str = Field(examples=["America/Chicago"])


class DayOut(ResponseModel):
    """A day with free times."""

    date: date
    count: int


class TimesOut(ResponseModel):
    """Days with free times in the next weeks, and the times of one of them. `later`: where to look on."""

    days: list[DayOut]
    day: date | None
    times: list[TimeOut]
    later: date | None


class ChosenTime(RequestModel):
    """One of the times offered."""

    model_config = example(clinician_id=EXAMPLE_ID, location_id=EXAMPLE_ID, starts_at="2026-12-01T15:00:00Z")

    clinician_id: uuid.UUID
    location_id: uuid.UUID
    starts_at: AwareDatetime


class OtherTime(ChosenTime):
    """The same, for a visit that is booked: the version the page has seen."""

    model_config = example(clinician_id=EXAMPLE_ID, location_id=EXAMPLE_ID, starts_at="2026-12-02T15:00:00Z", version=1)

    version: int


class SeenVersion(RequestModel):
    """The version the page has seen."""

    model_config = example(version=1)

    version: int


class CancelVisit(SeenVersion):
    """And why."""

    model_config = example(version=1, reason="sick")

    reason: Reason
