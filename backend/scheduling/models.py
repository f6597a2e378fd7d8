"""Tables of what can be booked: types, clinicians, when they work, rooms, rules, settings."""

import uuid
from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT, UUID
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base, TenantRow

KINDS = ("evaluation", "follow_up", "free_screen", "other")


class AppointmentType(TenantRow, Base):
    """What a visit is. Padding is time around it that is never offered; `resource_kind` is what it needs a unit of."""

    __tablename__ = "appointment_types"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id"], ["practices.id"]),
        UniqueConstraint("practice_id", "name"),
        CheckConstraint("kind IN ('evaluation','follow_up','free_screen','other')", name="kind"),
        CheckConstraint("minutes BETWEEN 5 AND 480 AND minutes % 5 = 0", name="minutes"),
        CheckConstraint(
            "padding_before BETWEEN 0 AND 120 AND padding_after BETWEEN 0 AND 120"
            " AND padding_before % 5 = 0 AND padding_after % 5 = 0",
            name="padding",
        ),
    )

    name: Mapped[str]
    kind: Mapped[str]
    discipline: Mapped[str | None]
    minutes: Mapped[int]
    padding_before: Mapped[int] = mapped_column(default=0, server_default="0")
    padding_after: Mapped[int] = mapped_column(default=0, server_default="0")
    virtual: Mapped[bool] = mapped_column(default=False, server_default="false")
    self_schedulable: Mapped[bool] = mapped_column(default=True, server_default="true")
    resource_kind: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True, server_default="true")
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class Clinician(TenantRow, Base):
    """Who treats, perhaps a user too. `version` counts availability and exceptions as well."""

    __tablename__ = "clinicians"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id"], ["practices.id"]),
        ForeignKeyConstraint(["practice_id", "user_id"], ["users.practice_id", "users.id"]),
        UniqueConstraint("practice_id", "user_id"),
    )

    name: Mapped[str]
    disciplines: Mapped[list[str]] = mapped_column(ARRAY(TEXT), server_default="{}")
    color: Mapped[str]
    user_id: Mapped[uuid.UUID | None]
    active: Mapped[bool] = mapped_column(default=True, server_default="true")
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class ClinicianLocation(Base):
    """Where a clinician works."""

    __tablename__ = "clinician_locations"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "clinician_id"], ["clinicians.practice_id", "clinicians.id"]),
        ForeignKeyConstraint(["practice_id", "location_id"], ["locations.practice_id", "locations.id"]),
    )

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    clinician_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    location_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)


class ClinicianType(Base):
    """What a clinician gives."""

    __tablename__ = "clinician_types"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "clinician_id"], ["clinicians.practice_id", "clinicians.id"]),
        ForeignKeyConstraint(["practice_id", "type_id"], ["appointment_types.practice_id", "appointment_types.id"]),
    )

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    clinician_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    type_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)


class Availability(TenantRow, Base):
    """Weekly hours of a clinician at a clinic, local; 0 is Monday. Empty `type_ids`: for whatever they give."""

    __tablename__ = "availabilities"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "clinician_id"], ["clinicians.practice_id", "clinicians.id"]),
        ForeignKeyConstraint(["practice_id", "location_id"], ["locations.practice_id", "locations.id"]),
        CheckConstraint("weekday BETWEEN 0 AND 6 AND opens < closes", name="span"),
        CheckConstraint("valid_from <= valid_until", name="valid"),
        Index("ix_availabilities_clinician_id", "practice_id", "clinician_id"),
    )

    clinician_id: Mapped[uuid.UUID]
    location_id: Mapped[uuid.UUID]
    weekday: Mapped[int]
    opens: Mapped[time]
    closes: Mapped[time]
    type_ids: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(UUID(as_uuid=True)), server_default="{}")
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]


class AvailabilityException(TenantRow, Base):
    """A date that differs: `off` (all day without times, everywhere without a clinic), or `extra` hours at a clinic."""

    __tablename__ = "availability_exceptions"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "clinician_id"], ["clinicians.practice_id", "clinicians.id"]),
        ForeignKeyConstraint(["practice_id", "location_id"], ["locations.practice_id", "locations.id"]),
        CheckConstraint("kind IN ('off','extra')", name="kind"),
        CheckConstraint("kind = 'off' OR num_nonnulls(opens, closes, location_id) = 3", name="extra"),
        CheckConstraint("num_nonnulls(opens, closes) <> 1 AND opens < closes", name="span"),
        Index("ix_availability_exceptions_date", "practice_id", "date"),
    )

    clinician_id: Mapped[uuid.UUID]
    location_id: Mapped[uuid.UUID | None]
    date: Mapped[date]
    kind: Mapped[str]
    opens: Mapped[time | None]
    closes: Mapped[time | None]
    note: Mapped[str | None]


