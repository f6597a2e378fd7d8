"""What the portal sends and gets. No patient is named before the second check."""

import uuid
from datetime import date, datetime
from typing import Any, Literal

from pydantic import ConfigDict, Field

from backend.core.pages import Page
from backend.core.schemas import RequestModel, ResponseModel
from backend.loop.kinds import Kind
from backend.referral_sources.link_checks import Check
from backend.referral_sources.models import LinkPurpose
from backend.referral_sources.schemas import EXAMPLE_ID
from backend.referrer_portal.standing import Tone


def _example(**facts: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [facts]})


class ReferrerTokenIn(RequestModel):
    """What stands after `#` in the link."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"token": "mzuxg2dsnf2gkzlsmvqgk5dpme"}]})

    token: str = Field(min_length=1, max_length=200)


class ReferrerCheckIn(RequestModel):
    """The last four digits of the NPI or fax number on file, or the ZIP code of the practice."""

    model_config = _example(check="npi", answer="7893")

    check: Check
    answer: str = Field(min_length=1, max_length=20)


class ReferrerPageOut(ResponseModel):
    """What the page shows first. `show` says which letter or plan the link is about, once the check is passed."""

    purpose: LinkPurpose
    checks: list[Check]
    verified: bool
    tries_left: int
    name: str = Field(examples=["Rowan Ortho, MD"])
    practice: str = Field(examples=["Northside PT"])
    logo: str | None = Field(description="address of the practice's logo", examples=[None])
    phone: str | None
    show: uuid.UUID | None
    csrf_token: str


class OwnPatient(ResponseModel):
    """One patient the referrer sent, and where that stands."""

    lead_id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    name: str = Field(examples=["Ada B. Sample"])
    dob: date | None
    referred_on: date
    status: str = Field(examples=["First visit on Tue, Dec 1 at 9:00 AM, North clinic"])
    tone: Tone
    clinic: str | None


class OwnPatients(Page):
    """Newest first."""

    items: list[OwnPatient]


class OwnLetter(ResponseModel):
    """A letter to the referrer."""

    id: uuid.UUID
    kind: Kind
    title: str = Field(examples=["First visit is scheduled"])
    lead_id: uuid.UUID | None
    patient: str | None
    at: datetime


class OwnLetters(Page):
    """Newest first."""

    items: list[OwnLetter]


class OwnPlan(ResponseModel):
    """A plan of care that waits for a signature, or has it."""

    id: uuid.UUID
    version: int
    lead_id: uuid.UUID
    patient: str
    dob: date | None
    kind: Literal["initial", "recertification"]
    starts_on: date
    ends_on: date
    frequency_per_week: int
    duration_weeks: int
    goals: list[str]
    diagnoses: list[str]
    signed_on: date | None
    signed_by: str | None
    statement: str = Field(description="what a signature confirms")


class OwnPlans(ResponseModel):
    """Those to sign first."""

    items: list[OwnPlan]


class SignPlanIn(RequestModel):
    """The typed name and date stand for a signature; `confirm` says that the statement was read."""

    model_config = _example(version=2, typed_name="Rowan Ortho, MD", signed_on="2026-11-25", confirm=True)

    version: int
    typed_name: str = Field(min_length=3, max_length=120)
    signed_on: date
    confirm: Literal[True]


class OwnMessageIn(RequestModel):
    """A few lines to the practice."""

    model_config = _example(lead_id=EXAMPLE_ID, text="Please hold strengthening until the MRI is back.")

    lead_id: uuid.UUID | None = None
    text: str = Field(min_length=1, max_length=2000)


class OwnAnswer(ResponseModel):
    """What the practice answered."""

    id: uuid.UUID
    at: datetime
    by: str = Field(examples=["Dana Desk"])
    text: str


class OwnMessage(ResponseModel):
    """What was written, and what was answered, oldest first."""

    id: uuid.UUID
    at: datetime
    lead_id: uuid.UUID | None
    text: str
    answers: list[OwnAnswer] = Field(default_factory=list)


class OwnMessages(ResponseModel):
    """Newest first."""

    items: list[OwnMessage]


class OwnReferral(ResponseModel):
    """A referral the referrer uploaded. `received`: with the practice; `filed`: the patient is on the list."""

    id: uuid.UUID
    at: datetime
    state: Literal["received", "with_a_person", "filed", "not_readable", "rejected"]
    pages: int | None


class OwnReferrals(ResponseModel):
    """Newest first."""

    items: list[OwnReferral]
