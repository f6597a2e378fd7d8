"""A person's verbs on a fax."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core.actor import Actor
from backend.core.problems import NotFound
from backend.faxes import filing, queries, review
from backend.faxes.schemas import (
    AttachIn,
    ConfirmIn,
    FaxMatchOut,
    FaxMatchPage,
    FaxOut,
    RejectIn,
    RetryIn,
    SplitIn,
)
from backend.identity.access import Allowed, Transaction
from backend.leads import service as leads
from backend.patients import matching

router = APIRouter(prefix="/api/v1/faxes", tags=["faxes"])
Reader = Annotated[Actor, Depends(Allowed("faxes:read"))]
Writer = Annotated[Actor, Depends(Allowed("faxes:write"))]


async def _shown(session: AsyncSession, action: str, fax_id: uuid.UUID) -> FaxOut:
    await session.flush()
    row = await queries.fax(session, fax_id)
    shown = await queries.whole(session, fax_id, review.allowed(row.status))
    await audit.record(session, action, f"fax:{fax_id}", await queries.patients_of(session, fax_id))
    return shown


@router.post("/{fax_id}/confirm", operation_id="confirmFax", summary="File a fax as corrected")
async def confirm_fax(fax_id: uuid.UUID, body: ConfirmIn, _: Writer, session: Transaction) -> FaxOut:
    """Opens a lead, or adds the order to the chosen or open one."""
    await review.confirm(session, fax_id, body.version, body.segments)
    return await _shown(session, "fax.confirmed", fax_id)


@router.post("/{fax_id}/reject", operation_id="rejectFax", summary="Not a referral")
async def reject_fax(fax_id: uuid.UUID, body: RejectIn, _: Writer, session: Transaction) -> FaxOut:
    """The original stays, with the reason."""
    await review.reject(session, fax_id, body.reason, body.version)
    return await _shown(session, "fax.rejected", fax_id)


@router.post("/{fax_id}/retry", operation_id="retryFax", summary="Read a fax again")
async def retry_fax(fax_id: uuid.UUID, _: Writer, session: Transaction, body: RetryIn | None = None) -> FaxOut:
    """From the original document."""
    await review.retry(session, fax_id, body.version if body else None)
    return await _shown(session, "fax.retried", fax_id)


@router.post("/{fax_id}/attach", operation_id="attachFax", summary="Put a fax under a lead")
async def attach_fax(fax_id: uuid.UUID, body: AttachIn, _: Writer, session: Transaction) -> FaxOut:
    """The whole fax belongs to that lead."""
    await review.attach(session, fax_id, body.lead_id, body.version)
    return await _shown(session, "fax.attached", fax_id)


@router.post("/{fax_id}/split", operation_id="splitFax", summary="Say which pages belong together")
async def split_fax(fax_id: uuid.UUID, body: SplitIn, _: Writer, session: Transaction) -> FaxOut:
    """Each group becomes a segment and is read anew."""
    await review.regroup(session, fax_id, body.segments, body.version)
    return await _shown(session, "fax.split", fax_id)


@router.post("/{fax_id}/merge", operation_id="mergeFax", summary="All pages belong to one patient")
async def merge_fax(fax_id: uuid.UUID, _: Writer, session: Transaction, body: RetryIn | None = None) -> FaxOut:
    """One segment, read anew."""
    await review.merge(session, fax_id, body.version if body else None)
    return await _shown(session, "fax.merged", fax_id)


@router.get("/{fax_id}/matches", operation_id="listFaxMatches", summary="Who the patient may be")
async def list_fax_matches(
    fax_id: uuid.UUID, _: Reader, session: Transaction, segment: Annotated[int, Query(ge=0)] = 0
) -> FaxMatchPage:
    """Known patients with reasons, best first."""
    await queries.fax(session, fax_id)
    rows = [row for row in await queries.segments(session, fax_id) if row.index == segment]
    if not rows:
        raise NotFound("There is no such segment.")
    items = []
    for found in await matching.find(session, filing.identity_of(rows[0])):
        lead = await leads.open_lead_of(session, found.patient_id)
        items.append(
            FaxMatchOut(
                patient_id=found.patient_id, lead_id=lead.id if lead else None, display_name=found.display_name,
                dob=found.dob, reasons=list(found.reasons), score=found.score, certain=found.certain,
            )
        )  # fmt: skip
    await audit.record(session, "fax.matches_viewed", f"fax:{fax_id}", [item.patient_id for item in items])
    return FaxMatchPage(items=items)
