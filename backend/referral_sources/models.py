"""Tables of those who refer: practices, their providers, secure links for them."""

import uuid
from datetime import datetime
from typing import Final, Literal, get_args

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base, TenantRow

Kind = Literal["provider", "practice"]
HearBy = Literal["fax", "email", "portal", "none"]
LetterKind = Literal[
    "received", "contacted", "unreachable", "scheduled", "seen", "plan_of_care", "progress", "discharge",
    "missing_info", "scorecard",
]  # fmt: skip
Status = Literal["lead", "active", "inactive", "not_engaged"]
LETTER_KINDS: Final[tuple[LetterKind, ...]] = get_args(LetterKind)


def one_of(column: str, words: object) -> str:
    """The condition of a column that holds one of a literal's words."""
    return f"{column} IN ('" + "','".join(get_args(words)) + "')"


class ReferrerPractice(TenantRow, Base):
    """The office providers work in."""

    __tablename__ = "referrer_practices"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id"], ["practices.id"]),
        ForeignKeyConstraint(
            ["practice_id", "merged_into"], ["referrer_practices.practice_id", "referrer_practices.id"]
        ),
        CheckConstraint("merged_into <> id", name="merged"),
        Index("ix_referrer_practices_name", "practice_id", text("lower(name)")),
        Index("ix_referrer_practices_fax", "practice_id", "fax"),
    )

    name: Mapped[str]
    npi: Mapped[str | None]
    phone: Mapped[str | None]
    fax: Mapped[str | None]
    email: Mapped[str | None]
    address: Mapped[str | None]
    merged_into: Mapped[uuid.UUID | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Referrer(TenantRow, Base):
    """A provider who refers, or (`kind` practice) an office that names nobody; unique by NPI where it is known."""

    __tablename__ = "referrers"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id"], ["practices.id"]),
        ForeignKeyConstraint(
            ["practice_id", "referrer_practice_id"], ["referrer_practices.practice_id", "referrer_practices.id"]
        ),
        ForeignKeyConstraint(["practice_id", "merged_into"], ["referrers.practice_id", "referrers.id"]),
        CheckConstraint(one_of("kind", Kind), name="kind"),
        CheckConstraint(one_of("hear_by", HearBy), name="hear_by"),
        CheckConstraint(one_of("status_override", Status), name="status_override"),
        CheckConstraint("status_override IS NULL OR status_reason IS NOT NULL", name="status_reason"),
        CheckConstraint("merged_into <> id", name="merged"),
        Index("uq_referrers_npi", "practice_id", "npi", unique=True, postgresql_where=text("merged_into IS NULL")),
        Index("ix_referrers_name", "practice_id", text("lower(name)")),
        Index("ix_referrers_fax", "practice_id", "fax"),
        Index("ix_referrers_referrer_practice_id", "practice_id", "referrer_practice_id"),
        Index("ix_referrers_merged", "practice_id", "merged_into", postgresql_where=text("merged_into IS NOT NULL")),
    )

    kind: Mapped[str] = mapped_column(default="provider", server_default="provider")
    name: Mapped[str]
    credential: Mapped[str | None]
    npi: Mapped[str | None]
    # What papers call the office; the office itself is `referrer_practice_id`.
    practice_name: Mapped[str | None]
    referrer_practice_id: Mapped[uuid.UUID | None]
    specialty: Mapped[str | None]
    phone: Mapped[str | None]
    fax: Mapped[str | None]
    email: Mapped[str | None]
    address: Mapped[str | None]
    # How they want to hear what became of their patients, and of what.
    hear_by: Mapped[str] = mapped_column(default="fax", server_default="fax")
    hear_of: Mapped[list[str]] = mapped_column(
        ARRAY(TEXT), default=lambda: list(LETTER_KINDS), server_default="{" + ",".join(LETTER_KINDS) + "}"
    )
    status_override: Mapped[str | None]
    status_reason: Mapped[str | None]
    status_by: Mapped[str | None]
    status_at: Mapped[datetime | None]
    # The referrer this one turned out to be; everything of it is there (`merging.py`).
    merged_into: Mapped[uuid.UUID | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


LinkPurpose = Literal["portal", "letter", "plan"]


class ReferrerLink(TenantRow, Base):
    """Opens the portal for one referrer; `ref_id` says which letter or plan of care is shown first. Only the SHA-256
    of its token is kept, from its first sending on. System-readable: a token precedes the practice."""

    __tablename__ = "referrer_links"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "referrer_id"], ["referrers.practice_id", "referrers.id"]),
        UniqueConstraint("token_hash"),
        CheckConstraint(one_of("purpose", LinkPurpose), name="purpose"),
        CheckConstraint("failed_checks BETWEEN 0 AND 5", name="failed_checks"),
        Index("ix_referrer_links_referrer_id", "practice_id", "referrer_id", "created_at"),
    )

    referrer_id: Mapped[uuid.UUID]
    purpose: Mapped[str]
    ref_id: Mapped[uuid.UUID | None]
    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    failed_checks: Mapped[int] = mapped_column(default=0, server_default="0")
