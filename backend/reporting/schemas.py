"""Reports as the API shows them (contract §5)."""

import uuid
from datetime import date, datetime
from typing import Any

from pydantic import ConfigDict, Field

from backend.core.pages import Page
from backend.core.schemas import ResponseModel
from backend.leads.schemas import EXAMPLE_ID
from backend.reporting.metrics.definition import Dimension, Family, Kind, Subject


def example(**facts: Any) -> ConfigDict:
    """Of a request."""
    return ConfigDict(json_schema_extra={"examples": [facts]})


class IntervalOut(ResponseModel):
    """Where the true value lies in 95 of 100 such samples; an end is null where the data set no limit."""

    low: float | None
    high: float | None
    level: float = 0.95
    method: str = Field(examples=["wilson"])


class WithheldOut(ResponseModel):
    """Why there is no value: `nothing, too_few, not_reached, lost_to_follow_up, not_ready`."""

    reason: str = Field(examples=["too_few"])
    text: str = Field(examples=["Only 4 referrals: fewer than 10 say too little."])


class FigurePartOut(ResponseModel):
    """A step of a funnel or a share of a whole, with the rows that reached it."""

    key: str
    label: str
    n: int
    value: float | None
    interval: IntervalOut | None
    rows_url: str


class FigureOut(ResponseModel):
    """A value with what carries it. `also`: what goes with it, such as `median`, `p90`, `hits`, `lost_share`."""

    value: float | None
    n: int
    interval: IntervalOut | None
    withheld: WithheldOut | None
    also: dict[str, float | None]
    parts: list[FigurePartOut]
    rows_url: str = Field(examples=["/api/v1/reports/contacted_within_24h/rows?from=2026-01-01"])


class FigureGroupOut(FigureOut):
    """The figure of one part of the rows. `key` is null where it is not known."""

    key: str | None
    label: str


class MetricDefinitionOut(ResponseModel):
    """What the figure means and how it is counted. `view` is its name in the database."""

    key: str = Field(examples=["contacted_within_24h"])
    version: int
    title: str
    words: str
    formula: str
    cohort: str
    family: Family
    kind: Kind
    unit: str = Field(examples=["share"])
    subject: Subject
    better: str | None
    least: int = Field(description="with fewer, the value is withheld")
    matured_days: int = Field(description="rows younger than this do not count yet")
    exclusions: list[str]
    dimensions: list[Dimension]
    view: str


class ReportCatalogOut(ResponseModel):
    """Every metric."""

    as_of: datetime | None = Field(description="up to when everything that happened is counted")
    items: list[MetricDefinitionOut]


class ExcludedOut(ResponseModel):
    """Rows of the period that do not count, and why."""

    reason: str = Field(examples=["merged"])
    n: int


class MetricReportOut(FigureOut):
    """One metric over a period. `counted_until`: the last day old enough to count."""

    metric: str
    definition: MetricDefinitionOut
    as_of: datetime | None
    counted_until: date | None
    group_by: Dimension | None
    groups: list[FigureGroupOut]
    more_groups: bool
    excluded: list[ExcludedOut]


class ReportRowOut(ResponseModel):
    """One row behind a figure. Who and what for only with `clinical:read`."""

    id: str = Field(examples=[EXAMPLE_ID])
    subject: Subject
    on: date
    lead_id: uuid.UUID | None
    patient: str | None = Field(examples=["Ada B. Sample"])
    location: str | None
    referrer: str | None
    clinician: str | None
    person: str | None
    source: str | None
    payer: str | None
    part: str | None
    body_region: str | None
    procedure: str | None
    instrument: str | None
    point: str | None
    excluded: str | None
    value: float | None = Field(description="minutes of a wait (so far), visits of a case, improvement of a patient")
    began_at: datetime | None
    ended_at: datetime | None
    tries: int | None
    hits: int | None
    step: int | None


class ReportRowPage(Page):
    """Rows, newest first."""

    items: list[ReportRowOut]
