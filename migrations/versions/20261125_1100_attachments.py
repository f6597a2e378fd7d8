"""Pictures and files in texts, and the addresses carriers fetch them from."""

import sqlalchemy as sa
from alembic import op
from tenancy import protect

revision = "20261125_1100"
down_revision = "20261125_1000"


def upgrade() -> None:
    op.create_table(
        "message_attachments",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("content_type", sa.String(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("failure", sa.String(), nullable=True),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("tries", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("state IN ('pending','stored','failed')", name=op.f("ck_message_attachments_state")),
        sa.CheckConstraint(
            "(state = 'stored') = (document_id IS NOT NULL)", name=op.f("ck_message_attachments_stored")
        ),
        sa.CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name=op.f("ck_message_attachments_failed")),
        sa.ForeignKeyConstraint(
            ["practice_id", "conversation_id"],
            ["conversations.practice_id", "conversations.id"],
            name=op.f("fk_message_attachments_practice_id_conversation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "message_id"],
            ["messages.practice_id", "messages.id"],
            name=op.f("fk_message_attachments_practice_id_message_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "document_id"],
            ["documents.practice_id", "documents.id"],
            name=op.f("fk_message_attachments_practice_id_document_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_message_attachments")),
        sa.UniqueConstraint(
            "practice_id", "message_id", "position", name=op.f("uq_message_attachments_practice_id_message_id_position")
        ),
    )
    op.create_index(
        "ix_message_attachments_conversation_id",
        "message_attachments",
        ["practice_id", "conversation_id"],
        unique=False,
    )
    op.create_table(
        "media_links",
        sa.Column("attachment_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "attachment_id"],
            ["message_attachments.practice_id", "message_attachments.id"],
            name=op.f("fk_media_links_practice_id_attachment_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_media_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_media_links_token_hash")),
    )
    op.create_index("ix_media_links_attachment_id", "media_links", ["practice_id", "attachment_id"], unique=False)
    protect("message_attachments")
    protect("media_links", system=True)


def downgrade() -> None:
    op.drop_table("media_links")
    op.drop_table("message_attachments")
