"""Join leads of one person, and take that back."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends

from backend.audit import service as audit
from backend.core.actor import Actor
from backend.identity.access import Allowed, Transaction
from backend.leads import merging, queries
from backend.leads.schemas import LeadOut, MergeIn, UnmergeIn

router = APIRouter(prefix="/api/v1/leads/{lead_id}", tags=["leads"])
Writer = Annotated[Actor, Depends(Allowed("leads:write"))]


@router.post("/merge", operation_id="mergeLead", summary="The lead is part of another")
async def merge_lead(lead_id: uuid.UUID, body: MergeIn, _: Writer, session: Transaction) -> LeadOut:
    """Everything of it goes to the lead `into`, which is answered. 409 when either changed meanwhile, or is merged."""
    people = [(await queries.lead(session, each, "leads:write")).patient_id for each in (lead_id, body.into)]
    into = await merging.merge(session, lead_id, body.into, body.version, body.into_version)
    shown = await queries.whole(session, into.id)
    await audit.record(session, "lead.merged", f"lead:{lead_id}", people)
    return shown


@router.post("/unmerge", operation_id="unmergeLead", summary="The lead is its own again")
async def unmerge_lead(lead_id: uuid.UUID, body: UnmergeIn, _: Writer, session: Transaction) -> LeadOut:
    """It gets back all it had, as it is now; what came since stays with the other. 409 unless it is merged."""
    merge = await merging.unmerge(session, lead_id, body.version)
    shown = await queries.whole(session, lead_id)
    await audit.record(session, "lead.unmerged", f"lead:{lead_id}", [merge.patient_id, merge.into_patient_id])
    return shown
