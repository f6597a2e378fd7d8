"""What texting does when something happens elsewhere."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import Subscribers, practice_of
from backend.identity.events import LocationAdded
from backend.leads.events import CallLogged, CallToLog
from backend.leads.models import Lead
from backend.messaging import consent, link_texts, service, standard
from backend.messaging.calls import handled
from backend.patients.models import Patient


async def _hold(session: AsyncSession, event: CallToLog) -> None:
    """The threads with this patient, before their lead: the order in which news of texts and calls lock them too."""
    phone = await session.scalar(
        select(Patient.phone)
        .join(Lead, (Lead.practice_id == Patient.practice_id) & (Lead.patient_id == Patient.id))
        .where(Lead.practice_id == practice_of(session), Lead.id == event.lead_id)
    )
    if phone is not None:
        await service.hold(session, phone)


async def _called(session: AsyncSession, event: CallLogged) -> None:
    """A stranger at the number gets no texts; whoever was reached needs no text-back."""
    practice_id = practice_of(session)
    lead = await session.get_one(Lead, (practice_id, event.lead_id))
    patient = await session.get_one(Patient, (practice_id, lead.patient_id))
    if patient.phone is None:
        return
    if event.outcome == "wrong_number":
        await consent.note_phone(session, patient.phone, wrong_person=True)
        await consent.cancel_waiting(session, patient.phone, "wrong_person")
        await link_texts.revoke_at(session, patient.phone)
    elif event.outcome == "reached":
        await handled.settle(session, patient.phone)
        await service.called(session, patient.phone)
    elif event.outcome == "left_message":
        await handled.mark(session, patient.phone)
        await service.called(session, patient.phone)


async def _prepare(session: AsyncSession, _: LocationAdded) -> None:
    await standard.create_defaults(session)


def subscribers() -> Subscribers:
    """Handlers by event."""
    return {CallToLog: [_hold], CallLogged: [_called], LocationAdded: [_prepare]}
