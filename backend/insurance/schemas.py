"""Insurance as the API takes and shows it."""

import uuid
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field

from backend.core.pages import Page
from backend.core.schemas import RequestModel, ResponseModel
from backend.insurance.checklist import Kind
from backend.patients.schemas import BirthDate, Name, Phone

EXAMPLE_ID = "0199f3a2-6c1e-7c7a-9f0e-3d2b1a6f5e4d"
Short = Annotated[str, Field(min_length=1, max_length=120)]
Note = Annotated[str, Field(min_length=1, max_length=1000)]
Rank = Literal["primary", "secondary", "tertiary"]
Relationship = Literal["self", "spouse", "child", "other"]
Source = Literal["fax", "card", "patient", "desk"]
Rule = Literal["never", "always", "after_visits", "ask"]
Reverify = Literal["month", "plan_year", "never"]
BenefitsState = Literal["not_started", "in_progress", "verified", "problem", "not_covered", "self_pay"]
AuthorizationState = Literal["needed", "requested", "approved", "denied", "expired", "not_needed"]
Chosen = Literal["needed", "requested", "approved", "denied", "not_needed"]
CheckState = Literal["asking", "answered", "mismatch", "rejected", "failed"]


def _identifier(value: str) -> str:
    if not all(letter.isascii() and (letter.isalnum() or letter in " -./") for letter in value):
        raise ValueError("only letters, digits, spaces and - . /")
    return value


# As printed on a card; anything else could not be asked about.
Identifier = Annotated[str, Field(min_length=2, max_length=40), AfterValidator(_identifier)]


def _example(**facts: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [facts]})


class PayerIn(RequestModel):
    """A payer the practice knows."""

    model_config = _example(
        name="Lakeside Mutual", aliases=["Lakeside Mut. Ins."], clearinghouse_id="LKSD1", phone="(312) 555-0150",
        authorization_rule="after_visits", authorization_after=12, in_network=True,
    )  # fmt: skip

    name: Short
    aliases: list[Short] = Field(default_factory=list, max_length=30)
    clearinghouse_id: Identifier | None = None
    phone: Phone | None = None
    authorization_rule: Rule = "ask"
    authorization_after: int | None = Field(default=None, ge=1, le=200)
    in_network: bool | None = None
    notes: Note | None = None
    active: bool = True


class PayerChanges(RequestModel):
    """Only what is given changes."""

    model_config = _example(version=1, authorization_rule="always", authorization_after=None)

    version: int
    name: Short = "-"
    aliases: list[Short] = Field(default_factory=list, max_length=30)
    clearinghouse_id: Identifier | None = None
    phone: Phone | None = None
    authorization_rule: Rule = "ask"
    authorization_after: int | None = Field(default=None, ge=1, le=200)
    in_network: bool | None = None
    notes: Note | None = None
    active: bool = True


class PayerOut(ResponseModel):
    """A payer of the practice. Without `clearinghouse_id` nobody can be asked electronically."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    version: int
    name: str = Field(examples=["Lakeside Mutual"])
    aliases: list[str]
    clearinghouse_id: str | None
    phone: str | None
    authorization_rule: Rule
    authorization_after: int | None
    in_network: bool | None
    notes: str | None
    active: bool


class PayerPage(Page):
    """Payers, those in use first."""

    items: list[PayerOut]


class ItemIn(RequestModel):
    """A question of the checklist."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]{1,39}$", examples=["copay"])
    label: Short
    kind: Kind
    required: bool = False


class ItemOut(ResponseModel):
    """A question of the checklist. `required`: without an answer the benefits are not verified."""

    key: str = Field(examples=["copay"])
    label: str = Field(examples=["Copay"])
    kind: Kind
    required: bool
    fixed: bool = Field(description="what follows depends on it: it cannot be taken away")


