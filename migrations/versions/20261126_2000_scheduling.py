"""What can be booked: appointment types, clinicians and their hours, rooms, rules, settings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from tenancy import protect

revision = "20261126_2000"
down_revision = "20261125_1300"

MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "appointment_types",
    "clinicians",
    "clinician_locations",
    "clinician_types",
    "availabilities",
    "availability_exceptions",
    "blocked_times",
    "resources",
    "booking_rules",
    "scheduling_settings",
)


def key() -> tuple[sa.Column, ...]:
    """Of a row that belongs to a practice."""
    return tuple(sa.Column(name, sa.Uuid(), nullable=False) for name in ("practice_id", "id"))


def reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    """To a row of the same practice."""
    name = op.f(f"fk_{table}_practice_id_{column}")
    return sa.ForeignKeyConstraint(["practice_id", column], [f"{target}.practice_id", f"{target}.id"], name=name)


def of_practice(table: str) -> sa.ForeignKeyConstraint:
    """To the practice itself."""
    return sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f(f"fk_{table}_practice_id"))


def upgrade() -> None:
    _types()
    _clinicians()
    _hours()
    _rules()
    for table in TABLES:
        protect(table)


def _types() -> None:
    op.create_table(
        "appointment_types",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("discipline", sa.String(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("padding_before", sa.Integer(), server_default="0", nullable=False),
        sa.Column("padding_after", sa.Integer(), server_default="0", nullable=False),
        sa.Column("virtual", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("self_schedulable", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("resource_kind", sa.String(), nullable=True),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        *key(),
        sa.CheckConstraint(
            "kind IN ('evaluation','follow_up','free_screen','other')", name=op.f("ck_appointment_types_kind")
        ),
        sa.CheckConstraint("minutes BETWEEN 5 AND 480 AND minutes % 5 = 0", name=op.f("ck_appointment_types_minutes")),
        sa.CheckConstraint(
            "padding_before BETWEEN 0 AND 120 AND padding_after BETWEEN 0 AND 120 AND padding_before % 5 = 0 AND padding_after % 5 = 0",
            name=op.f("ck_appointment_types_padding"),
        ),
        of_practice("appointment_types"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_appointment_types")),
        sa.UniqueConstraint("practice_id", "name", name=op.f("uq_appointment_types_practice_id_name")),
    )


def _clinicians() -> None:
    op.create_table(
        "clinicians",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("disciplines", postgresql.ARRAY(sa.TEXT()), server_default="{}", nullable=False),
        sa.Column("color", sa.String(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        *key(),
        reference("clinicians", "user_id", "users"),
        of_practice("clinicians"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_clinicians")),
        sa.UniqueConstraint("practice_id", "user_id", name=op.f("uq_clinicians_practice_id_user_id")),
    )
    op.create_table(
        "clinician_locations",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("clinician_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        reference("clinician_locations", "clinician_id", "clinicians"),
        reference("clinician_locations", "location_id", "locations"),
        sa.PrimaryKeyConstraint("practice_id", "clinician_id", "location_id", name=op.f("pk_clinician_locations")),
    )
    op.create_table(
        "clinician_types",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("clinician_id", sa.Uuid(), nullable=False),
        sa.Column("type_id", sa.Uuid(), nullable=False),
        reference("clinician_types", "clinician_id", "clinicians"),
        reference("clinician_types", "type_id", "appointment_types"),
        sa.PrimaryKeyConstraint("practice_id", "clinician_id", "type_id", name=op.f("pk_clinician_types")),
    )


def _hours() -> None:
    op.create_table(
        "availabilities",
        sa.Column("clinician_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.Column("type_ids", postgresql.ARRAY(sa.UUID()), server_default="{}", nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        *key(),
        sa.CheckConstraint("valid_from <= valid_until", name=op.f("ck_availabilities_valid")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6 AND opens < closes", name=op.f("ck_availabilities_span")),
        reference("availabilities", "clinician_id", "clinicians"),
        reference("availabilities", "location_id", "locations"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_availabilities")),
    )
    op.create_index("ix_availabilities_clinician_id", "availabilities", ["practice_id", "clinician_id"])
    op.create_table(
        "availability_exceptions",
        sa.Column("clinician_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=True),
        sa.Column("closes", sa.Time(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        *key(),
        sa.CheckConstraint(
            "kind = 'off' OR num_nonnulls(opens, closes, location_id) = 3",
            name=op.f("ck_availability_exceptions_extra"),
        ),
        sa.CheckConstraint("kind IN ('off','extra')", name=op.f("ck_availability_exceptions_kind")),
        sa.CheckConstraint(
            "num_nonnulls(opens, closes) <> 1 AND opens < closes", name=op.f("ck_availability_exceptions_span")
        ),
        reference("availability_exceptions", "clinician_id", "clinicians"),
        reference("availability_exceptions", "location_id", "locations"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_availability_exceptions")),
    )
    op.create_index("ix_availability_exceptions_date", "availability_exceptions", ["practice_id", "date"])
    op.create_table(
        "blocked_times",
        sa.Column("clinician_id", sa.Uuid(), nullable=True),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        *key(),
        sa.CheckConstraint(
            "kind IN ('meeting','lunch','training','admin','time_off','closed','other')",
            name=op.f("ck_blocked_times_kind"),
        ),
        sa.CheckConstraint(
            "starts_at < ends_at AND ends_at - starts_at <= interval '31 days'", name=op.f("ck_blocked_times_span")
        ),
        sa.CheckConstraint("num_nonnulls(clinician_id, location_id) > 0", name=op.f("ck_blocked_times_whose")),
        reference("blocked_times", "clinician_id", "clinicians"),
        reference("blocked_times", "location_id", "locations"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_blocked_times")),
    )
    op.create_index("ix_blocked_times_starts_at", "blocked_times", ["practice_id", "starts_at"])


def _rules() -> None:
    op.create_table(
        "resources",
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("units", sa.Integer(), server_default="1", nullable=False),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        *key(),
        sa.CheckConstraint("units BETWEEN 1 AND 50", name=op.f("ck_resources_units")),
        reference("resources", "location_id", "locations"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_resources")),
        sa.UniqueConstraint(
            "practice_id", "location_id", "name", name=op.f("uq_resources_practice_id_location_id_name")
        ),
    )
    op.create_table(
        "booking_rules",
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("clinician_id", sa.Uuid(), nullable=True),
        sa.Column("type_id", sa.Uuid(), nullable=True),
        sa.Column("type_kind", sa.String(), nullable=True),
        sa.Column("payer", sa.String(), nullable=True),
        sa.Column("per", sa.String(), server_default="clinician", nullable=False),
        sa.Column("period", sa.String(), nullable=True),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        *key(),
        sa.CheckConstraint(
            "(rule = 'count') = (period IS NOT NULL) AND period IN ('day','week')", name=op.f("ck_booking_rules_period")
        ),
        sa.CheckConstraint(
            "CASE rule WHEN 'concurrency' THEN most BETWEEN 1 AND 6 WHEN 'count' THEN most BETWEEN 0 AND 1000 ELSE most BETWEEN 0 AND 100 END",
            name=op.f("ck_booking_rules_most"),
        ),
        sa.CheckConstraint("per IN ('clinician','location','practice')", name=op.f("ck_booking_rules_per")),
        sa.CheckConstraint("rule = 'count' OR per = 'clinician'", name=op.f("ck_booking_rules_rule_per")),
        sa.CheckConstraint("rule IN ('concurrency','count','case_mix')", name=op.f("ck_booking_rules_rule")),
        sa.CheckConstraint(
            "type_kind IN ('evaluation','follow_up','free_screen','other')", name=op.f("ck_booking_rules_type_kind")
        ),
        reference("booking_rules", "clinician_id", "clinicians"),
        reference("booking_rules", "location_id", "locations"),
        reference("booking_rules", "type_id", "appointment_types"),
        of_practice("booking_rules"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_booking_rules")),
    )
    op.create_table(
        "scheduling_settings",
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("notice_minutes", sa.Integer(), nullable=True),
        sa.Column("horizon_days", sa.Integer(), nullable=True),
        sa.Column("spacing_minutes", sa.Integer(), nullable=True),
        sa.Column("late_cancel_hours", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        *key(),
        sa.CheckConstraint("horizon_days BETWEEN 1 AND 365", name=op.f("ck_scheduling_settings_horizon")),
        sa.CheckConstraint("late_cancel_hours BETWEEN 0 AND 168", name=op.f("ck_scheduling_settings_late_cancel")),
        sa.CheckConstraint(
            "location_id IS NOT NULL OR num_nonnulls(notice_minutes, horizon_days, spacing_minutes, late_cancel_hours) = 4",
            name=op.f("ck_scheduling_settings_whole"),
        ),
        sa.CheckConstraint("notice_minutes BETWEEN 0 AND 43200", name=op.f("ck_scheduling_settings_notice")),
        sa.CheckConstraint("spacing_minutes IN (5,10,15,20,30,60)", name=op.f("ck_scheduling_settings_spacing")),
        reference("scheduling_settings", "location_id", "locations"),
        of_practice("scheduling_settings"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_scheduling_settings")),
        sa.UniqueConstraint(
            "practice_id",
            "location_id",
            name=op.f("uq_scheduling_settings_practice_id_location_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
