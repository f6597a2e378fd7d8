"""Referrers: their offices, how they want to hear back, secure links for them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from tenancy import protect

revision = "20261127_2200"
down_revision = "20261127_2100"

MOMENT = sa.DateTime(timezone=True)
LETTERS = "received,contacted,unreachable,scheduled,seen,plan_of_care,progress,discharge,missing_info,scorecard"
CHECKS = (
    ("kind", "kind IN ('provider','practice')"),
    ("hear_by", "hear_by IN ('fax','email','portal','none')"),
    ("status_override", "status_override IN ('lead','active','inactive','not_engaged')"),
    ("status_reason", "status_override IS NULL OR status_reason IS NOT NULL"),
    ("merged", "merged_into <> id"),
)


def _column(name: str, kind: object, *, null: bool = False, default: str | None = None) -> sa.Column:
    return sa.Column(name, kind, nullable=null, server_default=default)


def _key() -> tuple[sa.Column, ...]:
    return _column("practice_id", sa.Uuid()), _column("id", sa.Uuid())


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_practice_id_{column}")
    return sa.ForeignKeyConstraint(["practice_id", column], [f"{target}.practice_id", f"{target}.id"], name=name)


def upgrade() -> None:
    _practices()
    _referrers()
    _links()


def _practices() -> None:
    table = "referrer_practices"
    op.create_table(
        table,
        _column("name", sa.String()),
        *(_column(name, sa.String(), null=True) for name in ("npi", "phone", "fax", "email", "address")),
        _column("merged_into", sa.Uuid(), null=True),
        _column("version", sa.Integer(), default="1"),
        sa.Column("created_at", MOMENT, server_default=sa.func.now(), nullable=False),
        *_key(),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f(f"fk_{table}_practice_id")),
        _reference(table, "merged_into", table),
        sa.CheckConstraint("merged_into <> id", name=op.f(f"ck_{table}_merged")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f(f"pk_{table}")),
    )
    op.create_index("ix_referrer_practices_name", table, ["practice_id", sa.text("lower(name)")])
    op.create_index("ix_referrer_practices_fax", table, ["practice_id", "fax"])
    protect(table)


def _referrers() -> None:
    table = "referrers"
    op.add_column(table, _column("kind", sa.String(), default="provider"))
    op.add_column(table, _column("hear_by", sa.String(), default="fax"))
    op.add_column(table, _column("hear_of", postgresql.ARRAY(sa.TEXT()), default="{" + LETTERS + "}"))
    op.add_column(table, _column("version", sa.Integer(), default="1"))
    for name in ("specialty", "email", "status_override", "status_reason", "status_by"):
        op.add_column(table, _column(name, sa.String(), null=True))
    op.add_column(table, _column("status_at", MOMENT, null=True))
    for name, target in (("referrer_practice_id", "referrer_practices"), ("merged_into", table)):
        op.add_column(table, _column(name, sa.Uuid(), null=True))
        op.create_foreign_key(
            op.f(f"fk_{table}_practice_id_{name}"), table, target, ["practice_id", name], ["practice_id", "id"]
        )
    for name, condition in CHECKS:
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)
    op.drop_constraint(op.f("uq_referrers_practice_id_npi"), table)
    op.create_index(
        "uq_referrers_npi", table, ["practice_id", "npi"], unique=True,
        postgresql_where=sa.text("merged_into IS NULL"),
    )  # fmt: skip
    for name in ("fax", "referrer_practice_id"):
        op.create_index(f"ix_referrers_{name}", table, ["practice_id", name])
    op.create_index(
        "ix_referrers_merged", table, ["practice_id", "merged_into"],
        postgresql_where=sa.text("merged_into IS NOT NULL"),
    )  # fmt: skip


def _links() -> None:
    table = "referrer_links"
    op.create_table(
        table,
        _column("referrer_id", sa.Uuid()),
        _column("purpose", sa.String()),
        _column("ref_id", sa.Uuid(), null=True),
        _column("token_hash", sa.LargeBinary(), null=True),
        _column("created_at", MOMENT),
        _column("created_by", sa.String()),
        _column("expires_at", MOMENT),
        _column("revoked_at", MOMENT, null=True),
        _column("opened_at", MOMENT, null=True),
        _column("failed_checks", sa.Integer(), default="0"),
        *_key(),
        _reference(table, "referrer_id", "referrers"),
        sa.CheckConstraint("purpose IN ('portal','letter','plan')", name=op.f(f"ck_{table}_purpose")),
        sa.CheckConstraint("failed_checks BETWEEN 0 AND 5", name=op.f(f"ck_{table}_failed_checks")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("token_hash", name=op.f(f"uq_{table}_token_hash")),
    )
    op.create_index("ix_referrer_links_referrer_id", table, ["practice_id", "referrer_id", "created_at"])
    protect(table, system=True)


def downgrade() -> None:
    op.drop_table("referrer_links")
    table = "referrers"
    for name in ("merged", "referrer_practice_id", "fax"):
        op.drop_index(f"ix_referrers_{name}", table)
    op.drop_index("uq_referrers_npi", table)
    op.create_unique_constraint(op.f("uq_referrers_practice_id_npi"), table, ["practice_id", "npi"])
    for name in (
        "merged_into", "referrer_practice_id", "status_at", "status_by", "status_reason", "status_override", "email",
        "specialty", "version", "hear_of", "hear_by", "kind",
    ):  # fmt: skip
        op.drop_column(table, name)
    op.drop_table("referrer_practices")
