"""Table of tasks."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base, TenantRow


class Task(TenantRow, Base):
    """Something a person or team must do by a time. Done when `done_at` is set."""

    __tablename__ = "tasks"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "lead_id"], ["leads.practice_id", "leads.id"]),
        ForeignKeyConstraint(["practice_id", "fax_id"], ["faxes.practice_id", "faxes.id"]),
        ForeignKeyConstraint(["practice_id", "owner_user_id"], ["users.practice_id", "users.id"]),
        ForeignKeyConstraint(["practice_id", "owner_team_id"], ["teams.practice_id", "teams.id"]),
        CheckConstraint("num_nonnulls(owner_user_id, owner_team_id) = 1", name="owner"),
        ForeignKeyConstraint(["practice_id", "referrer_id"], ["referrers.practice_id", "referrers.id"]),
        ForeignKeyConstraint(
            ["practice_id", "episode_id"], ["episodes.practice_id", "episodes.id"], ondelete="CASCADE"
        ),
        CheckConstraint("num_nonnulls(lead_id, fax_id, referrer_id, episode_id) >= 1", name="subject"),
        Index("ix_tasks_open_lead", "practice_id", "lead_id", "due_at", postgresql_where=text("done_at IS NULL")),
        Index(
            "ix_tasks_open_episode",
            "practice_id",
            "episode_id",
            postgresql_where=text("done_at IS NULL AND episode_id IS NOT NULL"),
        ),
        CheckConstraint("isfinite(due_at)", name="due"),
        CheckConstraint("alert IN ('breached','escalated')", name="alert"),
        Index("ix_tasks_loss", "practice_id", "loss_group", "due_at", "id", postgresql_where=text("done_at IS NULL")),
        *(
            Index(
                f"ix_tasks_loss_{owner}",
                "practice_id",
                f"owner_{owner}_id",
                "loss_group",
                "due_at",
                "id",
                postgresql_where=text("done_at IS NULL"),
            )
            for owner in ("user", "team")
        ),
        Index("ix_tasks_due", "practice_id", "due_at", "id", postgresql_where=text("done_at IS NULL")),
    )

    lead_id: Mapped[uuid.UUID | None]
    fax_id: Mapped[uuid.UUID | None]
    referrer_id: Mapped[uuid.UUID | None]
    # Care that has no lead; what is due for a lead's own hangs on the lead.
    episode_id: Mapped[uuid.UUID | None]
    kind: Mapped[str]
    title: Mapped[str]
    due_at: Mapped[datetime]
    owner_user_id: Mapped[uuid.UUID | None]
    owner_team_id: Mapped[uuid.UUID | None]
    snoozed_until: Mapped[datetime | None]
    # The patient waits for an answer since then.
    waiting_since: Mapped[datetime | None]
    # Somebody did something about it; silence counts from here.
    touched_at: Mapped[datetime | None]
    # `breached`: the first contact came too late; `escalated`: the owner before was silent.
    alert: Mapped[str | None]
    escalations: Mapped[int] = mapped_column(default=0, server_default="0")
    # What is lost first (see `loss.py`); kept by the database (triggers on tasks and leads), so it cannot drift.
    loss_group: Mapped[int] = mapped_column(server_default="2")
    done_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class EscalationPolicy(TenantRow, Base):
    """Who gets a task whose owner is silent, of one clinic or (null) of the practice; without a row the usual chain."""

    __tablename__ = "escalation_policies"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id"], ["practices.id"]),
        ForeignKeyConstraint(["practice_id", "location_id"], ["locations.practice_id", "locations.id"]),
        UniqueConstraint("practice_id", "location_id", postgresql_nulls_not_distinct=True),
        CheckConstraint("silent_minutes BETWEEN 5 AND 14400", name="silent_minutes"),
    )

    location_id: Mapped[uuid.UUID | None]
    silent_minutes: Mapped[int]
    # In order: {kind: user|team, id}. Empty: the practice's chain, or the usual one.
    chain: Mapped[list[Any]]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
