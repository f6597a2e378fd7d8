"""Working hours and holidays; the first-contact clock; escalation; what is lost first."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from tenancy import protect

revision = "20261125_1500"
down_revision = "20261125_1100"

TABLES = ("location_hours", "holidays", "first_contact_targets", "escalation_policies")

RANK = """
CREATE FUNCTION rank_task() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  pressing boolean := NEW.lead_id IS NULL;
BEGIN
  IF NEW.lead_id IS NOT NULL THEN
    SELECT l.urgency <> 'routine'
           OR (l.stage = 'new' AND l.first_attempt_at IS NULL AND l.first_contact_at IS NULL)
      INTO pressing FROM leads l WHERE l.practice_id = NEW.practice_id AND l.id = NEW.lead_id;
  END IF;
  NEW.loss_group := CASE WHEN NEW.waiting_since IS NOT NULL THEN 0 WHEN pressing THEN 1 ELSE 2 END;
  RETURN NEW;
END $$
"""
RANK_TASKS = """
CREATE FUNCTION rank_tasks_of_lead() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE tasks SET waiting_since = waiting_since
    WHERE practice_id = NEW.practice_id AND lead_id = NEW.id AND done_at IS NULL;
  RETURN NULL;
END $$
"""
TRIGGERS = (
    """CREATE TRIGGER rank_task BEFORE INSERT OR UPDATE OF waiting_since, lead_id, fax_id ON tasks
  FOR EACH ROW EXECUTE FUNCTION rank_task()""",
    """CREATE TRIGGER rank_tasks AFTER UPDATE OF urgency, stage, first_attempt_at, first_contact_at ON leads
  FOR EACH ROW WHEN ((OLD.urgency, OLD.stage, OLD.first_attempt_at, OLD.first_contact_at)
    IS DISTINCT FROM (NEW.urgency, NEW.stage, NEW.first_attempt_at, NEW.first_contact_at))
  EXECUTE FUNCTION rank_tasks_of_lead()""",
)
# What is there already is watched from now on; each timer looks for itself when it fires.
WATCHED = ("leads", "tasks", "jobs")
WATCH = (
    """INSERT INTO jobs (id, practice_id, kind, ref_id, key, queue, run_at)
  SELECT gen_random_uuid(), practice_id, 'followup.escalate', id, id::text, 'default', due_at
  FROM tasks WHERE done_at IS NULL ON CONFLICT DO NOTHING""",
    """INSERT INTO jobs (id, practice_id, kind, ref_id, key, queue, run_at)
  SELECT gen_random_uuid(), practice_id, 'followup.first_contact', id, id::text, 'default', now()
  FROM leads WHERE open AND first_attempt_at IS NULL AND first_contact_at IS NULL ON CONFLICT DO NOTHING""",
    "UPDATE tasks SET waiting_since = created_at WHERE done_at IS NULL AND kind = 'reply'",
    "UPDATE tasks SET waiting_since = waiting_since WHERE done_at IS NULL",
)


def upgrade() -> None:
    op.create_table(
        "location_hours",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("weekly", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "location_id"],
            ["locations.practice_id", "locations.id"],
            name=op.f("fk_location_hours_practice_id_location_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "location_id", name=op.f("pk_location_hours")),
    )
    op.create_table(
        "holidays",
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("hours", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_holidays_practice_id")),
        sa.ForeignKeyConstraint(
            ["practice_id", "location_id"],
            ["locations.practice_id", "locations.id"],
            name=op.f("fk_holidays_practice_id_location_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_holidays")),
        sa.UniqueConstraint(
            "practice_id",
            "location_id",
            "date",
            name=op.f("uq_holidays_practice_id_location_id_date"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "first_contact_targets",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("stat", sa.Integer(), nullable=False),
        sa.Column("urgent", sa.Integer(), nullable=False),
        sa.Column("routine", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "stat BETWEEN 5 AND 14400 AND urgent BETWEEN 5 AND 14400", name=op.f("ck_first_contact_targets_urgent")
        ),
        sa.CheckConstraint("routine BETWEEN 5 AND 14400", name=op.f("ck_first_contact_targets_routine")),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_first_contact_targets_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", name=op.f("pk_first_contact_targets")),
    )
    op.create_table(
        "escalation_policies",
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("silent_minutes", sa.Integer(), nullable=False),
        sa.Column("chain", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("silent_minutes BETWEEN 5 AND 14400", name=op.f("ck_escalation_policies_silent_minutes")),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_escalation_policies_practice_id")),
        sa.ForeignKeyConstraint(
            ["practice_id", "location_id"],
            ["locations.practice_id", "locations.id"],
            name=op.f("fk_escalation_policies_practice_id_location_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_escalation_policies")),
        sa.UniqueConstraint(
            "practice_id",
            "location_id",
            name=op.f("uq_escalation_policies_practice_id_location_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    for table in TABLES:
        protect(table)
    op.add_column("lead_events", sa.Column("actor_id", sa.String(), nullable=True))
    _tasks()
    _watch()


def _tasks() -> None:
    op.add_column("tasks", sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("tasks", sa.Column("touched_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("tasks", sa.Column("alert", sa.String(), nullable=True))
    op.add_column("tasks", sa.Column("escalations", sa.Integer(), server_default="0", nullable=False))
    op.add_column("tasks", sa.Column("loss_group", sa.Integer(), server_default="2", nullable=False))
    op.create_check_constraint(op.f("ck_tasks_due"), "tasks", "isfinite(due_at)")
    op.create_check_constraint(op.f("ck_tasks_alert"), "tasks", "alert IN ('breached','escalated')")
    op.create_index(
        "ix_tasks_loss",
        "tasks",
        ["practice_id", "loss_group", "due_at", "id"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL"),
    )
    for owner in ("user", "team"):
        op.create_index(
            f"ix_tasks_loss_{owner}",
            "tasks",
            ["practice_id", f"owner_{owner}_id", "loss_group", "due_at", "id"],
            unique=False,
            postgresql_where=sa.text("done_at IS NULL"),
        )
    for statement in (RANK, RANK_TASKS, *TRIGGERS):
        op.execute(statement)


def _watch() -> None:
    """The owner of the tables may not see their rows either, except for a moment here."""
    for table in WATCHED:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    for statement in WATCH:
        op.execute(statement)
    # What the updates left to check at commit is checked now, while the rows can be seen.
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in WATCHED:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    # Nobody would know what these jobs are.
    op.execute("SELECT set_config('app.system', 'on', true)")
    op.execute("DELETE FROM jobs WHERE kind IN ('followup.escalate', 'followup.first_contact')")
    op.execute("DROP TRIGGER rank_tasks ON leads")
    op.execute("DROP TRIGGER rank_task ON tasks")
    op.execute("DROP FUNCTION rank_tasks_of_lead()")
    op.execute("DROP FUNCTION rank_task()")
    op.drop_constraint(op.f("ck_tasks_due"), "tasks")
    for index in ("ix_tasks_loss", "ix_tasks_loss_user", "ix_tasks_loss_team"):
        op.drop_index(index, "tasks")
    for column in ("loss_group", "escalations", "alert", "touched_at", "waiting_since"):
        op.drop_column("tasks", column)
    op.drop_column("lead_events", "actor_id")
    for table in reversed(TABLES):
        op.drop_table(table)
