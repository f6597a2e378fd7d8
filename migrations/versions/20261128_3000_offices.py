"""Offices of referrers: how their people hear back, doubles, merging."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from tenancy import protect

revision = "20261128_3000"
down_revision = "20261127_2510"

MOMENT = sa.DateTime(timezone=True)
OFFICES = "referrer_practices"
# Who is not as everybody is at first has chosen.
CHOSEN = "UPDATE referrers SET hear_own = true WHERE hear_by <> 'fax' OR cardinality(hear_of) < 10"


def _column(name: str, kind: object, *, null: bool = False) -> sa.Column:
    return sa.Column(name, kind, nullable=null)


def _reference(table: str, column: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_practice_id_{column}")
    return sa.ForeignKeyConstraint(
        ["practice_id", column], [f"{OFFICES}.practice_id", f"{OFFICES}.id"], name=name
    )  # fmt: skip


def upgrade() -> None:
    op.add_column(OFFICES, _column("hear_by", sa.String(), null=True))
    op.add_column(OFFICES, _column("hear_of", postgresql.ARRAY(sa.TEXT()), null=True))
    op.create_check_constraint(
        op.f(f"ck_{OFFICES}_hear_by"), OFFICES, "hear_by IN ('fax','email','portal','none')"
    )  # fmt: skip
    op.create_index(f"ix_{OFFICES}_name", OFFICES, ["practice_id", sa.text("lower(name)"), "id"])
    op.create_index(f"ix_{OFFICES}_phone", OFFICES, ["practice_id", "phone"])
    op.add_column("referrers", sa.Column("hear_own", sa.Boolean(), nullable=False, server_default="false"))
    op.execute("ALTER TABLE referrers NO FORCE ROW LEVEL SECURITY")
    op.execute(CHOSEN)
    op.execute("ALTER TABLE referrers FORCE ROW LEVEL SECURITY")
    _pairs()
    _merges()


def _pairs() -> None:
    table = "referrer_office_pairs"
    op.create_table(
        table,
        *(_column(name, sa.Uuid()) for name in ("practice_id", "first_id", "second_id")),
        _column("dismissed_at", MOMENT),
        _column("dismissed_by", sa.String()),
        *(_reference(table, name) for name in ("first_id", "second_id")),
        sa.CheckConstraint("first_id < second_id", name=op.f(f"ck_{table}_order")),
        sa.PrimaryKeyConstraint("practice_id", "first_id", "second_id", name=op.f(f"pk_{table}")),
    )
    op.create_index(f"ix_{table}_second_id", table, ["practice_id", "second_id"])
    protect(table)


def _merges() -> None:
    table = "referrer_office_merges"
    op.create_table(
        table,
        *(_column(name, sa.Uuid()) for name in ("practice_id", "id", "office_id", "into_id")),
        _column("at", MOMENT),
        _column("by", sa.String()),
        _column("changes", postgresql.JSONB()),
        _column("undone_at", MOMENT, null=True),
        _column("undone_by", sa.String(), null=True),
        *(_reference(table, name) for name in ("office_id", "into_id")),
        sa.CheckConstraint("office_id <> into_id", name=op.f(f"ck_{table}_other")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f(f"pk_{table}")),
    )
    op.create_index(
        f"uq_{table}_standing", table, ["practice_id", "office_id"], unique=True,
        postgresql_where=sa.text("undone_at IS NULL"),
    )  # fmt: skip
    op.create_index(f"ix_{table}_into_id", table, ["practice_id", "into_id"])
    protect(table)


def downgrade() -> None:
    op.drop_table("referrer_office_merges")
    op.drop_table("referrer_office_pairs")
    op.drop_column("referrers", "hear_own")
    for name in ("phone", "name"):
        op.drop_index(f"ix_{OFFICES}_{name}", OFFICES)
    for name in ("hear_of", "hear_by"):
        op.drop_column(OFFICES, name)
