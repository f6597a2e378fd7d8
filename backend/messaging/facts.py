"""Gather what the gate looks at, in the transaction that sends."""

import uuid
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, cast, func, select, text
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import practice_of
from backend.identity.models import Location, Practice
from backend.messaging import zones
from backend.messaging.calls.models import Call
from backend.messaging.calls.states import UNANSWERED
from backend.messaging.gate import WEEK, Facts, Purpose, Verdict, decide
from backend.messaging.ledger import state_of
from backend.messaging.models import (
    Consent,
    Conversation,
    ConversationPatient,
    Message,
    MessagingPolicy,
    PhoneFact,
    PhoneLine,
)
from backend.messaging.quiet_hours import TextingHours
from backend.patients.models import Patient


async def policy(session: AsyncSession) -> MessagingPolicy:
    """The practice's policy, or the careful default."""
    found = await session.get(MessagingPolicy, practice_of(session))
    return found or MessagingPolicy(
        practice_id=practice_of(session), first_text="consent_first", opens=TextingHours().opens,
        closes=TextingHours().closes, sundays=False, per_day=1, per_week=3, version=0,
    )  # fmt: skip


async def verdict(
    session: AsyncSession, conversation: Conversation, purpose: Purpose, send_at: datetime | None = None,
    message_id: uuid.UUID | None = None, *, automatic: bool = False,
) -> Verdict:  # fmt: skip
    """What the gate says about a text (this one) in this conversation, now."""
    row = (await session.execute(_everything(conversation, now()))).one()
    found = replace(_facts(row, conversation), send_at=send_at, automatic=automatic)
    asked_by = row.ledger[-1][2] if found.consent == "asked" else None
    if asked_by is not None and asked_by == str(message_id):
        # It was this very message that asked, in an attempt that never left.
        found = replace(found, consent="none")
    return decide(found, purpose)


def _facts(row: Any, conversation: Conversation) -> Facts:
    """The facts about one number."""
    chosen, line, known = row.MessagingPolicy, row.PhoneLine, row.PhoneFact
    hours = TextingHours(chosen.opens, chosen.closes, chosen.sundays) if chosen else TextingHours()
    clinic = row.clinic_zone or row.practice_zone
    places = [
        zone for address in (*row.addresses, None) for zone in zones.candidates(conversation.phone, address, clinic)
    ]
    limits = {"per_day": chosen.per_day, "per_week": chosen.per_week} if chosen else {}
    return Facts(
        at=now(), line=line is not None and line.active,
        consent=state_of((status, scope) for status, scope, _ in row.ledger), zones=tuple(dict.fromkeys(places)),
        hours=hours, last_inbound=row.last_inbound, missed_call=row.missed_call, sent=tuple(row.sent), **limits,
        bad_number=known is not None and known.bad_code is not None, landline=known is not None and known.landline,
        wrong_person=known is not None and known.wrong_person,
        consent_first=chosen is None or chosen.first_text != "send",
        line_paused=line is not None and line.paused_at is not None,
    )  # fmt: skip


def _everything(conversation: Conversation, at: datetime) -> Select[Any]:
    """One statement: every text passes here, and each more would be another round trip for each of them."""
    practice_id, phone = conversation.practice_id, conversation.phone
    return (
        select(
            Practice.timezone.label("practice_zone"), Location.timezone.label("clinic_zone"), MessagingPolicy,
            PhoneLine, PhoneFact, *_about(practice_id, conversation.id, phone, at),
        )
        .select_from(Practice)
        .outerjoin(MessagingPolicy, MessagingPolicy.practice_id == practice_id)
        .outerjoin(PhoneLine, (PhoneLine.practice_id == practice_id) & (PhoneLine.id == conversation.line_id))
        .outerjoin(PhoneFact, (PhoneFact.practice_id == practice_id) & (PhoneFact.phone == phone))
        .outerjoin(Location, (Location.practice_id == practice_id) & (Location.id == conversation.location_id))
        .where(Practice.id == practice_id)
        .execution_options(populate_existing=True)
    )  # fmt: skip


def _about(practice_id: uuid.UUID, conversation_id: uuid.UUID, phone: str, at: datetime) -> tuple[Any, ...]:
    """What was sent to this number lately, what came from it, its ledger, and where its people live."""
    with_phone = select(Conversation.id).where(Conversation.practice_id == practice_id, Conversation.phone == phone)
    sent = select(Message.sent_at).where(
        Message.practice_id == practice_id, Message.conversation_id.in_(with_phone), Message.direction == "out",
        Message.purpose != "notice", Message.sent_at > at - WEEK,
    )  # fmt: skip
    inbound = select(func.max(Conversation.last_inbound_at)).where(
        Conversation.practice_id == practice_id, Conversation.phone == phone
    )
    missed = select(func.max(Call.started_at)).where(
        Call.practice_id == practice_id, Call.phone == phone, Call.outcome.in_(UNANSWERED)
    )
    entry = func.jsonb_build_array(Consent.status, Consent.scope, cast(Consent.message_id, String))
    entries = func.jsonb_agg(aggregate_order_by(entry, Consent.at, Consent.id))
    ledger = select(func.coalesce(entries, text("'[]'"), type_=JSONB)).where(
        Consent.practice_id == practice_id, Consent.phone == phone
    )
    theirs = (ConversationPatient.practice_id == Patient.practice_id) & (ConversationPatient.patient_id == Patient.id)
    addresses = (
        select(Patient.address)
        .join(ConversationPatient, theirs)
        .where(Patient.practice_id == practice_id, ConversationPatient.conversation_id == conversation_id)
    )
    return (
        func.array(sent.scalar_subquery()).label("sent"), inbound.scalar_subquery().label("last_inbound"),
        missed.scalar_subquery().label("missed_call"), ledger.scalar_subquery().label("ledger"),
        func.array(addresses.scalar_subquery()).label("addresses"),
    )  # fmt: skip