class RulesIn(RequestModel):
    """The checklist and for how long its answers hold."""

    model_config = _example(
        version=0, reverify="month",
        items=[
            {"key": "active_coverage", "label": "Coverage active", "kind": "yes_no", "required": True},
            {"key": "authorization_required", "label": "Authorization required", "kind": "yes_no", "required": True},
        ],
    )  # fmt: skip

    version: int
    items: list[ItemIn] = Field(min_length=1, max_length=30)
    reverify: Reverify


class RulesOut(ResponseModel):
    """The checklist and for how long its answers hold."""

    version: int
    items: list[ItemOut]
    reverify: Reverify


class CoverageIn(RequestModel):
    """What pays for the patient's care. `replaces`: the active insurance in this place becomes history."""

    model_config = _example(rank="primary", payer_name="Lakeside Mutual", member_id="LM123456789")

    rank: Rank = "primary"
    payer_name: Short
    plan_name: Short | None = None
    member_id: Identifier | None = None
    group_number: Identifier | None = None
    relationship: Relationship = "self"
    subscriber_first_name: Name | None = None
    subscriber_last_name: Name | None = None
    subscriber_dob: BirthDate | None = None
    effective_from: date | None = None
    effective_until: date | None = None
    source: Source = "desk"
    replaces: bool = False


class CoverageChanges(RequestModel):
    """Only what is given changes; null empties a field."""

    model_config = _example(version=1, member_id="LM123456788")

    version: int
    rank: Rank = "primary"
    payer_name: Short = "-"
    plan_name: Short | None = None
    member_id: Identifier | None = None
    group_number: Identifier | None = None
    relationship: Relationship = "self"
    subscriber_first_name: Name | None = None
    subscriber_last_name: Name | None = None
    subscriber_dob: BirthDate | None = None
    effective_from: date | None = None
    effective_until: date | None = None
    active: bool = True
    replaces: bool = False


class AnswerOut(ResponseModel):
    """One answer, in one form (`35.00`, `20`, `yes`)."""

    value: str = Field(examples=["35.00"])
    source: Literal["person", "clearinghouse"]


class VerificationIn(RequestModel):
    """What was found out. `version` is 0 where nobody has begun. Without `coverage_id` only self-pay can be said.

    `check_id` is the answer of the clearinghouse a person has looked at and confirmed.
    """

    model_config = _example(
        coverage_id=EXAMPLE_ID, version=0, state="verified", told_by="Kim, provider line", reference="C-20718",
        answers={"active_coverage": "yes", "in_network": "yes", "copay": "35", "authorization_required": "no"},
    )  # fmt: skip

    coverage_id: uuid.UUID | None = None
    version: int
    state: BenefitsState
    answers: dict[str, Annotated[str, Field(max_length=500)]] = Field(default_factory=dict, max_length=40)
    told_by: Short | None = None
    reference: Short | None = None
    told_at: AwareDatetime | None = None
    note: Note | None = None
    check_id: uuid.UUID | None = None


class PreviousOut(ResponseModel):
    """What was verified before."""

    verified_at: datetime | None
    answers: dict[str, AnswerOut]


class VerificationOut(ResponseModel):
    """The checklist of a coverage. `reason` says why it must be verified again."""

    version: int
    state: BenefitsState
    reason: Literal["coverage_changed", "new_period", "another_insurance"] | None
    answers: dict[str, AnswerOut]
    told_by: str | None
    reference: str | None
    told_at: datetime | None
    note: str | None
    decided_by: str | None
    verified_at: datetime | None
    valid_until: date | None
    previous: PreviousOut | None


class BenefitOut(ResponseModel):
    """One line of the payer's answer, in words."""

    label: str = Field(examples=["Copay · physical therapy · in network"])
    value: str = Field(examples=["$35.00 per visit"])
    message: str | None


class SuggestionOut(ResponseModel):
    """An answer the payer's answer suggests, and on what line it rests."""

    value: str = Field(examples=["35.00"])
    because: str = Field(examples=["Copay · physical therapy · in network"])


