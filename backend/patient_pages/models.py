"""Tables of the patient's pages."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint
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
