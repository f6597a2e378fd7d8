"""What the desk notes about a lead's evaluation until appointments are kept here."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core.actor import Actor
from backend.identity.access import Allowed, Transaction
from backend.leads import evaluations, queries
from backend.leads.schemas import EvaluationChangeIn, EvaluationIn, LeadOut

router = APIRouter(prefix="/api/v1/leads/{lead_id}/evaluation", tags=["leads"])
Writer = Annotated[Actor, Depends(Allowed("leads:write"))]


async def _shown(session: AsyncSession, action: str, lead_id: uuid.UUID) -> LeadOut:
    lead = await queries.whole(session, lead_id)
    await audit.record(session, action, f"lead:{lead_id}", [lead.patient.id])
    return lead


@router.post("", operation_id="bookEvaluation", summary="The evaluation is booked")
async def book_evaluation(lead_id: uuid.UUID, body: EvaluationIn, _: Writer, session: Transaction) -> LeadOut:
    """At a time, or another time than before. The rules of follow-up move the lead and stop its sequence."""
    await evaluations.book(session, lead_id, body.at, body.version)
    return await _shown(session, "evaluation.booked", lead_id)


@router.post("/attended", operation_id="attendEvaluation", summary="The patient came")
async def attend_evaluation(lead_id: uuid.UUID, body: EvaluationChangeIn, _: Writer, session: Transaction) -> LeadOut:
    """409 when no evaluation was booked."""
    await evaluations.attended(session, lead_id, body.version)
    return await _shown(session, "evaluation.attended", lead_id)


@router.post("/missed", operation_id="missEvaluation", summary="The patient did not come")
async def miss_evaluation(lead_id: uuid.UUID, body: EvaluationChangeIn, _: Writer, session: Transaction) -> LeadOut:
    """Begins the sequence for missed evaluations."""
    await evaluations.missed(session, lead_id, body.version)
    return await _shown(session, "evaluation.missed", lead_id)


@router.post("/cancel", operation_id="cancelEvaluation", summary="The evaluation is canceled")
async def cancel_evaluation(lead_id: uuid.UUID, body: EvaluationChangeIn, _: Writer, session: Transaction) -> LeadOut:
    """The lead waits for a new time."""
    await evaluations.cancel(session, lead_id, body.version)
    return await _shown(session, "evaluation.canceled", lead_id)


@router.post("/undo", operation_id="undoEvaluation", summary="What was noted was a mistake")
async def undo_evaluation(lead_id: uuid.UUID, body: EvaluationChangeIn, _: Writer, session: Transaction) -> LeadOut:
    """It is booked, as before, and the lead back where it was. 409 when care has gone on since."""
    await evaluations.undo(session, lead_id, body.version)
    return await _shown(session, "evaluation.undone", lead_id)
