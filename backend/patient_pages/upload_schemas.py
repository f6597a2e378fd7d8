"""Papers a patient sent, and what their insurance card says."""

import uuid
from datetime import datetime
from typing import Any, Literal

from pydantic import ConfigDict, Field

from backend.core.schemas import RequestModel, ResponseModel

UploadKind = Literal["card_front", "card_back", "order"]
EXAMPLE_ID = "0199f3a2-6c1e-7c7a-9f0e-3d2b1a6f5e4d"
_CARD: dict[str, Any] = {"payer_name": "Lakeside Mutual", "member_id": "LKM 4417 0926", "group_number": "70021"}


class CardFacts(RequestModel):
    """What the card says, as somebody who holds it confirms. Empty: it is not on the card."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CARD]})

    payer_name: str = Field(min_length=1, max_length=100)
    member_id: str = Field(min_length=1, max_length=40)
    group_number: str | None = Field(default=None, max_length=40)


class StaffCardFacts(CardFacts):
    """The same by the desk, with the version it saw."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CARD | {"version": 2}]})

    version: int


class CardCandidate(ResponseModel):
    """One field as read: what stands there, and how sure the reading is."""

    value: str = Field(examples=["LKM 4417 0926"])
    confidence: float = Field(examples=[0.94])


class CardOut(ResponseModel):
    """`candidates` were read and wait for somebody to confirm them; the other fields are confirmed."""

    version: int
    candidates: dict[str, CardCandidate] = Field(description="by payer_name, member_id, group_number")
    payer_name: str | None
    member_id: str | None
    group_number: str | None
    patient_confirmed_at: datetime | None
    staff_confirmed_at: datetime | None
    staff_confirmed_by: str | None = Field(examples=["Dana Desk"])


class UploadOut(ResponseModel):
    """`failure` says why a file could not be opened: a code such as `encrypted` or `page_too_large`."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    kind: UploadKind
    state: Literal["reading", "read", "failed"]
    failure: str | None
    created_at: datetime


class PatientUploads(ResponseModel):
    """What the patient has sent, oldest first, and what was read on the card."""

    items: list[UploadOut]
    card: CardOut | None


class StaffUploadOut(UploadOut):
    """The same for the desk. `image_url`: its first page; `fax_id`: an order is read and filed like a fax."""

    content_type: str = Field(examples=["image/jpeg"])
    size: int
    image_url: str | None
    fax_id: uuid.UUID | None


class LeadUploads(ResponseModel):
    """Everything this lead's patient has sent, newest first, and the card."""

    items: list[StaffUploadOut]
    card: CardOut | None
