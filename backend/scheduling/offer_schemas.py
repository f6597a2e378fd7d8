"""Times that fit a lead, offers by text, and the practice's choices about texts, as the API takes and shows them."""

import uuid
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from backend.core.schemas import RequestModel, ResponseModel
from backend.scheduling.schemas import EXAMPLE_ID, SlotOut, example

Hours = Annotated[int, Field(ge=1, le=168)]


class WindowOut(ResponseModel):
    """When the first visit should be, and which rule says by when: urgency, the order's words, or the operation."""

    earliest: date | None
    latest: date | None
    why: Literal["stat", "urgent", "order", "post_op"] | None


class FirstSlotsOut(ResponseModel):
    """The first times that fit the lead. `in_window`: early enough. `as_said`: at times the patient named in a text."""

    slots: list[SlotOut]
    in_window: bool
    as_said: bool
    said: list[str] = Field(examples=[["Tue after 3:00 pm"]])
    window: WindowOut


class OfferedSlotIn(RequestModel):
    """One time, as /slots gives it."""

    appointment_type_id: uuid.UUID
    clinician_id: uuid.UUID
    location_id: uuid.UUID
    starts_at: AwareDatetime


class SlotOfferIn(RequestModel):
    """Text these times; without any, the first that fit."""

    model_config = example(
        slots=[
            {
                "appointment_type_id": EXAMPLE_ID, "clinician_id": EXAMPLE_ID, "location_id": EXAMPLE_ID,
                "starts_at": "2026-12-01T15:00:00Z",
            }
        ]
    )  # fmt: skip

    slots: list[OfferedSlotIn] = Field(default_factory=list, max_length=5)


class SlotOfferOut(ResponseModel):
    """What was asked by text. `suggested` is the place in `slots` that an uncertain reply seems to choose.

    `message_status` and `message_reason` say what became of the text.
    """

    id: uuid.UUID
    kind: Literal["times", "reminder", "give_up", "opening"]
    state: Literal["open", "replaced", "taken", "lost", "done", "declined", "withdrawn", "expired"]
    slots: list[SlotOut]
    choice: int | None
    suggested: int | None
    appointment_id: uuid.UUID | None
    created_at: datetime
    expires_at: datetime
    message_id: uuid.UUID | None
    message_status: str | None
    message_reason: str | None


class SlotOffersOut(ResponseModel):
    """The newest first."""

    items: list[SlotOfferOut]


class VisitTextsIn(RequestModel):
    """All of it. `reminder_hours` are hours before a visit; a reminder due in the night goes out the evening before."""

    model_config = example(
        version=0, book_by_reply=True, reminders=True, reminder_hours=[48, 3], waitlist=True, waitlist_batch=2,
        waitlist_minutes=20, offer_hours=48,
    )  # fmt: skip

    version: int
    book_by_reply: bool
    reminders: bool
    reminder_hours: list[Hours] = Field(max_length=4)
    waitlist: bool
    waitlist_batch: int = Field(ge=1, le=10)
    waitlist_minutes: int = Field(ge=5, le=1440)
    offer_hours: int = Field(ge=1, le=168)


class VisitTextsOut(ResponseModel):
    """What is texted about visits by itself; `version` 0 are the usual choices."""

    version: int
    book_by_reply: bool
    reminders: bool
    reminder_hours: list[int]
    waitlist: bool
    waitlist_batch: int
    waitlist_minutes: int
    offer_hours: int
