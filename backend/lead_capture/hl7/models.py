"""Tables of who sends HL7 messages, and of what people are asked about them."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint, column, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base, TenantRow


class Hl7Sender(TenantRow, Base):
    """An interface of an EMR: known by the names it gives itself (MSH-3, MSH-4), perhaps on a port of its own, and
    only from these addresses where some are named. System-readable, as messages arrive before there is a tenant.
    """

    __tablename__ = "hl7_senders"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id"], ["practices.id"]),
        ForeignKeyConstraint(["practice_id", "location_id"], ["locations.practice_id", "locations.id"]),
        UniqueConstraint("port", "application", "facility", postgresql_nulls_not_distinct=True),
        # Nobody may name an interface so that messages of another practice come to theirs.
        ExcludeConstraint(
            (column("port"), "="),
            (column("practice_id"), "<>"),
            using="gist",
            name="hl7_port_of_one_practice",
            where=text("active AND port IS NOT NULL"),
        ),
        ExcludeConstraint(
            (column("facility"), "="),
            (column("practice_id"), "<>"),
            using="gist",
            name="hl7_facility_of_one_practice",
            where=text("active AND port IS NULL"),
        ),
        CheckConstraint("port BETWEEN 1024 AND 65535", name="port"),
    )

    name: Mapped[str]
    application: Mapped[str]
    facility: Mapped[str]
    port: Mapped[int | None]
    peers: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    location_id: Mapped[uuid.UUID | None]
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)


class Hl7Question(TenantRow, Base):
    """Whose a message is: `id` is its delivery's, `sealed` what is shown of it. `said` is a seal of how the sender
    calls the patient, by which what was decided holds for their other messages; none where that says too little.

    `state`: open, decided (`patient_id`; `outcome` and `detail` say what became of it), left out, or settled (it
    became clear by itself, or is no longer remembered).
    """

    __tablename__ = "hl7_questions"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "sender_id"], ["hl7_senders.practice_id", "hl7_senders.id"]),
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patients.practice_id", "patients.id"]),
        CheckConstraint("state IN ('open','decided','left','settled')", name="state"),
        CheckConstraint("state <> 'decided' OR patient_id IS NOT NULL", name="decided"),
        Index("ix_hl7_questions_said", "practice_id", "sender_id", "said", "id"),
        Index("ix_hl7_questions_open", "practice_id", "id", postgresql_where=text("state = 'open'")),
        Index("ix_hl7_questions_patient_id", "practice_id", "patient_id"),
    )

    sender_id: Mapped[uuid.UUID]
    said: Mapped[bytes | None] = mapped_column(LargeBinary)
    why: Mapped[str]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str]
    patient_id: Mapped[uuid.UUID | None]
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    outcome: Mapped[str | None]
    detail: Mapped[str | None]
