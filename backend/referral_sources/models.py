"""Tables of those who refer: practices, their providers, visits to them, secure links for them."""

import uuid
from datetime import date, datetime
from typing import Any, Final, Literal, get_args

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base, TenantRow
from backend.referral_sources import names

Kind = Literal["provider", "practice"]
HearBy = Literal["fax", "email", "portal", "none"]
LetterKind = Literal[
    "received", "contacted", "unreachable", "scheduled", "seen", "plan_of_care", "progress", "discharge",
    "missing_info", "scorecard",
]  # fmt: skip
Status = Literal["lead", "active", "inactive", "not_engaged"]
LETTER_KINDS: Final[tuple[LetterKind, ...]] = get_args(LetterKind)


def _keys(context: Any) -> tuple[str, str]:
    row = context.get_current_parameters()
    return names.keys(row["name"], row.get("kind") or "provider")


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
        CheckConstraint(one_of("hear_by", HearBy), name="hear_by"),
        Index("ix_referrer_practices_name", "practice_id", text("lower(name)"), "id"),
        Index("ix_referrer_practices_name_key", "practice_id", "name_key"),
        Index("ix_referrer_practices_fax", "practice_id", "fax"),
        Index("ix_referrer_practices_phone", "practice_id", "phone"),
    )

    name: Mapped[str]
    # The name in plain words, as `names.office_key` has it.
    name_key: Mapped[str] = mapped_column(
        default=lambda context: names.office_key(context.get_current_parameters()["name"])
    )
    npi: Mapped[str | None]
    phone: Mapped[str | None]
    fax: Mapped[str | None]
    email: Mapped[str | None]
    address: Mapped[str | None]
    # How its providers want to hear back and of what, unless they say otherwise themselves; null: as usual.
    hear_by: Mapped[str | None]
    hear_of: Mapped[list[str] | None] = mapped_column(ARRAY(TEXT))
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
        Index("ix_referrers_name", "practice_id", text("lower(name)"), "id"),
        Index("ix_referrers_last_key", "practice_id", "last_key", "first_key"),
        Index("ix_referrers_fax", "practice_id", "fax"),
        Index("ix_referrers_referrer_practice_id", "practice_id", "referrer_practice_id"),
        Index("ix_referrers_merged", "practice_id", "merged_into", postgresql_where=text("merged_into IS NOT NULL")),
    )

    kind: Mapped[str] = mapped_column(default="provider", server_default="provider")
    name: Mapped[str]
    # Last and first name in plain letters; of an office that names nobody, its plain name and nothing.
    last_key: Mapped[str] = mapped_column(default=lambda context: _keys(context)[0])
    first_key: Mapped[str] = mapped_column(default=lambda context: _keys(context)[1])
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
    # How they want to hear what became of their patients, and of what; without `hear_own` as their office wants it.
    hear_own: Mapped[bool] = mapped_column(default=False, server_default="false")
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


LinkPurpose = Literal["portal", "letter", "plan", "message"]


class ReferrerLink(TenantRow, Base):
    """Opens the portal for one referrer; `ref_id` is the letter it was sent for, or the plan shown first.

    Only the SHA-256 of its token is kept, from its first sending on. System-readable: a token precedes the practice.
    """

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


class _Pair(Base):
    """Two who look like one, and a person says they are two."""

    __abstract__ = True

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    first_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    second_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    dismissed_at: Mapped[datetime]
    dismissed_by: Mapped[str]


class ReferrerPair(_Pair):
    """Two referrers."""

    __tablename__ = "referrer_pairs"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "first_id"], ["referrers.practice_id", "referrers.id"]),
        ForeignKeyConstraint(["practice_id", "second_id"], ["referrers.practice_id", "referrers.id"]),
        CheckConstraint("first_id < second_id", name="order"),
        Index("ix_referrer_pairs_second_id", "practice_id", "second_id"),
    )


class OfficePair(_Pair):
    """Two offices."""

    __tablename__ = "referrer_office_pairs"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "first_id"], ["referrer_practices.practice_id", "referrer_practices.id"]),
        ForeignKeyConstraint(["practice_id", "second_id"], ["referrer_practices.practice_id", "referrer_practices.id"]),
        CheckConstraint("first_id < second_id", name="order"),
        Index("ix_referrer_office_pairs_second_id", "practice_id", "second_id"),
    )


