"""The desk sees which links a patient has, and closes one that went astray."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core.actor import Actor
from backend.identity.access import Allowed, Transaction
from backend.leads import queries as leads
from backend.leads.models import Lead
from backend.patient_links import desk
from backend.patient_links.schemas import LeadLinks

router = APIRouter(prefix="/api/v1", tags=["patient links"])
Reader = Annotated[Actor, Depends(Allowed("messages:read"))]
Writer = Annotated[Actor, Depends(Allowed("messages:write"))]


async def _shown(session: AsyncSession, action: str, lead: Lead, target: str | None = None) -> LeadLinks:
    await audit.record(session, action, target or f"lead:{lead.id}", [lead.patient_id])
    return await desk.of_lead(session, lead.id)


@router.get("/leads/{lead_id}/links", operation_id="listLeadLinks", summary="Links the patient was sent")
async def list_lead_links(lead_id: uuid.UUID, _: Reader, session: Transaction) -> LeadLinks:
    """What each is for and what became of it; what they open is nobody's business but the patient's."""
    return await _shown(session, "link.listed", await leads.lead(session, lead_id, "messages:read"))


@router.post("/leads/{lead_id}/links/revoke", operation_id="revokeLeadLinks", summary="Close every link of a lead")
async def revoke_lead_links(lead_id: uuid.UUID, _: Writer, session: Transaction) -> LeadLinks:
    """Nothing opens any more, and pages that are open close; a text that waits with one of them is not sent."""
    return await _shown(session, "link.all_revoked", await desk.revoke_all(session, lead_id))


@router.post("/links/{link_id}/revoke", operation_id="revokeLink", summary="Close one link")
async def revoke_link(link_id: uuid.UUID, _: Writer, session: Transaction) -> LeadLinks:
    """For one that was forwarded, or shown to somebody else. A second time changes nothing."""
    lead = await desk.revoke(session, link_id)
    return await _shown(session, "link.revoked", lead, f"link:{link_id}")
