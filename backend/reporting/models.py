"""Tables of reporting: facts made of the history by `refresh.py`. They refer to what they are about without foreign
keys: merging and correcting move the sources, and the next refresh follows.
"""

import uuid
from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKeyConstraint, Identity, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base


class ReportChange(Base):
    """Something facts are made of has changed; written by triggers, taken away by the refresh that follows.

    `kind`: lead, episode, patient, fax, or all (every lead of the practice, after its calendar changed).
    """

    __tablename__ = "report_changes"
    __table_args__ = (ForeignKeyConstraint(["practice_id"], ["practices.id"]),)

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kind: Mapped[str]
    ref_id: Mapped[uuid.UUID]


class ReportFreshness(Base):
    """Up to which moment the facts of a practice hold everything."""

    __tablename__ = "report_freshness"
    __table_args__ = (ForeignKeyConstraint(["practice_id"], ["practices.id"]),)

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    as_of: Mapped[datetime]
    # Rollups by day are made anew from here on.
    days_from: Mapped[date | None]


class _Dimensions:
    """What figures may be grouped and filtered by."""

    location_id: Mapped[uuid.UUID | None]
    clinician_id: Mapped[uuid.UUID | None]
    referrer_id: Mapped[uuid.UUID | None]
    source: Mapped[str]
    payer: Mapped[str | None]
    body_region: Mapped[str | None]
    procedure: Mapped[str | None]
    post_op: Mapped[bool]


class LeadFact(_Dimensions, Base):
    """One row per lead, from the view `history_of_leads`. `excluded` says why it counts in no figure.

    `attempt_minutes` and `contact_minutes` are working minutes of the clinic's calendar; null while the lead waits.
    `reached`: 0 received, 1 contacted, 2 scheduled, 3 evaluated, 4 came back, 5 completed.
    """

    __tablename__ = "lead_facts"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id"], ["practices.id"]),
        Index("ix_lead_facts_received_on", "practice_id", "received_on", "lead_id"),
        Index("ix_lead_facts_referrer_id", "practice_id", "referrer_id", "received_on"),
        *(
            Index(f"ix_lead_facts_{name}", "practice_id", "received_on", postgresql_where=text(f"{minutes} IS NULL"))
            for name, minutes in (("untried", "attempt_minutes"), ("unreached", "contact_minutes"))
        ),
        Index("ix_lead_facts_excluded", "practice_id", "received_on", postgresql_where=text("excluded IS NOT NULL")),
    )

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    lead_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    excluded: Mapped[str | None]
    received_at: Mapped[datetime]
    received_on: Mapped[date]
    attempt_at: Mapped[datetime | None]
    contact_at: Mapped[datetime | None]
    booked_at: Mapped[datetime | None]
    evaluated_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    completed_on: Mapped[date | None]
    discharged_on: Mapped[date | None]
    closed_at: Mapped[datetime | None]
    lost_reason: Mapped[str | None]
    first_visit_on: Mapped[date | None]
    first_visit_outcome: Mapped[str | None]
    reached: Mapped[int] = mapped_column(SmallInteger)
    received_letter_at: Mapped[datetime | None]
    scheduled_letter_at: Mapped[datetime | None]
    seen_letter_at: Mapped[datetime | None]
    outcome_letter_at: Mapped[datetime | None]
    attempt_minutes: Mapped[int | None]
    contact_minutes: Mapped[int | None]


class EpisodeFact(_Dimensions, Base):
    """One row per episode, from the view `history_of_episodes`.

    `quiet_since`: the day of the last visit that took place or is still booked; null once discharged.
    """

    __tablename__ = "episode_facts"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id"], ["practices.id"]),
        Index("ix_episode_facts_started_on", "practice_id", "started_on", "episode_id"),
        Index("ix_episode_facts_ended_on", "practice_id", "ended_on", "episode_id"),
        Index("ix_episode_facts_referrer_id", "practice_id", "referrer_id", "started_on"),
    )

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    episode_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    lead_id: Mapped[uuid.UUID | None]
    started_on: Mapped[date]
    ended_on: Mapped[date | None]
    discharge_reason: Mapped[str | None]
    attended: Mapped[int]
    last_visit_on: Mapped[date | None]
    quiet_since: Mapped[date | None]


class VisitFact(_Dimensions, Base):
    """The visits of one episode in one month at one clinic with one clinician, counted by what became of them.

    Place and clinician are those of the visits, everything else of the episode.
    """

    __tablename__ = "visit_facts"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id"], ["practices.id"]),
        Index("ix_visit_facts_month", "practice_id", "month"),
        Index("ix_visit_facts_referrer_id", "practice_id", "referrer_id", "month"),
    )

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    episode_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    part: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    attended: Mapped[int] = mapped_column(SmallInteger)
    no_shows: Mapped[int] = mapped_column(SmallInteger)
    late_cancels: Mapped[int] = mapped_column(SmallInteger)
    cancels: Mapped[int] = mapped_column(SmallInteger)
    clinic_cancels: Mapped[int] = mapped_column(SmallInteger)


class OutcomeFact(_Dimensions, Base):
    """One measure of one episode at one point of care, from `outcomes.py`. `improvement` is a share of the baseline."""

    __tablename__ = "outcome_facts"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id"], ["practices.id"]),
        Index("ix_outcome_facts_over_on", "practice_id", "point", "over_on"),
        Index("ix_outcome_facts_referrer_id", "practice_id", "referrer_id", "point"),
    )

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    episode_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    instrument: Mapped[str] = mapped_column(primary_key=True)
    point: Mapped[str] = mapped_column(primary_key=True)
    lead_id: Mapped[uuid.UUID | None]
    main: Mapped[bool]
    over_on: Mapped[date]
    excluded: Mapped[str | None]
    baseline: Mapped[float]
    score: Mapped[float | None]
    improvement: Mapped[float | None]
    reached: Mapped[bool | None]


class FaxFact(Base):
    """One row per fax whose reading is over, from the view `history_of_faxes`."""

    __tablename__ = "fax_facts"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id"], ["practices.id"]),
        Index("ix_fax_facts_received_on", "practice_id", "received_on"),
    )

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    fax_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    lead_id: Mapped[uuid.UUID | None]
    location_id: Mapped[uuid.UUID | None]
    channel: Mapped[str]
    status: Mapped[str]
    received_at: Mapped[datetime]
    received_on: Mapped[date]
    filed_at: Mapped[datetime | None]
    reviewed: Mapped[bool]
    fields: Mapped[int]
    corrected: Mapped[int]


class TextDay(Base):
    """Texts of one day at one clinic whose fate is known; made anew for the last days at each refresh."""

    __tablename__ = "text_days"
    __table_args__ = (ForeignKeyConstraint(["practice_id"], ["practices.id"]),)

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    part: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    location_id: Mapped[uuid.UUID | None]
    automatic: Mapped[bool]
    texts: Mapped[int]
    delivered: Mapped[int]


class StaffDay(Base):
    """What one person did on one day, counted from the leads' histories."""

    __tablename__ = "staff_days"
    __table_args__ = (ForeignKeyConstraint(["practice_id"], ["practices.id"]),)

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    calls: Mapped[int]
    bookings: Mapped[int]
    moves: Mapped[int]
    other: Mapped[int]
