"""Table of the links."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base, TenantRow


class PatientLink(TenantRow, Base):
    """One purpose for one patient; `ref_id` says which visit or form. Only the SHA-256 of its token is kept, from
    the moment it is first put into a text. System-readable: a token is looked up before the practice is known."""

    __tablename__ = "patient_links"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patients.practice_id", "patients.id"]),
        ForeignKeyConstraint(["practice_id", "lead_id"], ["leads.practice_id", "leads.id"]),
        UniqueConstraint("token_hash"),
        CheckConstraint("purpose IN ('schedule','reschedule','intake','upload','visit','measure')", name="purpose"),
        CheckConstraint("failed_checks BETWEEN 0 AND 5", name="failed_checks"),
        Index("ix_patient_links_lead_id", "practice_id", "lead_id", "purpose"),
        Index("ix_patient_links_patient_id", "practice_id", "patient_id"),
    )

    purpose: Mapped[str]
    patient_id: Mapped[uuid.UUID]
    lead_id: Mapped[uuid.UUID | None]
    ref_id: Mapped[uuid.UUID | None]
    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    # What it is for has been done: the visit is booked, the form is handed in.
    used_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    failed_checks: Mapped[int] = mapped_column(default=0, server_default="0")
