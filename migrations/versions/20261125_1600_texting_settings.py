"""Settings of texting: pausing a line, rotating its token, and who chose the policy with which words."""

import sqlalchemy as sa
from alembic import op
from tenancy import APP, protect

revision = "20261125_1600"
down_revision = "20261125_1400"

CHANGES = "messaging_policy_changes"
APPEND_ONLY = f"""
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {CHANGES}
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    for name in ("paused_at", "resumed_at", "rotating_since"):
        op.add_column("phone_lines", sa.Column(name, moment, nullable=True))
    op.add_column("phone_lines", sa.Column("paused_code", sa.String(), nullable=True))
    op.add_column("phone_lines", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.create_index(
        "ix_messages_sent",
        "messages",
        ["practice_id", sa.literal_column("sent_at DESC")],
        unique=False,
        postgresql_where=sa.text("sent_at IS NOT NULL"),
    )
    op.create_table(
        CHANGES,
        sa.Column("at", moment, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("first_text", sa.String(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.Column("sundays", sa.Boolean(), nullable=False),
        sa.Column("per_day", sa.Integer(), nullable=False),
        sa.Column("per_week", sa.Integer(), nullable=False),
        sa.Column("agreed_to", sa.String(), nullable=True),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "first_text IN ('consent_first','send','off')", name=op.f("ck_messaging_policy_changes_first_text")
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practices.id"], name=op.f("fk_messaging_policy_changes_practice_id")
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_messaging_policy_changes")),
    )
    op.create_index(
        "ix_messaging_policy_changes_latest",
        CHANGES,
        ["practice_id", sa.literal_column("at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    protect(CHANGES)
    op.execute(APPEND_ONLY)
    op.execute(f"REVOKE UPDATE, DELETE ON {CHANGES} FROM {APP}")


def downgrade() -> None:
    op.drop_table(CHANGES)
    op.drop_index("ix_messages_sent", "messages")
    for name in ("version", "paused_code", "rotating_since", "resumed_at", "paused_at"):
        op.drop_column("phone_lines", name)
