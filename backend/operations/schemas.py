"""Jobs and deliveries as an administrator sees them: ids and codes, never PHI."""

import uuid
from datetime import datetime

from pydantic import Field

from backend.core.pages import Page
from backend.core.schemas import ResponseModel


class JobOut(ResponseModel):
    """One piece of work."""

    id: uuid.UUID
    kind: str = Field(examples=["faxes.process"])
    ref_id: uuid.UUID
    queue: str = Field(examples=["documents"])
    state: str = Field(examples=["dead"])
    attempt: int
    run_at: datetime
    error_code: str | None = Field(examples=["ConnectError"])
    created_at: datetime
    finished_at: datetime | None


class JobPage(Page):
    """Jobs, newest first."""

    items: list[JobOut]


class DeliveryOut(ResponseModel):
    """One event a provider sent."""

    id: uuid.UUID
    provider: str = Field(examples=["telnyx"])
    account_key: str
    event_id: str
    external_id: str
    state: str = Field(examples=["processed"])
    received_at: datetime
    processed_at: datetime | None
    error_code: str | None
    replays: int


class DeliveryPage(Page):
    """Events, newest first."""

    items: list[DeliveryOut]
