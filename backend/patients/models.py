"""Tables of the patient."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, func, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base, TenantRow


class Patient(TenantRow, Base):
    """A person. Phones are E.164; `sex` is F, M or X as the order says."""

    __tablename__ = "patients"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id"], ["practices.id"]),
        CheckConstraint("sex IN ('F','M','X')", name="sex"),
        Index("ix_patients_dob", "practice_id", "dob"),
        Index("ix_patients_phone", "practice_id", "phone"),
        Index("ix_patients_phone_alt", "practice_id", "phone_alt"),
        Index("ix_patients_email", "practice_id", "email"),
        Index("ix_patients_mrn", "practice_id", "mrn"),
        Index("ix_patients_name", "practice_id", text("lower(last_name)"), text("lower(first_name)")),
        ForeignKeyConstraint(["practice_id", "merged_into"], ["patients.practice_id", "patients.id"]),
        CheckConstraint("merged_into <> id", name="merged"),
        Index("ix_patients_merged", "practice_id", "merged_into", postgresql_where=text("merged_into IS NOT NULL")),
    )

    first_name: Mapped[str]
    middle_name: Mapped[str | None]
    last_name: Mapped[str]
    suffix: Mapped[str | None]
    dob: Mapped[date | None]
    sex: Mapped[str | None]
    phone: Mapped[str | None]
    phone_alt: Mapped[str | None]
    email: Mapped[str | None]
    address: Mapped[str | None]
    mrn: Mapped[str | None]
    # The person this one turned out to be; everything of theirs is there.
    merged_into: Mapped[uuid.UUID | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Coverage(TenantRow, Base):
    """What pays for the patient's care: at most one active of each `rank`; those before it stay, not active.

    `payer_name` is the practice's own name of the payer once it is known in its list (`payer_id`), and `payer_said`
    what the paper called it. Subscriber fields are those of somebody else than the patient.
    """

    __tablename__ = "coverages"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patients.practice_id", "patients.id"]),
        ForeignKeyConstraint(["practice_id", "payer_id"], ["payers.practice_id", "payers.id"]),
        CheckConstraint("rank IN ('primary','secondary','tertiary')", name="rank"),
        CheckConstraint("relationship IN ('self','spouse','child','other')", name="relationship"),
        CheckConstraint("source IN ('fax','card','patient','desk')", name="source"),
        CheckConstraint("effective_from <= effective_until", name="effective"),
        Index("ix_coverages_patient_id", "practice_id", "patient_id"),
        Index("uq_coverages_active", "practice_id", "patient_id", "rank", unique=True, postgresql_where=text("active")),
        Index("ix_coverages_member_id", "practice_id", "member_id"),
    )

    patient_id: Mapped[uuid.UUID]
    rank: Mapped[str]
    payer_name: Mapped[str]
    payer_said: Mapped[str | None]
    payer_id: Mapped[uuid.UUID | None]
    plan_name: Mapped[str | None]
    member_id: Mapped[str | None]
    group_number: Mapped[str | None]
    relationship: Mapped[str] = mapped_column(default="self", server_default="self")
    subscriber_first_name: Mapped[str | None]
    subscriber_last_name: Mapped[str | None]
    subscriber_dob: Mapped[date | None]
    effective_from: Mapped[date | None]
    effective_until: Mapped[date | None]
    active: Mapped[bool] = mapped_column(default=True, server_default="true")
    source: Mapped[str] = mapped_column(default="fax", server_default="fax")
    verified_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class PatientWord(Base):
    """One word a patient is found by (see `words.py`)."""

    __tablename__ = "patient_words"
    __table_args__ = (
        ForeignKeyConstraint(
            ["practice_id", "patient_id"], ["patients.practice_id", "patients.id"], ondelete="CASCADE"
        ),
        Index("ix_patient_words_patient_id", "practice_id", "patient_id"),
    )

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    # Compared byte by byte, so that a range of the index is a prefix.
    word: Mapped[str] = mapped_column(String(collation="C"), primary_key=True)
    patient_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)


class PatientPair(Base):
    """Two people who may be one, `first_id` before `second_id`; `dismissed_at` once somebody said that they are not."""

    __tablename__ = "patient_pairs"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "first_id"], ["patients.practice_id", "patients.id"]),
        ForeignKeyConstraint(["practice_id", "second_id"], ["patients.practice_id", "patients.id"]),
        CheckConstraint("first_id < second_id", name="order"),
        Index("ix_patient_pairs_second_id", "practice_id", "second_id"),
    )

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    first_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    second_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    score: Mapped[float]
    found_at: Mapped[datetime]
    dismissed_at: Mapped[datetime | None]
    dismissed_by: Mapped[str | None]
