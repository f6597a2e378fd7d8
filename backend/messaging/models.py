"""Tables of texting."""

import uuid
from datetime import datetime, time
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint, desc, func, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base, TenantRow


class PhoneLine(TenantRow, Base):
    """A number of the practice that sends and receives texts. System-readable, for callbacks."""

    __tablename__ = "phone_lines"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id"], ["practices.id"]),
        ForeignKeyConstraint(["practice_id", "location_id"], ["locations.practice_id", "locations.id"]),
        UniqueConstraint("account_key"),
        UniqueConstraint("practice_id", "number"),
        CheckConstraint("provider IN ('twilio')", name="provider"),
        CheckConstraint("ring_seconds BETWEEN 5 AND 60", name="ring_seconds"),
    )

    provider: Mapped[str]
    account_key: Mapped[str]
    number: Mapped[str]
    location_id: Mapped[uuid.UUID | None]
    sealed_secrets: Mapped[bytes] = mapped_column(LargeBinary)
    # Out of use: nothing is sent; what comes in is still taken in.
    active: Mapped[bool] = mapped_column(default=True, server_default="true")
    # The carrier refuses the practice's texts: automatic ones wait until a person resumes (`alarms.py`).
    paused_at: Mapped[datetime | None]
    paused_code: Mapped[str | None]
    resumed_at: Mapped[datetime | None]
    # Two tokens verify callbacks from here until the old one is forgotten.
    rotating_since: Mapped[datetime | None]
    last_reconciled_at: Mapped[datetime | None]
    # How a call is answered: rung at `forward_to` in desk hours, else the greeting (null: the usual one) and a tone.
    forward_to: Mapped[str | None]
    ring_seconds: Mapped[int] = mapped_column(default=20, server_default="20")
    text_back: Mapped[bool] = mapped_column(default=True, server_default="true")
    greeting: Mapped[str | None]
    greeting_es: Mapped[str | None]
    calls_reconciled_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class Conversation(TenantRow, Base):
    """Everything between one of our numbers and one phone, for the whole episode. Families share phones."""

    __tablename__ = "conversations"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "line_id"], ["phone_lines.practice_id", "phone_lines.id"]),
        ForeignKeyConstraint(["practice_id", "location_id"], ["locations.practice_id", "locations.id"]),
        ForeignKeyConstraint(["practice_id", "owner_user_id"], ["users.practice_id", "users.id"]),
        ForeignKeyConstraint(["practice_id", "owner_team_id"], ["teams.practice_id", "teams.id"]),
        UniqueConstraint("practice_id", "line_id", "phone"),
        CheckConstraint("num_nonnulls(owner_user_id, owner_team_id) <= 1", name="owner"),
        Index("ix_conversations_latest", "practice_id", desc("last_at"), desc("id")),
        Index("ix_conversations_waiting", "practice_id", desc("last_at"), desc("id"), postgresql_where=text("waiting")),
        Index("ix_conversations_phone", "practice_id", "phone"),
        Index("ix_conversations_digits", "practice_id", text('phone COLLATE "C"')),
        Index(
            "ix_conversations_user", "practice_id", "owner_user_id", desc("last_at"), desc("id"),
            postgresql_where=text("owner_user_id IS NOT NULL"),
        ),
        Index(
            "ix_conversations_team", "practice_id", "owner_team_id", desc("last_at"), desc("id"),
            postgresql_where=text("owner_team_id IS NOT NULL"),
        ),
        Index(
            "ix_conversations_unassigned", "practice_id", desc("last_at"), desc("id"),
            postgresql_where=text("owner_user_id IS NULL AND owner_team_id IS NULL"),
        ),
        Index(
            "ix_conversations_undeliverable", "practice_id", desc("last_at"), desc("id"),
            postgresql_where=text("undeliverable"),
        ),
    )  # fmt: skip

    line_id: Mapped[uuid.UUID]
    phone: Mapped[str]
    location_id: Mapped[uuid.UUID | None]
    owner_user_id: Mapped[uuid.UUID | None]
    owner_team_id: Mapped[uuid.UUID | None]
    last_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_inbound_at: Mapped[datetime | None]
    # The patient spoke last and nobody has answered or ticked it off.
    waiting: Mapped[bool] = mapped_column(default=False, server_default="false")
    unread: Mapped[int] = mapped_column(default=0, server_default="0")
    undeliverable: Mapped[bool] = mapped_column(default=False, server_default="false")
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class ConversationPatient(Base):
    """Who may be at the other end."""

    __tablename__ = "conversation_patients"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "conversation_id"], ["conversations.practice_id", "conversations.id"]),
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patients.practice_id", "patients.id"]),
        Index("ix_conversation_patients_patient_id", "practice_id", "patient_id"),
    )

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    conversation_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)


