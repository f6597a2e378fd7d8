"""Appointment types, clinicians and their hours as the API takes and shows them. Times are local; 0 is Monday."""

import uuid
from datetime import date, time
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from backend.core.pages import Page
from backend.core.schemas import RequestModel, ResponseModel
from backend.scheduling.schemas import EXAMPLE_ID, example
from backend.scheduling.words import Discipline, Kind

Name = Annotated[str, Field(min_length=1, max_length=100)]
Padding = Annotated[int, Field(ge=0, le=120, multiple_of=5)]
Color = Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]


def _on_grid(value: time) -> time:
    if value.tzinfo or value.second or value.microsecond or value.minute % 5:
        raise ValueError("use whole five minutes, without a time zone")
    return value


LocalTime = Annotated[time, AfterValidator(_on_grid)]


class AppointmentTypeIn(RequestModel):
    """What a visit is."""

    model_config = example(name="Evaluation", kind="evaluation", discipline="PT", minutes=60, padding_after=10)

    name: Name
    kind: Kind
    discipline: Discipline | None = Field(default=None, description="only for clinicians of this discipline")
    minutes: int = Field(ge=5, le=480, multiple_of=5)
    padding_before: Padding = 0
    padding_after: Padding = 0
    virtual: bool = False
    self_schedulable: bool = True
    resource_kind: Name | None = Field(default=None, description="what it needs a unit of, such as `Private room`")
    active: bool = True


class AppointmentTypeChange(AppointmentTypeIn):
    """All of it, based on `version`. Appointments made before keep their length."""

    model_config = example(version=1, name="Evaluation", kind="evaluation", minutes=45)

    version: int


class AppointmentTypeOut(ResponseModel):
    """What a visit is."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    version: int
    name: str = Field(examples=["Evaluation"])
    kind: Kind
    discipline: Discipline | None
    minutes: int
    padding_before: int
    padding_after: int
    virtual: bool
    self_schedulable: bool
    resource_kind: str | None
    active: bool


class AppointmentTypePage(Page):
    """By kind and name."""

    items: list[AppointmentTypeOut]


class ClinicianIn(RequestModel):
    """Who treats: what, where, and as which user, if any."""

    model_config = example(
        name="Pat Therapist", disciplines=["PT"], color="#1971c2", location_ids=[EXAMPLE_ID],
        appointment_type_ids=[EXAMPLE_ID],
    )  # fmt: skip

    name: Name
    disciplines: list[Discipline] = Field(min_length=1, max_length=4)
    color: Color = "#1971c2"
    location_ids: list[uuid.UUID] = Field(max_length=100)
    appointment_type_ids: list[uuid.UUID] = Field(max_length=100)
    user_id: uuid.UUID | None = None
    active: bool = True


class ClinicianChange(ClinicianIn):
    """All of it, based on `version`."""

    model_config = example(
        version=1, name="Pat Therapist", disciplines=["PT"], color="#1971c2", location_ids=[EXAMPLE_ID],
        appointment_type_ids=[EXAMPLE_ID],
    )  # fmt: skip

    version: int


class ClinicianOut(ResponseModel):
    """Who treats. `missing` says why they are not offered: `locations`, `types`, `availability`."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    version: int
    name: str = Field(examples=["Pat Therapist"])
    disciplines: list[Discipline]
    color: str = Field(examples=["#1971c2"])
    location_ids: list[uuid.UUID]
    appointment_type_ids: list[uuid.UUID]
    user_id: uuid.UUID | None
    active: bool
    missing: list[Literal["locations", "types", "availability"]]


class ClinicianPage(Page):
    """By name."""

    items: list[ClinicianOut]


class _Span(RequestModel):
    @model_validator(mode="after")
    def _forwards(self) -> Self:
        opens, closes = getattr(self, "opens", None), getattr(self, "closes", None)
        if (opens is None) != (closes is None) or (opens is not None and closes is not None and opens >= closes):
            raise ValueError("closes must be after opens")
        return self


class AvailabilityIn(_Span):
    """Weekly hours at a clinic; without types, for whatever they give."""

    weekday: int = Field(ge=0, le=6)
    opens: LocalTime = Field(examples=["09:00"])
    closes: LocalTime = Field(examples=["17:00"])
    location_id: uuid.UUID
    appointment_type_ids: list[uuid.UUID] = Field(default_factory=list, max_length=100)
    valid_from: date | None = None
    valid_until: date | None = None


def _apart(spans: list[AvailabilityIn]) -> list[AvailabilityIn]:
    """Nobody works at two clinics at once, as long as both hold."""
    ordered = sorted(spans, key=lambda span: (span.weekday, span.opens))
    for one, other in pairwise(ordered):
        together = (one.valid_until or date.max) >= (other.valid_from or date.min) and (
            (other.valid_until or date.max) >= (one.valid_from or date.min)
        )
        clash = one.weekday == other.weekday and other.opens < one.closes and together
        if clash and one.location_id != other.location_id:
            raise ValueError("two clinics at once")
    return ordered


class WeekIn(RequestModel):
    """The whole week of a clinician, at every clinic; `version` is the clinician's."""

    model_config = example(
        version=1, items=[{"weekday": 0, "opens": "09:00", "closes": "17:00", "location_id": EXAMPLE_ID}]
    )

    version: int
    items: Annotated[list[AvailabilityIn], AfterValidator(_apart)] = Field(max_length=200)


class AvailabilityOut(ResponseModel):
    """Weekly hours at a clinic."""

    weekday: int
    opens: time = Field(examples=["09:00:00"])
    closes: time = Field(examples=["17:00:00"])
    location_id: uuid.UUID
    appointment_type_ids: list[uuid.UUID]
    valid_from: date | None
    valid_until: date | None


class WeekOut(ResponseModel):
    """The whole week of a clinician."""

    clinician_id: uuid.UUID
    version: int
    items: list[AvailabilityOut]


class ExceptionIn(_Span):
    """A date that differs: off (all day without times, at every clinic without one), or extra hours at a clinic."""

    model_config = example(date="2026-12-24", kind="off", note="Vacation")

    date: date
    kind: Literal["off", "extra"]
    location_id: uuid.UUID | None = None
    opens: LocalTime | None = None
    closes: LocalTime | None = None
    note: Annotated[str, Field(min_length=1, max_length=200)] | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.kind == "extra" and (self.opens is None or self.location_id is None):
            raise ValueError("extra hours need times and a clinic")
        return self


class ExceptionOut(ResponseModel):
    """A date that differs."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    clinician_id: uuid.UUID
    date: date
    kind: Literal["off", "extra"]
    location_id: uuid.UUID | None
    opens: time | None
    closes: time | None
    note: str | None


class ExceptionPage(Page):
    """By date."""

    items: list[ExceptionOut]
