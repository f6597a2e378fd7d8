"""Sequences: read, write, order, preview; and the rules of follow-up."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core.actor import Actor
from backend.core.database import practice_of
from backend.followup import rules
from backend.followup.sequences import editing, queries
from backend.followup.sequences.models import Enrollment, FollowupRules
from backend.followup.sequences.schemas import (
    FollowupRulesIn,
    FollowupRulesOut,
    PreviewIn,
    PreviewOut,
    PreviewStepsIn,
    SequenceChange,
    SequenceIn,
    SequenceOrderIn,
    SequenceOut,
    SequencePage,
)
from backend.identity.access import Allowed, Transaction
from backend.identity.calendars import may_change
from backend.leads import queries as leads
from backend.leads.models import Lead

router = APIRouter(prefix="/api/v1", tags=["follow-up"])
Reader = Annotated[Actor, Depends(Allowed("leads:read"))]
SettingsReader = Annotated[Actor, Depends(Allowed("settings:read"))]
Writer = Annotated[Actor, Depends(Allowed("settings:write"))]


@router.get("/sequences", operation_id="listSequences", summary="Follow-up sequences")
async def list_sequences(_: Reader, session: Transaction) -> SequencePage:
    """In the order in which they are tried."""
    return SequencePage(items=await queries.every(session))


@router.post("/sequences", operation_id="createSequence", summary="Write a sequence", status_code=201)
async def create_sequence(body: SequenceIn, _: Writer, session: Transaction) -> SequenceOut:
    """Tried last; see `order`."""
    await may_change(session, None)
    sequence_id = await editing.create(session, body)
    await audit.record(session, "sequence.created", f"sequence:{sequence_id}")
    return await queries.one(session, sequence_id)


@router.post("/sequences/order", operation_id="orderSequences", summary="Which is tried first")
async def order_sequences(body: SequenceOrderIn, _: Writer, session: Transaction) -> SequencePage:
    """Names every sequence once."""
    await may_change(session, None)
    await editing.reorder(session, body.ids)
    await audit.record(session, "sequence.ordered", "sequences")
    return SequencePage(items=await queries.every(session))


@router.post("/sequences/preview", operation_id="previewSteps", summary="Dates of steps not saved yet")
async def preview_steps(body: PreviewStepsIn, _: Writer, session: Transaction) -> PreviewOut:
    """From now, if the patient stays silent."""
    await editing.check_steps(session, body.steps)
    return await queries.preview(session, body.steps, await _lead(session, body))


@router.get("/sequences/{sequence_id}", operation_id="getSequence", summary="One sequence")
async def get_sequence(sequence_id: uuid.UUID, _: Reader, session: Transaction) -> SequenceOut:
    """With its steps in words."""
    return await queries.one(session, sequence_id)


@router.put("/sequences/{sequence_id}", operation_id="updateSequence", summary="Change a sequence")
async def update_sequence(sequence_id: uuid.UUID, body: SequenceChange, _: Writer, session: Transaction) -> SequenceOut:
    """Leads on their way keep the steps they began with. Stale versions get 409."""
    await may_change(session, None)
    await editing.change(session, sequence_id, body)
    await audit.record(session, "sequence.changed", f"sequence:{sequence_id}")
    return await queries.one(session, sequence_id)


@router.delete("/sequences/{sequence_id}", operation_id="deleteSequence", summary="Delete a sequence", status_code=204)
async def delete_sequence(
    sequence_id: uuid.UUID, _: Writer, session: Transaction,
    stop_running: Annotated[bool, Query(description="also take off it who is on the way")] = False,
) -> None:  # fmt: skip
    """Leads on their way go on unless `stop_running`."""
    await may_change(session, None)
    await editing.archive(session, sequence_id, stop_running=stop_running)
    await audit.record(session, "sequence.deleted", f"sequence:{sequence_id}")


@router.post("/sequences/{sequence_id}/preview", operation_id="previewSequence", summary="Dates of a sequence")
async def preview_sequence(sequence_id: uuid.UUID, body: PreviewIn, _: Reader, session: Transaction) -> PreviewOut:
    """From now, for a lead's clinic and urgency where one is given."""
    found = await queries.one(session, sequence_id)
    return await queries.preview(session, found.steps, await _lead(session, body))


async def _lead(session: AsyncSession, body: PreviewIn) -> Lead | None:
    if body.lead_id is None:
        return None
    lead = await leads.lead(session, body.lead_id)
    await audit.record(session, "sequence.previewed", f"lead:{lead.id}", [lead.patient_id])
    return lead


async def _shown(session: AsyncSession, found: FollowupRules) -> FollowupRulesOut:
    waiting = select(func.count()).where(
        Enrollment.practice_id == practice_of(session), Enrollment.state == "active",
        Enrollment.wait_reason == "throttle",
    )  # fmt: skip
    names = FollowupRulesOut.model_fields.keys() - {"waiting"}
    return FollowupRulesOut(
        **{name: getattr(found, name) for name in names}, waiting=await session.scalar(waiting) or 0
    )


@router.get("/settings/follow-up", operation_id="getFollowupRules", summary="Rules of follow-up")
async def get_rules(_: SettingsReader, session: Transaction) -> FollowupRulesOut:
    """What the practice chose, or the careful defaults (`version` 0)."""
    return await _shown(session, await rules.of_practice(session))


@router.put("/settings/follow-up", operation_id="updateFollowupRules", summary="Change the rules of follow-up")
async def update_rules(body: FollowupRulesIn, _: Writer, session: Transaction) -> FollowupRulesOut:
    """They hold from the next timer on. Stale versions get 409."""
    await may_change(session, None)
    changed = await rules.change(session, body)
    await audit.record(session, "followup_rules.changed", "followup_rules")
    return await _shown(session, changed)
