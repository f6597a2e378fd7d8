"""The audit table. A trigger refuses UPDATE and DELETE; `prev_hash` and `hash` chain the rows of a practice."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, Index, LargeBinary
from sqlalchemy.dialects.postgresql import ARRAY, UUID
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base


class AuditEvent(Base):
    """One look at, or change of, one or more patients. `seq` counts up per practice without gaps."""

    __tablename__ = "audit_events"
    __table_args__ = (Index("ix_audit_events_patient_ids", "patient_ids", postgresql_using="gin"),)

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    at: Mapped[datetime]
    actor_kind: Mapped[str]
    actor_id: Mapped[str]
    actor_name: Mapped[str]
    action: Mapped[str]
    object: Mapped[str]
    patient_ids: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(UUID(as_uuid=True)))
    request_id: Mapped[str]
    prev_hash: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class AuditHead(Base):
    """The last row of each practice's chain; locked while the next one is appended."""

    __tablename__ = "audit_heads"

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
