"""What texting does when something happens elsewhere: a new lead is texted at once, as law and policy allow."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import Subscribers, practice_of
from backend.core.problems import Conflict
from backend.identity.events import LocationAdded
from backend.leads.events import CallLogged, LeadOpened
from backend.leads.models import Lead
from backend.messaging import consent, facts, service, standard
from backend.messaging.calls import handled
from backend.messaging.calls.queries import missed_lately
from backend.messaging.gate import Purpose
from backend.messaging.models import Message
from backend.messaging.service import NewText
from backend.patients.models import Patient

# Who came by these ways gave us the number to be reached on (FCC 2015 order: consent within that scope).
GAVE_NUMBER = frozenset({"web_form", "phone", "walk_in", "text"})


async def _greet(session: AsyncSession, event: LeadOpened) -> None:
    practice_id = practice_of(session)
    lead = await session.get_one(Lead, (practice_id, event.lead_id))
    policy = await facts.policy(session)
    greeted = select(Message.id).where(Message.practice_id == practice_id, Message.lead_id == lead.id).limit(1)
    if policy.first_text == "off" or await session.scalar(greeted):
        return
    try:
        conversation = await service.of_lead(session, lead)
    except Conflict:
        return  # no phone, or no line: the first step is a call anyway
    if await missed_lately(session, conversation.phone):
        return  # they have called: the text-back is our first text
    state = await consent.state(session, conversation.phone)
    if state == "none" and lead.source in GAVE_NUMBER:
        await consent.record(
            session, conversation.phone, "granted", "given_number", evidence=lead.source, patient_id=lead.patient_id
        )
        state = "granted"
    asking = state != "granted" and policy.first_text == "consent_first"
    body = await standard.text(session, "consent_request" if asking else "first_text", conversation)
    purpose: Purpose = "consent_request" if asking else "care"
    await service.write(session, conversation, NewText(body, purpose, lead.id, automatic=True))


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
    return {LeadOpened: [_greet], CallLogged: [_called], LocationAdded: [_prepare]}
