"""The inbox: mentions in notes, and an index for each of its lists."""

import sqlalchemy as sa
from alembic import op
from tenancy import protect

revision = "20261125_1300"
down_revision = "20261125_1100"

LATEST = ("last_at DESC", "id DESC")
# Name: (leading columns, which rows).
LISTS = {
    "ix_conversations_user": (("owner_user_id",), "owner_user_id IS NOT NULL"),
    "ix_conversations_team": (("owner_team_id",), "owner_team_id IS NOT NULL"),
    "ix_conversations_unassigned": ((), "owner_user_id IS NULL AND owner_team_id IS NULL"),
    "ix_conversations_undeliverable": ((), "undeliverable"),
}


def upgrade() -> None:
    op.create_table(
        "mentions",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["practice_id", "message_id"],
            ["messages.practice_id", "messages.id"],
            name=op.f("fk_mentions_practice_id_message_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "user_id"], ["users.practice_id", "users.id"], name=op.f("fk_mentions_practice_id_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "conversation_id"],
            ["conversations.practice_id", "conversations.id"],
            name=op.f("fk_mentions_practice_id_conversation_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "message_id", "user_id", name=op.f("pk_mentions")),
    )
    op.create_index("ix_mentions_user_id", "mentions", ["practice_id", "user_id", "conversation_id"])
    op.create_index(
        "ix_mentions_unseen", "mentions", ["practice_id", "user_id"], postgresql_where=sa.text("seen_at IS NULL")
    )
    protect("mentions")
    for name, (leading, which) in LISTS.items():
        columns = ["practice_id", *leading, *map(sa.literal_column, LATEST)]
        op.create_index(name, "conversations", columns, postgresql_where=sa.text(which))
    # Compared byte by byte, so that a range of the index is a prefix.
    op.create_index("ix_conversations_digits", "conversations", ["practice_id", sa.literal_column('phone COLLATE "C"')])


def downgrade() -> None:
    for name in ("ix_conversations_digits", *LISTS):
        op.drop_index(name, "conversations")
    op.drop_table("mentions")
