"""Possible duplicates as the API takes and shows them."""

import uuid
from datetime import datetime
from typing import Literal

from pydantic import ConfigDict, Field

from backend.core.schemas import RequestModel, ResponseModel
from backend.leads.schemas import LeadOut, Source
from backend.patients.schemas import BirthDate, Email, Name, PatientOut, Phone


class FactOut(ResponseModel):
    """One thing that agrees, with its worth; or that differs, with the most it allows."""

    fact: str = Field(examples=["dob"])
    words: str = Field(examples=["date of birth"])
    value: float = Field(examples=[0.68])


class ScoreOut(ResponseModel):
    """How surely two people are one: 1 - product of (1 - worth), at most what the differences allow."""

    value: float = Field(examples=[0.93])
    verdict: Literal["same", "possible", "unlikely"]
    words: str = Field(examples=["same phone and date of birth: 0.93"])
    agrees: list[FactOut]
    differs: list[FactOut]


class DuplicateOut(ResponseModel):
    """A lead that may be of the same person. `score` is null for another lead of the very same patient."""

    lead_id: uuid.UUID
    version: int
    open: bool
    stage_name: str
    position: int = Field(description="of its stage; greater is further along")
    source: Source
    opened_at: datetime
    location_name: str | None
    patient: PatientOut
    score: ScoreOut | None
    dismissed_by: str | None = Field(description="who said that these are two people")


class DuplicateList(ResponseModel):
    """Best first."""

    items: list[DuplicateOut]


class LeadDuplicates(DuplicateList):
    """Of one lead; `position` is that of its own stage."""

    position: int


class NewLeadOut(LeadOut):
    """The lead that was opened, and who its patient may be too."""

    possible_duplicates: list[DuplicateOut] = Field(description="merge them, or say that they are not the same")


class SomebodyIn(RequestModel):
    """What is known so far of somebody."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"first_name": "Ada", "last_name": "Sample", "phone": "(312) 555-0142"}]}
    )

    first_name: Name | None = None
    middle_name: Name | None = None
    last_name: Name | None = None
    dob: BirthDate | None = None
    phone: Phone | None = None
    email: Email | None = None
    member_id: str | None = Field(default=None, max_length=60)


class WorthOut(ResponseModel):
    """The published table: what agreeing is worth, what differing allows, and when people are asked."""

    worth: list[FactOut]
    at_most: list[FactOut]
    same: float
    possible: float
