"""Referrers as the API takes and shows them."""

import re
import uuid
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from backend.core.phones import e164
from backend.core.schemas import RequestModel, ResponseModel
from backend.referral_sources.models import HearBy, Kind, LetterKind, LinkPurpose, Status
from backend.referral_sources.npi import is_npi

EXAMPLE_ID = "0199f3a2-6c1e-7c7a-9f0e-3d2b1a6f5e4d"


def _npi(digits: str) -> str:
    if not is_npi(digits):
        raise ValueError("ten digits with a valid NPI check digit")
    return digits


def _phone(text: str) -> str:
    number = e164(text)
    if number is None:
        raise ValueError("a phone number with area code")
    return number


def _email(text: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text):
        raise ValueError("an e-mail address")
    return text


Npi = Annotated[str, Field(max_length=10), AfterValidator(_npi)]
Phone = Annotated[str, Field(max_length=40), AfterValidator(_phone)]
Email = Annotated[str, Field(max_length=254), AfterValidator(_email)]
Short = Annotated[str, Field(min_length=1, max_length=200)]
Text = Annotated[str, Field(min_length=1, max_length=2000)]


def example(**facts: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [facts]})


class ReferrerOut(ResponseModel):
    """A provider who refers, as a lead shows them."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    name: str = Field(examples=["Rowan Ortho"])
    credential: str | None = Field(examples=["MD"])
    npi: str | None = Field(examples=["1234567893"])
    practice_name: str | None
    phone: str | None
    fax: str | None
    address: str | None


class _Facts(RequestModel):
    credential: Short | None = None
    npi: Npi | None = None
    practice_name: Short | None = None
    referrer_practice_id: uuid.UUID | None = None
    specialty: Short | None = None
    phone: Phone | None = None
    fax: Phone | None = None
    email: Email | None = None
    address: Annotated[str, Field(min_length=1, max_length=300)] | None = None


class NewReferrer(_Facts):
    """A provider, or an office that names nobody."""

    model_config = example(
        name="Rowan Ortho", credential="MD", npi="1234567893", practice_name="Lakeside Orthopedics",
        specialty="Orthopedic surgery", fax="312-555-0155", hear_by="fax",
    )  # fmt: skip

    name: Short
    kind: Kind = "provider"
    hear_by: HearBy = Field(default="fax", description="when not given: as their office, else by fax")
    hear_of: list[LetterKind] | None = Field(default=None, description="default: everything")

    @model_validator(mode="after")
    def _reachable(self) -> "NewReferrer":
        _email_to_hear(self.hear_by, self.email)
        return self

    def facts(self) -> dict[str, Any]:
        """What is known, and whether they chose how to hear back."""
        own = bool({"hear_by", "hear_of"} & self.model_fields_set)
        return self.model_dump(exclude_none=True) | {"hear_own": own}


def _email_to_hear(hear_by: str, email: str | None) -> None:
    if hear_by == "email" and not email:
        raise ValueError("an e-mail address is needed to hear by e-mail")


class ReferrerChanges(_Facts):
    """Only what is given changes; null empties a field. `status_override` null lets the status be computed again.

    Giving `hear_by` or `hear_of` sets `hear_own`; false means: as their office wants it.
    """

    model_config = example(version=3, hear_by="portal", hear_of=["scheduled", "discharge"])

    version: int
    name: Short = "-"
    kind: Kind = "provider"
    hear_by: HearBy = "fax"
    hear_of: list[LetterKind] = Field(default_factory=list)
    hear_own: bool = False
    status_override: Status | None = None
    status_reason: Short | None = None

    @model_validator(mode="after")
    def _with_reason(self) -> "ReferrerChanges":
        if self.status_override is not None and self.status_reason is None:
            raise ValueError("status_reason says why the status is set by hand")
        return self

    def given(self) -> dict[str, Any]:
        """What shall change."""
        return self.model_dump(exclude_unset=True, exclude={"version"})


class OfficeOut(ResponseModel):
    """The practice a provider works in."""

    id: uuid.UUID
    name: str = Field(examples=["Lakeside Orthopedics"])
    npi: str | None
    phone: str | None
    fax: str | None
    email: str | None
    address: str | None
    hear_by: HearBy | None = Field(description="how its providers hear back unless they chose; null: as usual")
    hear_of: list[LetterKind] | None
    merged_into: uuid.UUID | None
    version: int


class ReferrerFactsOut(ReferrerOut):
    """Everything that is kept about a referrer."""

    version: int
    kind: Kind
    specialty: str | None
    email: str | None
    hear_by: HearBy = Field(description="as it holds: their own wish, else their office's")
    hear_of: list[LetterKind]
    hear_own: bool = Field(description="false: as their office wants it")
    status_override: Status | None
    status_reason: str | None
    status_by: str | None
    status_at: datetime | None
    merged_into: uuid.UUID | None
    office: OfficeOut | None = None


class MergeReferrerIn(RequestModel):
    """What it is part of, with the versions both were seen at."""

    model_config = example(into=EXAMPLE_ID, version=2, into_version=5)

    into: uuid.UUID
    version: int
    into_version: int


class UnmergeReferrerIn(RequestModel):
    """The version of the one that shall be its own again."""

    model_config = example(version=3)

    version: int


class ReferrerDoubleOut(ResponseModel):
    """Two who may be one, with what speaks for and against it."""

    first: ReferrerFactsOut
    second: ReferrerFactsOut
    likely: bool
    agrees: list[str] = Field(examples=[["same name", "same phone or fax"]])
    differs: list[str]
    dismissed_by: str | None


class ReferrerDoubleList(ResponseModel):
    """The likeliest first."""

    items: list[ReferrerDoubleOut]


class ReferrerVisitIn(RequestModel):
    """A visit that was made; `next_on` becomes a task."""

    model_config = example(visited_on="2026-11-24", met="Office manager", note="Prefers fax", next_on="2027-01-12")

    visited_on: date
    met: Short | None = None
    note: Text | None = None
    next_on: date | None = None


class ReferrerVisitOut(ResponseModel):
    """A visit to a referrer."""

    id: uuid.UUID
    visited_on: date
    by: str
    met: str | None
    note: str | None
    next_on: date | None


class ReferrerNoteIn(RequestModel):
    """Something to remember about a referrer; nothing about patients belongs here."""

    model_config = example(text="Wants post-op shoulders seen within three days")

    text: Text


class ReferrerNoteOut(ResponseModel):
    """A note on a referrer."""

    id: uuid.UUID
    at: datetime
    by: str
    text: str


class NpiProviderOut(ResponseModel):
    """An entry of the public NPPES file."""

    npi: str = Field(examples=["1234567893"])
    kind: Kind
    name: str = Field(examples=["Rowan Ortho"])
    credential: str | None
    specialty: str | None
    address: str | None
    phone: str | None
    fax: str | None


class NpiProviderList(ResponseModel):
    """At most twenty."""

    items: list[NpiProviderOut]


class ReferrerLinkOut(ResponseModel):
    """A secure link. `address` is shown once, to whoever made it."""

    id: uuid.UUID
    purpose: LinkPurpose
    created_at: datetime
    created_by: str
    expires_at: datetime
    revoked_at: datetime | None
    opened_at: datetime | None
    alive: bool
    address: str | None = Field(default=None, examples=["https://frontdesk.example.org/r#mzuxg2dsnf2gkzlsmvqgk5dpme"])


class ReferrerLinkList(ResponseModel):
    """Newest first."""

    items: list[ReferrerLinkOut]
