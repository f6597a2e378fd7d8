"""Tables of forms, their published versions, and of what patients answer."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.clock import now
from backend.core.database import Base, TenantRow


class IntakeForm(TenantRow, Base):
    """A form of the practice: the draft that is being written, and the number of its published version."""

    __tablename__ = "intake_forms"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id"], ["practices.id"]),
        CheckConstraint("NOT standard OR archived_at IS NULL", name="standard"),
        Index("uq_intake_forms_standard", "practice_id", unique=True, postgresql_where=text("standard")),
        Index(
            "uq_intake_forms_name", "practice_id", text("lower(name)"), unique=True,
            postgresql_where=text("archived_at IS NULL"),
        ),
    )  # fmt: skip

    name: Mapped[str]
    draft: Mapped[dict[str, Any]]
    published: Mapped[int | None]
    # Sent where nobody chooses another.
    standard: Mapped[bool] = mapped_column(default=False, server_default="false")
    archived_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[datetime] = mapped_column(default=now)


class IntakeFormVersion(Base):
    """A form as it was published. The app may add rows and read them, nothing else."""

    __tablename__ = "intake_form_versions"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "form_id"], ["intake_forms.practice_id", "intake_forms.id"]),
        CheckConstraint("number > 0", name="number"),
    )

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    form_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    definition: Mapped[dict[str, Any]]
    changes: Mapped[list[Any]]
    published_by: Mapped[str]
    published_at: Mapped[datetime] = mapped_column(default=now)


class Intake(TenantRow, Base):
    """A form for one lead's patient. `form_version` is set as the patient begins, and stays.

    `revision` counts saves; `wrapped_key` opens the answers, which are health facts and lie sealed like documents.
    """

    __tablename__ = "intakes"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "lead_id"], ["leads.practice_id", "leads.id"]),
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patients.practice_id", "patients.id"]),
        ForeignKeyConstraint(["practice_id", "form_id"], ["intake_forms.practice_id", "intake_forms.id"]),
        ForeignKeyConstraint(
            ["practice_id", "form_id", "form_version"],
            ["intake_form_versions.practice_id", "intake_form_versions.form_id", "intake_form_versions.number"],
        ),
        ForeignKeyConstraint(["practice_id", "document_id"], ["documents.practice_id", "documents.id"]),
        ForeignKeyConstraint(["practice_id", "welcome_id"], ["messages.practice_id", "messages.id"]),
        ForeignKeyConstraint(["practice_id", "reminder_id"], ["messages.practice_id", "messages.id"]),
        CheckConstraint("state IN ('prepared','sent','started','submitted','canceled')", name="state"),
        CheckConstraint("language IN ('en','es')", name="language"),
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),
        CheckConstraint("(started_at IS NULL) = (form_version IS NULL)", name="form_version"),
        CheckConstraint("(state = 'submitted') = (submitted_at IS NOT NULL)", name="submitted_at"),
        Index(
            "uq_intakes_running", "practice_id", "lead_id", unique=True,
            postgresql_where=text("state IN ('prepared','sent','started')"),
        ),
        Index("ix_intakes_lead_id", "practice_id", "lead_id", "created_at"),
    )  # fmt: skip

    lead_id: Mapped[uuid.UUID]
    patient_id: Mapped[uuid.UUID]
    form_id: Mapped[uuid.UUID]
    form_version: Mapped[int | None]
    language: Mapped[str] = mapped_column(default="en", server_default="en")
    state: Mapped[str] = mapped_column(default="prepared", server_default="prepared")
    percent: Mapped[int] = mapped_column(default=0, server_default="0")
    revision: Mapped[int] = mapped_column(default=0, server_default="0")
    wrapped_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    # The two texts there may be about it.
    welcome_id: Mapped[uuid.UUID | None]
    reminder_id: Mapped[uuid.UUID | None]
    document_id: Mapped[uuid.UUID | None]
    # Answers the desk is warned of.
    alerts: Mapped[int] = mapped_column(default=0, server_default="0")
    created_by: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=now)
    sent_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    saved_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class IntakeAnswer(Base):
    """The answer to one question, sealed and bound to its place. `revision`: of the save that wrote it last."""

    __tablename__ = "intake_answers"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "intake_id"], ["intakes.practice_id", "intakes.id"]),
        Index("ix_intake_answers_revision", "practice_id", "intake_id", "revision"),
    )

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    intake_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    question_id: Mapped[str] = mapped_column(primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    revision: Mapped[int]
    # Filled in by us, and not touched by the patient.
    prefilled: Mapped[bool] = mapped_column(default=False, server_default="false")


class IntakeAgreement(TenantRow, Base):
    """What was agreed to, word by word, in the language it was read in. Rows are added and read, never changed."""

    __tablename__ = "intake_agreements"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "intake_id"], ["intakes.practice_id", "intakes.id"]),
        Index("uq_intake_agreements_question_id", "practice_id", "intake_id", "question_id", unique=True),
    )

    intake_id: Mapped[uuid.UUID]
    question_id: Mapped[str]
    agreement_version: Mapped[int]
    language: Mapped[str]
    title: Mapped[str]
    words: Mapped[str]
    words_sha256: Mapped[str]
    name_typed: Mapped[str]
    agreed_at: Mapped[datetime] = mapped_column(default=now)


class IntakeDifference(TenantRow, Base):
    """A fact the patient gave that the chart has otherwise; a person decides. The values lie sealed like answers."""

    __tablename__ = "intake_differences"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "intake_id"], ["intakes.practice_id", "intakes.id"]),
        CheckConstraint("state IN ('open','accepted','rejected')", name="state"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided_at"),
        Index("uq_intake_differences_field", "practice_id", "intake_id", "field", unique=True),
    )

    intake_id: Mapped[uuid.UUID]
    field: Mapped[str]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(default="open", server_default="open")
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
