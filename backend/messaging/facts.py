"""Gather what the gate looks at, in the transaction that sends."""

import uuid
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import practice_of
from backend.identity.models import Location
from backend.identity.queries import practice
from backend.messaging import consent, zones
from backend.messaging.calls.models import Call
from backend.messaging.calls.states import UNANSWERED
from backend.messaging.gate import WEEK, Facts, Purpose, Verdict, decide
from backend.messaging.models import Conversation, ConversationPatient, Message, MessagingPolicy, PhoneFact, PhoneLine
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
    message_id: uuid.UUID | None = None,
) -> Verdict:  # fmt: skip
    """What the gate says about a text (this one) in this conversation, now."""
    found = await gather(session, conversation, send_at)
    asked = await consent.latest(session, conversation.phone) if found.consent == "asked" else None
    if asked is not None and asked.message_id == message_id is not None:
        # It was this very message that asked, in an attempt that never left.
        found = replace(found, consent="none")
    return decide(found, purpose)


async def gather(session: AsyncSession, conversation: Conversation, send_at: datetime | None = None) -> Facts:
    """The facts about one number."""
    practice_id, phone, at = practice_of(session), conversation.phone, now()
    chosen = await policy(session)
    line = await session.get(PhoneLine, (practice_id, conversation.line_id))
    known = await session.get(PhoneFact, (practice_id, phone), populate_existing=True)
    sent = await session.scalars(
        select(Message.sent_at)
        .join(
            Conversation,
            (Conversation.practice_id == Message.practice_id) & (Conversation.id == Message.conversation_id),
        )
        .where(Message.practice_id == practice_id, Conversation.phone == phone, Message.direction == "out")
        .where(Message.purpose != "notice", Message.sent_at > at - WEEK)
    )  # fmt: skip
    last_inbound = await session.scalar(
        select(func.max(Conversation.last_inbound_at)).where(
            Conversation.practice_id == practice_id, Conversation.phone == phone
        )
    )
    missed_call = await session.scalar(
        select(func.max(Call.started_at)).where(
            Call.practice_id == practice_id, Call.phone == phone, Call.outcome.in_(UNANSWERED)
        )
    )
    return Facts(
        at=at, line=line is not None and line.active, consent=await consent.state(session, phone),
        zones=await _zones(session, conversation), hours=TextingHours(chosen.opens, chosen.closes, chosen.sundays),
        last_inbound=last_inbound, missed_call=missed_call,
        sent=tuple(moment for moment in sent if moment), per_day=chosen.per_day, per_week=chosen.per_week,
        bad_number=known is not None and known.bad_code is not None,
        landline=known is not None and known.landline, wrong_person=known is not None and known.wrong_person,
        consent_first=chosen.first_text != "send", send_at=send_at,
    )  # fmt: skip


async def _zones(session: AsyncSession, conversation: Conversation) -> tuple[str, ...]:
    practice_id = practice_of(session)
    location = (
        await session.get(Location, (practice_id, conversation.location_id)) if conversation.location_id else None
    )
    clinic = location.timezone if location else (await practice(session)).timezone
    addresses = await session.scalars(
        select(Patient.address)
        .join(
            ConversationPatient,
            (ConversationPatient.practice_id == Patient.practice_id) & (ConversationPatient.patient_id == Patient.id),
        )
        .where(Patient.practice_id == practice_id, ConversationPatient.conversation_id == conversation.id)
    )
    found = [zone for address in (*addresses, None) for zone in zones.candidates(conversation.phone, address, clinic)]
    return tuple(dict.fromkeys(found))
