"""Tables of the loop: what a practice wants written, letters, and every attempt to send one."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base, TenantRow
from backend.loop.kinds import GATHER_MINUTES, KINDS, STATES

# An attempt that is under way: at most one per letter.
ALIVE = ("calling", "unknown", "accepted", "transmitting")
SENDING_STATES = (*ALIVE, "delivered", "failed")


class LetterSettings(Base):
    """Which letters are automatic, held for review, or off; without a row the usual ones."""

    __tablename__ = "letter_settings"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id"], ["practices.id"]),
        CheckConstraint("gather_minutes BETWEEN 0 AND 1440", name="gather_minutes"),
    )

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    rules: Mapped[dict[str, Any]]
    gather_minutes: Mapped[int] = mapped_column(default=GATHER_MINUTES)
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class Letter(TenantRow, Base):
    """One letter to a referrer. `cause` names what it is about, so that each event is written of once."""

    __tablename__ = "letters"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "referrer_id"], ["referrers.practice_id", "referrers.id"]),
        ForeignKeyConstraint(["practice_id", "lead_id"], ["leads.practice_id", "leads.id"]),
        ForeignKeyConstraint(["practice_id", "joined_into"], ["letters.practice_id", "letters.id"]),
        ForeignKeyConstraint(["practice_id", "document_id"], ["documents.practice_id", "documents.id"]),
        ForeignKeyConstraint(["practice_id", "returned_fax_id"], ["faxes.practice_id", "faxes.id"]),
        UniqueConstraint("practice_id", "cause"),
        UniqueConstraint("practice_id", "code"),
        CheckConstraint("kind IN ('" + "','".join(KINDS) + "')", name="kind"),
        CheckConstraint("state IN ('" + "','".join(STATES) + "')", name="state"),
        CheckConstraint("way IN ('fax','email')", name="way"),
        CheckConstraint("(state = 'joined') = (joined_into IS NOT NULL)", name="joined"),
        CheckConstraint("state NOT IN ('failed','not_sent') OR reason IS NOT NULL", name="reason"),
        CheckConstraint("state <> 'sent' OR sent_at IS NOT NULL", name="sent"),
        Index("ix_letters_lead_id", "practice_id", "lead_id", "created_at", "id"),
        Index("ix_letters_referrer_id", "practice_id", "referrer_id", "created_at", "id"),
        Index("ix_letters_ref_id", "practice_id", "ref_id"),
        Index("ix_letters_state", "practice_id", "state", "created_at", "id"),
    )

    kind: Mapped[str]
    cause: Mapped[str]
    referrer_id: Mapped[uuid.UUID]
    lead_id: Mapped[uuid.UUID | None]
    # Of the care package, which sits beside this one's neighbours: by name only.
    episode_id: Mapped[uuid.UUID | None]
    ref_id: Mapped[uuid.UUID | None]
    state: Mapped[str] = mapped_column(default="waiting")
    reason: Mapped[str | None]
    way: Mapped[str | None]
    # When it may go: news of the same hour gathers until then, a busy line rests until then.
    due_at: Mapped[datetime]
    joined_into: Mapped[uuid.UUID | None]
    # What the desk asks for (`asking.ASKS`), and a line of its own.
    asks: Mapped[list[Any]] = mapped_column(default=list)
    note: Mapped[str | None]
    # A PDF it was given, such as a scorecard; what is written by us is drawn as it goes.
    document_id: Mapped[uuid.UUID | None]
    # On every page of it, so that what comes back finds its way.
    code: Mapped[str]
    # Attempts up to this one were before a person sent it again.
    tries_from: Mapped[int] = mapped_column(default=0, server_default="0")
    written_by: Mapped[str]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]
    # Where its boxes and its line to sign on are, in sides of the code (`page.Places`).
    places: Mapped[dict[str, Any] | None]
    # What was ticked on the page that came back, by what was asked.
    answers: Mapped[dict[str, Any] | None]
    returned_fax_id: Mapped[uuid.UUID | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class LetterSending(TenantRow, Base):
    """One attempt to send a letter, and its proof. Written before the provider is called; `ref` is known to both."""

    __tablename__ = "letter_sendings"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "letter_id"], ["letters.practice_id", "letters.id"]),
        ForeignKeyConstraint(["practice_id", "line_id"], ["fax_lines.practice_id", "fax_lines.id"]),
        ForeignKeyConstraint(["practice_id", "document_id"], ["documents.practice_id", "documents.id"]),
        ForeignKeyConstraint(["practice_id", "facsimile_id"], ["documents.practice_id", "documents.id"]),
        UniqueConstraint("practice_id", "letter_id", "number"),
        UniqueConstraint("practice_id", "ref"),
        CheckConstraint("way IN ('fax','email')", name="way"),
        CheckConstraint("state IN ('" + "','".join(SENDING_STATES) + "')", name="state"),
        CheckConstraint("(way = 'fax') = (line_id IS NOT NULL)", name="line"),
        CheckConstraint("state <> 'failed' OR code IS NOT NULL", name="failed"),
        CheckConstraint("state NOT IN ('delivered','failed') OR finished_at IS NOT NULL", name="finished"),
        Index(
            "uq_letter_sendings_alive", "practice_id", "letter_id", unique=True,
            postgresql_where=text("state IN ('" + "','".join(ALIVE) + "')"),
        ),
        Index(
            "uq_letter_sendings_external", "practice_id", "line_id", "external_id", unique=True,
            postgresql_where=text("external_id IS NOT NULL"),
        ),
    )  # fmt: skip

    letter_id: Mapped[uuid.UUID]
    number: Mapped[int]
    way: Mapped[str]
    line_id: Mapped[uuid.UUID | None]
    provider: Mapped[str]
    from_address: Mapped[str]
    to_address: Mapped[str]
    ref: Mapped[str]
    # The letter as it went: the PDF, and the dots the other machine prints.
    document_id: Mapped[uuid.UUID]
    facsimile_id: Mapped[uuid.UUID | None]
    page_count: Mapped[int]
    state: Mapped[str] = mapped_column(default="calling")
    external_id: Mapped[str | None]
    started_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    pages: Mapped[int | None]
    remote_station: Mapped[str | None]
    code: Mapped[str | None]
    # Whether anything of it may have reached the other machine: only `before_data` may go again by itself.
    reached: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
