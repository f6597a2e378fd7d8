"""Answers to what referrers write, letters that tell of them, links that open them."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_3020"
down_revision = "20261128_3010"

TABLE = "referrer_messages"
KINDS = (
    "received", "contacted", "unreachable", "scheduled", "seen", "plan_of_care", "progress", "discharge",
    "missing_info", "scorecard",
)  # fmt: skip
# Nobody could answer these here; whoever wrote them was called long ago.
OLD = f"UPDATE {TABLE} SET settled_at = at, settled_by = 'Frontdesk' WHERE at < now() - interval '14 days'"


def _one_of(table: str, column: str, *words: str) -> None:
    name = op.f(f"ck_{table}_{column}")
    op.drop_constraint(name, table)
    op.create_check_constraint(name, table, f"{column} IN ('" + "','".join(words) + "')")


def upgrade() -> None:
    for column in (
        sa.Column("answers_id", sa.Uuid()), sa.Column("by", sa.String()),
        sa.Column("settled_at", sa.DateTime(timezone=True)), sa.Column("settled_by", sa.String()),
    ):  # fmt: skip
        op.add_column(TABLE, column)
    op.create_foreign_key(
        op.f(f"fk_{TABLE}_practice_id_answers_id"), TABLE, TABLE, ["practice_id", "answers_id"], ["practice_id", "id"]
    )
    op.create_check_constraint(op.f(f"ck_{TABLE}_answer"), TABLE, '(answers_id IS NULL) = ("by" IS NULL)')
    op.create_index(f"ix_{TABLE}_answers_id", TABLE, ["practice_id", "answers_id"])
    op.create_index(
        f"ix_{TABLE}_waiting", TABLE, ["practice_id", "at"],
        postgresql_where=sa.text("settled_at IS NULL AND answers_id IS NULL"),
    )  # fmt: skip
    op.execute(f"ALTER TABLE {TABLE} NO FORCE ROW LEVEL SECURITY")
    op.execute(OLD)
    op.execute(f"ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY")
    _one_of("letters", "kind", *KINDS, "answer")
    _one_of("referrer_links", "purpose", "portal", "letter", "plan", "message")
    op.create_index("ix_letters_ref_id", "letters", ["practice_id", "ref_id"])


def downgrade() -> None:
    op.drop_index("ix_letters_ref_id", "letters")
    for table in ("letters", "letter_sendings", "referrer_links", "referrer_sessions", TABLE):
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute("DELETE FROM letter_sendings s USING letters l WHERE l.practice_id = s.practice_id"
               " AND l.id = s.letter_id AND l.kind = 'answer'")  # fmt: skip
    op.execute("DELETE FROM letters WHERE kind = 'answer'")
    op.execute(f"DELETE FROM {TABLE} WHERE answers_id IS NOT NULL")
    # What was opened with such a link stays, as of any other.
    op.execute("UPDATE referrer_links SET purpose = 'portal', ref_id = NULL WHERE purpose = 'message'")
    for table in ("letters", "letter_sendings", "referrer_links", "referrer_sessions", TABLE):
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    _one_of("referrer_links", "purpose", "portal", "letter", "plan")
    _one_of("letters", "kind", *KINDS)
    for name in ("waiting", "answers_id"):
        op.drop_index(f"ix_{TABLE}_{name}", TABLE)
    op.drop_constraint(op.f(f"ck_{TABLE}_answer"), TABLE)
    for name in ("settled_by", "settled_at", "by", "answers_id"):
        op.drop_column(TABLE, name)
