"""A lead's way through its sequence: see it, put it off, stop it, start another."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core.actor import Actor
from backend.followup.sequences import queries, service
from backend.followup.sequences.schemas import LeadSequence, SnoozeSequenceIn, StartIn
from backend.identity.access import Allowed, Transaction
from backend.leads import queries as lead_queries
from backend.leads import service as leads
from backend.leads.models import Lead

router = APIRouter(prefix="/api/v1/leads/{lead_id}/sequence", tags=["follow-up"])
Reader = Annotated[Actor, Depends(Allowed("leads:read"))]
Writer = Annotated[Actor, Depends(Allowed("leads:write"))]


async def _shown(session: AsyncSession, action: str, lead: Lead) -> LeadSequence:
    found = await queries.of_lead(session, lead.id)
    await audit.record(session, action, f"lead:{lead.id}", [lead.patient_id])
    return found


@router.get("", operation_id="getLeadSequence", summary="A lead's follow-up")
async def get_lead_sequence(lead_id: uuid.UUID, _: Reader, session: Transaction) -> LeadSequence:
    """What was done, what comes when, and why something waits or was passed over."""
    return await _shown(session, "sequence.viewed", await lead_queries.lead(session, lead_id))


@router.post("/snooze", operation_id="snoozeSequence", summary="Put the follow-up off")
async def snooze_sequence(lead_id: uuid.UUID, body: SnoozeSequenceIn, _: Writer, session: Transaction) -> LeadSequence:
    """Nothing automatic before `until`; the lead's task stays."""
    lead = await leads.locked(session, lead_id)
    await service.snooze(session, lead, body.until)
    return await _shown(session, "sequence.snoozed", lead)


@router.post("/resume", operation_id="resumeSequence", summary="Go on now")
async def resume_sequence(lead_id: uuid.UUID, _: Writer, session: Transaction) -> LeadSequence:
    """409 when it is not snoozed."""
    lead = await leads.locked(session, lead_id)
    await service.resume(session, lead)
    return await _shown(session, "sequence.resumed", lead)


@router.post("/stop", operation_id="stopSequence", summary="Stop the follow-up")
async def stop_sequence(lead_id: uuid.UUID, _: Writer, session: Transaction) -> LeadSequence:
    """The lead keeps its task."""
    lead = await leads.locked(session, lead_id)
    await service.stop_by_hand(session, lead)
    return await _shown(session, "sequence.stopped", lead)


@router.post("/start", operation_id="startSequence", summary="Start a sequence")
async def start_sequence(lead_id: uuid.UUID, body: StartIn, _: Writer, session: Transaction) -> LeadSequence:
    """The one that runs ends. 409 for a closed lead."""
    lead = await leads.locked(session, lead_id)
    await service.start_by_hand(session, lead, body.sequence_id)
    return await _shown(session, "sequence.started", lead)