class EligibilityOut(ResponseModel):
    """An inquiry at the clearinghouse. `sandbox`: the answer is made up. `stale`: the insurance changed since."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    state: CheckState
    code: str | None = Field(examples=["AAA75"])
    message: str | None = Field(examples=["The payer does not know this member ID."])
    asked_by: str
    asked_at: datetime
    answered_at: datetime | None
    reference: str | None
    payer_name: str | None
    plan_name: str | None
    mismatches: list[str]
    suggestions: dict[str, SuggestionOut]
    benefits: list[BenefitOut]
    sandbox: bool
    stale: bool


class CoverageDetail(ResponseModel):
    """What pays for the care, how its benefits stand, and what the clearinghouse said last."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    version: int
    rank: Rank
    payer_name: str = Field(examples=["Lakeside Mutual"])
    payer_said: str | None
    plan_name: str | None
    member_id: str | None
    group_number: str | None
    relationship: Relationship
    subscriber_first_name: str | None
    subscriber_last_name: str | None
    subscriber_dob: date | None
    effective_from: date | None
    effective_until: date | None
    active: bool
    source: Source
    verified_at: datetime | None
    payer: PayerOut | None
    verification: VerificationOut
    check: EligibilityOut | None


class AuthorizationIn(RequestModel):
    """A payer's leave. `order_id`: the referral order it was written on."""

    model_config = _example(
        coverage_id=EXAMPLE_ID, state="approved", number="A-55501", approved=12, valid_until="2027-01-14"
    )

    coverage_id: uuid.UUID
    state: Chosen
    number: Identifier | None = None
    counts: Literal["visits", "units"] = "visits"
    approved: int | None = Field(default=None, ge=1, le=9999)
    per_visit: int = Field(default=1, ge=1, le=100)
    valid_from: date | None = None
    valid_until: date | None = None
    note: Note | None = None
    order_id: uuid.UUID | None = None


class AuthorizationChanges(RequestModel):
    """Only what is given changes; null empties a field."""

    model_config = _example(version=2, state="approved", number="A-55501", approved=12)

    version: int
    state: Chosen = "needed"
    number: Identifier | None = None
    counts: Literal["visits", "units"] = "visits"
    approved: int | None = Field(default=None, ge=1, le=9999)
    per_visit: int = Field(default=1, ge=1, le=100)
    valid_from: date | None = None
    valid_until: date | None = None
    note: Note | None = None


class AuthorizationOut(ResponseModel):
    """A payer's leave with its counter."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    version: int
    coverage_id: uuid.UUID
    state: AuthorizationState
    number: str | None
    counts: Literal["visits", "units"]
    approved: int | None
    per_visit: int
    used: int
    left: int | None
    valid_from: date | None
    valid_until: date | None
    note: str | None
    source: Literal["desk", "fax", "payer_rule", "verification"]
    counter: str = Field(examples=["Auth 4 of 12, to Jan 14"])
    warnings: list[Literal["few_left", "used_up", "ends_soon", "expired"]]
    created_at: datetime


class AuthorizationEventOut(ResponseModel):
    """One thing that happened to an authorization; `detail` holds [before, after] by field."""

    id: uuid.UUID
    at: datetime
    by: str = Field(examples=["Dana Desk"])
    kind: Literal["created", "changed", "counted"]
    detail: dict[str, Any]


class AuthorizationHistory(Page):
    """What happened to an authorization, newest first."""

    items: list[AuthorizationEventOut]


class OrderAuthorization(ResponseModel):
    """An authorization named on a referral order that nobody has noted yet."""

    order_id: uuid.UUID
    number: str | None
    visits: int | None


class ClearinghouseState(ResponseModel):
    """Whether eligibility can be asked electronically. `sandbox`: the answers are made up."""

    connected: bool
    sandbox: bool


class InsuranceOut(ResponseModel):
    """All that is known of what pays for a patient's care."""

    coverages: list[CoverageDetail]
    self_pay: VerificationOut
    items: list[ItemOut]
    authorizations: list[AuthorizationOut]
    uncounted_visits: int = Field(description="visits that took place without an authorization")
    order_authorization: OrderAuthorization | None
    clearinghouse: ClearinghouseState
