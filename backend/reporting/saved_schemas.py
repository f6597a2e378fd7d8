"""Saved reports as the API shows them."""

import uuid
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from backend.core.pages import Page
from backend.core.schemas import RequestModel, ResponseModel
from backend.leads.schemas import EXAMPLE_ID
from backend.reporting.metrics.definition import Dimension
from backend.reporting.periods import Period, Schedule
from backend.reporting.schemas import MetricReportOut, example

Name = Annotated[str, Field(min_length=1, max_length=80)]
Word = Annotated[str, Field(max_length=200)]


class SavedFiltersIn(RequestModel):
    """Which rows, in the words of `/reports/{metric}`."""

    location_id: Word | None = None
    source: Word | None = None
    referrer_id: Word | None = None
    payer: Word | None = None
    clinician_id: Word | None = None
    body_region: Word | None = None
    procedure: Word | None = None
    post_op: Word | None = None
    person_id: Word | None = None
    part: Word | None = None
    instrument: Word | None = None
    point: Word | None = None


class SavedReportIn(RequestModel):
    """A question to ask again; with a schedule it is asked by itself."""

    model_config = example(
        name="Conversion by referrer", metric="conversion_rate", period="last_12_months", group_by="referrer",
        asked={"source": "fax"}, schedule="monthly",
    )  # fmt: skip

    name: Name
    metric: str = Field(max_length=60)
    period: Period
    group_by: Dimension | None = None
    asked: SavedFiltersIn = Field(default_factory=SavedFiltersIn)
    shared: bool = False
    schedule: Schedule = "none"


class SavedChanges(RequestModel):
    """Only what is given changes."""

    model_config = example(version=1, schedule="weekly")

    version: int
    name: Name | None = None
    shared: bool | None = None
    schedule: Schedule | None = None


class ReportResultOut(ResponseModel):
    """One time a saved report was asked."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    made_at: datetime
    seen_at: datetime | None


class SavedReportOut(ResponseModel):
    """A saved report. `unseen` results wait for its owner."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    name: str
    metric: str
    title: str
    period: Period
    group_by: Dimension | None
    asked: dict[str, Any]
    shared: bool
    schedule: Schedule
    next_at: datetime | None
    mine: bool
    owner: str
    unseen: int
    latest: ReportResultOut | None
    version: int


class SavedReportPage(Page):
    """Own and shared ones by name."""

    items: list[SavedReportOut]


class ReportResultPage(Page):
    """Results, newest first."""

    items: list[ReportResultOut]


class ReportResultDetail(ReportResultOut):
    """What it said then."""

    answer: MetricReportOut
