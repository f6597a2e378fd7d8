"""Outcome scores as the API takes and shows them."""

import uuid
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from backend.care.measures.catalog import Key, Unit
from backend.care.measures.change import NoChange, NoPercent, Result
from backend.core.schemas import RequestModel, ResponseModel

EXAMPLE_ID = "0192d3f4-a7b8-7c9d-8e0f-112233445566"
Occasion = Literal["intake", "progress", "discharge"]
Source = Literal["patient", "staff", "api", "import"]
Language = Literal["en", "es"]
# Bounds of the document only; what each measure accepts is said where it is refused.
Items = Annotated[list[int | None], Field(min_length=1, max_length=30)]
Activity = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Activities = Annotated[list[Activity], Field(min_length=1, max_length=5)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


def example(**facts: Any) -> ConfigDict:
    """One example for the OpenAPI document."""
    return ConfigDict(json_schema_extra={"examples": [facts]})


class OutcomeFacts(RequestModel):
    """What was answered: `items` in the measure's order, null where unanswered; or `score` alone from a program.

    `unit`: NDI alone may be given in `points` of 50; it is kept in per cent.
    """

    instrument_version: str | None = Field(default=None, max_length=40)
    items: Items | None = None
    activities: Activities | None = Field(default=None, description="PSFS: what each item rates")
    score: float | None = Field(default=None, allow_inf_nan=False)
    unit: Unit | None = None
    occasion: Occasion | None = Field(default=None, description="left out: intake for the first one, then progress")
    taken_at: datetime | None = Field(default=None, description="left out: now")
    language: str = Field(default="en", pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")


class OutcomeScoreIn(OutcomeFacts):
    """A score of a patient. The episode says whose it is; without one, the lead; without both, the patient."""

    model_config = example(
        episode_id=EXAMPLE_ID, instrument="quickdash", items=[3, 3, 4, 2, 3, 3, 4, 3, 2, 3, 3], occasion="intake"
    )

    episode_id: uuid.UUID | None = None
    lead_id: uuid.UUID | None = None
    patient_id: uuid.UUID | None = None
    instrument: Key
    source: Literal["staff", "api", "import"] | None = Field(default=None, description="left out: by who calls")
    external_id: str | None = Field(default=None, min_length=1, max_length=120)


class OutcomeCorrection(OutcomeFacts):
    """What it should have been, all of it, and why. What is left out stays, but `items` or `score` must be there."""

    model_config = example(items=[3, 3, 4, 2, 3, 3, 4, 3, 2, 3, 2], reason="Read the last answer wrongly")

    language: str | None = Field(default=None, pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")  # type: ignore[assignment]
    reason: Reason


class TakeBackOutcomeIn(RequestModel):
    """Why it should not count."""

    model_config = example(reason="Another patient's sheet")

    reason: Reason


class OutcomeChangeOut(ResponseModel):
    """From one score to a later one, in the direction that is better."""

    improvement: float
    result: Result
    beyond_error: bool | None = Field(description="at least the MDC, either way; null where none is published")
    reached_mcid: bool | None
    percent: float | None
    no_percent: NoPercent | None


class OutcomeScoreOut(ResponseModel):
    """One score, unrounded, or why there is none."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    patient_id: uuid.UUID
    episode_id: uuid.UUID | None
    lead_id: uuid.UUID | None
    instrument: Key
    instrument_version: str
    language: str
    rule_version: str
    unit: Unit
    items: list[int | None] | None
    activities: list[str] | None
    parts: dict[str, float]
    score: float | None
    null_reason: str | None = Field(examples=["too_many_missing"])
    null_explained: str | None
    completeness: float | None
    higher_better: bool
    occasion: Occasion
    taken_at: datetime
    source: Source
    external_id: str | None
    recorded_by: str
    superseded_by: uuid.UUID | None = Field(description="the correction; itself where it was taken back")
    correction: str | None = Field(description="why this one was replaced or taken back")
    created_at: datetime


class OutcomeThresholdOut(ResponseModel):
    """A published change, with its source."""

    value: float
    source: str
    note: str | None


class OutcomeInstrumentOut(ResponseModel):
    """A measure of the catalog, as one version of it is used. `lowest`…`highest`: the range of each answer."""

    key: Key
    version: str
    versions: list[str]
    name: str
    about: str
    items: list[int] = Field(description="how many answers it may have")
    lowest: int
    highest: int
    worst_score: int
    best_score: int
    higher_better: bool
    unit: Unit
    mdc: OutcomeThresholdOut | None
    mcid: OutcomeThresholdOut | None
    missing_rule: str
    source: str
    owner: str | None = Field(description="whose the questions are; null where their words are ours")
    note: str | None


class OutcomeCatalogOut(ResponseModel):
    """Every measure, and what is meant by change."""

    rule_version: str
    definition: str
    items: list[OutcomeInstrumentOut]


class OutcomeMeasureOut(ResponseModel):
    """One measure in one episode. `change` is from `baseline_id`, the first that was scored, to `latest_id`."""

    instrument: OutcomeInstrumentOut
    scores: list[OutcomeScoreOut]
    n: int = Field(description="scores that could be computed")
    baseline_id: uuid.UUID | None
    latest_id: uuid.UUID | None
    change: OutcomeChangeOut | None
    no_change: NoChange | None
    no_change_explained: str | None


class OutcomeRequestOut(ResponseModel):
    """Measures a patient was asked for by link. `percent`: how much is answered."""

    id: uuid.UUID
    occasion: Occasion
    due_key: str = Field(examples=["visits:10"])
    instruments: list[Key]
    language: Language
    state: Literal["prepared", "sent", "started", "done", "canceled"]
    expired: bool
    message_status: str | None
    message_reason: str | None
    percent: int
    created_by: str
    created_at: datetime
    sent_at: datetime | None
    submitted_at: datetime | None


class EpisodeOutcomesOut(ResponseModel):
    """Everything known of how a patient is doing, measure by measure."""

    episode_id: uuid.UUID | None = Field(description="null as long as care has not begun")
    lead_id: uuid.UUID | None
    patient_id: uuid.UUID
    definition: str
    measures: list[OutcomeMeasureOut]
    suggested: list[OutcomeInstrumentOut]
    requests: list[OutcomeRequestOut]
    can_ask: list[Key] = Field(description="measures that can be sent by link: their words are ours or licensed")


class AskOutcomesIn(RequestModel):
    """Which measures to ask now; left out, those the practice asks such a patient."""

    model_config = example(instruments=["psfs", "nprs"])

    instruments: list[Key] | None = Field(default=None, min_length=1, max_length=10)


class TryOutcomeIn(RequestModel):
    """Answers to score without keeping them; `before`: an earlier score of the same measure to compare with."""

    model_config = example(instrument="nprs", items=[4, 2, 7], before=6)

    instrument: Key
    instrument_version: str | None = Field(default=None, max_length=40)
    items: Items
    before: float | None = Field(default=None, ge=0, le=100, allow_inf_nan=False)


class TriedOutcomeOut(ResponseModel):
    """What would be kept."""

    instrument_version: str
    score: float | None
    null_reason: str | None
    null_explained: str | None
    completeness: float
    change: OutcomeChangeOut | None
