"""Referrers with what they sent, as the API shows them."""

import uuid
from datetime import date, datetime
from typing import Literal

from pydantic import Field

from backend.core.pages import Page
from backend.core.schemas import ResponseModel
from backend.referral_sources.models import HearBy, Kind, Status
from backend.referral_sources.schemas import EXAMPLE_ID, ReferrerFactsOut

Sort = Literal["name", "referrals"]


class ReferralNumbers(ResponseModel):
    """Referrals count once per lead, at the time it came in."""

    status: Status
    status_set: bool = Field(description="set by hand, not computed")
    referrals_90: int = Field(description="in the last 90 days")
    referrals_before: int = Field(description="in the 90 days before those")
    by_month: list[int] = Field(description="six times thirty days, oldest first", examples=[[0, 1, 3, 2, 4, 5]])
    last_referral_at: datetime | None


class ReferrerRow(ReferralNumbers):
    """One row of the list."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    version: int
    kind: Kind
    name: str = Field(examples=["Rowan Ortho"])
    credential: str | None
    npi: str | None
    office_name: str | None
    specialty: str | None
    phone: str | None
    fax: str | None
    hear_by: HearBy


class ReferrerPage(Page):
    """Referrers who are not part of another."""

    items: list[ReferrerRow]


class MergedReferrer(ResponseModel):
    """Who became part of this one."""

    id: uuid.UUID
    version: int
    name: str
    at: datetime
    by: str
    can_undo: bool


class ReferrerProfile(ReferrerFactsOut, ReferralNumbers):
    """Everything about one referrer but what happened when."""

    referrals_total: int
    last_visit_on: date | None
    next_visit_on: date | None
    merges: list[MergedReferrer]


class ReferrerMoment(ResponseModel):
    """One thing that happened. `lead_id` where the caller may open it; `text` of a message needs `clinical:read`."""

    id: uuid.UUID
    at: datetime
    kind: Literal["referral", "letter", "visit", "note", "message"]
    title: str = Field(examples=["Referred Ada B. Sample"])
    detail: str | None
    by: str | None
    lead_id: uuid.UUID | None
    letter_id: uuid.UUID | None = None


class ReferrerTimeline(Page):
    """Newest first."""

    items: list[ReferrerMoment]
