"""The board as the API shows it (contract §4)."""

import uuid
from datetime import date, datetime
from typing import Literal

from pydantic import Field

from backend.core.pages import Page
from backend.core.schemas import ResponseModel
from backend.identity.owners import OwnerOut
from backend.leads.schemas import EXAMPLE_ID, FirstContactOut, Group, NextStep, Source, Urgency

Tone = Literal["neutral", "info", "good", "warning", "danger"]


class ColumnOut(ResponseModel):
    """One stage with the number of its cards."""

    stage: str = Field(examples=["new"])
    name: str = Field(examples=["New"])
    group: Group
    count: int
    overdue_count: int
    oldest_at: datetime | None


class BoardOut(ResponseModel):
    """Every column, in the practice's order."""

    columns: list[ColumnOut]


class CardPatient(ResponseModel):
    """The patient as a card shows them."""

    id: uuid.UUID
    display_name: str = Field(examples=["Ada B. Sample"])
    age: int | None
    sex: str | None


class Reply(ResponseModel):
    """The patient's last text that nobody has answered. `said` is what was understood of it, in words."""

    said: str | None = Field(examples=["Tue after 3:00 pm · Thu morning"])
    text: str = Field(description="its beginning")
    at: datetime


class CardBadge(ResponseModel):
    """A few words about the lead. `kind` says what it is about (`urgency`, `order`, `benefits`, …)."""

    kind: str = Field(examples=["order"])
    label: str = Field(examples=["not signed"])
    tone: Tone


class LeadCard(ResponseModel):
    """One card. `headline` comes from the newest order and is empty without `clinical:read`.

    `badges` hold what the caller's permissions open: without `clinical:read` nothing of the order.
    """

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    version: int
    stage: str
    rank: str
    patient: CardPatient
    headline: str = Field(examples=["Right shoulder · post-op"])
    source: Source
    referrer_name: str | None
    payer_name: str | None
    location_id: uuid.UUID | None
    location_name: str | None
    owner: OwnerOut
    next_step: NextStep | None
    overdue: bool
    first_contact: FirstContactOut
    urgency: Urgency
    fax_id: uuid.UUID | None
    badges: list[CardBadge]
    opened_at: datetime
    waiting_since: datetime
    reply: Reply | None = Field(description="null without `messages:read`")


class CardPage(Page):
    """Cards of one column, in its order."""

    items: list[LeadCard]


class Found(ResponseModel):
    """A lead found by search."""

    lead_id: uuid.UUID
    patient_display_name: str = Field(examples=["Ada B. Sample"])
    dob: date | None
    stage_name: str = Field(examples=["Contacted"])
    headline: str


class FoundPage(Page):
    """Leads found, open ones first."""

    items: list[Found]
