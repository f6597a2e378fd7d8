"""What follows from a call: who waits, on which lead the next step stands, and the text-back."""

import uuid

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import publish
from backend.leads import service as leads
from backend.leads.service import NewLead
from backend.messaging import people, service
from backend.messaging.calls import handled, textback
from backend.messaging.calls.models import Call
from backend.messaging.events import CallAnswered, CallMissed
from backend.messaging.models import Conversation, PhoneLine
from backend.patients import service as patients
from backend.patients.schemas import PatientFacts


async def of_missed(session: AsyncSession, line: PhoneLine, call: Call, *, first: bool) -> None:
    """Somebody must call back. `first`: not merely a voicemail after a missed call we know of."""
    conversation = await _conversation(session, call)
    if conversation is not None:
        if first:
            conversation.waiting, conversation.unread = True, conversation.unread + 1
        service.touch(session, conversation, new=first)
    shared = await _choose_lead(session, line, call, conversation)
    assert call.lead_id is not None
    await leads.note_incoming_call(session, call.lead_id, call.id, call.outcome)
    await publish(session, CallMissed(call.lead_id, voicemail=call.outcome == "voicemail", shared=shared))
    if conversation is not None:
        await textback.offer(session, line, conversation, call)


async def of_answered(session: AsyncSession, call: Call) -> None:
    """The desk spoke with them. Whose call it was is sure only where one open lead may be meant."""
    conversation = await _conversation(session, call)
    if conversation is None:
        return
    conversation.waiting, conversation.unread = False, 0
    service.touch(session, conversation)
    await handled.settle(session, conversation.phone)
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
        return False
    if conversation is None:
        call.lead_id = await _unknown(session, line.location_id, None)
        return False
    known = await people.linked(session, conversation.id)
    if opened := await service.open_leads(session, conversation.id):
        call.lead_id = opened[0]
        return len(opened) > 1
    closed = await people.reopened(session, conversation) or await people.in_care(session, conversation.id)
    if closed:
        call.lead_id = closed[0]
        return len(known) > 1
    location_id = conversation.location_id or line.location_id
    if len(known) == 1:
        call.lead_id = (await leads.open_lead(session, NewLead(known[0], "phone", location_id))).id
    else:
        call.lead_id = await _unknown(session, location_id, conversation.phone)
        await people.find_people(session, conversation)
    return len(known) > 1


async def _unknown(session: AsyncSession, location_id: uuid.UUID | None, phone: str | None) -> uuid.UUID:
    """A lead for a caller nobody knows; the desk puts in who it is."""
    first, last = people.UNKNOWN
    patient = await patients.create(session, PatientFacts(first_name=first, last_name=last, phone=phone))
    return (await leads.open_lead(session, NewLead(patient.id, "phone", location_id))).id
