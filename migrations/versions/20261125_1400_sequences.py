"""Sequences of follow-up, leads on their way through them, rules of follow-up, the lead's evaluation."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from tenancy import protect

revision = "20261125_1400"
down_revision = "20261125_1200"

TABLES = ("sequences", "enrollments", "enrollment_steps", "followup_rules")
JSONB = postgresql.JSONB(astext_type=sa.Text())
# Open leads of before get the timer that new ones get; it looks when it fires.
WATCH = """
INSERT INTO jobs (id, practice_id, kind, ref_id, key, queue, run_at)
SELECT gen_random_uuid(), practice_id, 'followup.inactivity', id, id::text, 'default', now() + interval '1 day'
FROM leads WHERE open ON CONFLICT DO NOTHING
"""


def _time(name: str, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _id(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def upgrade() -> None:
    _sequences()
    _enrollments()
    _rules()
    op.add_column("leads", _time("evaluation_at"))
    op.add_column("leads", sa.Column("evaluation_state", sa.String(), server_default="none", nullable=False))
    op.create_check_constraint(
        op.f("ck_leads_evaluation_state"),
        "leads",
        "evaluation_state IN ('none','booked','missed','attended','canceled')",
    )
    op.create_check_constraint(
        op.f("ck_leads_evaluation_at"), "leads", "evaluation_state = 'none' OR evaluation_at IS NOT NULL"
    )
    for table in TABLES:
        protect(table)
    for table in ("leads", "jobs"):
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(WATCH)
    for table in ("leads", "jobs"):
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def _sequences() -> None:
    op.create_table(
        "sequences",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("trigger", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("conditions", JSONB, nullable=False),
        sa.Column("steps", JSONB, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        _time("archived_at"),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        _id("practice_id"),
        _id("id"),
        sa.CheckConstraint(
            "trigger IN ('lead_opened','unreachable','evaluation_missed','inactive')", name=op.f("ck_sequences_trigger")
        ),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_sequences_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_sequences")),
    )
    op.create_index(
        "uq_sequences_name",
        "sequences",
        ["practice_id", sa.literal_column("lower(name)")],
        unique=True,
        postgresql_where=sa.text("archived_at IS NULL"),
    )


def _enrollments() -> None:
    op.create_table(
        "enrollments",
        _id("lead_id"),
        _id("sequence_id"),
        sa.Column("sequence_version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("trigger", sa.String(), nullable=False),
        sa.Column("steps", JSONB, nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("attempt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("state", sa.String(), server_default="active", nullable=False),
        sa.Column("stop_reason", sa.String(), nullable=True),
        _time("planned_at", nullable=False),
        _time("next_at"),
        sa.Column("wait_reason", sa.String(), nullable=True),
        _time("waiting_since"),
        sa.Column("urgency_rank", sa.Integer(), server_default="2", nullable=False),
        _id("location_id", nullable=True),
        sa.Column("no_texts", sa.String(), nullable=True),
        _time("started_at", nullable=False),
        _time("ended_at"),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        _id("practice_id"),
        _id("id"),
        sa.CheckConstraint("state IN ('active','snoozed','done','stopped')", name=op.f("ck_enrollments_state")),
        sa.CheckConstraint(
            "(state IN ('active','snoozed')) = (next_at IS NOT NULL)", name=op.f("ck_enrollments_next_at")
        ),
        sa.CheckConstraint("(state = 'stopped') = (stop_reason IS NOT NULL)", name=op.f("ck_enrollments_stop_reason")),
        sa.ForeignKeyConstraint(
            ["practice_id", "lead_id"],
            ["leads.practice_id", "leads.id"],
            name=op.f("fk_enrollments_practice_id_lead_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "sequence_id"],
            ["sequences.practice_id", "sequences.id"],
            name=op.f("fk_enrollments_practice_id_sequence_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_enrollments")),
    )
    op.create_index(
        "uq_enrollments_running",
        "enrollments",
        ["practice_id", "lead_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('active','snoozed')"),
    )
    op.create_index("ix_enrollments_lead_id", "enrollments", ["practice_id", "lead_id", "started_at"])
    op.create_index(
        "ix_enrollments_waiting",
        "enrollments",
        ["practice_id", "location_id"],
        postgresql_where=sa.text("state = 'active' AND wait_reason = 'throttle'"),
    )
    op.create_table(
        "enrollment_steps",
        _id("enrollment_id"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        _time("at", nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        _id("location_id", nullable=True),
        _id("message_id", nullable=True),
        _id("task_id", nullable=True),
        _id("practice_id"),
        _id("id"),
        sa.CheckConstraint("outcome IN ('done','skipped')", name=op.f("ck_enrollment_steps_outcome")),
        sa.ForeignKeyConstraint(
            ["practice_id", "enrollment_id"],
            ["enrollments.practice_id", "enrollments.id"],
            name=op.f("fk_enrollment_steps_practice_id_enrollment_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_enrollment_steps")),
    )
    op.create_index(
        "uq_enrollment_steps_position", "enrollment_steps", ["practice_id", "enrollment_id", "position"], unique=True
    )
    op.create_index(
        "ix_enrollment_steps_texts",
        "enrollment_steps",
        ["practice_id", "location_id", "at"],
        postgresql_where=sa.text("kind = 'text' AND outcome = 'done'"),
    )


def _rules() -> None:
    op.create_table(
        "followup_rules",
        _id("practice_id"),
        sa.Column("scheduled_stage", sa.String(), server_default="scheduled", nullable=False),
        sa.Column("scheduling_window_days", sa.Integer(), server_default="90", nullable=False),
        sa.Column("missed_after_days", sa.Integer(), server_default="1", nullable=False),
        sa.Column("missed_stage", sa.String(), server_default="contacted", nullable=False),
        sa.Column("attended_stage", sa.String(), server_default="first_visit_complete", nullable=False),
        sa.Column("inactivity_days", sa.Integer(), server_default="15", nullable=False),
        sa.Column("lost_after_days", sa.Integer(), server_default="7", nullable=False),
        sa.Column("lost_reason", sa.String(), server_default="No response", nullable=False),
        sa.Column("texts_per_hour", sa.Integer(), nullable=True),
        sa.Column("text_windows", JSONB, server_default="[]", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "inactivity_days BETWEEN 1 AND 365 AND lost_after_days BETWEEN 1 AND 365",
            name=op.f("ck_followup_rules_inactivity"),
        ),
        sa.CheckConstraint("missed_after_days BETWEEN 0 AND 60", name=op.f("ck_followup_rules_missed")),
        sa.CheckConstraint("scheduling_window_days BETWEEN 1 AND 365", name=op.f("ck_followup_rules_window")),
        sa.CheckConstraint("texts_per_hour BETWEEN 0 AND 1000", name=op.f("ck_followup_rules_texts")),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_followup_rules_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", name=op.f("pk_followup_rules")),
    )


def downgrade() -> None:
    # Nobody would know what these jobs are.
    op.execute("SELECT set_config('app.system', 'on', true)")
    op.execute(
        "DELETE FROM jobs"
        " WHERE kind IN ('followup.begin', 'followup.step', 'followup.inactivity', 'followup.evaluation')"
    )
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_constraint("ck_leads_evaluation_at", "leads")
    op.drop_constraint("ck_leads_evaluation_state", "leads")
    op.drop_column("leads", "evaluation_state")
    op.drop_column("leads", "evaluation_at")
