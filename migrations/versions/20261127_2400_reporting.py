"""Facts of reports, and the triggers that say which of them are out of date."""

import sqlalchemy as sa
from alembic import op
from tenancy import APP, protect

revision = "20261127_2400"
down_revision = "20261127_2220"

TABLES = (
    "report_changes", "report_freshness", "lead_facts", "episode_facts", "visit_facts", "outcome_facts",
    "fax_facts", "text_days", "staff_days",
)  # fmt: skip
MOMENT, COUNT = sa.DateTime(timezone=True), sa.SmallInteger()
# One statement, one look at its rows, however many. Without a tenant (a migration) nothing is noted.
NOTE = """
CREATE FUNCTION note_report_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF row_security_active('report_changes') AND NULLIF(current_setting('app.practice_id', true), '') IS NULL THEN
    RETURN NULL;
  END IF;
  EXECUTE format(
    'INSERT INTO report_changes (practice_id, kind, ref_id) SELECT DISTINCT practice_id, %L, %I FROM changed
     WHERE %I IS NOT NULL', TG_ARGV[0], TG_ARGV[1], TG_ARGV[1]);
  RETURN NULL;
END $$
"""
TRIGGER = """
CREATE TRIGGER note_report_{kind}_{event} AFTER {event} ON {table} REFERENCING {rows} TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION note_report_change('{kind}', '{column}')
"""
EVENTS = {"insert": "NEW", "update": "NEW", "delete": "OLD"}
# What facts are made of, and whose facts change with it.
WATCHED = (
    ("leads", "lead", "id"), ("lead_events", "lead", "lead_id"), ("referral_orders", "lead", "lead_id"),
    ("coverages", "patient", "patient_id"), ("appointments", "patient", "patient_id"), ("episodes", "episode", "id"),
    ("episodes", "lead", "lead_id"), ("visits", "episode", "episode_id"), ("faxes", "fax", "id"),
    ("fax_segments", "fax", "fax_id"), ("letters", "lead", "lead_id"),
    ("outcome_scores", "episode", "episode_id"),
)  # fmt: skip
# Staff days are counted from the one, rows shown in the order of the other; names the models need not know (env.py).
INDEXES = {
    "rule_lead_events_at": "lead_events (practice_id, at) WHERE actor_kind = 'user'",
    "rule_visits_day": "visits (practice_id, day, id)",
}
# Everything there already is looked at once.
EXISTING = ("leads", "episodes", "faxes")
JOBS = """
INSERT INTO jobs (id, practice_id, kind, ref_id, key, queue, run_at)
SELECT gen_random_uuid(), p.practice_id, 'reporting.refresh', p.practice_id, p.practice_id::text, 'default', now()
FROM (SELECT DISTINCT practice_id FROM report_changes) p ON CONFLICT DO NOTHING
"""


def _columns(kind: object, *names: str, null: bool = False) -> tuple[sa.Column, ...]:
    return tuple(sa.Column(name, kind, nullable=null) for name in names)


def _dimensions() -> tuple[sa.Column, ...]:
    return (
        *_columns(sa.Uuid(), "location_id", "clinician_id", "referrer_id", null=True),
        *_columns(sa.String(), "source"),
        *_columns(sa.String(), "payer", "body_region", "procedure", null=True),
        *_columns(sa.Boolean(), "post_op"),
    )


def _create(name: str, key: tuple[str, ...], *columns: sa.Column) -> None:
    op.create_table(
        name,
        *_columns(sa.Uuid(), "practice_id"),
        *columns,
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f(f"fk_{name}_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", *key, name=op.f(f"pk_{name}")),
    )


def upgrade() -> None:
    _create(
        "report_changes", ("id",), sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        *_columns(sa.String(), "kind"), *_columns(sa.Uuid(), "ref_id"),
    )  # fmt: skip
    _create("report_freshness", (), *_columns(MOMENT, "as_of"), *_columns(sa.Date(), "days_from", null=True))
    _facts()
    _rollups()
    for table in TABLES:
        protect(table)
    op.execute(f"GRANT USAGE ON SEQUENCE report_changes_id_seq TO {APP}")
    for name, index in INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {index}")
    op.execute(NOTE)
    for table, kind, column in WATCHED:
        for event, rows in EVENTS.items():
            op.execute(TRIGGER.format(kind=kind, event=event, table=table, rows=rows, column=column))
    _existing()


