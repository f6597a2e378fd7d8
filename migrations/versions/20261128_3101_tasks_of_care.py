"""Tasks about care that has no lead: an imported course of care, or one whose lead was merged."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_3101"
down_revision = "20261128_3030"

# Who is in care already is looked at once, soon; what was over long ago is not.
LOOK = """INSERT INTO jobs (id, practice_id, kind, ref_id, key, queue, state, attempt, run_at, created_at)
  SELECT gen_random_uuid(), practice_id, 'followup.care', id, id::text, 'default', 'queued', 0, now(), now()
  FROM episodes e WHERE lead_id IS NULL AND state = 'active' AND EXISTS (SELECT 1 FROM visits v
    WHERE v.practice_id = e.practice_id AND v.episode_id = e.id AND v.day > current_date - 60)
  ON CONFLICT (practice_id, kind, key) DO UPDATE SET state = 'queued', run_at = now(), attempt = 0, rung_at = NULL,
    finished_at = NULL, error_code = NULL, lease_owner = NULL, lease_until = NULL"""
BARE = "num_nonnulls(lead_id, fax_id, referrer_id) >= 1"


def upgrade() -> None:
    op.add_column("tasks", sa.Column("episode_id", sa.Uuid()))
    op.create_foreign_key(
        op.f("fk_tasks_practice_id_episode_id"), "tasks", "episodes", ["practice_id", "episode_id"],
        ["practice_id", "id"], ondelete="CASCADE",
    )  # fmt: skip
    op.create_index(
        "ix_tasks_open_episode", "tasks", ["practice_id", "episode_id"],
        postgresql_where=sa.text("done_at IS NULL AND episode_id IS NOT NULL"),
    )  # fmt: skip
    op.drop_constraint(op.f("ck_tasks_subject"), "tasks")
    op.create_check_constraint(
        op.f("ck_tasks_subject"), "tasks", "num_nonnulls(lead_id, fax_id, referrer_id, episode_id) >= 1"
    )
    _unbound(("jobs", "episodes", "visits"), LOOK)


def downgrade() -> None:
    _unbound(("tasks",), f"DELETE FROM tasks WHERE NOT ({BARE})")
    op.drop_constraint(op.f("ck_tasks_subject"), "tasks")
    op.create_check_constraint(op.f("ck_tasks_subject"), "tasks", BARE)
    op.drop_column("tasks", "episode_id")


def _unbound(tables: tuple[str, ...], statement: str) -> None:
    """For every practice at once."""
    for table in tables:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(statement)
    for table in tables:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