class AnyMerge(TenantRow, Base):
    """One became part of another: who did it, and everything that moved, so that it can be taken back."""

    __abstract__ = True

    into_id: Mapped[uuid.UUID]
    at: Mapped[datetime]
    by: Mapped[str]
    changes: Mapped[list[Any]]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None]


class ReferrerMerge(AnyMerge):
    """Of two referrers."""

    __tablename__ = "referrer_merges"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "referrer_id"], ["referrers.practice_id", "referrers.id"]),
        ForeignKeyConstraint(["practice_id", "into_id"], ["referrers.practice_id", "referrers.id"]),
        CheckConstraint("referrer_id <> into_id", name="other"),
        Index(
            "uq_referrer_merges_standing", "practice_id", "referrer_id", unique=True,
            postgresql_where=text("undone_at IS NULL"),
        ),
        Index("ix_referrer_merges_into_id", "practice_id", "into_id"),
    )  # fmt: skip

    referrer_id: Mapped[uuid.UUID]


class OfficeMerge(AnyMerge):
    """Of two offices."""

    __tablename__ = "referrer_office_merges"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "office_id"], ["referrer_practices.practice_id", "referrer_practices.id"]),
        ForeignKeyConstraint(["practice_id", "into_id"], ["referrer_practices.practice_id", "referrer_practices.id"]),
        CheckConstraint("office_id <> into_id", name="other"),
        Index(
            "uq_referrer_office_merges_standing", "practice_id", "office_id", unique=True,
            postgresql_where=text("undone_at IS NULL"),
        ),
        Index("ix_referrer_office_merges_into_id", "practice_id", "into_id"),
    )  # fmt: skip

    office_id: Mapped[uuid.UUID]


class LiaisonVisit(TenantRow, Base):
    """Somebody of ours was there. `next_on`: when they mean to go again, which is a task."""

    __tablename__ = "liaison_visits"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "referrer_id"], ["referrers.practice_id", "referrers.id"]),
        ForeignKeyConstraint(["practice_id", "user_id"], ["users.practice_id", "users.id"]),
        CheckConstraint("next_on > visited_on", name="next_on"),
        Index("ix_liaison_visits_referrer_id", "practice_id", "referrer_id", "visited_on", "id"),
    )

    referrer_id: Mapped[uuid.UUID]
    visited_on: Mapped[date]
    user_id: Mapped[uuid.UUID | None]
    by: Mapped[str]
    met: Mapped[str | None]
    note: Mapped[str | None]
    next_on: Mapped[date | None]
    created_at: Mapped[datetime]


class ReferrerNote(TenantRow, Base):
    """What somebody of ours wants remembered about a referrer."""

    __tablename__ = "referrer_notes"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "referrer_id"], ["referrers.practice_id", "referrers.id"]),
        Index("ix_referrer_notes_referrer_id", "practice_id", "referrer_id", "at", "id"),
    )

    referrer_id: Mapped[uuid.UUID]
    at: Mapped[datetime]
    by: Mapped[str]
    text: Mapped[str]


class NpiProvider(Base):
    """A provider or organization of the public NPPES file, the same for every practice; the application only reads."""

    __tablename__ = "npi_providers"
    __table_args__ = (
        CheckConstraint("kind IN ('provider','practice')", name="kind"),
        Index(
            "ix_npi_providers_name", "last_key", "first_key", "npi",
            postgresql_ops={"last_key": "text_pattern_ops", "first_key": "text_pattern_ops"},
        ),
    )  # fmt: skip

    npi: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    last_key: Mapped[str]
    first_key: Mapped[str]
    credential: Mapped[str | None]
    taxonomy: Mapped[str | None]
    specialty: Mapped[str | None]
    address: Mapped[str | None]
    state: Mapped[str | None]
    phone: Mapped[str | None]
    fax: Mapped[str | None]
    deactivated: Mapped[bool] = mapped_column(default=False, server_default="false")
