"""Tables of the appointment, its history, the waitlist, and addresses of calendar feeds."""

import uuid
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint, literal_column, text
from sqlalchemy.dialects.postgresql import INT4RANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base, TenantRow

OCCUPYING: Final = ("held", "booked", "confirmed", "checked_in")
OPEN: Final = ("booked", "confirmed")
OCCUPIES: Final = "status IN ('held','booked','confirmed','checked_in')"
# One clinician's time is this many lanes wide. Who may not be joined takes all of them, who may overlap with n - 1
# others an nth; on-purpose double bookings take lanes beside them.
LANES: Final = 60
LONGEST_HOURS: Final = 12
BUSY: Final = "tstzrange(busy_from, busy_until)"


class Appointment(TenantRow, Base):
    """One visit. `busy_from`–`busy_until` is its time with padding: no two on the same lane may share any of it."""

    __tablename__ = "appointments"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "type_id"], ["appointment_types.practice_id", "appointment_types.id"]),
        ForeignKeyConstraint(["practice_id", "clinician_id"], ["clinicians.practice_id", "clinicians.id"]),
        ForeignKeyConstraint(["practice_id", "location_id"], ["locations.practice_id", "locations.id"]),
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patients.practice_id", "patients.id"]),
        ForeignKeyConstraint(["practice_id", "lead_id"], ["leads.practice_id", "leads.id"]),
        ForeignKeyConstraint(["practice_id", "resource_id"], ["resources.practice_id", "resources.id"]),
        ExcludeConstraint(
            ("practice_id", "="),
            ("clinician_id", "="),
            ("lanes", "&&"),
            (literal_column(BUSY), "&&"),
            name="no_double_booking",
            using="gist",
            where=text(OCCUPIES),
        ),
        ExcludeConstraint(
            ("practice_id", "="),
            ("resource_id", "="),
            ("resource_unit", "="),
            (literal_column(BUSY), "&&"),
            name="no_double_use",
            using="gist",
            where=text(f"{OCCUPIES} AND resource_id IS NOT NULL"),
        ),
        CheckConstraint("status IN ('held','booked','confirmed','checked_in','no_show','canceled')", name="status"),
        CheckConstraint("source IN ('staff','patient','text','waitlist','api','import')", name="source"),
        CheckConstraint("(status = 'held') = (hold_until IS NOT NULL)", name="hold"),
        CheckConstraint("status = 'held' OR patient_id IS NOT NULL", name="patient"),
        CheckConstraint("num_nonnulls(resource_id, resource_unit) <> 1", name="resource"),
        CheckConstraint("starts_at < ends_at AND busy_from <= starts_at AND ends_at <= busy_until", name="span"),
        CheckConstraint("busy_until - busy_from <= interval '12 hours'", name="length"),
        CheckConstraint("NOT isempty(lanes) AND lower(lanes) >= 0 AND upper(lanes) <= 120", name="lanes"),
        CheckConstraint("upper(lanes) <= 60 OR override_reason IS NOT NULL", name="override"),
        Index("ix_appointments_busy_from", "practice_id", "busy_from", postgresql_where=text(OCCUPIES)),
        Index("ix_appointments_starts_at", "practice_id", "starts_at", "id"),
        Index("ix_appointments_lead_id", "practice_id", "lead_id"),
        Index("ix_appointments_patient_id", "practice_id", "patient_id", "starts_at"),
        Index(
            "uq_appointments_external_id",
            "practice_id",
            "external_id",
            unique=True,
            postgresql_where=text("external_id IS NOT NULL"),
        ),
        Index("ix_appointments_hold_until", "practice_id", "hold_until", postgresql_where=text("status = 'held'")),
    )

    type_id: Mapped[uuid.UUID]
    clinician_id: Mapped[uuid.UUID]
    location_id: Mapped[uuid.UUID]
    patient_id: Mapped[uuid.UUID | None]
    lead_id: Mapped[uuid.UUID | None]
    resource_id: Mapped[uuid.UUID | None]
    resource_unit: Mapped[int | None]
    status: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    busy_from: Mapped[datetime]
    busy_until: Mapped[datetime]
    lanes: Mapped[Range[int]] = mapped_column(INT4RANGE)
    concurrency: Mapped[int] = mapped_column(default=1, server_default="1")
    source: Mapped[str]
    note: Mapped[str | None]
    override_reason: Mapped[str | None]
    hold_until: Mapped[datetime | None]
    cancel_reason: Mapped[str | None]
    late_cancel: Mapped[bool] = mapped_column(default=False, server_default="false")
    # Counts what calendars that hold a copy must take over (RFC 5545 SEQUENCE).
    sequence: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime]
    # What the EMR calls it.
    external_id: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class AppointmentEvent(TenantRow, Base):
    """One row of an appointment's history; a move keeps where it was."""

    __tablename__ = "appointment_events"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "appointment_id"], ["appointments.practice_id", "appointments.id"]),
        CheckConstraint(
            "kind IN ('booked','moved','confirmed','canceled','checked_in','no_show','undone','noted')", name="kind"
        ),
        Index("ix_appointment_events_appointment_id", "practice_id", "appointment_id", "at", "id"),
    )

    appointment_id: Mapped[uuid.UUID]
    kind: Mapped[str]
    at: Mapped[datetime]
    actor_kind: Mapped[str]
    actor_id: Mapped[str]
    actor_name: Mapped[str]
    reason: Mapped[str | None]
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


