"""Tables of outcome measures: scores, what patients are asked for, what the practice chose and has licensed."""

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Numeric, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.care.measures.catalog import KEYS
from backend.core.database import Base, TenantRow

INSTRUMENT = f"instrument IN ({','.join(repr(key) for key in KEYS)})"
OCCASION = "occasion IN ('intake','progress','discharge')"
LANGUAGE = "language IN ('en','es')"


class OutcomeScore(TenantRow, Base):
    """One score. A correction is a new row and the old one names it; one that was taken back names itself, so those
    that count are those with `superseded_by` null.

    `items` are the answers in the measure's order, null where unanswered, and null as a whole where a source gave the
    score alone. `parts` are what it was made of (raw sum, subscales). `score` is not rounded.
    """

    __tablename__ = "outcome_scores"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patients.practice_id", "patients.id"]),
        ForeignKeyConstraint(["practice_id", "episode_id"], ["episodes.practice_id", "episodes.id"]),
        ForeignKeyConstraint(["practice_id", "lead_id"], ["leads.practice_id", "leads.id"]),
        ForeignKeyConstraint(["practice_id", "request_id"], ["outcome_requests.practice_id", "outcome_requests.id"]),
        ForeignKeyConstraint(["practice_id", "superseded_by"], ["outcome_scores.practice_id", "outcome_scores.id"]),
        CheckConstraint(INSTRUMENT, name="instrument"),
        CheckConstraint(OCCASION, name="occasion"),
        CheckConstraint("source IN ('patient','staff','api','import')", name="source"),
        CheckConstraint("(score IS NULL) = (null_reason IS NOT NULL)", name="null_reason"),
        CheckConstraint("score BETWEEN 0 AND 100", name="score"),
        CheckConstraint(
            "items IS NOT NULL OR (score IS NOT NULL AND source IN ('api','import'))", name="score_alone"
        ),
        Index("ix_outcome_scores_episode_id", "practice_id", "episode_id", "instrument", "taken_at", "id"),
        Index("ix_outcome_scores_patient_id", "practice_id", "patient_id"),
        Index("ix_outcome_scores_lead_id", "practice_id", "lead_id"),
        Index("ix_outcome_scores_taken_at", "practice_id", "taken_at"),
        Index(
            "uq_outcome_scores_external_id", "practice_id", "source", "external_id", unique=True,
            postgresql_where=text("external_id IS NOT NULL AND superseded_by IS NULL"),
        ),
        # A questionnaire that is handed in twice counts once.
        Index(
            "uq_outcome_scores_request_id", "practice_id", "request_id", "instrument", unique=True,
            postgresql_where=text("request_id IS NOT NULL AND superseded_by IS NULL"),
        ),
    )  # fmt: skip

    patient_id: Mapped[uuid.UUID]
    episode_id: Mapped[uuid.UUID | None]
    lead_id: Mapped[uuid.UUID | None]
    instrument: Mapped[str]
    instrument_version: Mapped[str]
    language: Mapped[str]
    rule_version: Mapped[str]
    unit: Mapped[str]
    items: Mapped[list[Any] | None] = mapped_column(JSONB(none_as_null=True))
    # PSFS: what each item rates, in the patient's words.
    activities: Mapped[list[Any] | None] = mapped_column(JSONB(none_as_null=True))
    parts: Mapped[dict[str, Any]]
    score: Mapped[Decimal | None] = mapped_column(Numeric)
    null_reason: Mapped[str | None]
    completeness: Mapped[Decimal | None] = mapped_column(Numeric)
    higher_better: Mapped[bool]
    occasion: Mapped[str]
    taken_at: Mapped[datetime]
    source: Mapped[str]
    external_id: Mapped[str | None]
    request_id: Mapped[uuid.UUID | None]
    recorded_by: Mapped[str]
    superseded_by: Mapped[uuid.UUID | None]
    correction: Mapped[str | None]
    created_at: Mapped[datetime]


class OutcomeRequest(TenantRow, Base):
    """Measures a patient is asked to fill in, behind a link. `due_key` says why, so that nothing is asked twice.

    `measures` is what was asked, fixed when it was made: key, version and, for PSFS, the activities to rate again.
    `answers` are kept as the patient types, by instrument, and become scores when they are handed in.
    """

    __tablename__ = "outcome_requests"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patients.practice_id", "patients.id"]),
        ForeignKeyConstraint(["practice_id", "episode_id"], ["episodes.practice_id", "episodes.id"]),
        ForeignKeyConstraint(["practice_id", "lead_id"], ["leads.practice_id", "leads.id"]),
        ForeignKeyConstraint(["practice_id", "message_id"], ["messages.practice_id", "messages.id"]),
        UniqueConstraint("practice_id", "episode_id", "due_key"),
        CheckConstraint(OCCASION, name="occasion"),
        CheckConstraint("state IN ('prepared','sent','started','done','canceled')", name="state"),
        CheckConstraint("(state = 'done') = (submitted_at IS NOT NULL)", name="submitted"),
        CheckConstraint(LANGUAGE, name="language"),
        Index("ix_outcome_requests_lead_id", "practice_id", "lead_id"),
        Index("ix_outcome_requests_patient_id", "practice_id", "patient_id"),
    )

    patient_id: Mapped[uuid.UUID]
    lead_id: Mapped[uuid.UUID | None]
    episode_id: Mapped[uuid.UUID | None]
    occasion: Mapped[str]
    due_key: Mapped[str]
    measures: Mapped[list[Any]]
    language: Mapped[str]
    answers: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    revision: Mapped[int] = mapped_column(default=0, server_default="0")
    state: Mapped[str] = mapped_column(default="prepared", server_default="prepared")
    message_id: Mapped[uuid.UUID | None]
    created_by: Mapped[str]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]


class OutcomeSettings(Base):
    """What a practice asks its patients, and when. Nothing goes out by itself until `by_text` is on.

    `by_region`: the measures for a part of the body where the practice wants others than those suggested.
    """

    __tablename__ = "outcome_settings"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id"], ["practices.id"]),
        CheckConstraint("every_visits BETWEEN 2 AND 50", name="every_visits"),
        CheckConstraint("every_weeks BETWEEN 1 AND 26", name="every_weeks"),
    )

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    by_text: Mapped[bool]
    at_intake: Mapped[bool]
    at_discharge: Mapped[bool]
    every_visits: Mapped[int | None]
    every_weeks: Mapped[int | None]
    by_region: Mapped[dict[str, Any]]
    version: Mapped[int]


class OutcomeWording(TenantRow, Base):
    """The questions of a licensed measure in one language, entered by the practice with a note of its licence.

    `items`: {text, options} in the measure's order; `options` label its answers, each of them or both ends.
    """

    __tablename__ = "outcome_wordings"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id"], ["practices.id"]),
        UniqueConstraint("practice_id", "instrument", "instrument_version", "language", name="uq_outcome_wordings_one"),
        CheckConstraint(INSTRUMENT, name="instrument"),
        CheckConstraint(LANGUAGE, name="language"),
    )

    instrument: Mapped[str]
    instrument_version: Mapped[str]
    language: Mapped[str]
    intro: Mapped[str | None]
    items: Mapped[list[Any]]
    options: Mapped[list[Any]]
    license_note: Mapped[str]
    entered_by: Mapped[str]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
