"""Tables of what people keep: saved reports with their results, scorecards and their monthly batches."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, desc, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base, TenantRow

PERIODS = (
    "last_7_days", "last_30_days", "last_90_days", "last_12_months", "this_month", "last_month", "this_year", "all",
)  # fmt: skip


class SavedReport(TenantRow, Base):
    """A question somebody asks again. `asked` holds its filters; its period moves on with the day it is asked.

    With a `schedule` it is asked by itself, as its owner, and the result kept.
    """

    __tablename__ = "saved_reports"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "owner_id"], ["users.practice_id", "users.id"]),
        UniqueConstraint("practice_id", "owner_id", "name"),
        CheckConstraint("period IN ('" + "','".join(PERIODS) + "')", name="period"),
        CheckConstraint("schedule IN ('none','daily','weekly','monthly')", name="schedule"),
        CheckConstraint("(schedule = 'none') = (next_at IS NULL)", name="next_at"),
    )

    owner_id: Mapped[uuid.UUID]
    name: Mapped[str]
    metric: Mapped[str]
    period: Mapped[str]
    group_by: Mapped[str | None]
    asked: Mapped[dict[str, Any]]
    shared: Mapped[bool] = mapped_column(default=False, server_default="false")
    schedule: Mapped[str] = mapped_column(default="none", server_default="none")
    next_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class ReportResult(TenantRow, Base):
    """What a saved report said at a time: figures only, no patient."""

    __tablename__ = "report_results"
    __table_args__ = (
        ForeignKeyConstraint(
            ["practice_id", "saved_id"], ["saved_reports.practice_id", "saved_reports.id"], ondelete="CASCADE"
        ),
        Index("ix_report_results_saved_id", "practice_id", "saved_id", desc("made_at"), desc("id")),
        Index("ix_report_results_unseen", "practice_id", "saved_id", postgresql_where=text("seen_at IS NULL")),
    )

    saved_id: Mapped[uuid.UUID]
    made_at: Mapped[datetime]
    # The answer as the API shows it.
    answer: Mapped[dict[str, Any]]
    seen_at: Mapped[datetime | None]


class ScorecardBatch(TenantRow, Base):
    """The scorecards of one period, looked at together before they are sent."""

    __tablename__ = "scorecard_batches"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id"], ["practices.id"]),
        CheckConstraint("state IN ('preparing','ready','sending','sent')", name="state"),
        CheckConstraint("start <= ends", name="span"),
        Index("ix_scorecard_batches_made_at", "practice_id", desc("made_at"), desc("id")),
        # The one of each month, made by itself.
        Index(
            "uq_scorecard_batches_monthly", "practice_id", "ends", unique=True, postgresql_where=text("monthly"),
        ),
    )  # fmt: skip

    start: Mapped[date]
    ends: Mapped[date]
    monthly: Mapped[bool] = mapped_column(default=False, server_default="false")
    state: Mapped[str] = mapped_column(default="preparing", server_default="preparing")
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    sent_at: Mapped[datetime | None]
    sent_by: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class ScorecardRow(TenantRow, Base):
    """One referrer's scorecard as it was prepared; what is sent says the same, however much later.

    `skip` says why it is not proposed: nothing_to_say, prefers_none, prefers_portal, prefers_less, no_address.
    """

    __tablename__ = "scorecards"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "batch_id"], ["scorecard_batches.practice_id", "scorecard_batches.id"]),
        ForeignKeyConstraint(["practice_id", "referrer_id"], ["referrers.practice_id", "referrers.id"]),
        ForeignKeyConstraint(["practice_id", "document_id"], ["documents.practice_id", "documents.id"]),
        ForeignKeyConstraint(["practice_id", "letter_id"], ["letters.practice_id", "letters.id"]),
        CheckConstraint("state IN ('prepared','sending','sent')", name="state"),
        Index("ix_scorecards_batch_id", "practice_id", "batch_id", "id"),
        Index("ix_scorecards_referrer_id", "practice_id", "referrer_id", "made_at"),
    )

    batch_id: Mapped[uuid.UUID | None]
    referrer_id: Mapped[uuid.UUID]
    start: Mapped[date]
    ends: Mapped[date]
    made_at: Mapped[datetime]
    # The scorecard as the API shows it.
    content: Mapped[dict[str, Any]]
    said: Mapped[int]
    chosen: Mapped[bool]
    skip: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="prepared", server_default="prepared")
    document_id: Mapped[uuid.UUID | None]
    letter_id: Mapped[uuid.UUID | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