class WaitlistEntry(TenantRow, Base):
    """Who would come sooner. `windows` are (day, start, end) as patients say them; none: any time."""

    __tablename__ = "waitlist_entries"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patients.practice_id", "patients.id"]),
        ForeignKeyConstraint(["practice_id", "lead_id"], ["leads.practice_id", "leads.id"]),
        ForeignKeyConstraint(["practice_id", "type_id"], ["appointment_types.practice_id", "appointment_types.id"]),
        ForeignKeyConstraint(["practice_id", "location_id"], ["locations.practice_id", "locations.id"]),
        ForeignKeyConstraint(["practice_id", "clinician_id"], ["clinicians.practice_id", "clinicians.id"]),
        ForeignKeyConstraint(["practice_id", "appointment_id"], ["appointments.practice_id", "appointments.id"]),
        CheckConstraint("priority BETWEEN 0 AND 3", name="priority"),
        CheckConstraint("state IN ('waiting','filled','removed','expired')", name="state"),
        Index(
            "ix_waitlist_entries_waiting", "practice_id", literal_column("priority DESC"), "created_at", "id",
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "uq_waitlist_entries_patient", "practice_id", "patient_id", "type_id", unique=True,
            postgresql_where=text("state = 'waiting'"),
        ),
    )  # fmt: skip

    patient_id: Mapped[uuid.UUID]
    lead_id: Mapped[uuid.UUID | None]
    type_id: Mapped[uuid.UUID]
    location_id: Mapped[uuid.UUID | None]
    clinician_id: Mapped[uuid.UUID | None]
    appointment_id: Mapped[uuid.UUID | None]
    priority: Mapped[int] = mapped_column(default=0, server_default="0")
    windows: Mapped[list[Any]] = mapped_column(default=list)
    earliest: Mapped[date | None]
    expires_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(default="waiting", server_default="waiting")
    note: Mapped[str | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class CalendarFeed(TenantRow, Base):
    """A secret address other calendars read. Only the token's SHA-256 is kept. System-readable."""

    __tablename__ = "calendar_feeds"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "clinician_id"], ["clinicians.practice_id", "clinicians.id"]),
        ForeignKeyConstraint(["practice_id", "location_id"], ["locations.practice_id", "locations.id"]),
        UniqueConstraint("token_hash"),
        CheckConstraint("num_nonnulls(clinician_id, location_id) = 1", name="whose"),
        CheckConstraint("names IN ('none','initials')", name="names"),
    )

    clinician_id: Mapped[uuid.UUID | None]
    location_id: Mapped[uuid.UUID | None]
    names: Mapped[str] = mapped_column(default="none", server_default="none")
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    rotated_at: Mapped[datetime | None]
    last_read_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
