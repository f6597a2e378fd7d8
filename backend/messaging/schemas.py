"""Conversations and messages as the API takes and shows them."""

import uuid
from datetime import datetime
from typing import Any, Literal

from pydantic import AwareDatetime, ConfigDict, Field, computed_field, field_validator

from backend.core.pages import Page
from backend.core.schemas import RequestModel, ResponseModel
from backend.identity.owners import OwnerIn, OwnerOut
from backend.messaging.calls.schemas import CallOut
from backend.messaging.ledger import Scope
from backend.messaging.wording import in_words
from backend.patient_links import marks

EXAMPLE_ID = "0199f3a2-6c1e-7c7a-9f0e-3d2b1a6f5e4d"
Status = Literal[
    "queued", "held", "blocked", "sending", "sent", "delivered", "undelivered", "failed", "canceled", "unknown",
    "received",
]  # fmt: skip
Reason = Literal[
    "no_consent", "opted_out", "quiet_hours", "cap", "landline", "bad_number", "wrong_person", "no_line", "send_later",
    "line_paused",
]  # fmt: skip


def _example(**facts: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [facts]})


class MessageIn(RequestModel):
    """A text: `body`, or a template of the practice. `send_at` sends it later. With files, `body` may be empty."""

    model_config = _example(body="We have Tuesday at 3 or Thursday at 9. Which suits you?")

    body: str | None = Field(default=None, max_length=1600)
    template_id: str | None = Field(default=None, max_length=60)
    send_at: AwareDatetime | None = None
    attachment_ids: list[uuid.UUID] = Field(default_factory=list, max_length=10, description="files uploaded before")


class NoteIn(RequestModel):
    """For colleagues only."""

    model_config = _example(body="@Dana Desk prefers mornings; daughter drives.", mentions=[EXAMPLE_ID])

    body: str = Field(min_length=1, max_length=2000)
    mentions: list[uuid.UUID] = Field(default_factory=list, max_length=20, description="ids of colleagues it names")


class CheckIn(RequestModel):
    """A text before it is sent."""

    model_config = _example(body="See you Tuesday at 3.")

    body: str = Field(min_length=1, max_length=1600)


class TypingIn(RequestModel):
    """The caller types here, or has stopped."""

    model_config = _example(active=True)

    active: bool = True


class ReadIn(RequestModel):
    """`settled`: no answer is needed."""

    model_config = _example(settled=False)

    settled: bool = False


class AssignConversationIn(RequestModel):
    """Give a conversation to someone, or (null) to everyone."""

    model_config = _example(owner={"kind": "user", "id": EXAMPLE_ID})

    owner: OwnerIn | None


class ConsentIn(RequestModel):
    """What the patient told us, and how. `scope`: all texts, or one kind of them."""

    model_config = _example(status="granted", method="verbal", note="Said on the phone that texts are fine")

    status: Literal["granted", "revoked"]
    method: Literal["verbal", "form", "paper"]
    scope: Scope = "all"
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

    @computed_field(examples=[["Tue after 3:00 pm", "Thu morning"]])
    def words(self) -> list[str]:
        """The same in words, one phrase per thing said."""
        return in_words(self.model_dump(exclude={"words"}))


class AttachmentOut(ResponseModel):
    """A picture or file. `content_type` is what it is, `failure` why it did not come, `url` where it can be read."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    content_type: str | None = Field(examples=["image/jpeg"])
    size: int | None
    state: Literal["pending", "stored", "failed"]
    failure: str | None
    url: str | None


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
    attachments: list[AttachmentOut] = Field(default_factory=list)

    @field_validator("body")
    @classmethod
    def _without_marks(cls, body: str) -> str:
        return marks.shown(body)


class MessagePage(Page):
    """Newest first."""

    items: list[MessageOut]


class VerdictOut(ResponseModel):
    """What the gate says about the next text, before it is written. `warning`: what to know if it is sent anyway."""

    action: Literal["send", "hold", "block"]
    reason: Reason | None
    until: datetime | None
    warning: Reason | None = None


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
    last_text: str | None = Field(description="its beginning")
    last_direction: Literal["in", "out", "call"] | None
    mine: bool = Field(description="the caller, or a team of theirs, owns it")
    mention: Literal["seen", "unseen"] | None = Field(description="whether a note names the caller")


class ConversationPage(Page):
    """The latest first."""

    items: list[ConversationOut]


class ConsentRecordOut(ResponseModel):
    """The row of the ledger that counts, with its evidence."""

    status: Literal["granted", "asked", "revoked"]
    method: Literal["sms", "verbal", "form", "paper", "api", "given_number"]
    evidence: str | None
    captured_by: str = Field(examples=["Dana Desk"])
    at: datetime


class OpenConversation(ConversationOut):
    """A thread with consent and the gate's verdict for the composer."""

    consent: Literal["granted", "asked", "revoked", "none"]
    consent_record: ConsentRecordOut | None
    verdict: VerdictOut


class ConversationCounts(ResponseModel):
    """For badges. `mentions_unseen`: conversations that name the caller and were not opened since."""

    waiting: int
    unread: int
    undeliverable: int
    mentions_unseen: int


class FilledTemplate(ResponseModel):
    """A text of the practice as this conversation would get it."""

    id: str = Field(examples=["first_text"])
    name: str
    body: str
    segments: int
    problems: list[str]


class FilledTemplatePage(Page):
    """By name."""

    items: list[FilledTemplate]


class CheckOut(ResponseModel):
    """What the linter finds, in words, and how many SMS the text is."""

    problems: list[str]
    segments: int


class LeadTexting(ResponseModel):
    """What a lead's first text would meet."""

    consent: Literal["granted", "asked", "revoked", "none"]
    verdict: VerdictOut
    templates: list[FilledTemplate]


class TypingOut(ResponseModel):
    """Colleagues who are writing there now."""

    names: list[str] = Field(examples=[["Olivia Owner"]])