class Message(TenantRow, Base):
    """One text, a call, or a colleague's note inside the thread. Status only moves forward (`states.py`)."""

    __tablename__ = "messages"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "conversation_id"], ["conversations.practice_id", "conversations.id"]),
        ForeignKeyConstraint(["practice_id", "lead_id"], ["leads.practice_id", "leads.id"]),
        ForeignKeyConstraint(["practice_id", "call_id"], ["calls.practice_id", "calls.id"]),
        UniqueConstraint("practice_id", "external_id"),
        UniqueConstraint("practice_id", "call_id"),
        CheckConstraint("direction IN ('in','out','note','call')", name="direction"),
        CheckConstraint("purpose IN ('care','appointment','consent_request','notice')", name="purpose"),
        CheckConstraint(
            "status IN ('queued','held','blocked','sending','sent','delivered','undelivered','failed','canceled',"
            "'unknown','received')",
            name="status",
        ),
        Index("ix_messages_thread", "practice_id", "conversation_id", "created_at", "id"),
        Index("ix_messages_lead_id", "practice_id", "lead_id"),
        Index("ix_messages_sent", "practice_id", desc("sent_at"), postgresql_where=text("sent_at IS NOT NULL")),
        Index(
            "ix_messages_waiting", "practice_id", "conversation_id",
            postgresql_where=text("status IN ('queued','held','sending','unknown')"),
        ),
    )  # fmt: skip

    conversation_id: Mapped[uuid.UUID]
    lead_id: Mapped[uuid.UUID | None]
    direction: Mapped[str]
    purpose: Mapped[str] = mapped_column(default="care", server_default="care")
    body: Mapped[str]
    status: Mapped[str]
    reason: Mapped[str | None]
    send_at: Mapped[datetime | None]
    hold_until: Mapped[datetime | None]
    author: Mapped[str]
    automatic: Mapped[bool] = mapped_column(default=False, server_default="false")
    external_id: Mapped[str | None]
    call_id: Mapped[uuid.UUID | None]
    error_code: Mapped[str | None]
    understood: Mapped[dict[str, Any] | None]
    dispatches: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    sent_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class Mention(Base):
    """A colleague named in a note; `seen_at` when they read the conversation."""

    __tablename__ = "mentions"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "message_id"], ["messages.practice_id", "messages.id"]),
        ForeignKeyConstraint(["practice_id", "user_id"], ["users.practice_id", "users.id"]),
        ForeignKeyConstraint(["practice_id", "conversation_id"], ["conversations.practice_id", "conversations.id"]),
        Index("ix_mentions_user_id", "practice_id", "user_id", "conversation_id"),
        Index("ix_mentions_unseen", "practice_id", "user_id", postgresql_where=text("seen_at IS NULL")),
    )

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    message_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    conversation_id: Mapped[uuid.UUID]
    seen_at: Mapped[datetime | None]


class Consent(TenantRow, Base):
    """The ledger of who may be texted: one row per change, with its evidence; append-only. The newest row counts."""

    __tablename__ = "consents"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patients.practice_id", "patients.id"]),
        CheckConstraint("status IN ('granted','asked','revoked')", name="status"),
        CheckConstraint("method IN ('sms','verbal','form','paper','api','given_number')", name="method"),
        CheckConstraint("scope IN ('all','care','scheduling','feedback','marketing')", name="scope"),
        Index("ix_consents_phone", "practice_id", "phone", "at", "id"),
    )

    phone: Mapped[str]
    patient_id: Mapped[uuid.UUID | None]
    scope: Mapped[str] = mapped_column(default="all", server_default="all")
    status: Mapped[str]
    method: Mapped[str]
    evidence: Mapped[str | None]
    message_id: Mapped[uuid.UUID | None]
    captured_by: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class PhoneFact(Base):
    """What carriers and people told us about a number."""

    __tablename__ = "phone_facts"
    __table_args__ = (ForeignKeyConstraint(["practice_id"], ["practices.id"]),)

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    phone: Mapped[str] = mapped_column(primary_key=True)
    landline: Mapped[bool] = mapped_column(default=False, server_default="false")
    bad_code: Mapped[str | None]
    wrong_person: Mapped[bool] = mapped_column(default=False, server_default="false")
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())


class MessageTemplate(Base):
    """A text of the practice with placeholders."""

    __tablename__ = "message_templates"
    __table_args__ = (ForeignKeyConstraint(["practice_id"], ["practices.id"]),)

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    body: Mapped[str]
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class MessagingPolicy(Base):
    """What the practice chose knowingly; without a row the careful defaults hold."""

    __tablename__ = "messaging_policies"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id"], ["practices.id"]),
        CheckConstraint("first_text IN ('consent_first','send','off')", name="first_text"),
        CheckConstraint("per_day BETWEEN 1 AND 20 AND per_week BETWEEN 1 AND 50", name="caps"),
    )

    practice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    first_text: Mapped[str] = mapped_column(default="consent_first", server_default="consent_first")
    opens: Mapped[time] = mapped_column(default=time(9), server_default="09:00")
    closes: Mapped[time] = mapped_column(default=time(20), server_default="20:00")
    sundays: Mapped[bool] = mapped_column(default=False, server_default="false")
    per_day: Mapped[int] = mapped_column(default=1, server_default="1")
    per_week: Mapped[int] = mapped_column(default=3, server_default="3")
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class MessagingPolicyChange(TenantRow, Base):
    """Who chose what about texting, when, and the words they agreed to; append-only."""

    __tablename__ = "messaging_policy_changes"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id"], ["practices.id"]),
        CheckConstraint("first_text IN ('consent_first','send','off')", name="first_text"),
        Index("ix_messaging_policy_changes_latest", "practice_id", desc("at"), desc("id")),
    )

    at: Mapped[datetime]
    by: Mapped[str]
    first_text: Mapped[str]
    opens: Mapped[time]
    closes: Mapped[time]
    sundays: Mapped[bool]
    per_day: Mapped[int]
    per_week: Mapped[int]
    # The wording agreed to, as it was shown; without one nothing had to be agreed to.
    agreed_to: Mapped[str | None]
