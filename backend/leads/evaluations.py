"""The first visit as the lead knows it: booked, missed, attended, canceled. Rules of follow-up react."""

import uuid
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import publish
from backend.core.problems import Conflict
from backend.leads import history, service, stages
from backend.leads.events import (
    EvaluationAttended,
    EvaluationBooked,
    EvaluationCanceled,
    EvaluationMissed,
    EvaluationUndone,
)
from backend.leads.models import Lead

# Whoever may keep the calendar may say what became of a visit: its callers pass their own permission.
WRITE = "leads:write"
NOT_BOOKED = "No evaluation is booked for this lead."


async def book(
    session: AsyncSession, lead_id: uuid.UUID, at: datetime, version: int | None = None, permission: str = WRITE
) -> Lead:
    """The evaluation is at `at`; a booked one moves there. A lost lead is opened again."""
    lead = await service.locked(session, lead_id, version, permission)
    if not lead.open:
        lead = await service.reopen(session, lead_id, permission=permission)
    lead.evaluation_at, lead.evaluation_state = at, "booked"
    await _noted(session, lead, "evaluation_booked", at=at.isoformat())
    await publish(session, EvaluationBooked(lead.id, at))
    return lead


async def attended(
    session: AsyncSession, lead_id: uuid.UUID, version: int | None = None, permission: str = WRITE
) -> Lead:
    """The patient came, even if somebody had noted otherwise before."""
    lead = await service.locked(session, lead_id, version, permission)
    if lead.evaluation_state not in {"booked", "missed"}:
        raise Conflict(NOT_BOOKED)
    lead.evaluation_state = "attended"
    await _noted(session, lead, "evaluation_attended")
    await publish(session, EvaluationAttended(lead.id))
    return lead


async def came(session: AsyncSession, lead_id: uuid.UUID, at: datetime, permission: str = WRITE) -> Lead:
    """The patient came at `at`, though nobody had noted here that it was booked. A lost lead is opened again."""
    lead = await service.locked(session, lead_id, permission=permission)
    if lead.stage == stages.LOST:
        lead = await service.reopen(session, lead_id, permission=permission)
    lead.evaluation_at, lead.evaluation_state = at, "attended"
    await _noted(session, lead, "evaluation_attended", at=at.isoformat())
    await publish(session, EvaluationAttended(lead.id))
    return lead


async def missed(
    session: AsyncSession, lead_id: uuid.UUID, version: int | None = None, permission: str = WRITE
) -> Lead:
    """The patient did not come."""
    lead = await _booked(session, lead_id, version, permission)
    lead.evaluation_state = "missed"
    await _noted(session, lead, "evaluation_missed")
    await publish(session, EvaluationMissed(lead.id))
    return lead


async def cancel(
    session: AsyncSession, lead_id: uuid.UUID, version: int | None = None, permission: str = WRITE
) -> Lead:
    """It will not take place."""
    lead = await _booked(session, lead_id, version, permission)
    lead.evaluation_state = "canceled"
    await _noted(session, lead, "evaluation_canceled")
    await publish(session, EvaluationCanceled(lead.id))
    return lead


async def undo(session: AsyncSession, lead_id: uuid.UUID, version: int | None = None, permission: str = WRITE) -> Lead:
    """What was noted was a mistake: it is booked, as before. Raises `Conflict` when nothing was noted."""
    lead = await service.locked(session, lead_id, version, permission)
    was = lead.evaluation_state
    if was not in {"attended", "missed"}:
        raise Conflict("Nothing was noted of this lead's evaluation that could be undone.")
    lead.evaluation_state = "booked"
    await _noted(session, lead, "evaluation_undone", was=was)
    await publish(session, EvaluationUndone(lead.id, was))
    return lead


async def _booked(session: AsyncSession, lead_id: uuid.UUID, version: int | None, permission: str) -> Lead:
    lead = await service.locked(session, lead_id, version, permission)
    if lead.evaluation_state != "booked":
        raise Conflict(NOT_BOOKED)
    return lead


async def _noted(session: AsyncSession, lead: Lead, kind: str, **detail: str) -> None:
    lead.version += 1
    history.note(session, lead.id, kind, **detail)
    await session.flush()
    history.tell(session, lead)
