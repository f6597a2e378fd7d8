"""Tables of what is asked by text about visits, of times that opened for the waitlist, of the practice's choices."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, INTEGER
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base, TenantRow


class SlotOffer(TenantRow, Base):
    """A question put to a patient by text; their answer is done as long as it is `open` and not too late.

    times: `slots` to choose from, for a new visit or to move `appointment_id`. reminder: will they come? give_up: shall
    it be canceled? opening: do they take the time that opened? Nothing is held: whoever books first has it.
    """

    __tablename__ = "slot_offers"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "conversation_id"], ["conversations.practice_id", "conversations.id"]),
        ForeignKeyConstraint(["practice_id", "message_id"], ["messages.practice_id", "messages.id"]),
        ForeignKeyConstraint(["practice_id", "answer_id"], ["messages.practice_id", "messages.id"]),
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patients.practice_id", "patients.id"]),
        ForeignKeyConstraint(["practice_id", "lead_id"], ["leads.practice_id", "leads.id"]),
        ForeignKeyConstraint(["practice_id", "appointment_id"], ["appointments.practice_id", "appointments.id"]),
        ForeignKeyConstraint(["practice_id", "opening_id"], ["waitlist_openings.practice_id", "waitlist_openings.id"]),
        ForeignKeyConstraint(["practice_id", "entry_id"], ["waitlist_entries.practice_id", "waitlist_entries.id"]),
        # One text does one thing.
        UniqueConstraint("practice_id", "answer_id"),
        CheckConstraint("kind IN ('times','reminder','give_up','opening')", name="kind"),
        CheckConstraint("audience IN ('patient','staff')", name="audience"),
        CheckConstraint(
            "state IN ('open','replaced','taken','lost','done','declined','withdrawn','expired')", name="state"
        ),
        CheckConstraint("kind IN ('times','opening') OR appointment_id IS NOT NULL", name="about"),
        CheckConstraint("(kind = 'opening') = (opening_id IS NOT NULL)", name="opening"),
        Index(
            "ix_slot_offers_open", "practice_id", "conversation_id", "created_at",
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_slot_offers_conversation_id", "practice_id", "conversation_id", "created_at"),
        Index("ix_slot_offers_lead_id", "practice_id", "lead_id"),
        Index("ix_slot_offers_message_id", "practice_id", "message_id"),
        Index("ix_slot_offers_appointment_id", "practice_id", "appointment_id"),
        Index("uq_slot_offers_asked", "practice_id", "opening_id", "entry_id", unique=True),
        # A reminder of one moment goes out once.
        Index(
            "uq_slot_offers_reminder", "practice_id", "appointment_id", "about_at", "hours", unique=True,
            postgresql_where=text("kind = 'reminder' AND state <> 'withdrawn'"),
        ),
    )  # fmt: skip

    kind: Mapped[str]
    conversation_id: Mapped[uuid.UUID]
    patient_id: Mapped[uuid.UUID]
    lead_id: Mapped[uuid.UUID | None]
    message_id: Mapped[uuid.UUID | None]
    appointment_id: Mapped[uuid.UUID | None]
    opening_id: Mapped[uuid.UUID | None]
    entry_id: Mapped[uuid.UUID | None]
    slots: Mapped[list[Any]] = mapped_column(default=list)
    # The times as they stand in the text.
    words: Mapped[str] = mapped_column(default="", server_default="")
    audience: Mapped[str] = mapped_column(default="patient", server_default="patient")
    about_at: Mapped[datetime | None]
    hours: Mapped[int | None]
    state: Mapped[str] = mapped_column(default="open", server_default="open")
    choice: Mapped[int | None]
    answer_id: Mapped[uuid.UUID | None]
    # What a text that was not certain seems to choose; a person decides.
    suggested: Mapped[int | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class WaitlistOpening(TenantRow, Base):
    """A time that became free and is offered to who waits; the first yes gets it."""

    __tablename__ = "waitlist_openings"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "type_id"], ["appointment_types.practice_id", "appointment_types.id"]),
        ForeignKeyConstraint(["practice_id", "clinician_id"], ["clinicians.practice_id", "clinicians.id"]),
        ForeignKeyConstraint(["practice_id", "location_id"], ["locations.practice_id", "locations.id"]),
        ForeignKeyConstraint(["practice_id", "given_up_by"], ["patients.practice_id", "patients.id"]),
        ForeignKeyConstraint(["practice_id", "filled_by"], ["appointments.practice_id", "appointments.id"]),
        CheckConstraint("state IN ('open','filled','closed')", name="state"),
        CheckConstraint("(state = 'filled') = (filled_by IS NOT NULL)", name="filled"),
    )

    type_id: Mapped[uuid.UUID]
    clinician_id: Mapped[uuid.UUID]
    location_id: Mapped[uuid.UUID]
    starts_at: Mapped[datetime]
    given_up_by: Mapped[uuid.UUID | None]
    state: Mapped[str] = mapped_column(default="open", server_default="open")
    filled_by: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime]


class VisitTextSettings(Base):
    """What is texted about visits by itself; without a row the usual."""

    __tablename__ = "visit_text_settings"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id"], ["practices.id"]),
        CheckConstraint("cardinality(reminder_hours) BETWEEN 0 AND 4", name="reminder_hours"),
        CheckConstraint("waitlist_batch BETWEEN 1 AND 10", name="waitlist_batch"),
        CheckConstraint("waitlist_minutes BETWEEN 5 AND 1440", name="waitlist_minutes"),
        CheckConstraint("offer_hours BETWEEN 1 AND 168", name="offer_hours"),
    )

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    book_by_reply: Mapped[bool] = mapped_column(default=True, server_default="true")
    reminders: Mapped[bool] = mapped_column(default=True, server_default="true")
    reminder_hours: Mapped[list[int]] = mapped_column(ARRAY(INTEGER), server_default="{48,3}")
    waitlist: Mapped[bool] = mapped_column(default=True, server_default="true")
    waitlist_batch: Mapped[int] = mapped_column(default=2, server_default="2")
    waitlist_minutes: Mapped[int] = mapped_column(default=20, server_default="20")
    offer_hours: Mapped[int] = mapped_column(default=48, server_default="48")
    version: Mapped[int] = mapped_column(default=1, server_default="1")
