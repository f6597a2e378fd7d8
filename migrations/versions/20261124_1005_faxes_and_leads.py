"""Faxes, leads, orders, history, tasks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261124_1005"
down_revision = "20261124_1000"


def upgrade() -> None:
    op.create_table(
        "faxes",
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=True),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("from_number", sa.String(), nullable=True),
        sa.Column("to_number", sa.String(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("page_count", sa.Integer(), nullable=True),
        sa.Column("duplicate_of", sa.Uuid(), nullable=True),
        sa.Column("failure_step", sa.String(), nullable=True),
        sa.Column("failure_code", sa.String(), nullable=True),
        sa.Column("failure_detail", sa.String(), nullable=True),
        sa.Column("reject_reason", sa.String(), nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(status = 'failed') = (failure_code IS NOT NULL)", name=op.f("ck_faxes_failure")),
        sa.CheckConstraint("status <> 'filed' OR filed_at IS NOT NULL", name=op.f("ck_faxes_filed")),
        sa.CheckConstraint(
            "status IN ('received','fetched','decoded','read','sorted','extracted','matched','filed','needs_review','rejected','failed')",
            name=op.f("ck_faxes_status"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "document_id"],
            ["documents.practice_id", "documents.id"],
            name=op.f("fk_faxes_practice_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "duplicate_of"],
            ["faxes.practice_id", "faxes.id"],
            name=op.f("fk_faxes_practice_id_duplicate_of"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "line_id"],
            ["fax_lines.practice_id", "fax_lines.id"],
            name=op.f("fk_faxes_practice_id_line_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "location_id"],
            ["locations.practice_id", "locations.id"],
            name=op.f("fk_faxes_practice_id_location_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_faxes")),
        sa.UniqueConstraint(
            "practice_id", "line_id", "external_id", name=op.f("uq_faxes_practice_id_line_id_external_id")
        ),
    )
    op.create_index("ix_faxes_list", "faxes", ["practice_id", "received_at", "id"], unique=False)
    op.create_index("ix_faxes_status", "faxes", ["practice_id", "status", "received_at", "id"], unique=False)
    op.create_table(
        "leads",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("rank", sa.String(collation="C"), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("owner_user_id", sa.Uuid(), nullable=True),
        sa.Column("owner_team_id", sa.Uuid(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("urgency", sa.String(), server_default="routine", nullable=False),
        sa.Column("lost_reason", sa.String(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("stage_entered_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("first_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_contact_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("source IN ('fax','web_form','phone','walk_in','api','text')", name=op.f("ck_leads_source")),
        sa.CheckConstraint("stage <> 'lost' OR lost_reason IS NOT NULL", name=op.f("ck_leads_lost_reason")),
        sa.CheckConstraint("urgency IN ('routine','urgent','stat')", name=op.f("ck_leads_urgency")),
        sa.CheckConstraint("num_nonnulls(owner_user_id, owner_team_id) = 1", name=op.f("ck_leads_owner")),
        sa.ForeignKeyConstraint(
            ["practice_id", "location_id"],
            ["locations.practice_id", "locations.id"],
            name=op.f("fk_leads_practice_id_location_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "owner_team_id"],
            ["teams.practice_id", "teams.id"],
            name=op.f("fk_leads_practice_id_owner_team_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "owner_user_id"],
            ["users.practice_id", "users.id"],
            name=op.f("fk_leads_practice_id_owner_user_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "patient_id"],
            ["patients.practice_id", "patients.id"],
            name=op.f("fk_leads_practice_id_patient_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "stage"],
            ["stages.practice_id", "stages.key"],
            name=op.f("fk_leads_practice_id_stage"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_leads")),
    )
    op.create_index("ix_leads_column", "leads", ["practice_id", "stage", "rank", "id"], unique=False)
    op.create_index("ix_leads_patient_id", "leads", ["practice_id", "patient_id"], unique=False)
    op.create_table(
        "team_members",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "team_id"],
            ["teams.practice_id", "teams.id"],
            name=op.f("fk_team_members_practice_id_team_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "user_id"],
            ["users.practice_id", "users.id"],
            name=op.f("fk_team_members_practice_id_user_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "team_id", "user_id", name=op.f("pk_team_members")),
    )
    op.create_table(
        "fax_pages",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("fax_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("damage", sa.Double(), nullable=False),
        sa.Column("blank", sa.Boolean(), nullable=False),
        sa.Column("inverted", sa.Boolean(), nullable=False),
        sa.Column("rotation", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("kind_confidence", sa.Double(), nullable=True),
        sa.Column("segment", sa.Integer(), nullable=True),
        sa.Column("image_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("words", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["practice_id", "fax_id"],
            ["faxes.practice_id", "faxes.id"],
            name=op.f("fk_fax_pages_practice_id_fax_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "image_id"],
            ["documents.practice_id", "documents.id"],
            name=op.f("fk_fax_pages_practice_id_image_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "fax_id", "number", name=op.f("pk_fax_pages")),
    )
    op.create_table(
        "fax_segments",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("fax_id", sa.Uuid(), nullable=False),
        sa.Column("index", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("pages", postgresql.ARRAY(sa.INTEGER()), nullable=False),
        sa.Column("fields", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("hold_reasons", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=True),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("matches", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "fax_id"],
            ["faxes.practice_id", "faxes.id"],
            name=op.f("fk_fax_segments_practice_id_fax_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "lead_id"],
            ["leads.practice_id", "leads.id"],
            name=op.f("fk_fax_segments_practice_id_lead_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "patient_id"],
            ["patients.practice_id", "patients.id"],
            name=op.f("fk_fax_segments_practice_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "fax_id", "index", name=op.f("pk_fax_segments")),
    )
    op.create_index("ix_fax_segments_lead_id", "fax_segments", ["practice_id", "lead_id"], unique=False)
    op.create_table(
        "fax_steps",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("fax_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "fax_id"],
            ["faxes.practice_id", "faxes.id"],
            name=op.f("fk_fax_steps_practice_id_fax_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "fax_id", "step", name=op.f("pk_fax_steps")),
    )
    op.create_table(
        "lead_events",
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("actor_kind", sa.String(), nullable=False),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("from_stage", sa.String(), nullable=True),
        sa.Column("to_stage", sa.String(), nullable=True),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "lead_id"],
            ["leads.practice_id", "leads.id"],
            name=op.f("fk_lead_events_practice_id_lead_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_lead_events")),
    )
    op.create_index("ix_lead_events_lead_id", "lead_events", ["practice_id", "lead_id", "at", "id"], unique=False)
    op.create_table(
        "referral_orders",
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("referrer_id", sa.Uuid(), nullable=True),
        sa.Column("fax_id", sa.Uuid(), nullable=True),
        sa.Column("fax_segment", sa.Integer(), nullable=True),
        sa.Column("referral_date", sa.Date(), nullable=True),
        sa.Column("diagnosis_text", sa.String(), nullable=True),
        sa.Column("icd10_codes", postgresql.ARRAY(sa.TEXT()), server_default="{}", nullable=False),
        sa.Column("body_part", sa.String(), nullable=True),
        sa.Column("side", sa.String(), nullable=True),
        sa.Column("order_text", sa.String(), nullable=True),
        sa.Column("discipline", sa.String(), nullable=True),
        sa.Column("evaluate_and_treat", sa.Boolean(), nullable=True),
        sa.Column("frequency_per_week", sa.Integer(), nullable=True),
        sa.Column("duration_weeks", sa.Integer(), nullable=True),
        sa.Column("visits_authorized", sa.Integer(), nullable=True),
        sa.Column("authorization_number", sa.String(), nullable=True),
        sa.Column("surgery_date", sa.Date(), nullable=True),
        sa.Column("procedure", sa.String(), nullable=True),
        sa.Column("precautions", sa.String(), nullable=True),
        sa.Column("weight_bearing", sa.String(), nullable=True),
        sa.Column("urgency", sa.String(), nullable=True),
        sa.Column("signed", sa.Boolean(), nullable=True),
        sa.Column("notes", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "lead_id"],
            ["leads.practice_id", "leads.id"],
            name=op.f("fk_referral_orders_practice_id_lead_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "referrer_id"],
            ["referrers.practice_id", "referrers.id"],
            name=op.f("fk_referral_orders_practice_id_referrer_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_referral_orders")),
        sa.UniqueConstraint(
            "practice_id",
            "fax_id",
            "fax_segment",
            name=op.f("uq_referral_orders_practice_id_fax_id_fax_segment"),
        ),
    )
    op.create_index("ix_referral_orders_lead_id", "referral_orders", ["practice_id", "lead_id"], unique=False)
    op.create_table(
        "tasks",
        sa.Column("lead_id", sa.Uuid(), nullable=True),
        sa.Column("fax_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owner_user_id", sa.Uuid(), nullable=True),
        sa.Column("owner_team_id", sa.Uuid(), nullable=True),
        sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("num_nonnulls(lead_id, fax_id) >= 1", name=op.f("ck_tasks_subject")),
        sa.CheckConstraint("num_nonnulls(owner_user_id, owner_team_id) = 1", name=op.f("ck_tasks_owner")),
        sa.ForeignKeyConstraint(
            ["practice_id", "fax_id"],
            ["faxes.practice_id", "faxes.id"],
            name=op.f("fk_tasks_practice_id_fax_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "lead_id"],
            ["leads.practice_id", "leads.id"],
            name=op.f("fk_tasks_practice_id_lead_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "owner_team_id"],
            ["teams.practice_id", "teams.id"],
            name=op.f("fk_tasks_practice_id_owner_team_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "owner_user_id"],
            ["users.practice_id", "users.id"],
            name=op.f("fk_tasks_practice_id_owner_user_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_tasks")),
    )
    op.create_index(
        "ix_tasks_due",
        "tasks",
        ["practice_id", "due_at", "id"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_index(
        "ix_tasks_open_lead",
        "tasks",
        ["practice_id", "lead_id", "due_at"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL"),
    )


def downgrade() -> None:
    raise NotImplementedError("the foundation is not taken away; restore a backup instead")
