"""Automatic texts to a lead's patient: what may be said now, later, or not at all. Sequences say when.

`prepare` asks the gate before anything is written, so that a text that must wait leaves nothing behind that could go
out after the patient has answered; the gate is asked again as the text is sent.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import practice_of
from backend.leads.models import Lead
from backend.messaging import consent, facts, service, standard
from backend.messaging.calls.queries import missed_lately
from backend.messaging.models import Conversation, Message
from backend.messaging.service import NewText
from backend.messaging.states import NOT_SENT
from backend.patients.models import Patient

# Who came by these ways gave us the number to be reached on (FCC 2015 order: consent within that scope).
GAVE_NUMBER: Final = frozenset({"web_form", "phone", "walk_in", "text"})
# The first text, once per lead; the policy decides whether it asks for consent first.
GREETING: Final = "first_text"
# Until the carrier takes our texts again, somebody must act; then nothing is in a hurry.
LOOK_AGAIN: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Prepared:
    """`send` with the conversation locked and the text filled; `wait` until a time; `skip`. The last two say why."""

    action: Literal["send", "wait", "skip"]
    reason: str | None = None
    until: datetime | None = None
    conversation: Conversation | None = None
    text: NewText | None = None


async def prepare(session: AsyncSession, lead: Lead, template: str) -> Prepared:
    """What may become of this text now. Locks the conversation."""
    if template == GREETING:
        return await greet(session, lead)
    refusal = await _no_way(session, lead)
    if refusal:
        return Prepared("skip", refusal)
    conversation = await service.of_lead(session, lead)
    body = await standard.text(session, template, conversation, lead)
    return await _asked(session, conversation, NewText(body, "care", lead.id, automatic=True))


async def greet(session: AsyncSession, lead: Lead) -> Prepared:
    """The first text, as policy and consent allow; at most one per lead."""
    policy = await facts.policy(session)
    if policy.first_text == "off":
        return Prepared("skip", "first_text_off")
    if refusal := await _no_way(session, lead):
        return Prepared("skip", refusal)
    conversation = await service.of_lead(session, lead)
    if await _written(session, lead, conversation.phone):
        return Prepared("skip", "greeted")
    if await missed_lately(session, conversation.phone):
        return Prepared("skip", "text_back")  # they have called: the text-back is our first text
    state = await consent.state(session, conversation.phone)
    if state == "none" and lead.source in GAVE_NUMBER:
        await consent.record(
            session, conversation.phone, "granted", "given_number", evidence=lead.source, patient_id=lead.patient_id
        )
        state = "granted"
    if state != "granted" and policy.first_text == "consent_first":
        body = await standard.text(session, "consent_request", conversation, lead)
        return await _asked(session, conversation, NewText(body, "consent_request", lead.id, automatic=True))
    body = await standard.text(session, GREETING, conversation, lead)
    return await _asked(session, conversation, NewText(body, "care", lead.id, automatic=True))


async def send(session: AsyncSession, prepared: Prepared) -> Message:
    """Write what was prepared; it goes out once this transaction commits."""
    assert prepared.conversation is not None
    assert prepared.text is not None
    return await service.write(session, prepared.conversation, prepared.text)


async def withdraw(session: AsyncSession, message_ids: Sequence[uuid.UUID]) -> None:
    """Take back those of these texts that have not gone out: what they were for has happened."""
    if not message_ids:
        return
    await session.execute(
        update(Message)
        .where(Message.practice_id == practice_of(session), Message.id.in_(message_ids))
        .where(Message.status.in_(NOT_SENT))
        .values(status="canceled", reason=None, hold_until=None, version=Message.version + 1)
    )


async def _asked(session: AsyncSession, conversation: Conversation, text: NewText) -> Prepared:
    verdict = await facts.verdict(session, conversation, text.purpose, automatic=True)
    if verdict.action == "send":
        return Prepared("send", conversation=conversation, text=text)
    if verdict.reason == "line_paused":
        return Prepared("wait", verdict.reason, now() + LOOK_AGAIN)
    if verdict.until is not None:
        return Prepared("wait", verdict.reason, verdict.until)
    return Prepared("skip", verdict.reason)


async def _written(session: AsyncSession, lead: Lead, phone: str) -> bool:
    """Whether this lead has been texted at this number; a corrected number has not been greeted yet."""
    with_phone = select(Conversation.id).where(
        Conversation.practice_id == lead.practice_id, Conversation.phone == phone
    )
    of_lead = (Message.practice_id == lead.practice_id) & (Message.lead_id == lead.id)
    found = select(Message.id).where(of_lead, Message.conversation_id.in_(with_phone)).limit(1)
    return await session.scalar(found) is not None


async def _no_way(session: AsyncSession, lead: Lead) -> str | None:
    """Why no text can even be tried: no phone, or no line of ours."""
    patient = await session.get(Patient, (practice_of(session), lead.patient_id))
    if patient is None or patient.phone is None:
        return "no_phone"
    return None if await service.line_for(session, lead.location_id) else "no_line"
