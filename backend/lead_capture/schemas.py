"""The other ways in as the API takes and shows them."""

import uuid
from datetime import datetime
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from backend.core.pages import Page
from backend.core.schemas import RequestModel, ResponseModel
from backend.patients.schemas import BirthDate, Email, Name, Phone

Words = Annotated[str, Field(min_length=20, max_length=1000)]


def _origin(value: str) -> str:
    """`https://www.example.org`; plain http only for this machine, while one builds a page."""
    parts = urlsplit(value.strip().rstrip("/").lower())
    local = parts.hostname in {"localhost", "127.0.0.1"}
    if parts.scheme not in ({"https", "http"} if local else {"https"}) or not parts.hostname or parts.username:
        raise ValueError("not the address of a website")
    if parts.path or parts.query or parts.fragment:
        raise ValueError("only scheme and host")
    return f"{parts.scheme}://{parts.netloc}"


def _page(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme != "https" or not parts.hostname or parts.username:
        raise ValueError("not an https address")
    return value


Origin = Annotated[str, Field(max_length=200), AfterValidator(_origin)]


class WebLeadIn(RequestModel):
    """What somebody filled in on a website. `website` is a field nobody sees; whoever fills it is no person."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "first_name": "Ada", "last_name": "Sample", "phone": "(312) 555-0142", "reason": "knee pain",
                    "consent": True, "language": "en", "token": "AAABk…",
                }
            ]
        }
    )  # fmt: skip

    first_name: Name
    last_name: Name
    phone: Phone | None = None
    email: Email | None = None
    dob: BirthDate | None = None
    reason: str | None = Field(default=None, max_length=300)
    message: str | None = Field(default=None, max_length=2000)
    payer_name: str | None = Field(default=None, max_length=100)
    referred_by: str | None = Field(default=None, max_length=200)
    preferred_times: str | None = Field(default=None, max_length=200)
    location_id: uuid.UUID | None = None
    language: Literal["en", "es"] = "en"
    consent: bool = False
    page_url: str | None = Field(default=None, max_length=2000)
    token: str | None = Field(default=None, max_length=200)
    website: str | None = Field(default=None, max_length=500)

    @model_validator(mode="after")
    def _reachable(self) -> "WebLeadIn":
        if not (self.phone or self.email):
            raise ValueError("a phone number or an e-mail address")
        return self


class WebLeadOut(ResponseModel):
    """It has arrived. The answer is the same whatever becomes of it."""

    id: uuid.UUID
    status: Literal["received"] = "received"


class PublicPlace(ResponseModel):
    """A clinic one may choose."""

    id: uuid.UUID
    name: str


class PublicFormOut(ResponseModel):
    """What the script needs to draw the form."""

    practice_name: str
    consent: dict[str, str] = Field(description="the words beside the box, by language")
    locations: list[PublicPlace]
    token: str


class WebFormIn(RequestModel):
    """Where the form may stand and what it says."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "active": True, "allowed_origins": ["https://www.example.org"], "thanks_url": None, "per_hour": 60,
                    "consent_en": "I agree to receive text messages about my care.",
                    "consent_es": "Acepto recibir mensajes de texto sobre mi atención.", "version": 0,
                }
            ]
        }
    )  # fmt: skip

    active: bool
    allowed_origins: list[Origin] = Field(max_length=20)
    consent_en: Words
    consent_es: Words
    thanks_url: Annotated[str, Field(max_length=500), AfterValidator(_page)] | None = None
    per_hour: int = Field(ge=1, le=10_000)
    version: int


class WebFormOut(ResponseModel):
    """The form's settings with what a website needs."""

    active: bool
    allowed_origins: list[str]
    consent_en: str
    consent_es: str
    thanks_url: str | None
    per_hour: int
    version: int
    post_url: str
    script_url: str
    slug: str


class ArrivalOut(ResponseModel):
    """Somebody who wrote to us."""

    id: uuid.UUID
    version: int
    channel: Literal["web_form", "email"]
    state: Literal["opened", "held", "discarded"]
    reasons: list[str] = Field(description="why a person should look, in words")
    facts: dict[str, Any]
    message: str | None
    origin: str | None
    received_at: datetime
    lead_id: uuid.UUID | None
    decided_by: str | None


class ArrivalPage(Page):
    """Newest first."""

    items: list[ArrivalOut]


class ArrivalCount(ResponseModel):
    """How many wait for a person."""

    held: int


class AcceptIn(RequestModel):
    """A person says that this is somebody, perhaps corrected."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"version": 1, "first_name": "Ada"}]})

    version: int
    first_name: Name | None = None
    last_name: Name | None = None
    phone: Phone | None = None
    email: Email | None = None
    dob: BirthDate | None = None


class DiscardIn(RequestModel):
    """A person says that this is nobody."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"version": 1}]})

    version: int
