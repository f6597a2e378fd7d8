"""Letters as the API shows and takes them."""

import uuid
from datetime import datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from backend.core.pages import Page
from backend.core.schemas import RequestModel, ResponseModel
from backend.loop.asking import MOST, Asked
from backend.loop.kinds import Kind, Rule, State, Way

View = Literal["review", "failed", "waiting", "sent", "answered", "all"]
Verb = Literal["send", "hold", "cancel", "resend"]


class LetterReferrer(ResponseModel):
    """To whom it goes."""

    id: uuid.UUID
    name: str = Field(examples=["Rowan Ortho"])
    practice_name: str | None


class SendingOut(ResponseModel):
    """One attempt: the proof of transmission, or why it failed.

    `reached` says whether anything may have arrived: `before_data` (nothing), `data_exchanged`, `unknown`.
    """

    number: int
    way: Way
    provider: str = Field(examples=["documo"])
    from_address: str = Field(examples=["+12175550101"])
    to_address: str = Field(examples=["+13125550177"])
    state: Literal["calling", "unknown", "accepted", "transmitting", "delivered", "failed"]
    external_id: str | None = Field(examples=["7b1f0a52-7a3b-4f0e-9a57-0d6f2f0c9a11"])
    started_at: datetime
    accepted_at: datetime | None
    finished_at: datetime | None
    pages: int | None
    page_count: int
    remote_station: str | None = Field(examples=["DOCTORS OFFICE FAX"])
    code: str | None = Field(examples=["busy"])
    reached: Literal["before_data", "data_exchanged", "unknown"] | None


class AskOut(ResponseModel):
    """One thing asked for, and what was ticked on the page that came back."""

    key: str = Field(examples=["side"])
    label: str = Field(examples=["Which side is to be treated?"])
    answers: list[str] = Field(examples=[["Left"]])


class LetterOut(ResponseModel):
    """A letter. `says` are the kinds of news in it; `reason` says why it has not gone."""

    id: uuid.UUID
    kind: Kind
    says: list[Kind]
    state: State
    reason: str | None = Field(examples=["prefers_portal"])
    way: Way | None
    referrer: LetterReferrer
    lead_id: uuid.UUID | None
    episode_id: uuid.UUID | None
    patient_name: str | None = Field(examples=["Ada Sample"])
    joined_into: uuid.UUID | None
    due_at: datetime
    written_by: str = Field(examples=["Frontdesk"])
    created_at: datetime
    sent_at: datetime | None
    returned_at: datetime | None
    returned_fax_id: uuid.UUID | None
    asks: list[AskOut]
    note: str | None
    sendings: list[SendingOut]
    allowed: list[Verb]
    version: int


class LetterPage(Page):
    """Letters, newest first."""

    items: list[LetterOut]


class LetterCounts(ResponseModel):
    """For the tabs of the queue."""

    review: int
    failed: int
    waiting: int
    answered: int


class LetterVersionIn(RequestModel):
    """The version the decision is based on."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"version": 2}]})

    version: int


class SendLetterIn(LetterVersionIn):
    """Send it now. `may_arrive_twice`: it goes although part of an earlier attempt may have reached them."""

    may_arrive_twice: bool = False


class MissingInfoIn(RequestModel):
    """Ask the referrer for exactly what is missing."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"asks": ["side", "signature"], "note": "The order names the knee only."}]}
    )

    asks: Annotated[list[Asked], Field(min_length=1, max_length=MOST + 1)]
    note: Annotated[str, Field(max_length=300)] | None = None
    referrer_id: uuid.UUID | None = None


class MissingAskOut(ResponseModel):
    """One thing that may be asked for; `missing` where the referral lacks it."""

    key: Asked
    label: str
    options: list[str]
    missing: bool


class MissingInfoOut(ResponseModel):
    """What the lead's newest referral lacks, and whether its referrer can be asked. `cannot` says why not."""

    referrer: LetterReferrer | None
    way: Way | None
    address: str | None = Field(examples=["+13125550177"])
    cannot: str | None = Field(examples=["no_fax_number"])
    asks: list[MissingAskOut]
    most: int


class LetterRulesOut(ResponseModel):
    """Which letters go by themselves (`automatic`), are held for a look (`review`) or are not written (`off`)."""

    version: int
    gather_minutes: int = Field(examples=[30])
    rules: dict[Kind, Rule]


class LetterRulesIn(RequestModel):
    """Kinds not named keep their rule. News of one lead gathers for so many minutes into one letter."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"version": 0, "gather_minutes": 30, "rules": {"seen": "review"}}]}
    )

    version: int
    gather_minutes: Annotated[int, Field(ge=0, le=1440)]
    rules: dict[Kind, Rule] = Field(default_factory=dict)
