"""The next step on the lead itself, kept by the database; the words patients are found by."""

import sqlalchemy as sa
from alembic import op
from tenancy import protect

revision = "20261124_1300"
down_revision = "20261124_1010"

KEEP = """
CREATE FUNCTION keep_next_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  practice uuid := COALESCE(NEW.practice_id, OLD.practice_id);
  lead uuid;
  first record;
BEGIN
  FOREACH lead IN ARRAY ARRAY[NEW.lead_id, OLD.lead_id] LOOP
    CONTINUE WHEN lead IS NULL;
    SELECT t.id, t.kind, t.title, t.due_at INTO first FROM tasks t
      WHERE t.practice_id = practice AND t.lead_id = lead AND t.done_at IS NULL
      ORDER BY t.due_at, t.id LIMIT 1;
    UPDATE leads l SET next_task_id = first.id, next_kind = first.kind, next_label = first.title,
                       next_due_at = first.due_at
      WHERE l.practice_id = practice AND l.id = lead
        AND (l.next_task_id, l.next_kind, l.next_label, l.next_due_at)
            IS DISTINCT FROM (first.id, first.kind, first.title, first.due_at);
  END LOOP;
  RETURN NULL;
END $$
"""
TRIGGER = """
CREATE TRIGGER keep_next_step AFTER INSERT OR UPDATE OR DELETE ON tasks
  FOR EACH ROW EXECUTE FUNCTION keep_next_step()
"""


def upgrade() -> None:
    op.add_column("leads", sa.Column("next_task_id", sa.Uuid()))
    op.add_column("leads", sa.Column("next_kind", sa.String()))
    op.add_column("leads", sa.Column("next_label", sa.String()))
    op.add_column("leads", sa.Column("next_due_at", sa.DateTime(timezone=True)))
    op.execute(KEEP)
    op.execute(TRIGGER)
    op.add_column("fax_segments", sa.Column("reject_reason", sa.String()))
    op.create_table(
        "patient_words",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("word", sa.String(collation="C"), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "patient_id"],
            ["patients.practice_id", "patients.id"],
            name="fk_patient_words_practice_id_patient_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "word", "patient_id", name="pk_patient_words"),
    )
    op.create_index("ix_patient_words_patient_id", "patient_words", ["practice_id", "patient_id"])
    protect("patient_words")


def downgrade() -> None:
    op.drop_table("patient_words")
    op.execute("DROP TRIGGER keep_next_step ON tasks")
    op.execute("DROP FUNCTION keep_next_step()")
    op.drop_column("fax_segments", "reject_reason")
    for column in ("next_due_at", "next_label", "next_kind", "next_task_id"):
        op.drop_column("leads", column)
