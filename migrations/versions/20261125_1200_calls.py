"""Calls: what rang on the practice's numbers, voicemail, and how each number answers."""

import sqlalchemy as sa
from alembic import op
from tenancy import protect

revision = "20261125_1200"
down_revision = "20261125_1500"


def upgrade() -> None:
    op.add_column("phone_lines", sa.Column("forward_to", sa.String()))
    op.add_column("phone_lines", sa.Column("ring_seconds", sa.Integer(), server_default="20", nullable=False))
    op.add_column("phone_lines", sa.Column("text_back", sa.Boolean(), server_default="true", nullable=False))
    op.add_column("phone_lines", sa.Column("greeting", sa.String()))
    op.add_column("phone_lines", sa.Column("greeting_es", sa.String()))
    op.add_column("phone_lines", sa.Column("calls_reconciled_at", sa.DateTime(timezone=True)))
    op.create_check_constraint(op.f("ck_phone_lines_ring_seconds"), "phone_lines", "ring_seconds BETWEEN 5 AND 60")
    op.create_table(
        "calls",
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("lead_id", sa.Uuid(), nullable=True),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("direction", sa.String(), server_default="in", nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rang", sa.Boolean(), nullable=True),
        sa.Column("after_hours", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=True),
        sa.Column("outcome", sa.String(), server_default="ringing", nullable=False),
        sa.Column("duration_seconds", sa.Integer(), nullable=True),
        sa.Column("recording_external_id", sa.String(), nullable=True),
        sa.Column("recording_lost", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("voicemail_document_id", sa.Uuid(), nullable=True),
        sa.Column("voicemail_seconds", sa.Integer(), nullable=True),
        sa.Column("transcript", sa.String(), nullable=True),
        sa.Column("text_back_id", sa.Uuid(), nullable=True),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("direction IN ('in','out')", name=op.f("ck_calls_direction")),
        sa.CheckConstraint("outcome IN ('ringing','missed','voicemail','answered')", name=op.f("ck_calls_outcome")),
        sa.ForeignKeyConstraint(
            ["practice_id", "line_id"],
            ["phone_lines.practice_id", "phone_lines.id"],
            name=op.f("fk_calls_practice_id_line_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "conversation_id"],
            ["conversations.practice_id", "conversations.id"],
            name=op.f("fk_calls_practice_id_conversation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "lead_id"], ["leads.practice_id", "leads.id"], name=op.f("fk_calls_practice_id_lead_id")
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "voicemail_document_id"],
            ["documents.practice_id", "documents.id"],
            name=op.f("fk_calls_practice_id_voicemail_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "text_back_id"],
            ["messages.practice_id", "messages.id"],
            name=op.f("fk_calls_practice_id_text_back_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_calls")),
        sa.UniqueConstraint("practice_id", "external_id", name=op.f("uq_calls_practice_id_external_id")),
    )
    op.create_index("ix_calls_phone", "calls", ["practice_id", "phone", "started_at"])
    op.create_index("ix_calls_lead_id", "calls", ["practice_id", "lead_id"])
    op.create_index("ix_calls_conversation_id", "calls", ["practice_id", "conversation_id", "started_at"])
    protect("calls")
    op.add_column("messages", sa.Column("call_id", sa.Uuid()))
    op.create_foreign_key(
        op.f("fk_messages_practice_id_call_id"),
        "messages",
        "calls",
        ["practice_id", "call_id"],
        ["practice_id", "id"],
    )
    op.create_unique_constraint(op.f("uq_messages_practice_id_call_id"), "messages", ["practice_id", "call_id"])
    op.drop_constraint(op.f("ck_messages_direction"), "messages")
    op.create_check_constraint(op.f("ck_messages_direction"), "messages", "direction IN ('in','out','note','call')")


def downgrade() -> None:
    # Nobody would know what these jobs are.
    op.execute("SELECT set_config('app.system', 'on', true)")
    op.execute("DELETE FROM jobs WHERE kind LIKE 'calls.%'")
    op.drop_constraint(op.f("ck_messages_direction"), "messages")
    # The owner of the tables may not see their rows either, except for a moment here.
    op.execute("ALTER TABLE messages NO FORCE ROW LEVEL SECURITY")
    op.execute("DELETE FROM messages WHERE direction = 'call'")
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    op.execute("ALTER TABLE messages FORCE ROW LEVEL SECURITY")
    op.create_check_constraint(op.f("ck_messages_direction"), "messages", "direction IN ('in','out','note')")
    op.drop_column("messages", "call_id")
    op.drop_table("calls")
    for column in ("calls_reconciled_at", "greeting_es", "greeting", "text_back", "ring_seconds", "forward_to"):
        op.drop_column("phone_lines", column)
