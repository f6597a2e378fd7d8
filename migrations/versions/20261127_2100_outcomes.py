"""Outcome scores, what patients are asked by link, what the practice chose and has licensed; links of purpose `measure`."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from tenancy import protect

revision = "20261127_2100"
down_revision = "20261127_2000"

MOMENT = sa.DateTime(timezone=True)
JSON = postgresql.JSONB()
INSTRUMENT = "instrument IN ('lefs','dash','quickdash','odi','ndi','psfs','nprs','spadi','koos_jr','hoos_jr')"
OCCASION = "occasion IN ('intake','progress','discharge')"
LANGUAGE = "language IN ('en','es')"
TABLES = ("outcome_requests", "outcome_scores", "outcome_wordings")
PURPOSES = ("schedule", "reschedule", "intake", "upload", "visit")


def _column(name: str, kind: object, *, null: bool = False, default: str | None = None) -> sa.Column:
    return sa.Column(name, kind, nullable=null, server_default=sa.text(default) if default else None)


def _key() -> tuple[sa.Column, ...]:
    return _column("practice_id", sa.Uuid()), _column("id", sa.Uuid())


def _made(table: str, **references: str) -> tuple[sa.Constraint, ...]:
    return (
        *(
            sa.ForeignKeyConstraint(
                ["practice_id", column], [f"{target}.practice_id", f"{target}.id"],
                name=op.f(f"fk_{table}_practice_id_{column}"),
            )
            for column, target in references.items()
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f(f"pk_{table}")),
    )  # fmt: skip


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def upgrade() -> None:
    _requests()
    _scores()
    _wordings()
    for table in TABLES:
        protect(table)
    _settings()
    _links((*PURPOSES, "measure"))


def _links(purposes: tuple[str, ...]) -> None:
    listed = ",".join(f"'{purpose}'" for purpose in purposes)
    op.drop_constraint(op.f("ck_patient_links_purpose"), "patient_links")
    op.create_check_constraint(op.f("ck_patient_links_purpose"), "patient_links", f"purpose IN ({listed})")


def _requests() -> None:
    table = "outcome_requests"
    op.create_table(
        table,
        *_key(),
        _column("patient_id", sa.Uuid()),
        *(_column(name, sa.Uuid(), null=True) for name in ("lead_id", "episode_id")),
        *(_column(name, sa.String()) for name in ("occasion", "due_key")),
        _column("measures", JSON),
        _column("language", sa.String()),
        _column("answers", JSON, default="'{}'"),
        _column("revision", sa.Integer(), default="0"),
        _column("state", sa.String(), default="'prepared'"),
        _column("message_id", sa.Uuid(), null=True),
        _column("created_by", sa.String()),
        _column("created_at", MOMENT),
        *(_column(name, MOMENT, null=True) for name in ("sent_at", "submitted_at")),
        *_made(table, patient_id="patients", lead_id="leads", episode_id="episodes", message_id="messages"),
        sa.UniqueConstraint(
            "practice_id", "episode_id", "due_key", name=op.f("uq_outcome_requests_practice_id_episode_id_due_key")
        ),
        _check(table, "occasion", OCCASION),
        _check(table, "state", "state IN ('prepared','sent','started','done','canceled')"),
        _check(table, "submitted", "(state = 'done') = (submitted_at IS NOT NULL)"),
        _check(table, "language", LANGUAGE),
    )
    op.create_index("ix_outcome_requests_lead_id", table, ["practice_id", "lead_id"])
    op.create_index("ix_outcome_requests_patient_id", table, ["practice_id", "patient_id"])


def _scores() -> None:
    table = "outcome_scores"
    op.create_table(
        table,
        *_key(),
        _column("patient_id", sa.Uuid()),
        *(_column(name, sa.Uuid(), null=True) for name in ("episode_id", "lead_id")),
        *(_column(name, sa.String()) for name in (
            "instrument", "instrument_version", "language", "rule_version", "unit",
        )),
        *(_column(name, JSON, null=True) for name in ("items", "activities")),
        _column("parts", JSON),
        _column("score", sa.Numeric(), null=True),
        _column("null_reason", sa.String(), null=True),
        _column("completeness", sa.Numeric(), null=True),
        _column("higher_better", sa.Boolean()),
        _column("occasion", sa.String()),
        _column("taken_at", MOMENT),
        _column("source", sa.String()),
        _column("external_id", sa.String(), null=True),
        _column("request_id", sa.Uuid(), null=True),
        _column("recorded_by", sa.String()),
        _column("superseded_by", sa.Uuid(), null=True),
        _column("correction", sa.String(), null=True),
        _column("created_at", MOMENT),
        *_made(
            table, patient_id="patients", episode_id="episodes", lead_id="leads", request_id="outcome_requests",
            superseded_by="outcome_scores",
        ),
        _check(table, "instrument", INSTRUMENT),
        _check(table, "occasion", OCCASION),
        _check(table, "source", "source IN ('patient','staff','api','import')"),
        _check(table, "null_reason", "(score IS NULL) = (null_reason IS NOT NULL)"),
        _check(table, "score", "score BETWEEN 0 AND 100"),
        _check(table, "score_alone", "items IS NOT NULL OR (score IS NOT NULL AND source IN ('api','import'))"),
    )  # fmt: skip
    op.create_index(
        "ix_outcome_scores_episode_id", table, ["practice_id", "episode_id", "instrument", "taken_at", "id"]
    )
    for column in ("patient_id", "lead_id", "taken_at"):
        op.create_index(f"ix_outcome_scores_{column}", table, ["practice_id", column])
    op.create_index(
        "uq_outcome_scores_external_id", table, ["practice_id", "source", "external_id"], unique=True,
        postgresql_where=sa.text("external_id IS NOT NULL AND superseded_by IS NULL"),
    )  # fmt: skip
    op.create_index(
        "uq_outcome_scores_request_id", table, ["practice_id", "request_id", "instrument"], unique=True,
        postgresql_where=sa.text("request_id IS NOT NULL AND superseded_by IS NULL"),
    )  # fmt: skip


def _wordings() -> None:
    table = "outcome_wordings"
    op.create_table(
        table,
        *_key(),
        *(_column(name, sa.String()) for name in ("instrument", "instrument_version", "language")),
        _column("intro", sa.String(), null=True),
        *(_column(name, JSON) for name in ("items", "options")),
        *(_column(name, sa.String()) for name in ("license_note", "entered_by")),
        _column("updated_at", MOMENT),
        _column("version", sa.Integer(), default="1"),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_outcome_wordings_practice_id")),
        *_made(table),
        sa.UniqueConstraint(
            "practice_id", "instrument", "instrument_version", "language", name=op.f("uq_outcome_wordings_one")
        ),
        _check(table, "instrument", INSTRUMENT),
        _check(table, "language", LANGUAGE),
    )


def _settings() -> None:
    table = "outcome_settings"
    op.create_table(
        table,
        _column("practice_id", sa.Uuid()),
        *(_column(name, sa.Boolean()) for name in ("by_text", "at_intake", "at_discharge")),
        *(_column(name, sa.Integer(), null=True) for name in ("every_visits", "every_weeks")),
        _column("by_region", JSON),
        _column("version", sa.Integer()),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_outcome_settings_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", name=op.f("pk_outcome_settings")),
        _check(table, "every_visits", "every_visits BETWEEN 2 AND 50"),
        _check(table, "every_weeks", "every_weeks BETWEEN 1 AND 26"),
    )
    protect(table)


def downgrade() -> None:
    """Links of the purpose go with what they were for."""
    op.drop_table("outcome_settings")
    for table in reversed(TABLES):
        op.drop_table(table)
    op.execute("ALTER TABLE patient_sessions NO FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE patient_links NO FORCE ROW LEVEL SECURITY")
    op.execute(
        "DELETE FROM patient_sessions s USING patient_links l WHERE l.practice_id = s.practice_id"
        " AND l.id = s.link_id AND l.purpose = 'measure'"
    )
    op.execute("DELETE FROM patient_links WHERE purpose = 'measure'")
    op.execute("ALTER TABLE patient_sessions FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE patient_links FORCE ROW LEVEL SECURITY")
    _links(PURPOSES)
