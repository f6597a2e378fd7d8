"""What a practice chooses about outcome measures, as the API takes and shows it."""

import uuid
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from backend.care.measures.catalog import Key
from backend.care.outcomes.schemas import EXAMPLE_ID, Language, example
from backend.core.schemas import RequestModel, ResponseModel

Region = Literal[
    "cervical spine", "thoracic spine", "lumbar spine", "sacroiliac", "shoulder", "elbow", "wrist", "hand", "hip",
    "knee", "ankle", "foot", "jaw", "pelvic floor", "vestibular", "gait", "other",
]  # fmt: skip
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


class OutcomeSettingsIn(RequestModel):
    """All of it, based on `version`. `by_region`: the measures where others than those suggested are wanted."""

    model_config = example(
        version=0, by_text=True, at_intake=True, at_discharge=True, every_visits=None, every_weeks=3,
        by_region={"shoulder": ["quickdash", "psfs", "nprs"]},
    )  # fmt: skip

    version: int
    by_text: bool
    at_intake: bool
    at_discharge: bool
    every_visits: int | None = Field(default=None, ge=2, le=50)
    every_weeks: int | None = Field(default=None, ge=1, le=26)
    by_region: dict[Region, Annotated[list[Key], Field(max_length=10)]] = Field(default_factory=dict)


class OutcomeRegionOut(ResponseModel):
    """What a patient with this problem is asked: chosen by the practice, or suggested. `sent`: of it, by link."""

    region: Region
    chosen: bool
    instruments: list[Key]
    sent: list[Key]


class OutcomeSettingsOut(ResponseModel):
    """The practice's choice."""

    version: int
    by_text: bool
    at_intake: bool
    at_discharge: bool
    every_visits: int | None
    every_weeks: int | None
    by_region: dict[str, list[Key]]
    regions: list[OutcomeRegionOut]


class OutcomeWordingItem(RequestModel):
    """One question, with labels of its own answers where they differ from the others'."""

    text: Words
    options: list[Label] | None = Field(default=None, min_length=2, max_length=11)


class OutcomeWordingIn(RequestModel):
    """The questions of a licensed measure. `options` label the answers, lowest first, or both ends of the scale."""

    model_config = example(
        version=0, intro="During the last week …", options=["No difficulty", "Unable"],
        items=[{"text": "The first question of your licensed copy"}], license_note="License no. 123, 2026-11-02",
    )  # fmt: skip

    version: int
    intro: Words | None = None
    items: list[OutcomeWordingItem] = Field(min_length=1, max_length=30)
    options: list[Label] = Field(default_factory=list, max_length=11)
    license_note: Words


class OutcomeWordingItemOut(ResponseModel):
    """One question."""

    text: str
    options: list[str] | None


class OutcomeWordingOut(ResponseModel):
    """Questions the practice has entered, and under which licence."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    instrument: Key
    instrument_version: str
    language: Language
    intro: str | None
    items: list[OutcomeWordingItemOut]
    options: list[str]
    license_note: str
    entered_by: str
    updated_at: datetime
    version: int


class OutcomeWordingPage(ResponseModel):
    """By measure."""

    items: list[OutcomeWordingOut]
