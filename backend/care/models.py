"""Tables of care: the episode, its visits, plans of care and progress reports."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base, TenantRow


class Episode(TenantRow, Base):
    """One course of care, from the evaluation to the discharge. What was ordered is kept as it was then.

    `order_signed_on`: the date of a signed order on file, which spares the initial plan its signature.
    Without a lead it came from an import, or its lead was merged into one that has an episode of its own.
    """

    __tablename__ = "episodes"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patients.practice_id", "patients.id"]),
        ForeignKeyConstraint(["practice_id", "lead_id"], ["leads.practice_id", "leads.id"]),
        ForeignKeyConstraint(["practice_id", "location_id"], ["locations.practice_id", "locations.id"]),
        ForeignKeyConstraint(["practice_id", "clinician_id"], ["clinicians.practice_id", "clinicians.id"]),
        ForeignKeyConstraint(["practice_id", "referrer_id"], ["referrers.practice_id", "referrers.id"]),
        UniqueConstraint("practice_id", "lead_id"),
        CheckConstraint("state IN ('active','discharged')", name="state"),
        CheckConstraint(
            "discharge_reason IN "
            "('goals_met','plan_finished','patient_choice','no_return','insurance','medical','moved','other')",
            name="discharge_reason",
        ),
        CheckConstraint(
            "num_nonnulls(ended_on, discharge_reason, discharged_at) = (CASE state WHEN 'active' THEN 0 ELSE 3 END)",
            name="discharged",
        ),
        CheckConstraint("started_on <= ended_on", name="ended"),
        CheckConstraint("side IN ('left','right','bilateral')", name="side"),
        Index("ix_episodes_patient_id", "practice_id", "patient_id"),
        Index("ix_episodes_state", "practice_id", "state", "started_on", "id"),
        Index("ix_episodes_referrer_id", "practice_id", "referrer_id", "ended_on"),
        Index(
            "uq_episodes_external_id", "practice_id", "external_id", unique=True,
            postgresql_where=text("external_id IS NOT NULL"),
        ),
    )  # fmt: skip

    patient_id: Mapped[uuid.UUID]
    lead_id: Mapped[uuid.UUID | None]
    location_id: Mapped[uuid.UUID | None]
    clinician_id: Mapped[uuid.UUID | None]
    referrer_id: Mapped[uuid.UUID | None]
    discipline: Mapped[str | None]
    body_region: Mapped[str | None]
    side: Mapped[str | None]
    procedure: Mapped[str | None]
    surgery_date: Mapped[date | None]
    diagnoses: Mapped[str | None]
    frequency_per_week: Mapped[int | None]
    duration_weeks: Mapped[int | None]
    order_signed_on: Mapped[date | None]
    started_on: Mapped[date]
    state: Mapped[str] = mapped_column(default="active", server_default="active")
    ended_on: Mapped[date | None]
    discharge_reason: Mapped[str | None]
    discharge_note: Mapped[str | None]
    discharged_at: Mapped[datetime | None]
    discharged_by: Mapped[str | None]
    external_id: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[datetime]


class Visit(TenantRow, Base):
    """What became of one visit. `day` is its date at the clinic: treatment days are counted by it."""

    __tablename__ = "visits"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "episode_id"], ["episodes.practice_id", "episodes.id"]),
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patients.practice_id", "patients.id"]),
        ForeignKeyConstraint(["practice_id", "location_id"], ["locations.practice_id", "locations.id"]),
        ForeignKeyConstraint(["practice_id", "clinician_id"], ["clinicians.practice_id", "clinicians.id"]),
        ForeignKeyConstraint(["practice_id", "appointment_id"], ["appointments.practice_id", "appointments.id"]),
        UniqueConstraint("practice_id", "appointment_id"),
        CheckConstraint("kind IN ('evaluation','treatment','reevaluation','discharge')", name="kind"),
        CheckConstraint("state IN ('attended','no_show','late_cancel','canceled','clinic_canceled')", name="state"),
        CheckConstraint("source IN ('desk','api','import','hl7')", name="source"),
        Index(
            "uq_visits_external_id", "practice_id", "source", "external_id", unique=True,
            postgresql_where=text("external_id IS NOT NULL"),
        ),
        Index("ix_visits_episode_id", "practice_id", "episode_id", "scheduled_at", "id"),
        Index("ix_visits_patient_id", "practice_id", "patient_id"),
        Index("ix_visits_scheduled_at", "practice_id", "scheduled_at"),
    )  # fmt: skip

    episode_id: Mapped[uuid.UUID]
    patient_id: Mapped[uuid.UUID]
    location_id: Mapped[uuid.UUID | None]
    clinician_id: Mapped[uuid.UUID | None]
    appointment_id: Mapped[uuid.UUID | None]
    kind: Mapped[str] = mapped_column(default="treatment", server_default="treatment")
    scheduled_at: Mapped[datetime]
    day: Mapped[date]
    state: Mapped[str]
    source: Mapped[str] = mapped_column(default="desk", server_default="desk")
    external_id: Mapped[str | None]
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class PlanOfCare(TenantRow, Base):
    """What is planned, for how long, and how it was certified; how it stands is computed (`certification.py`).

    `ready_at`: complete and signed by the therapist, so it may be sent. `verbal_on`: the referrer agreed by word.
    """

    __tablename__ = "plans_of_care"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "episode_id"], ["episodes.practice_id", "episodes.id"]),
        ForeignKeyConstraint(["practice_id", "signed_fax_id"], ["faxes.practice_id", "faxes.id"]),
        UniqueConstraint("practice_id", "episode_id", "number"),
        CheckConstraint("kind IN ('initial','recertification')", name="kind"),
        CheckConstraint("(kind = 'initial') = (number = 1)", name="number"),
        CheckConstraint("starts_on <= ends_on", name="span"),
        CheckConstraint("frequency_per_week BETWEEN 1 AND 14", name="frequency_per_week"),
        CheckConstraint("duration_weeks BETWEEN 1 AND 52", name="duration_weeks"),
        CheckConstraint("per_day BETWEEN 1 AND 4", name="per_day"),
        CheckConstraint("sent_how IN ('fax','email','portal','hand','other')", name="sent_how"),
        CheckConstraint("signed_how IN ('fax','portal','hand')", name="signed_how"),
        CheckConstraint("(signed_on IS NULL) = (signed_how IS NULL)", name="signed"),
        Index(
            "ix_plans_of_care_unsigned", "practice_id", "ends_on", "id", postgresql_where=text("signed_on IS NULL")
        ),
    )  # fmt: skip

    episode_id: Mapped[uuid.UUID]
    number: Mapped[int]
    kind: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    frequency_per_week: Mapped[int]
    duration_weeks: Mapped[int]
    per_day: Mapped[int] = mapped_column(default=1, server_default="1")
    goals: Mapped[list[str]] = mapped_column(ARRAY(TEXT), server_default="{}")
    diagnoses: Mapped[list[str]] = mapped_column(ARRAY(TEXT), server_default="{}")
    # Whether this payer wants it certified, as Medicare does.
    certify: Mapped[bool] = mapped_column(default=True, server_default="true")
    ready_at: Mapped[datetime | None]
    ready_by: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    sent_how: Mapped[str | None]
    verbal_on: Mapped[date | None]
    signed_on: Mapped[date | None]
    signed_fax_id: Mapped[uuid.UUID | None]
    signed_how: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[datetime]


class ProgressReport(TenantRow, Base):
    """A progress report was written: the ten treatment days are counted anew from the next one."""

    __tablename__ = "progress_reports"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "episode_id"], ["episodes.practice_id", "episodes.id"]),
        UniqueConstraint("practice_id", "episode_id", "written_on"),
    )

    episode_id: Mapped[uuid.UUID]
    written_on: Mapped[date]
    written_by: Mapped[str]
    created_at: Mapped[datetime]
