"""Who may be at the other end of a conversation, and which lead a sign of life belongs to."""

import uuid
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.leads import service as leads
from backend.leads.models import Lead
from backend.leads.service import NewLead
from backend.messaging import consent, service
from backend.messaging.models import Conversation, ConversationPatient
from backend.patients import service as patients
from backend.patients.models import Patient
from backend.patients.schemas import PatientFacts

# A caller nobody knows yet; the desk puts in the right name. Never a greeting.
UNKNOWN: Final = ("Unknown", "Caller")


async def find_people(session: AsyncSession, conversation: Conversation) -> None:
    """Link everybody with this number, and take the clinic of their newest open lead."""
    practice_id = practice_of(session)
    people = await session.scalars(
        select(Patient.id).where(
            Patient.practice_id == practice_id,
            or_(Patient.phone == conversation.phone, Patient.phone_alt == conversation.phone),
            Patient.merged_into.is_(None),
        )
    )
    await service.link(session, conversation.id, list(people))
    if conversation.location_id is None:
        conversation.location_id = await session.scalar(
            select(Lead.location_id)
            .join(
                ConversationPatient,
                (ConversationPatient.practice_id == Lead.practice_id)
                & (ConversationPatient.patient_id == Lead.patient_id),
            )
            .where(Lead.practice_id == practice_id, ConversationPatient.conversation_id == conversation.id)
            .order_by(Lead.open.desc(), Lead.opened_at.desc())
            .limit(1)
        )


async def linked(session: AsyncSession, conversation_id: uuid.UUID) -> list[uuid.UUID]:
    """Everyone who may be at the other end."""
    rows = await session.scalars(
        select(ConversationPatient.patient_id).where(
            ConversationPatient.practice_id == practice_of(session),
            ConversationPatient.conversation_id == conversation_id,
        )
    )
    return list(rows)


async def reopened(session: AsyncSession, conversation: Conversation) -> list[uuid.UUID]:
    """A lost lead shows a sign of life: it is opened again."""
    lost = await _newest_closed(session, conversation.id, lost=True)
    if lost is None:
        return []
    await leads.reopen(session, lost)
    return [lost]


async def whose(session: AsyncSession, conversation: Conversation) -> list[uuid.UUID]:
    """The leads a text belongs to: open ones, a lost one opened again, one in care, or a new one for somebody new.

    A stranger at a patient's number is never taken for the patient.
    """
    if await consent.is_stranger(session, conversation.phone):
        return [await _strangers(session, conversation) or await _unknown(session, conversation)]
    known = await service.open_leads(session, conversation.id) or await reopened(session, conversation)
    return known or await in_care(session, conversation.id) or [await _somebody_new(session, conversation)]


async def _somebody_new(session: AsyncSession, conversation: Conversation) -> uuid.UUID:
    """They want something of us, whoever they are; the desk puts in the name."""
    people = await linked(session, conversation.id)
    if len(people) != 1:
        return await _unknown(session, conversation)
    return (await leads.open_lead(session, NewLead(people[0], "text", conversation.location_id))).id


async def _unknown(session: AsyncSession, conversation: Conversation) -> uuid.UUID:
    first, last = UNKNOWN
    facts = PatientFacts(first_name=first, last_name=last, phone=conversation.phone)
    patient = await patients.create(session, facts)
    await service.link(session, conversation.id, [patient.id])
    return (await leads.open_lead(session, NewLead(patient.id, "text", conversation.location_id))).id


async def _strangers(session: AsyncSession, conversation: Conversation) -> uuid.UUID | None:
    """The open lead this stranger has already."""
    return await session.scalar(
        select(Lead.id)
        .join(Patient, (Patient.practice_id == Lead.practice_id) & (Patient.id == Lead.patient_id))
        .where(Lead.practice_id == practice_of(session), Lead.open, Patient.phone == conversation.phone)
        .where(Patient.first_name == UNKNOWN[0], Patient.last_name == UNKNOWN[1])
        .order_by(Lead.opened_at.desc())
        .limit(1)
    )


async def in_care(session: AsyncSession, conversation_id: uuid.UUID) -> list[uuid.UUID]:
    """The newest lead that was won, of whoever may be at the other end."""
    won = await _newest_closed(session, conversation_id, lost=False)
    return [won] if won else []


async def _newest_closed(session: AsyncSession, conversation_id: uuid.UUID, *, lost: bool) -> uuid.UUID | None:
    return await session.scalar(
        select(Lead.id)
        .join(
            ConversationPatient,
            (ConversationPatient.practice_id == Lead.practice_id) & (ConversationPatient.patient_id == Lead.patient_id),
        )
        .where(Lead.practice_id == practice_of(session), ConversationPatient.conversation_id == conversation_id)
        .where(Lead.open.is_(False), Lead.merged_into.is_(None))
        .where(Lead.stage == "lost" if lost else Lead.stage != "lost")
        .order_by(Lead.closed_at.desc())
        .limit(1)
    )
