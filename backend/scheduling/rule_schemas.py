"""Rooms, blocked time, booking rules and settings of offering, as the API takes and shows them."""

import uuid
from datetime import date, datetime, timedelta
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from backend.core.pages import Page
from backend.core.schemas import RequestModel, ResponseModel
from backend.scheduling.schemas import EXAMPLE_ID, example
from backend.scheduling.setup_schemas import Name
from backend.scheduling.words import Kind

BlockKind = Literal["meeting", "lunch", "training", "admin", "time_off", "closed", "other"]
Spacing = Literal[5, 10, 15, 20, 30, 60]
RuleName = Literal["concurrency", "count", "case_mix"]


class ResourceIn(RequestModel):
    """Rooms, tables or machines of one kind at a clinic."""

    model_config = example(location_id=EXAMPLE_ID, name="Room 2", kind="Private room", units=1)

    location_id: uuid.UUID
    name: Name
    kind: Name
    units: int = Field(default=1, ge=1, le=50)
    active: bool = True


class ResourceChange(ResourceIn):
    """All of it, based on `version`."""

    model_config = example(version=1, location_id=EXAMPLE_ID, name="Room 2", kind="Private room", units=2)

    version: int


class ResourceOut(ResponseModel):
    """Something a visit may need."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    version: int
    location_id: uuid.UUID
    name: str = Field(examples=["Room 2"])
    kind: str = Field(examples=["Private room"])
    units: int
    active: bool


class ResourcePage(Page):
    """By clinic and name."""

    items: list[ResourceOut]


class BlockedTimeIn(RequestModel):
    """Time that is never offered, of a clinician or of everyone at a clinic."""

    model_config = example(
        clinician_id=EXAMPLE_ID, kind="meeting", starts_at="2026-12-01T18:00:00Z", ends_at="2026-12-01T19:00:00Z"
    )

    clinician_id: uuid.UUID | None = None
    location_id: uuid.UUID | None = None
    kind: BlockKind
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    note: Annotated[str, Field(min_length=1, max_length=200)] | None = None

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.clinician_id is None and self.location_id is None:
            raise ValueError("of a clinician or of a clinic")
        if not timedelta(0) < self.ends_at - self.starts_at <= timedelta(days=31):
            raise ValueError("ends_at must be after starts_at, 31 days at most")
        return self


class NewBlockedTimeIn(BlockedTimeIn):
    """Once, or every week at the same time of the clinic's day, through `repeat_weekly_until`."""

    model_config = example(
        clinician_id=EXAMPLE_ID, kind="meeting", starts_at="2026-12-01T18:00:00Z", ends_at="2026-12-01T19:00:00Z",
        repeat_weekly_until="2027-03-30",
    )  # fmt: skip

    repeat_weekly_until: date | None = None

    @model_validator(mode="after")
    def _repeats(self) -> Self:
        if self.repeat_weekly_until is None:
            return self
        if self.ends_at - self.starts_at > timedelta(days=7):
            raise ValueError("what repeats every week lasts a week at most")
        if not timedelta(0) <= self.repeat_weekly_until - self.starts_at.date() <= timedelta(days=366):
            raise ValueError("repeat_weekly_until must be within a year after starts_at")
        return self


class BlockedTimeChange(BlockedTimeIn):
    """All of it, based on `version`."""

    model_config = example(
        version=1, clinician_id=EXAMPLE_ID, kind="meeting", starts_at="2026-12-01T18:00:00Z",
        ends_at="2026-12-01T19:00:00Z",
    )  # fmt: skip

    version: int


class BlockedTimeOut(ResponseModel):
    """Time that is never offered."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    version: int
    clinician_id: uuid.UUID | None
    location_id: uuid.UUID | None
    kind: BlockKind
    starts_at: datetime
    ends_at: datetime
    note: str | None
    series_id: uuid.UUID | None = Field(description="the same for all weeks of what repeats")


class BlockedTimePage(Page):
    """By time."""

    items: list[BlockedTimeOut]


class BookingRuleIn(RequestModel):
    """What may be booked; what is left out matches all.

    `concurrency`: how many of these may overlap (`most` 1 to 6). `count`: at most `most` per `period` for each of
    `per`. `case_mix`: at most `most` percent of a clinician's working time of a week.
    """

    model_config = example(rule="count", type_kind="evaluation", period="day", per="clinician", most=2)

    rule: RuleName
    location_id: uuid.UUID | None = None
    clinician_id: uuid.UUID | None = None
    appointment_type_id: uuid.UUID | None = None
    type_kind: Kind | None = None
    payer: Name | None = Field(default=None, description="part of the primary payer's name")
    per: Literal["clinician", "location", "practice"] = "clinician"
    period: Literal["day", "week"] | None = None
    most: int = Field(ge=0, le=1000)
    active: bool = True

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if (self.rule == "count") != (self.period is not None):
            raise ValueError("a count has a period, nothing else does")
        if self.rule != "count" and self.per != "clinician":
            raise ValueError("only counts are per clinic or practice")
        low, high = {"concurrency": (1, 6), "count": (0, 1000), "case_mix": (0, 100)}[self.rule]
        if not low <= self.most <= high:
            raise ValueError(f"{low} to {high}")
        return self


class BookingRuleChange(BookingRuleIn):
    """All of it, based on `version`."""

    model_config = example(version=1, rule="case_mix", payer="Lakeside Mutual", most=10)

    version: int


class BookingRuleOut(ResponseModel):
    """What may be booked."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    version: int
    rule: RuleName
    location_id: uuid.UUID | None
    clinician_id: uuid.UUID | None
    appointment_type_id: uuid.UUID | None = Field(validation_alias="type_id")
    type_kind: Kind | None
    payer: str | None
    per: Literal["clinician", "location", "practice"]
    period: Literal["day", "week"] | None
    most: int
    active: bool


class BookingRulePage(Page):
    """All of them."""

    items: list[BookingRuleOut]


class SettingsIn(RequestModel):
    """How times are offered to patients."""

    model_config = example(version=0, notice_minutes=1440, horizon_days=60, spacing_minutes=15, late_cancel_hours=24)

    version: int
    notice_minutes: int = Field(ge=0, le=43200)
    horizon_days: int = Field(ge=1, le=365)
    spacing_minutes: Spacing
    late_cancel_hours: int = Field(ge=0, le=168)


class ClinicSettingsIn(RequestModel):
    """What a clinic does otherwise; null: as the practice."""

    model_config = example(version=0, notice_minutes=120)

    version: int
    notice_minutes: int | None = Field(default=None, ge=0, le=43200)
    horizon_days: int | None = Field(default=None, ge=1, le=365)
    spacing_minutes: Spacing | None = None
    late_cancel_hours: int | None = Field(default=None, ge=0, le=168)


class OfferingOut(ResponseModel):
    """What holds."""

    notice_minutes: int
    horizon_days: int
    spacing_minutes: int
    late_cancel_hours: int


class ClinicSettingsOut(ResponseModel):
    """A clinic's own choices (null: as the practice), and what holds there."""

    location_id: uuid.UUID
    location_name: str
    version: int
    notice_minutes: int | None
    horizon_days: int | None
    spacing_minutes: int | None
    late_cancel_hours: int | None
    effective: OfferingOut


class SettingsOut(ResponseModel):
    """The practice's choice (`version` 0: the usual ones), and each clinic's."""

    version: int
    practice: OfferingOut
    locations: list[ClinicSettingsOut]
