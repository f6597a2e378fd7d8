"""Tables of the referrer's portal."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint, text
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
    """What a referrer wrote to the practice, about one patient or none; or (`answers_id`) what `by` answered.

    `settled_at`: nobody waits for an answer to it any more.
    """

    __tablename__ = "referrer_messages"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "referrer_id"], ["referrers.practice_id", "referrers.id"]),
        ForeignKeyConstraint(["practice_id", "lead_id"], ["leads.practice_id", "leads.id"]),
        ForeignKeyConstraint(["practice_id", "link_id"], ["referrer_links.practice_id", "referrer_links.id"]),
        ForeignKeyConstraint(
            ["practice_id", "answers_id"], ["referrer_messages.practice_id", "referrer_messages.id"]
        ),
        CheckConstraint('(answers_id IS NULL) = ("by" IS NULL)', name="answer"),
        Index("ix_referrer_messages_referrer_id", "practice_id", "referrer_id", "at", "id"),
        Index("ix_referrer_messages_lead_id", "practice_id", "lead_id"),
        Index("ix_referrer_messages_answers_id", "practice_id", "answers_id"),
        Index(
            "ix_referrer_messages_waiting", "practice_id", "at",
            postgresql_where=text("settled_at IS NULL AND answers_id IS NULL"),
        ),
    )  # fmt: skip

    referrer_id: Mapped[uuid.UUID]
    lead_id: Mapped[uuid.UUID | None]
    link_id: Mapped[uuid.UUID]
    at: Mapped[datetime]
    text: Mapped[str]
    answers_id: Mapped[uuid.UUID | None]
    by: Mapped[str | None]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str | None]


class PlanSignature(TenantRow, Base):
    """A plan of care was signed in the portal: by whom, when, to what. `content` is the plan as it was shown.

    `voided_at`: noted as not signed after all, and signed anew since.
    """

    __tablename__ = "plan_signatures"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "plan_id"], ["plans_of_care.practice_id", "plans_of_care.id"]),
        ForeignKeyConstraint(["practice_id", "referrer_id"], ["referrers.practice_id", "referrers.id"]),
        ForeignKeyConstraint(["practice_id", "link_id"], ["referrer_links.practice_id", "referrer_links.id"]),
        Index(
            "uq_plan_signatures_standing", "practice_id", "plan_id", unique=True,
            postgresql_where=text("voided_at IS NULL"),
        ),
        Index("ix_plan_signatures_referrer_id", "practice_id", "referrer_id"),
    )  # fmt: skip

    plan_id: Mapped[uuid.UUID]
    referrer_id: Mapped[uuid.UUID]
    link_id: Mapped[uuid.UUID]
    typed_name: Mapped[str]
    signed_on: Mapped[date]
    statement: Mapped[str]
    content: Mapped[dict[str, Any] | None]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime]
    voided_at: Mapped[datetime | None]
