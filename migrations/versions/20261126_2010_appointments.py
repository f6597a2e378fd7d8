"""Appointments that the database keeps apart, their history, the waitlist, calendar feeds."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from tenancy import protect

revision = "20261126_2010"
down_revision = "20261126_2000"

MOMENT = sa.DateTime(timezone=True)
TABLES = ("appointments", "appointment_events", "waitlist_entries", "calendar_feeds")


def key() -> tuple[sa.Column, ...]:
    """Of a row that belongs to a practice."""
    return tuple(sa.Column(name, sa.Uuid(), nullable=False) for name in ("practice_id", "id"))


def reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    """To a row of the same practice."""
    name = op.f(f"fk_{table}_practice_id_{column}")
    return sa.ForeignKeyConstraint(["practice_id", column], [f"{target}.practice_id", f"{target}.id"], name=name)


def upgrade() -> None:
    # Compares ids inside the exclusion constraints; trusted, so the owner of a database may add it.
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    _appointments()
    _waitlist()
    for table in TABLES:
        protect(table, system=table == "calendar_feeds")


def _appointments() -> None:
    op.create_table(
        "appointments",
        sa.Column("type_id", sa.Uuid(), nullable=False),
        sa.Column("clinician_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("lead_id", sa.Uuid(), nullable=True),
        sa.Column("resource_id", sa.Uuid(), nullable=True),
        sa.Column("resource_unit", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("busy_from", MOMENT, nullable=False),
        sa.Column("busy_until", MOMENT, nullable=False),
        sa.Column("lanes", postgresql.INT4RANGE(), nullable=False),
        sa.Column("concurrency", sa.Integer(), server_default="1", nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("override_reason", sa.String(), nullable=True),
        sa.Column("hold_until", MOMENT, nullable=True),
        sa.Column("cancel_reason", sa.String(), nullable=True),
        sa.Column("late_cancel", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("sequence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        *key(),
        postgresql.ExcludeConstraint(
            (sa.column("practice_id"), "="),
            (sa.column("clinician_id"), "="),
            (sa.column("lanes"), "&&"),
            (sa.literal_column("tstzrange(busy_from, busy_until)"), "&&"),
            where=sa.text("status IN ('held','booked','confirmed','checked_in')"),
            using="gist",
            name="no_double_booking",
        ),
        postgresql.ExcludeConstraint(
            (sa.column("practice_id"), "="),
            (sa.column("resource_id"), "="),
            (sa.column("resource_unit"), "="),
            (sa.literal_column("tstzrange(busy_from, busy_until)"), "&&"),
            where=sa.text("status IN ('held','booked','confirmed','checked_in') AND resource_id IS NOT NULL"),
            using="gist",
            name="no_double_use",
        ),
        sa.CheckConstraint("(status = 'held') = (hold_until IS NOT NULL)", name=op.f("ck_appointments_hold")),
        sa.CheckConstraint("busy_until - busy_from <= interval '12 hours'", name=op.f("ck_appointments_length")),
        sa.CheckConstraint(
            "source IN ('staff','patient','text','waitlist','api','import')", name=op.f("ck_appointments_source")
        ),
        sa.CheckConstraint("status = 'held' OR patient_id IS NOT NULL", name=op.f("ck_appointments_patient")),
        sa.CheckConstraint(
            "status IN ('held','booked','confirmed','checked_in','no_show','canceled')",
            name=op.f("ck_appointments_status"),
        ),
        sa.CheckConstraint(
            "NOT isempty(lanes) AND lower(lanes) >= 0 AND upper(lanes) <= 120", name=op.f("ck_appointments_lanes")
        ),
        sa.CheckConstraint("num_nonnulls(resource_id, resource_unit) <> 1", name=op.f("ck_appointments_resource")),
        sa.CheckConstraint(
            "starts_at < ends_at AND busy_from <= starts_at AND ends_at <= busy_until",
            name=op.f("ck_appointments_span"),
        ),
        sa.CheckConstraint("upper(lanes) <= 60 OR override_reason IS NOT NULL", name=op.f("ck_appointments_override")),
        reference("appointments", "clinician_id", "clinicians"),
        reference("appointments", "lead_id", "leads"),
        reference("appointments", "location_id", "locations"),
        reference("appointments", "patient_id", "patients"),
        reference("appointments", "resource_id", "resources"),
        reference("appointments", "type_id", "appointment_types"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_appointments")),
    )
    op.create_index(
        "ix_appointments_busy_from",
        "appointments",
        ["practice_id", "busy_from"],
        postgresql_where=sa.text("status IN ('held','booked','confirmed','checked_in')"),
    )
    op.create_index(
        "ix_appointments_hold_until",
        "appointments",
        ["practice_id", "hold_until"],
        postgresql_where=sa.text("status = 'held'"),
    )
    op.create_index("ix_appointments_lead_id", "appointments", ["practice_id", "lead_id"])
    op.create_index("ix_appointments_patient_id", "appointments", ["practice_id", "patient_id", "starts_at"])
    op.create_index("ix_appointments_starts_at", "appointments", ["practice_id", "starts_at", "id"])
    op.create_table(
        "appointment_events",
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_kind", sa.String(), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        *key(),
        sa.CheckConstraint(
            "kind IN ('booked','moved','confirmed','canceled','checked_in','no_show','noted')",
            name=op.f("ck_appointment_events_kind"),
        ),
        reference("appointment_events", "appointment_id", "appointments"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_appointment_events")),
    )
    op.create_index(
        "ix_appointment_events_appointment_id", "appointment_events", ["practice_id", "appointment_id", "at", "id"]
    )


def _waitlist() -> None:
    op.create_table(
        "waitlist_entries",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=True),
        sa.Column("type_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("clinician_id", sa.Uuid(), nullable=True),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("priority", sa.Integer(), server_default="0", nullable=False),
        sa.Column("windows", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("earliest", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(), server_default="waiting", nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        *key(),
        sa.CheckConstraint("state IN ('waiting','filled','removed','expired')", name=op.f("ck_waitlist_entries_state")),
        sa.CheckConstraint("priority BETWEEN 0 AND 3", name=op.f("ck_waitlist_entries_priority")),
        reference("waitlist_entries", "appointment_id", "appointments"),
        reference("waitlist_entries", "clinician_id", "clinicians"),
        reference("waitlist_entries", "lead_id", "leads"),
        reference("waitlist_entries", "location_id", "locations"),
        reference("waitlist_entries", "patient_id", "patients"),
        reference("waitlist_entries", "type_id", "appointment_types"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_waitlist_entries")),
    )
    op.create_index(
        "ix_waitlist_entries_waiting",
        "waitlist_entries",
        ["practice_id", sa.literal_column("priority DESC"), "created_at", "id"],
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "uq_waitlist_entries_patient",
        "waitlist_entries",
        ["practice_id", "patient_id", "type_id"],
        unique=True,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "calendar_feeds",
        sa.Column("clinician_id", sa.Uuid(), nullable=True),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("names", sa.String(), server_default="none", nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("rotated_at", MOMENT, nullable=True),
        sa.Column("last_read_at", MOMENT, nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        *key(),
        sa.CheckConstraint("names IN ('none','initials')", name=op.f("ck_calendar_feeds_names")),
        sa.CheckConstraint("num_nonnulls(clinician_id, location_id) = 1", name=op.f("ck_calendar_feeds_whose")),
        reference("calendar_feeds", "clinician_id", "clinicians"),
        reference("calendar_feeds", "location_id", "locations"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feeds_token_hash")),
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
