"""Episodes of care, their visits, plans of care and progress reports; the stages a lead in care passes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from tenancy import protect

revision = "20261127_2000"
down_revision = "20261126_2610"

KINDS = ("booked", "moved", "confirmed", "canceled", "checked_in", "no_show", "noted")
MOMENT = sa.DateTime(timezone=True)
WORDS = postgresql.ARRAY(sa.TEXT())
TABLES = ("episodes", "visits", "plans_of_care", "progress_reports")
# A practice that lacks them gets them at its end, in the order of care.
STAGES = """
INSERT INTO stages (practice_id, key, name, "group", position)
SELECT practice_id, '{key}', '{name}', 'won', max(position) + 1 FROM stages GROUP BY practice_id
HAVING NOT bool_or(key = '{key}')
"""
# The lost column stays the last one. Positions are unique only at commit.
LOST_LAST = """
UPDATE stages lost SET position = 1 + (SELECT max(position) FROM stages s WHERE s.practice_id = lost.practice_id)
WHERE key = 'lost' AND EXISTS (
  SELECT 1 FROM stages s WHERE s.practice_id = lost.practice_id AND s.key = 'discharged' AND s.position > lost.position)
"""


def _column(name: str, kind: object, *, null: bool = False, default: str | None = None) -> sa.Column:
    return sa.Column(name, kind, nullable=null, server_default=default)


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
    _episodes()
    _visits()
    _plans()
    _reports()
    for table in TABLES:
        protect(table)
    _stages()
    _appointment_events((*KINDS, "undone"))


def _appointment_events(kinds: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_appointment_events_kind"), "appointment_events")
    op.create_check_constraint(op.f("ck_appointment_events_kind"), "appointment_events", f"kind IN {kinds}")


def _stages() -> None:
    op.execute("ALTER TABLE stages NO FORCE ROW LEVEL SECURITY")
    for key, name in (("in_care", "In care"), ("discharged", "Discharged")):
        op.execute(STAGES.format(key=key, name=name))
    op.execute(LOST_LAST)
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    op.execute("ALTER TABLE stages FORCE ROW LEVEL SECURITY")


def _episodes() -> None:
    table = "episodes"
    op.create_table(
        table,
        *_key(),
        _column("patient_id", sa.Uuid()),
        *(_column(name, sa.Uuid(), null=True) for name in ("lead_id", "location_id", "clinician_id", "referrer_id")),
        *(_column(name, sa.String(), null=True) for name in ("discipline", "body_region", "side", "procedure")),
        _column("surgery_date", sa.Date(), null=True),
        _column("diagnoses", sa.String(), null=True),
        *(_column(name, sa.Integer(), null=True) for name in ("frequency_per_week", "duration_weeks")),
        _column("order_signed_on", sa.Date(), null=True),
        _column("started_on", sa.Date()),
        _column("state", sa.String(), default="active"),
        _column("ended_on", sa.Date(), null=True),
        *(_column(name, sa.String(), null=True) for name in ("discharge_reason", "discharge_note")),
        _column("discharged_at", MOMENT, null=True),
        *(_column(name, sa.String(), null=True) for name in ("discharged_by", "external_id")),
        _column("version", sa.Integer(), default="1"),
        _column("created_at", MOMENT),
        *_made(
            table, patient_id="patients", lead_id="leads", location_id="locations", clinician_id="clinicians",
            referrer_id="referrers",
        ),
        sa.UniqueConstraint("practice_id", "lead_id", name=op.f("uq_episodes_practice_id_lead_id")),
        _check(table, "state", "state IN ('active','discharged')"),
        _check(
            table, "discharge_reason",
            "discharge_reason IN "
            "('goals_met','plan_finished','patient_choice','no_return','insurance','medical','moved','other')",
        ),
        _check(
            table, "discharged",
            "num_nonnulls(ended_on, discharge_reason, discharged_at) = (CASE state WHEN 'active' THEN 0 ELSE 3 END)",
        ),
        _check(table, "ended", "started_on <= ended_on"),
        _check(table, "side", "side IN ('left','right','bilateral')"),
    )  # fmt: skip
    op.create_index("ix_episodes_patient_id", table, ["practice_id", "patient_id"])
    op.create_index("ix_episodes_state", table, ["practice_id", "state", "started_on", "id"])
    op.create_index("ix_episodes_referrer_id", table, ["practice_id", "referrer_id", "ended_on"])
    op.create_index(
        "uq_episodes_external_id", table, ["practice_id", "external_id"], unique=True,
        postgresql_where=sa.text("external_id IS NOT NULL"),
    )  # fmt: skip


def _visits() -> None:
    table = "visits"
    op.create_table(
        table,
        *_key(),
        *(_column(name, sa.Uuid()) for name in ("episode_id", "patient_id")),
        *(_column(name, sa.Uuid(), null=True) for name in ("location_id", "clinician_id", "appointment_id")),
        _column("kind", sa.String(), default="treatment"),
        _column("scheduled_at", MOMENT),
        _column("day", sa.Date()),
        _column("state", sa.String()),
        _column("source", sa.String(), default="desk"),
        _column("external_id", sa.String(), null=True),
        _column("recorded_by", sa.String()),
        _column("recorded_at", MOMENT),
        _column("version", sa.Integer(), default="1"),
        *_made(
            table, episode_id="episodes", patient_id="patients", location_id="locations", clinician_id="clinicians",
            appointment_id="appointments",
        ),
        sa.UniqueConstraint("practice_id", "appointment_id", name=op.f("uq_visits_practice_id_appointment_id")),
        _check(table, "kind", "kind IN ('evaluation','treatment','reevaluation','discharge')"),
        _check(table, "state", "state IN ('attended','no_show','late_cancel','canceled','clinic_canceled')"),
        _check(table, "source", "source IN ('desk','api','import','hl7')"),
    )  # fmt: skip
    op.create_index(
        "uq_visits_external_id", table, ["practice_id", "source", "external_id"], unique=True,
        postgresql_where=sa.text("external_id IS NOT NULL"),
    )  # fmt: skip
    op.create_index("ix_visits_episode_id", table, ["practice_id", "episode_id", "scheduled_at", "id"])
    op.create_index("ix_visits_patient_id", table, ["practice_id", "patient_id"])
    op.create_index("ix_visits_scheduled_at", table, ["practice_id", "scheduled_at"])


def _plans() -> None:
    table = "plans_of_care"
    op.create_table(
        table,
        *_key(),
        _column("episode_id", sa.Uuid()),
        _column("number", sa.Integer()),
        _column("kind", sa.String()),
        *(_column(name, sa.Date()) for name in ("starts_on", "ends_on")),
        *(_column(name, sa.Integer()) for name in ("frequency_per_week", "duration_weeks")),
        _column("per_day", sa.Integer(), default="1"),
        *(_column(name, WORDS, default="{}") for name in ("goals", "diagnoses")),
        _column("certify", sa.Boolean(), default="true"),
        _column("ready_at", MOMENT, null=True),
        _column("ready_by", sa.String(), null=True),
        _column("sent_at", MOMENT, null=True),
        _column("sent_how", sa.String(), null=True),
        *(_column(name, sa.Date(), null=True) for name in ("verbal_on", "signed_on")),
        _column("signed_fax_id", sa.Uuid(), null=True),
        _column("version", sa.Integer(), default="1"),
        _column("created_at", MOMENT),
        *_made(table, episode_id="episodes", signed_fax_id="faxes"),
        sa.UniqueConstraint(
            "practice_id", "episode_id", "number", name=op.f("uq_plans_of_care_practice_id_episode_id_number")
        ),
        _check(table, "kind", "kind IN ('initial','recertification')"),
        _check(table, "number", "(kind = 'initial') = (number = 1)"),
        _check(table, "span", "starts_on <= ends_on"),
        _check(table, "frequency_per_week", "frequency_per_week BETWEEN 1 AND 14"),
        _check(table, "duration_weeks", "duration_weeks BETWEEN 1 AND 52"),
        _check(table, "per_day", "per_day BETWEEN 1 AND 4"),
        _check(table, "sent_how", "sent_how IN ('fax','email','portal','hand','other')"),
    )
    op.create_index(
        "ix_plans_of_care_unsigned", table, ["practice_id", "ends_on", "id"],
        postgresql_where=sa.text("signed_on IS NULL"),
    )  # fmt: skip


def _reports() -> None:
    table = "progress_reports"
    op.create_table(
        table,
        *_key(),
        _column("episode_id", sa.Uuid()),
        _column("written_on", sa.Date()),
        _column("written_by", sa.String()),
        _column("created_at", MOMENT),
        *_made(table, episode_id="episodes"),
        sa.UniqueConstraint(
            "practice_id",
            "episode_id",
            "written_on",
            name=op.f("uq_progress_reports_practice_id_episode_id_written_on"),
        ),
    )


def downgrade() -> None:
    """The stages stay: leads may be in them. What was undone is noted as other news."""
    op.execute("ALTER TABLE appointment_events NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE appointment_events SET kind = 'noted' WHERE kind = 'undone'")
    op.execute("ALTER TABLE appointment_events FORCE ROW LEVEL SECURITY")
    _appointment_events(KINDS)
    for table in reversed(TABLES):
        op.drop_table(table)
