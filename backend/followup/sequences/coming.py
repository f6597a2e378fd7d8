"""What a running sequence still has before it. Reads only, so that tasks may ask it."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.followup.sequences import steps, timing
from backend.followup.sequences.models import Enrollment
from backend.identity.calendars import calendar_of
from backend.leads.models import Lead


async def running(session: AsyncSession, lead_id: uuid.UUID) -> Enrollment | None:
    """The lead's sequence while it goes on or is snoozed; not locked."""
    return await session.scalar(
        select(Enrollment)
        .where(Enrollment.practice_id == practice_of(session), Enrollment.lead_id == lead_id)
        .where(Enrollment.state.in_(("active", "snoozed")))
        .execution_options(populate_existing=True)
    )


async def moments(session: AsyncSession, enrollment: Enrollment) -> list[tuple[int, steps.Step, datetime]]:
    """(position, step, time) of what is to come, if nothing intervenes."""
    if enrollment.next_at is None:
        return []
    left = steps.read(enrollment.steps)[enrollment.position :]
    calendar = await calendar_of(session, enrollment.location_id)
    times = timing.plan(left, enrollment.next_at, calendar)
    return [(enrollment.position + number, step, at) for number, (step, at) in enumerate(zip(left, times, strict=True))]


async def next_call_due(session: AsyncSession, lead: Lead) -> datetime | None:
    """By when the sequence wants the next call made; None when it plans none."""
    await session.flush()
    enrollment = await running(session, lead.id)
    if enrollment is None:
        return None
    calendar = await calendar_of(session, enrollment.location_id)
    for _, step, at in await moments(session, enrollment):
        if step.kind == "call":
            return timing.due(at, step, lead.urgency, calendar)
    return None
