"""Texts about one visit, written from the appointment as it is at that moment; and the thread they go into."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.identity.models import Location
from backend.messaging import facts, service, standard
from backend.messaging.gate import Verdict
from backend.messaging.languages import Language
from backend.messaging.models import Conversation, Message
from backend.messaging.service import NewText
from backend.patients.models import Patient
from backend.scheduling import saying
from backend.scheduling.appointment_models import Appointment
from backend.scheduling.models import Clinician


@dataclass(frozen=True, slots=True)
class Visit:
    """When, with whom and where."""

    at: datetime
    clinician: str
    location: Location

    def known(self, language: Language | None) -> Mapping[str, str]:
        """What its placeholders stand for."""
        said = {
            "when": saying.when(self.at, self.location.timezone, language), "clinician": self.clinician,
            "clinic": self.location.name,
        }  # fmt: skip
        return said | ({"clinic_phone": standard.spoken(self.location.phone)} if self.location.phone else {})


async def visit(session: AsyncSession, at: datetime, clinician_id: uuid.UUID, location_id: uuid.UUID) -> Visit:
    """In words."""
    practice_id = practice_of(session)
    query = (
        select(Clinician.name, Location)
        .join(Location, and_(Location.practice_id == practice_id, Location.id == location_id))
        .where(Clinician.practice_id == practice_id, Clinician.id == clinician_id)
    )
    name, location = (await session.execute(query)).one()
    return Visit(at, name, location)


async def of(session: AsyncSession, appointment: Appointment) -> Visit:
    """An appointment's, as it is now."""
    return await visit(session, appointment.starts_at, appointment.clinician_id, appointment.location_id)


async def body(
    session: AsyncSession,
    template: str,
    conversation: Conversation,
    about: Visit,
    more: Mapping[str, str] | None = None,
) -> str:
    """A template filled for this visit."""
    language = await standard.language_in(session, conversation)
    return await standard.text(session, template, conversation, more={**about.known(language), **(more or {})})


async def write(session: AsyncSession, conversation: Conversation, words: str, lead_id: uuid.UUID | None) -> Message:
    """Through the gate. The conversation is locked."""
    return await service.write(session, conversation, NewText(words, "appointment", lead_id, automatic=True))


async def thread(session: AsyncSession, patient_id: uuid.UUID, location_id: uuid.UUID) -> Conversation | None:
    """The patient's thread with the clinic, locked; None without a phone or a line. Lock nothing else before it."""
    patient = await session.get(Patient, (practice_of(session), patient_id))
    line = await service.line_for(session, location_id)
    if patient is None or patient.phone is None or line is None:
        return None
    conversation = await service.with_phone(session, line, patient.phone, location_id)
    await service.link(session, conversation.id, [patient.id])
    return conversation


async def may_send(session: AsyncSession, conversation: Conversation) -> Verdict:
    """What the gate says now, so that a text that must wait is not written before its time."""
    return await facts.verdict(session, conversation, "appointment", automatic=True)
