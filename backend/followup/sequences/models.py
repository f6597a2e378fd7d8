"""Tables of sequences, of leads going through one, and of the practice's rules of follow-up."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base, TenantRow


class Sequence(TenantRow, Base):
    """Steps in order, begun by a trigger for leads that meet the conditions; the first in `position` wins."""

    __tablename__ = "sequences"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id"], ["practices.id"]),
        CheckConstraint("trigger IN ('lead_opened','unreachable','evaluation_missed','inactive')", name="trigger"),
        Index(
            "uq_sequences_name", "practice_id", text("lower(name)"), unique=True,
            postgresql_where=text("archived_at IS NULL"),
        ),
    )  # fmt: skip

    name: Mapped[str]
    trigger: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True, server_default="true")
    position: Mapped[int]
    conditions: Mapped[dict[str, Any]]
    steps: Mapped[list[Any]]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    archived_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Enrollment(TenantRow, Base):
    """A lead on its way through a sequence, with the steps as they were when it began.

    `attempt` counts the times the step at `position` was planned: its timer's key is id:position:attempt.
    """

    __tablename__ = "enrollments"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "lead_id"], ["leads.practice_id", "leads.id"]),
        ForeignKeyConstraint(["practice_id", "sequence_id"], ["sequences.practice_id", "sequences.id"]),
        CheckConstraint("state IN ('active','snoozed','done','stopped')", name="state"),
        CheckConstraint("(state IN ('active','snoozed')) = (next_at IS NOT NULL)", name="next_at"),
        CheckConstraint("(state = 'stopped') = (stop_reason IS NOT NULL)", name="stop_reason"),
        Index(
            "uq_enrollments_running", "practice_id", "lead_id", unique=True,
            postgresql_where=text("state IN ('active','snoozed')"),
        ),
        Index("ix_enrollments_lead_id", "practice_id", "lead_id", "started_at"),
        Index(
            "ix_enrollments_waiting", "practice_id", "location_id",
            postgresql_where=text("state = 'active' AND wait_reason = 'throttle'"),
        ),
    )  # fmt: skip

    lead_id: Mapped[uuid.UUID]
    sequence_id: Mapped[uuid.UUID]
    sequence_version: Mapped[int]
    name: Mapped[str]
    trigger: Mapped[str]
    steps: Mapped[list[Any]]
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    attempt: Mapped[int] = mapped_column(default=0, server_default="0")
    state: Mapped[str] = mapped_column(default="active", server_default="active")
    stop_reason: Mapped[str | None]
    # When the step at `position` was due by its delay, and when its timer fires; snoozing and waiting move the latter.
    planned_at: Mapped[datetime]
    next_at: Mapped[datetime | None]
    # Why the step at `position` waits longer than its delay, and since when; the queue of the throttle.
    wait_reason: Mapped[str | None]
    waiting_since: Mapped[datetime | None]
    urgency_rank: Mapped[int] = mapped_column(default=2, server_default="2")
    location_id: Mapped[uuid.UUID | None]
    # Texts do not arrive (opted out, landline, …): text steps are passed over.
    no_texts: Mapped[str | None]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class EnrollmentStep(TenantRow, Base):
    """A step taken or passed over, and why."""

    __tablename__ = "enrollment_steps"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "enrollment_id"], ["enrollments.practice_id", "enrollments.id"]),
        CheckConstraint("outcome IN ('done','skipped')", name="outcome"),
        Index("uq_enrollment_steps_position", "practice_id", "enrollment_id", "position", unique=True),
        Index(
            "ix_enrollment_steps_texts", "practice_id", "location_id", "at",
            postgresql_where=text("kind = 'text' AND outcome = 'done'"),
        ),
    )  # fmt: skip

    enrollment_id: Mapped[uuid.UUID]
    position: Mapped[int]
    kind: Mapped[str]
    at: Mapped[datetime]
    outcome: Mapped[str]
    reason: Mapped[str | None]
    location_id: Mapped[uuid.UUID | None]
    message_id: Mapped[uuid.UUID | None]
    task_id: Mapped[uuid.UUID | None]


class FollowupRules(Base):
    """What the practice chose about evaluations, silence and how many texts go out; without a row the defaults hold."""

    __tablename__ = "followup_rules"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id"], ["practices.id"]),
        CheckConstraint("inactivity_days BETWEEN 1 AND 365 AND lost_after_days BETWEEN 1 AND 365", name="inactivity"),
        CheckConstraint("missed_after_days BETWEEN 0 AND 60", name="missed"),
        CheckConstraint("scheduling_window_days BETWEEN 1 AND 365", name="window"),
        CheckConstraint("texts_per_hour BETWEEN 0 AND 1000", name="texts"),
    )

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    scheduled_stage: Mapped[str] = mapped_column(default="scheduled", server_default="scheduled")
    scheduling_window_days: Mapped[int] = mapped_column(default=90, server_default="90")
    missed_after_days: Mapped[int] = mapped_column(default=1, server_default="1")
    missed_stage: Mapped[str] = mapped_column(default="contacted", server_default="contacted")
    attended_stage: Mapped[str] = mapped_column(default="first_visit_complete", server_default="first_visit_complete")
    inactivity_days: Mapped[int] = mapped_column(default=15, server_default="15")
    lost_after_days: Mapped[int] = mapped_column(default=7, server_default="7")
    lost_reason: Mapped[str] = mapped_column(default="No response", server_default="No response")
    # Null: as many as there are.
    texts_per_hour: Mapped[int | None]
    text_windows: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    version: Mapped[int] = mapped_column(default=1, server_default="1")
