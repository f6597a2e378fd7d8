"""Table of tasks."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, func, text
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
        CheckConstraint("num_nonnulls(lead_id, fax_id) >= 1", name="subject"),
        Index("ix_tasks_open_lead", "practice_id", "lead_id", "due_at", postgresql_where=text("done_at IS NULL")),
        Index("ix_tasks_due", "practice_id", "due_at", "id", postgresql_where=text("done_at IS NULL")),
    )

    lead_id: Mapped[uuid.UUID | None]
    fax_id: Mapped[uuid.UUID | None]
    kind: Mapped[str]
    title: Mapped[str]
    due_at: Mapped[datetime]
    owner_user_id: Mapped[uuid.UUID | None]
    owner_team_id: Mapped[uuid.UUID | None]
    snoozed_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
