"""Tables of the referrer's portal."""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base, TenantRow


class ReferrerBrowser(TenantRow, Base):
    """A browser that opened a link. Only the SHA-256 of its cookie is kept. System-readable."""

    __tablename__ = "referrer_sessions"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "link_id"], ["referrer_links.practice_id", "referrer_links.id"]),
        UniqueConstraint("token_hash"),
        Index("ix_referrer_sessions_link_id", "practice_id", "link_id"),
    )

    link_id: Mapped[uuid.UUID]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    csrf_token: Mapped[str]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    # The second check was passed; until then no patient is named.
    verified_at: Mapped[datetime | None]


class ReferrerMessage(TenantRow, Base):
    """What a referrer wrote to the practice, about one patient or none."""

    __tablename__ = "referrer_messages"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "referrer_id"], ["referrers.practice_id", "referrers.id"]),
        ForeignKeyConstraint(["practice_id", "lead_id"], ["leads.practice_id", "leads.id"]),
        ForeignKeyConstraint(["practice_id", "link_id"], ["referrer_links.practice_id", "referrer_links.id"]),
        Index("ix_referrer_messages_referrer_id", "practice_id", "referrer_id", "at", "id"),
        Index("ix_referrer_messages_lead_id", "practice_id", "lead_id"),
    )

    referrer_id: Mapped[uuid.UUID]
    lead_id: Mapped[uuid.UUID | None]
    link_id: Mapped[uuid.UUID]
    at: Mapped[datetime]
    text: Mapped[str]


class PlanSignature(TenantRow, Base):
    """A plan of care was signed in the portal: by whom, when, to what. `digest` is of the plan as it was shown."""

    __tablename__ = "plan_signatures"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "plan_id"], ["plans_of_care.practice_id", "plans_of_care.id"]),
        ForeignKeyConstraint(["practice_id", "referrer_id"], ["referrers.practice_id", "referrers.id"]),
        ForeignKeyConstraint(["practice_id", "link_id"], ["referrer_links.practice_id", "referrer_links.id"]),
        UniqueConstraint("practice_id", "plan_id"),
        Index("ix_plan_signatures_referrer_id", "practice_id", "referrer_id"),
    )

    plan_id: Mapped[uuid.UUID]
    referrer_id: Mapped[uuid.UUID]
    link_id: Mapped[uuid.UUID]
    typed_name: Mapped[str]
    signed_on: Mapped[date]
    statement: Mapped[str]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime]
