"""Tables of the other ways in."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, desc, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base, TenantRow


class WebForm(Base):
    """The practice's form for websites: where it may stand, and the exact words of the consent box."""

    __tablename__ = "web_forms"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id"], ["practices.id"]),
        CheckConstraint("per_hour BETWEEN 1 AND 10000", name="per_hour"),
    )

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    active: Mapped[bool] = mapped_column(default=True)
    allowed_origins: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    consent_en: Mapped[str]
    consent_es: Mapped[str]
    thanks_url: Mapped[str | None]
    per_hour: Mapped[int] = mapped_column(default=60)
    version: Mapped[int] = mapped_column(default=1)


class Arrival(TenantRow, Base):
    """Somebody wrote to us by the website's form or by e-mail: what they said, as they said it.

    `state`: opened (a lead came of it, or it joined one), held (a person must look, `reasons` say why), discarded.
    """

    __tablename__ = "arrivals"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id"], ["practices.id"]),
        ForeignKeyConstraint(["practice_id", "lead_id"], ["leads.practice_id", "leads.id"]),
        CheckConstraint("channel IN ('web_form','email')", name="channel"),
        CheckConstraint("state IN ('opened','held','discarded')", name="state"),
        CheckConstraint("state <> 'opened' OR lead_id IS NOT NULL", name="lead"),
        Index("ix_arrivals_lead_id", "practice_id", "lead_id"),
        Index("ix_arrivals_received", "practice_id", "channel", desc("received_at")),
        Index("ix_arrivals_held", "practice_id", desc("received_at"), desc("id"),
              postgresql_where=text("state = 'held'")),
        Index("ix_arrivals_digest", "practice_id", "digest", desc("received_at")),
    )  # fmt: skip

    channel: Mapped[str]
    state: Mapped[str]
    reasons: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    # {first_name, last_name, phone, …}, as far as it was said.
    facts: Mapped[dict[str, Any]]
    message: Mapped[str | None]
    # Where it came from: the page without its query, or the sender's address.
    origin: Mapped[str | None]
    # The words beside the consent box and whether it was ticked.
    consent: Mapped[dict[str, Any] | None]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    sender_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    received_at: Mapped[datetime]
    lead_id: Mapped[uuid.UUID | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)
