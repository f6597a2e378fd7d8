"""Tables of the lead, its stages, orders and history."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base, TenantRow

# Ranks compare byte by byte, whatever the database's collation.
RANK = String(collation="C")


class Stage(Base):
    """A column of the board. Its group carries the meaning; name and order are the practice's own."""

    __tablename__ = "stages"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id"], ["practices.id"]),
        UniqueConstraint("practice_id", "position", deferrable=True, initially="DEFERRED"),
        CheckConstraint("\"group\" IN ('open','in_progress','won','lost')", name="group"),
    )

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    group: Mapped[str]
    position: Mapped[int]


class Lead(TenantRow, Base):
    """One patient's request for care. While `open` the database demands an owner and a task with a due time."""

    __tablename__ = "leads"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patients.practice_id", "patients.id"]),
        ForeignKeyConstraint(["practice_id", "stage"], ["stages.practice_id", "stages.key"]),
        ForeignKeyConstraint(["practice_id", "location_id"], ["locations.practice_id", "locations.id"]),
        ForeignKeyConstraint(["practice_id", "owner_user_id"], ["users.practice_id", "users.id"]),
        ForeignKeyConstraint(["practice_id", "owner_team_id"], ["teams.practice_id", "teams.id"]),
        CheckConstraint("num_nonnulls(owner_user_id, owner_team_id) = 1", name="owner"),
        CheckConstraint("source IN ('fax','web_form','phone','walk_in','api','text','email')", name="source"),
        CheckConstraint("urgency IN ('routine','urgent','stat')", name="urgency"),
        CheckConstraint("stage <> 'lost' OR lost_reason IS NOT NULL", name="lost_reason"),
        CheckConstraint(
            "evaluation_state IN ('none','booked','missed','attended','canceled')", name="evaluation_state"
        ),
        CheckConstraint("evaluation_state = 'none' OR evaluation_at IS NOT NULL", name="evaluation_at"),
        ForeignKeyConstraint(["practice_id", "merged_into"], ["leads.practice_id", "leads.id"]),
        CheckConstraint("merged_into IS NULL OR (NOT open AND merged_into <> id)", name="merged"),
        Index("ix_leads_merged", "practice_id", "merged_into", postgresql_where=text("merged_into IS NOT NULL")),
        CheckConstraint("intake_state IN ('none','sent','started','done')", name="intake_state"),
        Index("ix_leads_column", "practice_id", "stage", "rank", "id"),
        Index("ix_leads_patient_id", "practice_id", "patient_id"),
        Index("ix_leads_opened_at", "practice_id", "opened_at"),
    )

    patient_id: Mapped[uuid.UUID]
    stage: Mapped[str]
    open: Mapped[bool]
    rank: Mapped[str] = mapped_column(RANK)
    location_id: Mapped[uuid.UUID | None]
    owner_user_id: Mapped[uuid.UUID | None]
    owner_team_id: Mapped[uuid.UUID | None]
    source: Mapped[str]
    urgency: Mapped[str] = mapped_column(default="routine", server_default="routine")
    lost_reason: Mapped[str | None]
    opened_at: Mapped[datetime] = mapped_column(server_default=func.now())
    stage_entered_at: Mapped[datetime] = mapped_column(server_default=func.now())
    first_attempt_at: Mapped[datetime | None]
    first_contact_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    evaluation_at: Mapped[datetime | None]
    evaluation_state: Mapped[str] = mapped_column(default="none", server_default="none")
    # How far the patient is with the intake form, as `intake_forms` keeps it here.
    intake_state: Mapped[str] = mapped_column(default="none", server_default="none")
    intake_percent: Mapped[int] = mapped_column(default=0, server_default="0")
    # The open task that is due first; kept by the database (trigger on tasks), so it cannot drift.
    next_task_id: Mapped[uuid.UUID | None]
    next_kind: Mapped[str | None]
    next_label: Mapped[str | None]
    next_due_at: Mapped[datetime | None]
    # The lead this one turned out to be; it is closed and hidden, and everything of it is there (`merging.py`).
    merged_into: Mapped[uuid.UUID | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class FirstContactTargets(Base):
    """Working minutes from a lead's opening to the first attempt, by urgency; without a row the usual ones."""

    __tablename__ = "first_contact_targets"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id"], ["practices.id"]),
        CheckConstraint("stat BETWEEN 5 AND 14400 AND urgent BETWEEN 5 AND 14400", name="urgent"),
        CheckConstraint("routine BETWEEN 5 AND 14400", name="routine"),
    )

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    stat: Mapped[int] = mapped_column(default=30)
    urgent: Mapped[int] = mapped_column(default=60)
    routine: Mapped[int] = mapped_column(default=120)
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class ReferralOrder(TenantRow, Base):
    """What a provider ordered, in the words and normal forms of contract §3. `fax_id` is its proof."""

    __tablename__ = "referral_orders"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "lead_id"], ["leads.practice_id", "leads.id"]),
        ForeignKeyConstraint(["practice_id", "referrer_id"], ["referrers.practice_id", "referrers.id"]),
        UniqueConstraint("practice_id", "fax_id", "fax_segment"),
        Index("ix_referral_orders_lead_id", "practice_id", "lead_id"),
        Index("ix_referral_orders_referrer_id", "practice_id", "referrer_id", "lead_id"),
    )

    lead_id: Mapped[uuid.UUID]
    referrer_id: Mapped[uuid.UUID | None]
    fax_id: Mapped[uuid.UUID | None]
    fax_segment: Mapped[int | None]
    referral_date: Mapped[date | None]
    diagnosis_text: Mapped[str | None]
    icd10_codes: Mapped[list[str]] = mapped_column(ARRAY(TEXT), server_default="{}")
    body_part: Mapped[str | None]
    side: Mapped[str | None]
    order_text: Mapped[str | None]
    discipline: Mapped[str | None]
    evaluate_and_treat: Mapped[bool | None]
    frequency_per_week: Mapped[int | None]
    duration_weeks: Mapped[int | None]
    visits_authorized: Mapped[int | None]
    authorization_number: Mapped[str | None]
    surgery_date: Mapped[date | None]
    procedure: Mapped[str | None]
    precautions: Mapped[str | None]
    weight_bearing: Mapped[str | None]
    urgency: Mapped[str | None]
    signed: Mapped[bool | None]
    notes: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class LeadEvent(TenantRow, Base):
    """One row of the lead's history: who, when, why. Metrics and the story read nothing else."""

    __tablename__ = "lead_events"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "lead_id"], ["leads.practice_id", "leads.id"]),
        Index("ix_lead_events_lead_id", "practice_id", "lead_id", "at", "id"),
    )

    lead_id: Mapped[uuid.UUID]
    kind: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    actor_kind: Mapped[str]
    actor_name: Mapped[str]
    actor_id: Mapped[str | None]
    from_stage: Mapped[str | None]
    to_stage: Mapped[str | None]
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


class LeadMerge(TenantRow, Base):
    """A lead became part of another: who did it, and everything that moved, so that it can be taken back."""

    __tablename__ = "lead_merges"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "lead_id"], ["leads.practice_id", "leads.id"]),
        ForeignKeyConstraint(["practice_id", "into_id"], ["leads.practice_id", "leads.id"]),
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patients.practice_id", "patients.id"]),
        ForeignKeyConstraint(["practice_id", "into_patient_id"], ["patients.practice_id", "patients.id"]),
        CheckConstraint("lead_id <> into_id", name="other"),
        Index(
            "uq_lead_merges_standing", "practice_id", "lead_id", unique=True,
            postgresql_where=text("undone_at IS NULL"),
        ),
        Index("ix_lead_merges_into_id", "practice_id", "into_id"),
    )  # fmt: skip

    lead_id: Mapped[uuid.UUID]
    into_id: Mapped[uuid.UUID]
    # The people as they were: two, or twice the same.
    patient_id: Mapped[uuid.UUID]
    into_patient_id: Mapped[uuid.UUID]
    at: Mapped[datetime]
    by: Mapped[str]
    changes: Mapped[list[Any]]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None]
