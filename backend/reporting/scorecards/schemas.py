"""Scorecards and their batches as the API shows them (contract §5)."""

import uuid
from datetime import date, datetime
from typing import Literal, Self

from pydantic import ConfigDict, Field, model_validator

from backend.core.pages import Page
from backend.core.schemas import RequestModel, ResponseModel
from backend.leads.schemas import EXAMPLE_ID
from backend.reporting.schemas import IntervalOut, WithheldOut, example
from backend.reporting.scorecards.sentences import Key

BatchState = Literal["preparing", "ready", "sending", "sent"]
CardState = Literal["prepared", "sending", "sent"]


class SentenceOut(ResponseModel):
    """One sentence. `said`: it states a figure; otherwise it says why it cannot."""

    key: Key
    metric: str = Field(examples=["contacted_within_24h"])
    said: bool
    text: str = Field(examples=["98 % of your referrals were contacted in under 24 hours."])
    note: str
    value: float | None
    n: int
    interval: IntervalOut | None
    withheld: WithheldOut | None
    rows_url: str


class ScorecardCountOut(ResponseModel):
    """One line of the small table; a number below five is not told."""

    label: str = Field(examples=["Received"])
    text: str = Field(examples=["52"])


class ScorecardOut(ResponseModel):
    """What a referrer is told of their patients. No patient can be told from it."""

    model_config = ConfigDict(from_attributes=True, populate_by_name=True, serialize_by_alias=True)

    practice: str
    referrer_id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    referrer: str
    office: str | None
    start: date = Field(alias="from")
    to: date
    as_of: datetime | None
    said: int = Field(description="how many sentences state a figure")
    sentences: list[SentenceOut]
    counts: list[ScorecardCountOut]
    pdf_url: str


class ScorecardPeriodIn(RequestModel):
    """A period of whole days; the twelve whole months before this one when left out."""

    model_config = example(**{"from": "2026-01-01", "to": "2026-12-31"})

    start: date | None = Field(default=None, alias="from")
    to: date | None = None

    @model_validator(mode="after")
    def _both(self) -> Self:
        if (self.start is None) != (self.to is None):
            raise ValueError("give both from and to, or neither")
        if self.start is not None and self.to is not None and self.to < self.start:
            raise ValueError("to is before from")
        return self


class ScorecardSentOut(ResponseModel):
    """A scorecard on its way as a letter."""

    scorecard_id: uuid.UUID
    letter_id: uuid.UUID
    letter_state: str = Field(examples=["waiting"])


class ScorecardBatchOut(ResponseModel):
    """The scorecards of a period. `chosen` of `cards` would be sent."""

    model_config = ConfigDict(from_attributes=True, populate_by_name=True, serialize_by_alias=True)

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    start: date = Field(alias="from")
    to: date
    monthly: bool
    state: BatchState
    made_at: datetime
    made_by: str
    sent_at: datetime | None
    sent_by: str | None
    cards: int
    chosen: int
    sent: int
    version: int


class ScorecardBatchPage(Page):
    """Batches, newest first."""

    items: list[ScorecardBatchOut]


class ScorecardItemOut(ResponseModel):
    """One scorecard of a batch. `skip` says why it is not proposed."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    chosen: bool
    skip: str | None
    state: CardState
    letter_id: uuid.UUID | None
    version: int
    content: ScorecardOut


class ScorecardItemPage(Page):
    """Scorecards of a batch, those that say most first."""

    items: list[ScorecardItemOut]


class CardChoice(RequestModel):
    """Whether this one is sent with its batch."""

    model_config = example(chosen=False, version=1)

    chosen: bool
    version: int


class BatchSend(RequestModel):
    """The batch as it was looked at."""

    model_config = example(version=2)

    version: int
