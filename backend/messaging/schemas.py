"""Conversations and messages as the API takes and shows them."""

import uuid
from datetime import datetime, time
from typing import Any, Literal

from pydantic import AwareDatetime, ConfigDict, Field

from backend.core.pages import Page
from backend.core.schemas import RequestModel, ResponseModel
from backend.identity.owners import OwnerIn, OwnerOut
from backend.messaging.calls.schemas import CallOut
from backend.patients.schemas import Phone

EXAMPLE_ID = "0199f3a2-6c1e-7c7a-9f0e-3d2b1a6f5e4d"
Status = Literal[
    "queued", "held", "blocked", "sending", "sent", "delivered", "undelivered", "failed", "canceled", "unknown",
    "received",
]  # fmt: skip
Reason = Literal[
    "no_consent", "opted_out", "quiet_hours", "cap", "landline", "bad_number", "wrong_person", "no_line", "send_later"
]


def _example(**facts: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [facts]})


class MessageIn(RequestModel):
    """A text: `body`, or a template of the practice. `send_at` sends it later."""

    model_config = _example(body="We have Tuesday at 3 or Thursday at 9. Which suits you?")

    body: str | None = Field(default=None, min_length=1, max_length=1600)
    template_id: str | None = Field(default=None, max_length=60)
    send_at: AwareDatetime | None = None


class NoteIn(RequestModel):
    """For colleagues only."""

    model_config = _example(body="Prefers mornings; daughter drives.")

    body: str = Field(min_length=1, max_length=2000)


class ReadIn(RequestModel):
    """`settled`: no answer is needed."""

    model_config = _example(settled=False)

    settled: bool = False


class AssignConversationIn(RequestModel):
    """Give a conversation to someone, or (null) to everyone."""

    model_config = _example(owner={"kind": "user", "id": EXAMPLE_ID})

    owner: OwnerIn | None


class ConsentIn(RequestModel):
    """What the patient told us, and how."""

    model_config = _example(status="granted", method="verbal", note="Said on the phone that texts are fine")

    status: Literal["granted", "revoked"]
    method: Literal["verbal", "form", "paper"]
    note: str = Field(min_length=3, max_length=500)


class Window(ResponseModel):
    """A weekday (`mon`…`sun`, or `any`) and local times."""

    day: str = Field(examples=["tue"])
    start: str = Field(examples=["15:00"])
    end: str = Field(examples=["18:00"])


class UnderstoodOut(ResponseModel):
    """What was understood of a reply; a suggestion unless `certain`."""

    kind: Literal["availability", "callback", "choice", "yes", "no", "decline"]
    certain: bool
    windows: list[Window] = Field(default_factory=list)
    at: str | None = None
    choice: int | None = None


class MessageOut(ResponseModel):
    """One text, a `call`, or a note. `reason` and `hold_until` say why it is held and until when."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    conversation_id: uuid.UUID
    lead_id: uuid.UUID | None
    direction: Literal["in", "out", "note", "call"]
    body: str
    status: Status
    reason: Reason | None
    hold_until: datetime | None
    error_code: str | None
    author: str = Field(examples=["Dana Desk"])
    automatic: bool
    understood: UnderstoodOut | None
    call: CallOut | None = None
    created_at: datetime
    sent_at: datetime | None


class MessagePage(Page):
    """Newest first."""

    items: list[MessageOut]


class VerdictOut(ResponseModel):
    """What the gate says about the next text, before it is written."""

    action: Literal["send", "hold", "block"]
    reason: Reason | None
    until: datetime | None


class PersonOut(ResponseModel):
    """Who may be at the other end."""

    patient_id: uuid.UUID
    lead_id: uuid.UUID | None
    display_name: str = Field(examples=["Ada B. Sample"])


class ConversationOut(ResponseModel):
    """A thread with one phone. `waiting`: the patient spoke last."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    version: int
    phone: str = Field(examples=["+12175550142"])
    our_number: str = Field(examples=["+12175550110"])
    location_id: uuid.UUID | None
    people: list[PersonOut]
    owner: OwnerOut | None
    waiting: bool
    unread: int
    undeliverable: bool
    last_at: datetime
    last_text: str | None
    last_direction: Literal["in", "out", "call"] | None


class ConversationPage(Page):
    """The latest first."""

    items: list[ConversationOut]


class OpenConversation(ConversationOut):
    """A thread with consent and the gate's verdict for the composer."""

    consent: Literal["granted", "asked", "revoked", "none"]
    verdict: VerdictOut


class ConversationCounts(ResponseModel):
    """For badges."""

    waiting: int
    unread: int


class TemplateOut(ResponseModel):
    """A text with placeholders; `problems` says what its linter finds."""

    id: str = Field(examples=["first_text"])
    name: str
    body: str
    version: int
    problems: list[str]


class TemplatePage(Page):
    """Templates by name."""

    items: list[TemplateOut]


class TemplateIn(RequestModel):
    """Change a template. 422 with the linter's words when it may not be sent."""

    model_config = _example(body="{practice}: hi {first_name}, when may we call you?", version=1)

    body: str = Field(min_length=1, max_length=1600)
    version: int


class PolicyOut(ResponseModel):
    """What the practice chose. `first_text`: ask first, send at once, or never by itself."""

    first_text: Literal["consent_first", "send", "off"]
    opens: time
    closes: time
    sundays: bool
    per_day: int
    per_week: int
    version: int


class PolicyIn(RequestModel):
    """Texting hours lie between 8:00 and 21:00 (47 CFR 64.1200(c)(1))."""

    model_config = _example(
        first_text="consent_first", opens="09:00", closes="20:00", sundays=False, per_day=1, per_week=3, version=0
    )

    first_text: Literal["consent_first", "send", "off"]
    opens: time = Field(ge=time(8), le=time(20))
    closes: time = Field(ge=time(9), le=time(21))
    sundays: bool
    per_day: int = Field(ge=1, le=20)
    per_week: int = Field(ge=1, le=50)
    version: int


class PhoneLineOut(ResponseModel):
    """A number for texts and calls, without its credentials. Give the addresses to the carrier."""

    id: uuid.UUID
    provider: str = Field(examples=["twilio"])
    account_key: str
    number: str
    location_id: uuid.UUID | None
    active: bool
    sms_url: str
    voice_url: str
    voice_status_url: str
    forward_to: str | None
    ring_seconds: int
    text_back: bool
    greeting: str | None
    greeting_es: str | None


class PhoneLinePage(Page):
    """Numbers."""

    items: list[PhoneLineOut]


class PhoneLineIn(RequestModel):
    """A number at Twilio. `secrets` are stored sealed."""

    model_config = _example(number="+12175550110", secrets={"account_sid": "AC0", "auth_token": "secret"})

    number: str = Field(pattern=r"^\+\d{8,15}$")
    location_id: uuid.UUID | None = None
    forward_to: Phone | None = None
    ring_seconds: int = Field(default=20, ge=5, le=60)
    secrets: dict[str, str] = Field(max_length=5)
