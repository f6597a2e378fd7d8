"""Links as the desk sees them: never their tokens."""

import uuid
from datetime import datetime
from typing import Literal

from pydantic import Field

from backend.core.schemas import ResponseModel
from backend.patient_links.rules import Purpose

State = Literal["waiting", "open", "used", "expired", "locked", "revoked"]


class LinkOut(ResponseModel):
    """`waiting`: its text has not gone out; `locked`: too many wrong answers to its question."""

    id: uuid.UUID = Field(examples=["0199f3a2-6c1e-7c7a-9f0e-3d2b1a6f5e4d"])
    purpose: Purpose
    state: State
    created_at: datetime
    sent_at: datetime | None = Field(description="when it was first put into a text, or shown at the desk")
    delivered_at: datetime | None
    opened_at: datetime | None = Field(description="first opened")
    used_at: datetime | None = Field(description="what it was for was done")
    expires_at: datetime
    revoked_at: datetime | None


class LeadLinks(ResponseModel):
    """Newest first."""

    items: list[LinkOut]
