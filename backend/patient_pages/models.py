"""Tables of the patient's pages."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base, TenantRow


class PatientBrowser(TenantRow, Base):
    """A phone that opened a link. Only the SHA-256 of its cookie is kept. System-readable."""

    __tablename__ = "patient_sessions"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "link_id"], ["patient_links.practice_id", "patient_links.id"]),
        UniqueConstraint("token_hash"),
        Index("ix_patient_sessions_link_id", "practice_id", "link_id"),
    )

    link_id: Mapped[uuid.UUID]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    csrf_token: Mapped[str]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    # The second check was passed; until then only a first name and an initial are shown.
    verified_at: Mapped[datetime | None]


class PatientUpload(TenantRow, Base):
    """A photo or file a patient sent: a side of their insurance card, or the doctor's order (which is a fax then)."""

    __tablename__ = "patient_uploads"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patients.practice_id", "patients.id"]),
        ForeignKeyConstraint(["practice_id", "lead_id"], ["leads.practice_id", "leads.id"]),
        ForeignKeyConstraint(["practice_id", "link_id"], ["patient_links.practice_id", "patient_links.id"]),
        ForeignKeyConstraint(["practice_id", "document_id"], ["documents.practice_id", "documents.id"]),
        ForeignKeyConstraint(["practice_id", "image_id"], ["documents.practice_id", "documents.id"]),
        ForeignKeyConstraint(["practice_id", "fax_id"], ["faxes.practice_id", "faxes.id"]),
        CheckConstraint("kind IN ('card_front','card_back','order')", name="kind"),
        CheckConstraint("state IN ('reading','read','failed')", name="state"),
        CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name="failure"),
        CheckConstraint("(kind = 'order') = (fax_id IS NOT NULL)", name="fax"),
        Index("ix_patient_uploads_lead_id", "practice_id", "lead_id", "created_at", "id"),
        Index("ix_patient_uploads_patient_id", "practice_id", "patient_id"),
    )

    patient_id: Mapped[uuid.UUID]
    lead_id: Mapped[uuid.UUID]
    link_id: Mapped[uuid.UUID]
    kind: Mapped[str]
    document_id: Mapped[uuid.UUID]
    # The first page upright, as the desk sees it: the original is never shown.
    image_id: Mapped[uuid.UUID | None]
    fax_id: Mapped[uuid.UUID | None]
    state: Mapped[str]
    failure: Mapped[str | None]
    # What was read on a card: name → {value, normal, confidence}.
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]


class CardReading(TenantRow, Base):
    """What a lead's insurance card says: candidates as read, and what patient or desk confirmed."""

    __tablename__ = "card_readings"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "lead_id"], ["leads.practice_id", "leads.id"]),
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patients.practice_id", "patients.id"]),
        UniqueConstraint("practice_id", "lead_id"),
    )

    lead_id: Mapped[uuid.UUID]
    patient_id: Mapped[uuid.UUID]
    candidates: Mapped[dict[str, Any]] = mapped_column(default=dict)
    payer_name: Mapped[str | None]
    member_id: Mapped[str | None]
    group_number: Mapped[str | None]
    patient_confirmed_at: Mapped[datetime | None]
    staff_confirmed_at: Mapped[datetime | None]
    staff_confirmed_by: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
