"""Hours and holidays as the API takes and shows them. Times are local to the clinic; weekday 0 is Monday."""

import uuid
from datetime import date, time
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from backend.core.pages import Page
from backend.core.schemas import RequestModel, ResponseModel
from backend.identity.schemas import EXAMPLE_ID

YEAR = Field(ge=2000, le=2100)


def _example(**facts: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [facts]})


class SpanIn(RequestModel):
    """Open from `opens` until `closes` of the same day."""

    opens: time = Field(examples=["08:00"])
    closes: time = Field(examples=["18:00"])

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if self.opens.tzinfo or self.closes.tzinfo or self.opens >= self.closes:
            raise ValueError("closes must be after opens, without a time zone")
        return self


class WeekdaySpanIn(SpanIn):
    """Open on this day of the week."""

    weekday: int = Field(ge=0, le=6)


def _apart(spans: list[WeekdaySpanIn]) -> list[WeekdaySpanIn]:
    ordered = sorted(spans, key=lambda span: (span.weekday, span.opens))
    for one, other in pairwise(ordered):
        if one.weekday == other.weekday and other.opens < one.closes:
            raise ValueError("two spans of a day overlap")
    return ordered


class HoursIn(RequestModel):
    """The whole week; what is left out is closed. `version` is the one it was based on (0: never set)."""

    model_config = _example(version=0, weekly=[{"weekday": 0, "opens": "08:00", "closes": "18:00"}])

    version: int
    weekly: Annotated[list[WeekdaySpanIn], AfterValidator(_apart)] = Field(min_length=1, max_length=42)


class SpanOut(ResponseModel):
    """Open from `opens` until `closes`."""

    opens: time = Field(examples=["08:00:00"])
    closes: time = Field(examples=["18:00:00"])


class WeekdaySpanOut(SpanOut):
    """Open on this day of the week."""

    weekday: int


class HoursOut(ResponseModel):
    """A clinic's week; `version` 0 are the usual hours, Monday to Friday 8 to 18."""

    location_id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    timezone: str = Field(examples=["America/Chicago"])
    weekly: list[WeekdaySpanOut]
    version: int


class HolidayIn(RequestModel):
    """A day that differs. Without `hours` it is closed; without `location_id` it holds for every clinic."""

    model_config = _example(
        date="2026-11-27", name="Day after Thanksgiving", hours=[{"opens": "08:00", "closes": "12:00"}]
    )

    date: date
    name: str = Field(min_length=1, max_length=100)
    location_id: uuid.UUID | None = None
    hours: list[SpanIn] = Field(default_factory=list, max_length=6)


class PresetIn(RequestModel):
    """Well-known holidays of some years, for every clinic."""

    model_config = _example(preset="us_federal", years=[2026, 2027])

    preset: Literal["us_federal"]
    years: list[Annotated[int, YEAR]] = Field(min_length=1, max_length=5)


class HolidayOut(ResponseModel):
    """A day that differs; closed when `hours` is empty."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    date: date
    name: str = Field(examples=["Thanksgiving Day"])
    location_id: uuid.UUID | None
    hours: list[SpanOut]


class HolidayPage(Page):
    """Holidays by date."""

    items: list[HolidayOut]
