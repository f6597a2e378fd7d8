"""Saved reports with their results; scorecards and their batches."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from tenancy import protect

revision = "20261127_2430"
down_revision = "20261127_2420"

TABLES = ("saved_reports", "report_results", "scorecard_batches", "scorecards")
MOMENT, JSON = sa.DateTime(timezone=True), postgresql.JSONB()
PERIODS = "'last_7_days','last_30_days','last_90_days','last_12_months','this_month','last_month','this_year','all'"


def _column(name: str, kind: object, *, null: bool = False, default: str | None = None) -> sa.Column:
    return sa.Column(name, kind, nullable=null, server_default=default)


def _create(name: str, *columns: sa.Column | sa.Constraint, **references: str) -> None:
    op.create_table(
        name,
        *(_column(each, sa.Uuid()) for each in ("practice_id", "id")),
        *columns,
        *(
            sa.ForeignKeyConstraint(
                ["practice_id", column], [f"{target}.practice_id", f"{target}.id"],
                name=op.f(f"fk_{name}_practice_id_{column}"), ondelete="CASCADE" if target == "saved_reports" else None,
            )
            for column, target in references.items()
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f(f"pk_{name}")),
    )  # fmt: skip


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def upgrade() -> None:
    _saved()
    _scorecards()
    for table in TABLES:
        protect(table)


def _saved() -> None:
    table = "saved_reports"
    _create(
        table,
        _column("owner_id", sa.Uuid()),
        *(_column(each, sa.String()) for each in ("name", "metric", "period")),
        _column("group_by", sa.String(), null=True),
        _column("asked", JSON),
        _column("shared", sa.Boolean(), default="false"),
        _column("schedule", sa.String(), default="none"),
        _column("next_at", MOMENT, null=True),
        _column("created_at", MOMENT),
        _column("version", sa.Integer(), default="1"),
        sa.UniqueConstraint("practice_id", "owner_id", "name", name=op.f("uq_saved_reports_practice_id_owner_id_name")),
        _check(table, "period", f"period IN ({PERIODS})"),
        _check(table, "schedule", "schedule IN ('none','daily','weekly','monthly')"),
        _check(table, "next_at", "(schedule = 'none') = (next_at IS NULL)"),
        owner_id="users",
    )
    _create(
        "report_results", _column("saved_id", sa.Uuid()), _column("made_at", MOMENT), _column("answer", JSON),
        _column("seen_at", MOMENT, null=True), saved_id="saved_reports",
    )  # fmt: skip
    op.create_index(
        "ix_report_results_saved_id", "report_results",
        ["practice_id", "saved_id", sa.text("made_at DESC"), sa.text("id DESC")],
    )  # fmt: skip
    op.create_index(
        "ix_report_results_unseen", "report_results", ["practice_id", "saved_id"],
        postgresql_where=sa.text("seen_at IS NULL"),
    )  # fmt: skip


def _scorecards() -> None:
    table = "scorecard_batches"
    _create(
        table,
        *(_column(each, sa.Date()) for each in ("start", "ends")),
        _column("monthly", sa.Boolean(), default="false"),
        _column("state", sa.String(), default="preparing"),
        _column("made_at", MOMENT),
        _column("made_by", sa.String()),
        _column("sent_at", MOMENT, null=True),
        _column("sent_by", sa.String(), null=True),
        _column("version", sa.Integer(), default="1"),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f(f"fk_{table}_practice_id")),
        _check(table, "state", "state IN ('preparing','ready','sending','sent')"),
        _check(table, "span", "start <= ends"),
    )
    op.create_index("ix_scorecard_batches_made_at", table, ["practice_id", sa.text("made_at DESC"), sa.text("id DESC")])
    op.create_index(
        "uq_scorecard_batches_monthly", table, ["practice_id", "ends"], unique=True,
        postgresql_where=sa.text("monthly"),
    )  # fmt: skip
    table = "scorecards"
    _create(
        table,
        _column("batch_id", sa.Uuid(), null=True),
        _column("referrer_id", sa.Uuid()),
        *(_column(each, sa.Date()) for each in ("start", "ends")),
        _column("made_at", MOMENT),
        _column("content", JSON),
        _column("said", sa.Integer()),
        _column("chosen", sa.Boolean()),
        _column("skip", sa.String(), null=True),
        _column("state", sa.String(), default="prepared"),
        *(_column(each, sa.Uuid(), null=True) for each in ("document_id", "letter_id")),
        _column("version", sa.Integer(), default="1"),
        _check(table, "state", "state IN ('prepared','sending','sent')"),
        batch_id="scorecard_batches", referrer_id="referrers", document_id="documents", letter_id="letters",
    )  # fmt: skip
    op.create_index("ix_scorecards_batch_id", table, ["practice_id", "batch_id", "id"])
    op.create_index("ix_scorecards_referrer_id", table, ["practice_id", "referrer_id", "made_at"])


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
