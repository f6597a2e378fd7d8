"""Forms of intake, their versions, what patients answer; and how far a lead is."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from tenancy import APP, protect

revision = "20261126_2300"
down_revision = "20261126_2200"

TABLES = (
    "intake_forms", "intake_form_versions", "intakes", "intake_answers", "intake_agreements", "intake_differences",
)  # fmt: skip
# Evidence: added and read, never changed.
KEPT = ("intake_form_versions", "intake_agreements")
JSONB = postgresql.JSONB(astext_type=sa.Text())


def _time(name: str, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _id(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _text(name: str, nullable: bool = False, default: str | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.String(), nullable=nullable, server_default=default)


def _number(name: str, nullable: bool = False, default: str | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), nullable=nullable, server_default=default)


def _sealed(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.LargeBinary(), nullable=nullable)


def _refers(table: str, columns: list[str], target: str, keys: list[str]) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        columns, [f"{target}.{key}" for key in keys], name=op.f(f"fk_{table}_{'_'.join(columns)}")
    )


def _of(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return _refers(table, ["practice_id", column], target, ["practice_id", "id"])


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("practice_id", *columns, name=op.f(f"pk_{table}"))


def upgrade() -> None:
    _forms()
    _intakes()
    _answers()
    op.add_column("leads", _text("intake_state", default="none"))
    op.add_column("leads", _number("intake_percent", default="0"))
    op.create_check_constraint(
        op.f("ck_leads_intake_state"), "leads", "intake_state IN ('none','sent','started','done')"
    )
    for table in TABLES:
        protect(table)
    for table in KEPT:
        op.execute(f"REVOKE UPDATE, DELETE ON {table} FROM {APP}")


def _forms() -> None:
    op.create_table(
        "intake_forms",
        _text("name"),
        sa.Column("draft", JSONB, nullable=False),
        _number("published", nullable=True),
        sa.Column("standard", sa.Boolean(), server_default="false", nullable=False),
        _time("archived_at"),
        _number("version", default="1"),
        _time("created_at", nullable=False),
        _id("practice_id"),
        _id("id"),
        _check("intake_forms", "standard", "NOT standard OR archived_at IS NULL"),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_intake_forms_practice_id")),
        _key("intake_forms", "id"),
    )
    op.create_index(
        "uq_intake_forms_standard", "intake_forms", ["practice_id"], unique=True, postgresql_where=sa.text("standard")
    )
    op.create_index(
        "uq_intake_forms_name",
        "intake_forms",
        ["practice_id", sa.literal_column("lower(name)")],
        unique=True,
        postgresql_where=sa.text("archived_at IS NULL"),
    )
    op.create_table(
        "intake_form_versions",
        _id("practice_id"),
        _id("form_id"),
        _number("number"),
        sa.Column("definition", JSONB, nullable=False),
        sa.Column("changes", JSONB, nullable=False),
        _text("published_by"),
        _time("published_at", nullable=False),
        _check("intake_form_versions", "number", "number > 0"),
        _of("intake_form_versions", "form_id", "intake_forms"),
        _key("intake_form_versions", "form_id", "number"),
    )


def _intakes() -> None:
    op.create_table(
        "intakes",
        _id("lead_id"),
        _id("patient_id"),
        _id("form_id"),
        _number("form_version", nullable=True),
        _text("language", default="en"),
        _text("state", default="prepared"),
        _number("percent", default="0"),
        _number("revision", default="0"),
        _sealed("wrapped_key", nullable=True),
        _id("welcome_id", nullable=True),
        _id("reminder_id", nullable=True),
        _id("document_id", nullable=True),
        _number("alerts", default="0"),
        _text("created_by"),
        _time("created_at", nullable=False),
        _time("sent_at"),
        _time("started_at"),
        _time("saved_at"),
        _time("submitted_at"),
        _number("version", default="1"),
        _id("practice_id"),
        _id("id"),
        _check("intakes", "state", "state IN ('prepared','sent','started','submitted','canceled')"),
        _check("intakes", "language", "language IN ('en','es')"),
        _check("intakes", "percent", "percent BETWEEN 0 AND 100"),
        _check("intakes", "form_version", "(started_at IS NULL) = (form_version IS NULL)"),
        _check("intakes", "submitted_at", "(state = 'submitted') = (submitted_at IS NOT NULL)"),
        _of("intakes", "lead_id", "leads"),
        _of("intakes", "patient_id", "patients"),
        _of("intakes", "form_id", "intake_forms"),
        _refers(
            "intakes", ["practice_id", "form_id", "form_version"], "intake_form_versions",
            ["practice_id", "form_id", "number"],
        ),
        _of("intakes", "document_id", "documents"),
        _of("intakes", "welcome_id", "messages"),
        _of("intakes", "reminder_id", "messages"),
        _key("intakes", "id"),
    )  # fmt: skip
    op.create_index(
        "uq_intakes_running",
        "intakes",
        ["practice_id", "lead_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('prepared','sent','started')"),
    )
    op.create_index("ix_intakes_lead_id", "intakes", ["practice_id", "lead_id", "created_at"])


def _answers() -> None:
    op.create_table(
        "intake_answers",
        _id("practice_id"),
        _id("intake_id"),
        _text("question_id"),
        _sealed("sealed"),
        _number("revision"),
        sa.Column("prefilled", sa.Boolean(), server_default="false", nullable=False),
        _of("intake_answers", "intake_id", "intakes"),
        _key("intake_answers", "intake_id", "question_id"),
    )
    op.create_index("ix_intake_answers_revision", "intake_answers", ["practice_id", "intake_id", "revision"])
    op.create_table(
        "intake_agreements",
        _id("intake_id"),
        _text("question_id"),
        _number("agreement_version"),
        _text("language"),
        _text("title"),
        _text("words"),
        _text("words_sha256"),
        _text("name_typed"),
        _time("agreed_at", nullable=False),
        _id("practice_id"),
        _id("id"),
        _of("intake_agreements", "intake_id", "intakes"),
        _key("intake_agreements", "id"),
    )
    op.create_index(
        "uq_intake_agreements_question_id",
        "intake_agreements",
        ["practice_id", "intake_id", "question_id"],
        unique=True,
    )
    op.create_table(
        "intake_differences",
        _id("intake_id"),
        _text("field"),
        _sealed("sealed"),
        _text("state", default="open"),
        _text("decided_by", nullable=True),
        _time("decided_at"),
        _id("practice_id"),
        _id("id"),
        _check("intake_differences", "state", "state IN ('open','accepted','rejected')"),
        _check("intake_differences", "decided_at", "(state = 'open') = (decided_at IS NULL)"),
        _of("intake_differences", "intake_id", "intakes"),
        _key("intake_differences", "id"),
    )
    op.create_index(
        "uq_intake_differences_field", "intake_differences", ["practice_id", "intake_id", "field"], unique=True
    )


def downgrade() -> None:
    # Nobody would know what these jobs are.
    op.execute("SELECT set_config('app.system', 'on', true)")
    op.execute("DELETE FROM jobs WHERE kind IN ('intake.pdf', 'intake.remind')")
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_constraint("ck_leads_intake_state", "leads")
    op.drop_column("leads", "intake_percent")
    op.drop_column("leads", "intake_state")