def _facts() -> None:
    _create(
        "lead_facts", ("lead_id",),
        *_columns(sa.Uuid(), "lead_id"),
        *_dimensions(),
        *_columns(sa.String(), "excluded", "lost_reason", "first_visit_outcome", null=True),
        *_columns(MOMENT, "received_at"),
        *_columns(sa.Date(), "received_on"),
        *_columns(
            MOMENT, "attempt_at", "contact_at", "booked_at", "evaluated_at", "accepted_at", "closed_at",
            "received_letter_at", "scheduled_letter_at", "seen_letter_at", "outcome_letter_at", null=True,
        ),
        *_columns(sa.Date(), "completed_on", "discharged_on", "first_visit_on", null=True),
        *_columns(COUNT, "reached"),
        *_columns(sa.Integer(), "attempt_minutes", "contact_minutes", null=True),
    )  # fmt: skip
    _create(
        "episode_facts", ("episode_id",),
        *_columns(sa.Uuid(), "episode_id"),
        *_columns(sa.Uuid(), "lead_id", null=True),
        *_dimensions(),
        *_columns(sa.Date(), "started_on"),
        *_columns(sa.Date(), "ended_on", "last_visit_on", "quiet_since", null=True),
        *_columns(sa.String(), "discharge_reason", null=True),
        *_columns(sa.Integer(), "attended"),
    )  # fmt: skip
    _create(
        "fax_facts", ("fax_id",),
        *_columns(sa.Uuid(), "fax_id"),
        *_columns(sa.Uuid(), "lead_id", "location_id", null=True),
        *_columns(sa.String(), "channel", "status"),
        *_columns(MOMENT, "received_at"),
        *_columns(sa.Date(), "received_on"),
        *_columns(MOMENT, "filed_at", null=True),
        *_columns(sa.Boolean(), "reviewed"),
        *_columns(sa.Integer(), "fields", "corrected"),
    )  # fmt: skip
    _create(
        "outcome_facts", ("episode_id", "instrument", "point"),
        *_columns(sa.Uuid(), "episode_id"),
        *_columns(sa.String(), "instrument", "point"),
        *_columns(sa.Uuid(), "lead_id", null=True),
        *_dimensions(),
        *_columns(sa.Boolean(), "main"),
        *_columns(sa.Date(), "over_on"),
        *_columns(sa.String(), "excluded", null=True),
        *_columns(sa.Float(), "baseline"),
        *_columns(sa.Float(), "score", "improvement", null=True),
        *_columns(sa.Boolean(), "reached", null=True),
    )  # fmt: skip
    op.create_index("ix_outcome_facts_over_on", "outcome_facts", ["practice_id", "point", "over_on"])
    op.create_index("ix_outcome_facts_referrer_id", "outcome_facts", ["practice_id", "referrer_id", "point"])
    for table, day, key in (("lead_facts", "received_on", "lead_id"), ("episode_facts", "started_on", "episode_id")):
        op.create_index(f"ix_{table}_{day}", table, ["practice_id", day, key])
        op.create_index(f"ix_{table}_referrer_id", table, ["practice_id", "referrer_id", day])
    few = {
        "excluded": "excluded IS NOT NULL", "untried": "attempt_minutes IS NULL", "unreached": "contact_minutes IS NULL",
    }  # fmt: skip
    for name, which in few.items():
        op.create_index(
            f"ix_lead_facts_{name}", "lead_facts", ["practice_id", "received_on"], postgresql_where=sa.text(which)
        )
    op.create_index("ix_episode_facts_ended_on", "episode_facts", ["practice_id", "ended_on", "episode_id"])
    op.create_index("ix_fax_facts_received_on", "fax_facts", ["practice_id", "received_on"])


def _rollups() -> None:
    _create(
        "visit_facts", ("episode_id", "month", "part"),
        *_columns(sa.Uuid(), "episode_id"),
        *_columns(sa.Date(), "month"),
        *_columns(COUNT, "part", "attended", "no_shows", "late_cancels", "cancels", "clinic_cancels"),
        *_dimensions(),
    )  # fmt: skip
    op.create_index("ix_visit_facts_month", "visit_facts", ["practice_id", "month"])
    op.create_index("ix_visit_facts_referrer_id", "visit_facts", ["practice_id", "referrer_id", "month"])
    _create(
        "text_days", ("day", "part"),
        *_columns(sa.Date(), "day"),
        *_columns(COUNT, "part"),
        *_columns(sa.Uuid(), "location_id", null=True),
        *_columns(sa.Boolean(), "automatic"),
        *_columns(sa.Integer(), "texts", "delivered"),
    )  # fmt: skip
    _create(
        "staff_days", ("day", "user_id"),
        *_columns(sa.Date(), "day"),
        *_columns(sa.Uuid(), "user_id"),
        *_columns(sa.Integer(), "calls", "bookings", "moves", "other"),
    )  # fmt: skip


def _existing() -> None:
    """The owner of the tables may not see their rows either, except for a moment here."""
    hidden = (*EXISTING, "report_changes", "jobs")
    for table in hidden:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    for table in EXISTING:
        kind = {"leads": "lead", "episodes": "episode", "faxes": "fax"}[table]
        op.execute(
            f"INSERT INTO report_changes (practice_id, kind, ref_id) SELECT practice_id, '{kind}', id FROM {table}"
        )
    op.execute(JOBS)
    for table in hidden:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    op.execute("SELECT set_config('app.system', 'on', true)")
    op.execute("DELETE FROM jobs WHERE kind LIKE 'reporting.%'")
    for table, kind, _ in WATCHED:
        for event in EVENTS:
            op.execute(f"DROP TRIGGER note_report_{kind}_{event} ON {table}")
    op.execute("DROP FUNCTION note_report_change()")
    for name in INDEXES:
        op.execute(f"DROP INDEX {name}")
    for table in reversed(TABLES):
        op.drop_table(table)
