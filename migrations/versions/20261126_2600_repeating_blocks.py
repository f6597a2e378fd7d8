"""Blocked time that repeats every week."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_2600"
down_revision = "20261126_2100"


def upgrade() -> None:
    op.add_column("blocked_times", sa.Column("series_id", sa.Uuid(), nullable=True))
    op.create_index(
        "ix_blocked_times_series_id", "blocked_times", ["practice_id", "series_id"],
        postgresql_where=sa.text("series_id IS NOT NULL"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_blocked_times_series_id", "blocked_times")
    op.drop_column("blocked_times", "series_id")
