"""What an auditor sees."""

import uuid
from datetime import datetime

from pydantic import Field

from backend.core.pages import Page
from backend.core.schemas import ResponseModel


class AuditEventOut(ResponseModel):
    """One look or change."""

    seq: int = Field(examples=[4711])
    at: datetime
    actor: str = Field(examples=["Dana Desk"])
    actor_kind: str = Field(examples=["user"])
    action: str = Field(examples=["lead.viewed"])
    object: str = Field(examples=["lead:0199f3a2-6c1e-7c7a-9f0e-3d2b1a6f5e4d"])
    patient_ids: list[uuid.UUID]
    request_id: str


class AuditPage(Page):
    """Audit rows, newest first."""

    items: list[AuditEventOut]
