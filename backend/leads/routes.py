"""Open, read and change leads."""

import uuid
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Header
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core import idempotency
from backend.core.actor import Actor
from backend.core.pages import Cursor, Limit, cut, encode_cursor, moment_of
from backend.identity.access import Allowed, Transaction
from backend.leads import duplicates, intake, queries, service
from backend.leads.duplicate_schemas import NewLeadOut
from backend.leads.models import Lead
from backend.leads.schemas import (
    CallIn,
    LeadChanges,
    LeadOut,
    MoveIn,
    NewLeadIn,
    NoteIn,
    ReopenIn,
    Timeline,
)

router = APIRouter(prefix="/api/v1/leads", tags=["leads"])
Reader = Annotated[Actor, Depends(Allowed("leads:read"))]
Writer = Annotated[Actor, Depends(Allowed("leads:write"))]


async def _shown(session: AsyncSession, action: str, lead_id: uuid.UUID) -> LeadOut:
    lead = await queries.whole(session, lead_id)
    await audit.record(session, action, f"lead:{lead_id}", [lead.patient.id])
    return lead


async def _changed(session: AsyncSession, action: str, lead: Lead) -> LeadOut:
    return await _shown(session, action, lead.id)


@router.post("", operation_id="createLead", summary="Open a lead", status_code=201)
async def create_lead(
    body: NewLeadIn,
    caller: Writer,
    session: Transaction,
    idempotency_key: Annotated[str | None, Header()] = None,
) -> NewLeadOut:
    """For referrals that came by phone, at the desk or from a program. 409 when the patient has an open lead."""
    create = partial(intake.open_for_person, session, body)
    lead_id, _ = await idempotency.once(session, caller.id, idempotency_key, body.model_dump_json().encode(), create)
    lead = await queries.whole(session, lead_id)
    found = await duplicates.possible(session, lead.patient.id)
    await audit.record(session, "lead.opened", f"lead:{lead_id}", {lead.patient.id, *(one.patient.id for one in found)})
    return NewLeadOut(**dict(lead), possible_duplicates=found)


@router.get("/{lead_id}", operation_id="getLead", summary="One lead")
async def get_lead(lead_id: uuid.UUID, _: Reader, session: Transaction) -> LeadOut:
    """Patient, orders, owner, next step, story."""
    return await _shown(session, "lead.viewed", lead_id)


@router.patch("/{lead_id}", operation_id="updateLead", summary="Change a lead")
async def update_lead(lead_id: uuid.UUID, body: LeadChanges, _: Writer, session: Transaction) -> LeadOut:
    """Owner, clinic, urgency, patient data. Stale versions get 409."""
    given = {name: getattr(body, name) for name in body.model_fields_set - {"version"}}
    if body.patient is not None:
        given["patient"] = body.patient.model_dump(exclude_unset=True)
    return await _changed(session, "lead.changed", await service.change(session, lead_id, body.version, given))


@router.post("/{lead_id}/move", operation_id="moveLead", summary="Move a card")
async def move_lead(lead_id: uuid.UUID, body: MoveIn, _: Writer, session: Transaction) -> LeadOut:
    """To a stage and a place in its column. 409 with `current_version` when the card changed meanwhile; 409 without
    one when care goes on and the stage would end it (see `discharge`)."""
    lead = await service.move(
        session, lead_id, stage=body.stage, version=body.version, after_id=body.after_id, lost_reason=body.lost_reason
    )
    return await _changed(session, "lead.moved", lead)


@router.post("/{lead_id}/reopen", operation_id="reopenLead", summary="Open a closed lead again")
async def reopen_lead(lead_id: uuid.UUID, body: ReopenIn, _: Writer, session: Transaction) -> LeadOut:
    """Back to work, on top of its column."""
    return await _changed(session, "lead.reopened", await service.reopen(session, lead_id, body.version))


@router.post("/{lead_id}/calls", operation_id="logCall", summary="Log a call")
async def log_call(lead_id: uuid.UUID, body: CallIn, _: Writer, session: Transaction) -> LeadOut:
    """Notes the outcome and makes the next step."""
    return await _changed(session, "lead.called", await service.log_call(session, lead_id, body.outcome, body.note))


@router.post("/{lead_id}/notes", operation_id="addNote", summary="Add a note", status_code=201)
async def add_note(lead_id: uuid.UUID, body: NoteIn, _: Writer, session: Transaction) -> LeadOut:
    """On the timeline."""
    return await _changed(session, "lead.noted", await service.add_note(session, lead_id, body.text))


@router.get("/{lead_id}/timeline", operation_id="listTimeline", summary="What happened to a lead")
async def list_timeline(
    lead_id: uuid.UUID, _: Reader, session: Transaction, cursor: Cursor = None, limit: Limit = 50
) -> Timeline:
    """Newest first."""
    lead = await queries.lead(session, lead_id)
    before = moment_of(cursor)
    items, more = cut(await queries.timeline(session, lead_id, before, limit + 1), limit)
    await audit.record(session, "lead.timeline_viewed", f"lead:{lead_id}", [lead.patient_id])
    next_cursor = encode_cursor([items[-1].at.isoformat(), items[-1].id]) if more else None
    return Timeline(items=list(items), next_cursor=next_cursor)
