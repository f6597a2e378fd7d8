"""Texting: numbers, conversations, messages, the consent ledger, policy and templates."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from tenancy import APP, protect

revision = "20261125_1000"
down_revision = "20261124_1300"

TENANT_ONLY = (
    "message_templates",
    "messaging_policies",
    "phone_facts",
    "consents",
    "conversations",
    "conversation_patients",
    "messages",
)
LEDGER = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON consents
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""


def upgrade() -> None:
    op.create_table(
        "message_templates",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_message_templates_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "key", name=op.f("pk_message_templates")),
    )
    op.create_table(
        "messaging_policies",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("first_text", sa.String(), server_default="consent_first", nullable=False),
        sa.Column("opens", sa.Time(), server_default="09:00", nullable=False),
        sa.Column("closes", sa.Time(), server_default="20:00", nullable=False),
        sa.Column("sundays", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("per_day", sa.Integer(), server_default="1", nullable=False),
        sa.Column("per_week", sa.Integer(), server_default="3", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "first_text IN ('consent_first','send','off')", name=op.f("ck_messaging_policies_first_text")
        ),
        sa.CheckConstraint(
            "per_day BETWEEN 1 AND 20 AND per_week BETWEEN 1 AND 50", name=op.f("ck_messaging_policies_caps")
        ),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_messaging_policies_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", name=op.f("pk_messaging_policies")),
    )
    op.create_table(
        "phone_facts",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("landline", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("bad_code", sa.String(), nullable=True),
        sa.Column("wrong_person", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_phone_facts_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "phone", name=op.f("pk_phone_facts")),
    )
    op.create_table(
        "consents",
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("scope", sa.String(), server_default="all", nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("captured_by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "method IN ('sms','verbal','form','paper','api','given_number')", name=op.f("ck_consents_method")
        ),
        sa.CheckConstraint(
            "scope IN ('all','care','scheduling','feedback','marketing')", name=op.f("ck_consents_scope")
        ),
        sa.CheckConstraint("status IN ('granted','asked','revoked')", name=op.f("ck_consents_status")),
        sa.ForeignKeyConstraint(
            ["practice_id", "patient_id"],
            ["patients.practice_id", "patients.id"],
            name=op.f("fk_consents_practice_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_consents")),
    )
    op.create_index("ix_consents_phone", "consents", ["practice_id", "phone", "at", "id"], unique=False)
    op.create_table(
        "phone_lines",
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("account_key", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("sealed_secrets", sa.LargeBinary(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("last_reconciled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("provider IN ('twilio')", name=op.f("ck_phone_lines_provider")),
        sa.ForeignKeyConstraint(
            ["practice_id", "location_id"],
            ["locations.practice_id", "locations.id"],
            name=op.f("fk_phone_lines_practice_id_location_id"),
        ),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_phone_lines_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_phone_lines")),
        sa.UniqueConstraint("account_key", name=op.f("uq_phone_lines_account_key")),
        sa.UniqueConstraint("practice_id", "number", name=op.f("uq_phone_lines_practice_id_number")),
    )
    op.create_table(
        "conversations",
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("owner_user_id", sa.Uuid(), nullable=True),
        sa.Column("owner_team_id", sa.Uuid(), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("last_inbound_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waiting", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("unread", sa.Integer(), server_default="0", nullable=False),
        sa.Column("undeliverable", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("num_nonnulls(owner_user_id, owner_team_id) <= 1", name=op.f("ck_conversations_owner")),
        sa.ForeignKeyConstraint(
            ["practice_id", "line_id"],
            ["phone_lines.practice_id", "phone_lines.id"],
            name=op.f("fk_conversations_practice_id_line_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "location_id"],
            ["locations.practice_id", "locations.id"],
            name=op.f("fk_conversations_practice_id_location_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "owner_team_id"],
            ["teams.practice_id", "teams.id"],
            name=op.f("fk_conversations_practice_id_owner_team_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "owner_user_id"],
            ["users.practice_id", "users.id"],
            name=op.f("fk_conversations_practice_id_owner_user_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_conversations")),
        sa.UniqueConstraint("practice_id", "line_id", "phone", name=op.f("uq_conversations_practice_id_line_id_phone")),
    )
    op.create_index(
        "ix_conversations_latest",
        "conversations",
        ["practice_id", sa.literal_column("last_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index("ix_conversations_phone", "conversations", ["practice_id", "phone"], unique=False)
    op.create_index(
        "ix_conversations_waiting",
        "conversations",
        ["practice_id", sa.literal_column("last_at DESC"), sa.literal_column("id DESC")],
        unique=False,
        postgresql_where=sa.text("waiting"),
    )
    op.create_table(
        "conversation_patients",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "conversation_id"],
            ["conversations.practice_id", "conversations.id"],
            name=op.f("fk_conversation_patients_practice_id_conversation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "patient_id"],
            ["patients.practice_id", "patients.id"],
            name=op.f("fk_conversation_patients_practice_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "conversation_id", "patient_id", name=op.f("pk_conversation_patients")),
    )
    op.create_index(
        "ix_conversation_patients_patient_id", "conversation_patients", ["practice_id", "patient_id"], unique=False
    )
    op.create_table(
        "messages",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=True),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), server_default="care", nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("send_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hold_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("automatic", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("error_code", sa.String(), nullable=True),
        sa.Column("understood", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("dispatches", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("direction IN ('in','out','note')", name=op.f("ck_messages_direction")),
        sa.CheckConstraint("purpose IN ('care','consent_request','notice')", name=op.f("ck_messages_purpose")),
        sa.CheckConstraint(
            "status IN ('queued','held','blocked','sending','sent','delivered','undelivered','failed','canceled','unknown','received')",
            name=op.f("ck_messages_status"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "conversation_id"],
            ["conversations.practice_id", "conversations.id"],
            name=op.f("fk_messages_practice_id_conversation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "lead_id"], ["leads.practice_id", "leads.id"], name=op.f("fk_messages_practice_id_lead_id")
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_messages")),
        sa.UniqueConstraint("practice_id", "external_id", name=op.f("uq_messages_practice_id_external_id")),
    )
    op.create_index("ix_messages_lead_id", "messages", ["practice_id", "lead_id"], unique=False)
    op.create_index(
        "ix_messages_thread", "messages", ["practice_id", "conversation_id", "created_at", "id"], unique=False
    )
    op.create_index(
        "ix_messages_waiting",
        "messages",
        ["practice_id", "conversation_id"],
        unique=False,
        postgresql_where=sa.text("status IN ('queued','held','sending','unknown')"),
    )
    for table in TENANT_ONLY:
        protect(table)
    protect("phone_lines", system=True)
    op.execute(LEDGER)
    op.execute(f"REVOKE UPDATE, DELETE ON consents FROM {APP}")


def downgrade() -> None:
    for table in (
        "messages", "conversation_patients", "conversations", "phone_lines", "consents", "phone_facts",
        "messaging_policies", "message_templates",
    ):  # fmt: skip
        op.drop_table(table)
