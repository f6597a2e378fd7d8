"""Referrers by name, their doubles, visits and notes, tasks about them, papers from them, and the NPPES list."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from tenancy import APP, protect

revision = "20261127_2210"
down_revision = "20261127_2300"

MOMENT = sa.DateTime(timezone=True)
# The application writes better keys whenever it touches a row; these find what is there already.
KEYS = """UPDATE referrers SET last_key = coalesce((regexp_match(folded, '([a-z0-9]+)$'))[1], ''),
  first_key = CASE WHEN folded ~ ' ' THEN split_part(folded, ' ', 1) ELSE '' END
  FROM (SELECT practice_id AS p, id AS i, btrim(regexp_replace(lower(replace(name, '''', '')), '[^a-z0-9]+', ' ', 'g'))
    AS folded FROM referrers) AS f WHERE practice_id = p AND id = i"""
# Only a fax that may be a referral presses; a visit to a referrer does not.
RANK = """CREATE OR REPLACE FUNCTION rank_task() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  pressing boolean := NEW.lead_id IS NULL{but};
BEGIN
  IF NEW.lead_id IS NOT NULL THEN
    SELECT l.urgency <> 'routine'
           OR (l.stage = 'new' AND l.first_attempt_at IS NULL AND l.first_contact_at IS NULL)
      INTO pressing FROM leads l WHERE l.practice_id = NEW.practice_id AND l.id = NEW.lead_id;
  END IF;
  NEW.loss_group := CASE WHEN NEW.waiting_since IS NOT NULL THEN 0 WHEN pressing THEN 1 ELSE 2 END;
  RETURN NEW;
END $$"""


def _column(name: str, kind: object, *, null: bool = False, default: str | None = None) -> sa.Column:
    return sa.Column(name, kind, nullable=null, server_default=default)


def _key() -> tuple[sa.Column, ...]:
    return _column("practice_id", sa.Uuid()), _column("id", sa.Uuid())


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_practice_id_{column}")
    return sa.ForeignKeyConstraint(["practice_id", column], [f"{target}.practice_id", f"{target}.id"], name=name)


def upgrade() -> None:
    _keys()
    _pairs()
    _merges()
    _visits()
    _subjects()
    _list()


def _keys() -> None:
    for table, columns in (("referrers", ("last_key", "first_key")), ("referrer_practices", ("name_key",))):
        for column in columns:
            op.add_column(table, _column(column, sa.String(), default=""))
    op.execute("ALTER TABLE referrers NO FORCE ROW LEVEL SECURITY")
    op.execute(KEYS)
    op.execute("ALTER TABLE referrers FORCE ROW LEVEL SECURITY")
    for table, columns in (("referrers", ("last_key", "first_key")), ("referrer_practices", ("name_key",))):
        for column in columns:
            op.alter_column(table, column, server_default=None)
    op.drop_index("ix_referrers_name", "referrers")
    op.create_index("ix_referrers_name", "referrers", ["practice_id", sa.text("lower(name)"), "id"])
    op.create_index("ix_referrers_last_key", "referrers", ["practice_id", "last_key", "first_key"])
    op.drop_index("ix_referrer_practices_name", "referrer_practices")
    op.create_index("ix_referrer_practices_name_key", "referrer_practices", ["practice_id", "name_key"])
    op.create_index("ix_leads_opened_at", "leads", ["practice_id", "opened_at"])
    op.create_index("ix_referral_orders_referrer_id", "referral_orders", ["practice_id", "referrer_id", "lead_id"])


def _pairs() -> None:
    table = "referrer_pairs"
    op.create_table(
        table,
        *(_column(name, sa.Uuid()) for name in ("practice_id", "first_id", "second_id")),
        _column("dismissed_at", MOMENT),
        _column("dismissed_by", sa.String()),
        *(_reference(table, name, "referrers") for name in ("first_id", "second_id")),
        sa.CheckConstraint("first_id < second_id", name=op.f(f"ck_{table}_order")),
        sa.PrimaryKeyConstraint("practice_id", "first_id", "second_id", name=op.f(f"pk_{table}")),
    )
    op.create_index("ix_referrer_pairs_second_id", table, ["practice_id", "second_id"])
    protect(table)


def _merges() -> None:
    table = "referrer_merges"
    op.create_table(
        table,
        *_key(),
        _column("referrer_id", sa.Uuid()),
        _column("into_id", sa.Uuid()),
        _column("at", MOMENT),
        _column("by", sa.String()),
        _column("changes", postgresql.JSONB()),
        _column("undone_at", MOMENT, null=True),
        _column("undone_by", sa.String(), null=True),
        *(_reference(table, name, "referrers") for name in ("referrer_id", "into_id")),
        sa.CheckConstraint("referrer_id <> into_id", name=op.f(f"ck_{table}_other")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f(f"pk_{table}")),
    )
    op.create_index(
        "uq_referrer_merges_standing", table, ["practice_id", "referrer_id"], unique=True,
        postgresql_where=sa.text("undone_at IS NULL"),
    )  # fmt: skip
    op.create_index("ix_referrer_merges_into_id", table, ["practice_id", "into_id"])
    protect(table)


def _visits() -> None:
    table = "liaison_visits"
    op.create_table(
        table,
        *_key(),
        _column("referrer_id", sa.Uuid()),
        _column("visited_on", sa.Date()),
        _column("user_id", sa.Uuid(), null=True),
        _column("by", sa.String()),
        _column("met", sa.String(), null=True),
        _column("note", sa.String(), null=True),
        _column("next_on", sa.Date(), null=True),
        _column("created_at", MOMENT),
        _reference(table, "referrer_id", "referrers"),
        _reference(table, "user_id", "users"),
        sa.CheckConstraint("next_on > visited_on", name=op.f(f"ck_{table}_next_on")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f(f"pk_{table}")),
    )
    op.create_index("ix_liaison_visits_referrer_id", table, ["practice_id", "referrer_id", "visited_on", "id"])
    protect(table)
    table = "referrer_notes"
    op.create_table(
        table,
        *_key(),
        _column("referrer_id", sa.Uuid()),
        _column("at", MOMENT),
        _column("by", sa.String()),
        _column("text", sa.String()),
        _reference(table, "referrer_id", "referrers"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f(f"pk_{table}")),
    )
    op.create_index("ix_referrer_notes_referrer_id", table, ["practice_id", "referrer_id", "at", "id"])
    protect(table)


def _subjects() -> None:
    for table, column in (("tasks", "referrer_id"), ("faxes", "from_referrer_id")):
        op.add_column(table, _column(column, sa.Uuid(), null=True))
        op.create_foreign_key(
            op.f(f"fk_{table}_practice_id_{column}"), table, "referrers", ["practice_id", column],
            ["practice_id", "id"],
        )  # fmt: skip
    op.drop_constraint(op.f("ck_tasks_subject"), "tasks")
    op.create_check_constraint(op.f("ck_tasks_subject"), "tasks", "num_nonnulls(lead_id, fax_id, referrer_id) >= 1")
    op.execute(RANK.format(but=" AND NEW.fax_id IS NOT NULL"))


def _list() -> None:
    table = "npi_providers"
    op.create_table(
        table,
        *(_column(name, sa.String()) for name in ("npi", "kind", "name", "last_key", "first_key")),
        *(
            _column(name, sa.String(), null=True)
            for name in ("credential", "taxonomy", "specialty", "address", "state", "phone", "fax")
        ),
        _column("deactivated", sa.Boolean(), default="false"),
        sa.CheckConstraint("kind IN ('provider','practice')", name=op.f(f"ck_{table}_kind")),
        sa.PrimaryKeyConstraint("npi", name=op.f(f"pk_{table}")),
    )
    op.create_index(
        "ix_npi_providers_name", table, ["last_key", "first_key", "npi"],
        postgresql_ops={"last_key": "text_pattern_ops", "first_key": "text_pattern_ops"},
    )  # fmt: skip
    op.execute(f"GRANT SELECT ON {table} TO {APP}")


def downgrade() -> None:
    op.drop_table("npi_providers")
    op.execute(RANK.format(but=""))
    op.execute("ALTER TABLE tasks NO FORCE ROW LEVEL SECURITY")
    op.execute("DELETE FROM tasks WHERE num_nonnulls(lead_id, fax_id) = 0")
    op.execute("ALTER TABLE tasks FORCE ROW LEVEL SECURITY")
    op.drop_constraint(op.f("ck_tasks_subject"), "tasks")
    op.drop_column("tasks", "referrer_id")
    op.create_check_constraint(op.f("ck_tasks_subject"), "tasks", "num_nonnulls(lead_id, fax_id) >= 1")
    op.drop_column("faxes", "from_referrer_id")
    for table in ("referrer_notes", "liaison_visits", "referrer_merges", "referrer_pairs"):
        op.drop_table(table)
    op.drop_index("ix_referral_orders_referrer_id", "referral_orders")
    op.drop_index("ix_leads_opened_at", "leads")
    op.drop_index("ix_referrer_practices_name_key", "referrer_practices")
    op.drop_column("referrer_practices", "name_key")
    op.create_index("ix_referrer_practices_name", "referrer_practices", ["practice_id", sa.text("lower(name)")])
    op.drop_index("ix_referrers_name", "referrers")
    op.drop_column("referrers", "last_key")
    op.drop_column("referrers", "first_key")
    op.create_index("ix_referrers_name", "referrers", ["practice_id", sa.text("lower(name)")])
