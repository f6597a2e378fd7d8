"""Table of calls."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base, TenantRow


class Call(TenantRow, Base):
    """One call. `outcome` only moves forward (`states.py`); `answered` is what the desk's phone did, null: unknown.

    A withheld number leaves `phone` and `conversation_id` empty; `lead_id` is where the next step was made.
    """

    __tablename__ = "calls"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "line_id"], ["phone_lines.practice_id", "phone_lines.id"]),
        ForeignKeyConstraint(["practice_id", "conversation_id"], ["conversations.practice_id", "conversations.id"]),
        ForeignKeyConstraint(["practice_id", "lead_id"], ["leads.practice_id", "leads.id"]),
        ForeignKeyConstraint(["practice_id", "voicemail_document_id"], ["documents.practice_id", "documents.id"]),
        ForeignKeyConstraint(["practice_id", "text_back_id"], ["messages.practice_id", "messages.id"], use_alter=True),
        UniqueConstraint("practice_id", "external_id"),
        CheckConstraint("direction IN ('in','out')", name="direction"),
        CheckConstraint("outcome IN ('ringing','missed','voicemail','answered')", name="outcome"),
        Index("ix_calls_phone", "practice_id", "phone", "started_at"),
        Index("ix_calls_lead_id", "practice_id", "lead_id"),
        Index("ix_calls_conversation_id", "practice_id", "conversation_id", "started_at"),
    )

    line_id: Mapped[uuid.UUID]
    conversation_id: Mapped[uuid.UUID | None]
    lead_id: Mapped[uuid.UUID | None]
    external_id: Mapped[str]
    direction: Mapped[str] = mapped_column(default="in", server_default="in")
    phone: Mapped[str | None]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    # Whether the desk's phone was rung (null: nobody told us), and whether this was outside the desk's hours.
    rang: Mapped[bool | None]
    after_hours: Mapped[bool] = mapped_column(default=False, server_default="false")
    answered: Mapped[bool | None]
    outcome: Mapped[str] = mapped_column(default="ringing", server_default="ringing")
    duration_seconds: Mapped[int | None]
    recording_external_id: Mapped[str | None]
    recording_lost: Mapped[bool] = mapped_column(default=False, server_default="false")
    voicemail_document_id: Mapped[uuid.UUID | None]
    voicemail_seconds: Mapped[int | None]
    transcript: Mapped[str | None]
    text_back_id: Mapped[uuid.UUID | None]
    handled_at: Mapped[datetime | None]
