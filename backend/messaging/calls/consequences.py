"""What follows from a call: who waits, on which lead the next step stands, and the text-back."""

import uuid

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import publish
from backend.leads import service as leads
from backend.leads.models import Lead
from backend.leads.service import NewLead
from backend.messaging import consent, people, service
from backend.messaging.calls import handled, textback
from backend.messaging.calls.models import Call
from backend.messaging.events import CallAnswered, CallMissed
from backend.messaging.models import Conversation, PhoneLine
from backend.patients import service as patients
from backend.patients.models import Patient
from backend.patients.schemas import PatientFacts


async def of_missed(session: AsyncSession, line: PhoneLine, call: Call, *, first: bool) -> None:
    """Somebody must call back. `first`: not merely a voicemail after a missed call we know of."""
    conversation = await _conversation(session, call)
    if conversation is not None and await handled.answered_since(session, conversation.phone, call.started_at):
        call.handled_at = now()
        service.touch(session, conversation, new=False)
        return
    if conversation is not None:
        if first:
            conversation.waiting, conversation.unread = True, conversation.unread + 1
        service.touch(session, conversation, new=first)
    shared = await _choose_lead(session, line, call, conversation)
    assert call.lead_id is not None
    await leads.note_incoming_call(session, call.lead_id, call.id, call.outcome)
    voicemail = call.outcome == "voicemail"
    await publish(session, CallMissed(call.lead_id, voicemail, shared=shared, withheld=conversation is None))
    if conversation is not None:
        await textback.offer(session, line, conversation, call)


async def of_answered(session: AsyncSession, call: Call) -> None:
    """The desk spoke with them. Whose call it was is sure only where one open lead may be meant."""
    conversation = await _conversation(session, call)
    if conversation is None:
        return
    service.touch(session, conversation)
    if not await handled.settle_until(session, conversation.phone, call.started_at):
        return
    conversation.waiting, conversation.unread = False, 0
    candidates = await service.open_leads(session, conversation.id)
    if len(candidates) == 1:
        call.lead_id = candidates[0]
        await leads.note_incoming_call(session, call.lead_id, call.id, call.outcome)
        await publish(session, CallAnswered(call.lead_id))


async def _conversation(session: AsyncSession, call: Call) -> Conversation | None:
    if call.conversation_id is None:
        return None
    found = await session.get(
        Conversation, (call.practice_id, call.conversation_id), with_for_update=True, populate_existing=True
    )
    assert found is not None
    await people.find_people(session, found)
    return found


async def _choose_lead(session: AsyncSession, line: PhoneLine, call: Call, conversation: Conversation | None) -> bool:
    """Find or open the lead; returns whether others with this phone might be meant as well."""
    if call.lead_id is not None:
        return conversation is not None and len(await service.open_leads(session, conversation.id)) > 1
    if conversation is None:
        earlier = None if call.outcome == "voicemail" else await _nobody(session, call, None)
        call.lead_id = earlier or await _unknown(session, line.location_id, None)
        return False
    location_id = conversation.location_id or line.location_id
    if await consent.is_stranger(session, conversation.phone):
        earlier = await _nobody(session, call, conversation.phone)
        call.lead_id = earlier or await _unknown(session, location_id, conversation.phone)
        return False
    if opened := await service.open_leads(session, conversation.id):
        call.lead_id = opened[0]
        return len(opened) > 1
    known = await people.linked(session, conversation.id)
    closed = await people.reopened(session, conversation) or await people.in_care(session, conversation.id)
    if closed:
        call.lead_id = closed[0]
    elif len(known) == 1:
        call.lead_id = (await leads.open_lead(session, NewLead(known[0], "phone", location_id))).id
    else:
        call.lead_id = await _unknown(session, location_id, conversation.phone)
        await people.find_people(session, conversation)
    return len(known) > 1


async def _nobody(session: AsyncSession, call: Call, phone: str | None) -> uuid.UUID | None:
    """The open lead of an earlier caller whom nobody knows; without a number, of one who left no words either."""
    query = (
        select(Lead.id)
        .join(Patient, (Patient.practice_id == Lead.practice_id) & (Patient.id == Lead.patient_id))
        .where(Lead.practice_id == call.practice_id, Lead.open, Patient.phone == phone)
        .where(Patient.first_name == people.UNKNOWN[0], Patient.last_name == people.UNKNOWN[1])
    )
    if phone is None:
        of_lead = (Call.practice_id == Lead.practice_id) & (Call.lead_id == Lead.id)
        spoken = select(Call.id).where(of_lead, Call.outcome != "missed")
        query = query.where(select(Call.id).where(of_lead).exists(), ~spoken.exists())
    return await session.scalar(query.order_by(Lead.opened_at.desc()).limit(1))


async def _unknown(session: AsyncSession, location_id: uuid.UUID | None, phone: str | None) -> uuid.UUID:
    """A lead for a caller nobody knows; the desk puts in who it is."""
    first, last = people.UNKNOWN
    patient = await patients.create(session, PatientFacts(first_name=first, last_name=last, phone=phone))
    return (await leads.open_lead(session, NewLead(patient.id, "phone", location_id))).id