class BlockedTime(TenantRow, Base):
    """Time never offered: of one clinician, or (null) of everyone at the clinic."""

    __tablename__ = "blocked_times"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "clinician_id"], ["clinicians.practice_id", "clinicians.id"]),
        ForeignKeyConstraint(["practice_id", "location_id"], ["locations.practice_id", "locations.id"]),
        CheckConstraint("num_nonnulls(clinician_id, location_id) > 0", name="whose"),
        CheckConstraint("starts_at < ends_at AND ends_at - starts_at <= interval '31 days'", name="span"),
        CheckConstraint("kind IN ('meeting','lunch','training','admin','time_off','closed','other')", name="kind"),
        Index("ix_blocked_times_starts_at", "practice_id", "starts_at"),
        Index(
            "ix_blocked_times_series_id", "practice_id", "series_id",
            postgresql_where=text("series_id IS NOT NULL"),
        ),
    )  # fmt: skip

    clinician_id: Mapped[uuid.UUID | None]
    location_id: Mapped[uuid.UUID | None]
    kind: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    note: Mapped[str | None]
    # The same for all weeks of what repeats.
    series_id: Mapped[uuid.UUID | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class Resource(TenantRow, Base):
    """Rooms, tables, machines of a clinic; `units` of them can be used at once."""

    __tablename__ = "resources"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "location_id"], ["locations.practice_id", "locations.id"]),
        UniqueConstraint("practice_id", "location_id", "name"),
        CheckConstraint("units BETWEEN 1 AND 50", name="units"),
    )

    location_id: Mapped[uuid.UUID]
    name: Mapped[str]
    kind: Mapped[str]
    units: Mapped[int] = mapped_column(default=1, server_default="1")
    active: Mapped[bool] = mapped_column(default=True, server_default="true")
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class BookingRule(TenantRow, Base):
    """What may be booked. Null `location_id`, `clinician_id`, `type_id`, `type_kind`, `payer` match all.

    concurrency: how many of these may overlap. count: at most `most` per `period`, for each of `per`.
    case_mix: at most `most` percent of a clinician's working time of a week.
    """

    __tablename__ = "booking_rules"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id"], ["practices.id"]),
        ForeignKeyConstraint(["practice_id", "location_id"], ["locations.practice_id", "locations.id"]),
        ForeignKeyConstraint(["practice_id", "clinician_id"], ["clinicians.practice_id", "clinicians.id"]),
        ForeignKeyConstraint(["practice_id", "type_id"], ["appointment_types.practice_id", "appointment_types.id"]),
        CheckConstraint("rule IN ('concurrency','count','case_mix')", name="rule"),
        CheckConstraint("(rule = 'count') = (period IS NOT NULL) AND period IN ('day','week')", name="period"),
        CheckConstraint("per IN ('clinician','location','practice')", name="per"),
        CheckConstraint("rule = 'count' OR per = 'clinician'", name="rule_per"),
        CheckConstraint(
            "CASE rule WHEN 'concurrency' THEN most BETWEEN 1 AND 6 WHEN 'count' THEN most BETWEEN 0 AND 1000"
            " ELSE most BETWEEN 0 AND 100 END",
            name="most",
        ),
        CheckConstraint("type_kind IN ('evaluation','follow_up','free_screen','other')", name="type_kind"),
    )

    rule: Mapped[str]
    location_id: Mapped[uuid.UUID | None]
    clinician_id: Mapped[uuid.UUID | None]
    type_id: Mapped[uuid.UUID | None]
    type_kind: Mapped[str | None]
    payer: Mapped[str | None]
    per: Mapped[str] = mapped_column(default="clinician", server_default="clinician")
    period: Mapped[str | None]
    most: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True, server_default="true")
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class SchedulingSettings(TenantRow, Base):
    """How times are offered: the practice's (null `location_id`), and what a clinic does otherwise (null: alike)."""

    __tablename__ = "scheduling_settings"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id"], ["practices.id"]),
        ForeignKeyConstraint(["practice_id", "location_id"], ["locations.practice_id", "locations.id"]),
        UniqueConstraint("practice_id", "location_id", postgresql_nulls_not_distinct=True),
        CheckConstraint("notice_minutes BETWEEN 0 AND 43200", name="notice"),
        CheckConstraint("horizon_days BETWEEN 1 AND 365", name="horizon"),
        CheckConstraint("spacing_minutes IN (5,10,15,20,30,60)", name="spacing"),
        CheckConstraint("late_cancel_hours BETWEEN 0 AND 168", name="late_cancel"),
        CheckConstraint(
            "location_id IS NOT NULL OR"
            " num_nonnulls(notice_minutes, horizon_days, spacing_minutes, late_cancel_hours) = 4",
            name="whole",
        ),
    )

    location_id: Mapped[uuid.UUID | None]
    notice_minutes: Mapped[int | None]
    horizon_days: Mapped[int | None]
    spacing_minutes: Mapped[int | None]
    late_cancel_hours: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
