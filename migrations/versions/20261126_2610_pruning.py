"""What is no longer needed is deleted every day, in the practices that exist already."""

from alembic import op

revision = "20261126_2610"
down_revision = "20261126_2600"


def upgrade() -> None:
    op.execute(
        """INSERT INTO jobs (id, practice_id, kind, ref_id, key, queue, run_at)
        SELECT gen_random_uuid(), id, 'operations.prune', id, id::text, 'default', now() + interval '1 day'
        FROM practices ON CONFLICT DO NOTHING"""
    )


def downgrade() -> None:
    op.execute("DELETE FROM jobs WHERE kind = 'operations.prune'")
