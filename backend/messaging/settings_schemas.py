"""Settings of texting as the API takes and shows them: templates, policy, phone lines."""

import uuid
from datetime import datetime, time
from typing import Any, Literal

from pydantic import ConfigDict, Field

from backend.core.pages import Page
from backend.core.schemas import RequestModel, ResponseModel
from backend.messaging.segments import Encoding
from backend.patients.schemas import Phone

FirstText = Literal["consent_first", "send", "off"]


def _example(**facts: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [facts]})


class FindingOut(ResponseModel):
    """What the linter found. An error forbids the text, a warning is good to know; `excerpt` is what it is about."""

    level: Literal["error", "warning"]
    detail: str
    excerpt: str | None


class TemplateOut(ResponseModel):
    """A text with placeholders; `problems` forbid it, `warnings` are good to know.

    `standard` ones cannot be removed; `standard_body` is how they came.
    """

    id: str = Field(examples=["first_text"])
    name: str
    body: str
    version: int
    problems: list[str]
    warnings: list[str]
    segments: int = Field(description="SMS it takes when filled with sample data")
    standard: bool
    first: bool = Field(description="may be the first text to a patient, so it must carry brand and STOP line")
    standard_body: str | None


class TemplatePage(Page):
    """Templates by name."""

    items: list[TemplateOut]


class TemplateIn(RequestModel):
    """Change a template. 422 with the linter's words when it may not be sent. `name`: of one's own only."""

    model_config = _example(body="{practice}: hi {first_name}, when may we call you?", version=1)

    body: str = Field(min_length=1, max_length=1600)
    name: str | None = Field(default=None, min_length=2, max_length=80)
    version: int


class NewTemplateIn(RequestModel):
    """A text of one's own."""

    model_config = _example(name="Parking", body="{practice}: you can park behind the building, {first_name}.")

    name: str = Field(min_length=2, max_length=80)
    body: str = Field(min_length=1, max_length=1600)


class CheckTemplateIn(RequestModel):
    """A text as it is being written; `key` names the template it belongs to."""

    model_config = _example(key="first_text", body="{practice}: hi {first_name}. Reply STOP to opt out.")

    key: str | None = Field(default=None, max_length=60)
    body: str = Field(max_length=1600)


class CheckedTemplate(ResponseModel):
    """What the linter says, what it costs, and how it reads with sample data."""

    problems: list[FindingOut]
    segments: int
    encoding: Encoding
    letters: int = Field(description="as the carrier counts them")
    preview: str


class AgreementOut(ResponseModel):
    """What somebody must agree to before choosing it; `id` goes into `agreed_to`."""

    id: str = Field(examples=["send-1"])
    text: str


class ConsequenceOut(ResponseModel):
    """A choice for the first text, in plain words."""

    first_text: FirstText
    title: str
    text: str
    agreement: AgreementOut | None


class PolicyChangeOut(ResponseModel):
    """Who chose it, when, and the words they agreed to."""

    at: datetime
    by: str = Field(examples=["Olivia Owner"])
    first_text: FirstText
    agreed_to: str | None


class PolicyOut(ResponseModel):
    """What the practice chose. `first_text`: ask first, send at once, or never by itself."""

    first_text: FirstText
    opens: time
    closes: time
    sundays: bool
    per_day: int
    per_week: int
    version: int
    choices: list[ConsequenceOut]
    last_change: PolicyChangeOut | None
    last_agreement: PolicyChangeOut | None


class PolicyIn(RequestModel):
    """Texting hours lie between 8:00 and 21:00 (47 CFR 64.1200(c)(1)).

    To begin with `send`, `agreed_to` must name the agreement shown with that choice.
    """

    model_config = _example(
        first_text="consent_first", opens="09:00", closes="20:00", sundays=False, per_day=1, per_week=3, version=0
    )

    first_text: FirstText
    opens: time = Field(ge=time(8), le=time(20))
    closes: time = Field(ge=time(9), le=time(21))
    sundays: bool
    per_day: int = Field(ge=1, le=20)
    per_week: int = Field(ge=1, le=50)
    agreed_to: str | None = Field(default=None, max_length=40)
    version: int


class PausedOut(ResponseModel):
    """The carrier refuses this line's texts; automatic ones wait. What it means, and what to do."""

    at: datetime
    code: str = Field(examples=["30034"])
    title: str
    advice: str
    waiting: int = Field(description="texts that wait for the line")


class PhoneLineOut(ResponseModel):
    """A number for texts and calls, without its credentials. Give the addresses to the carrier."""

    id: uuid.UUID
    provider: str = Field(examples=["twilio"])
    account_key: str
    number: str
    location_id: uuid.UUID | None
    active: bool = Field(description="false: nothing is sent; what comes in is still taken in")
    account_sid: str = Field(description="its last letters", examples=["…9f2c"])
    messaging_service_sid: str | None
    sms_url: str
    voice_url: str
    voice_status_url: str
    forward_to: str | None
    ring_seconds: int
    text_back: bool
    greeting: str | None
    greeting_es: str | None
    paused: PausedOut | None
    rotating_since: datetime | None = Field(description="two auth tokens verify callbacks since then")
    last_reconciled_at: datetime | None
    version: int


class PhoneLinePage(Page):
    """Numbers."""

    items: list[PhoneLineOut]


class PhoneLineIn(RequestModel):
    """A number at Twilio. `secrets` are stored sealed."""

    model_config = _example(number="+12175550110", secrets={"account_sid": "AC0", "auth_token": "secret"})

    number: str = Field(max_length=40)
    location_id: uuid.UUID | None = None
    forward_to: Phone | None = None
    ring_seconds: int = Field(default=20, ge=5, le=60)
    secrets: dict[str, str] = Field(max_length=5)


class PhoneLineChanges(RequestModel):
    """What is named changes; `location_id` null: of the whole practice. An empty Messaging Service SID removes it."""

    model_config = _example(active=False, version=1)

    location_id: uuid.UUID | None = None
    active: bool | None = None
    messaging_service_sid: str | None = Field(default=None, max_length=40)
    version: int


class RotateIn(RequestModel):
    """The new auth token. Callbacks signed with the old one are good until the rotation is finished."""

    model_config = _example(auth_token="new-secret", version=1)  # noqa: S106 - an example

    auth_token: str = Field(min_length=8, max_length=200)
    version: int


class LineVersionIn(RequestModel):
    """The version this is based on."""

    model_config = _example(version=1)

    version: int


class CheckedOut(ResponseModel):
    """One thing looked at, and what to do when it is not right."""

    level: Literal["ok", "warning", "error"]
    title: str
    advice: str | None


class LineCheckOut(ResponseModel):
    """What the carrier says about the line."""

    at: datetime
    findings: list[CheckedOut]
