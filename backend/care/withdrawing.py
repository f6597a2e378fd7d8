"""Care had not begun after all: the check-in that opened an episode was a mistake."""

import uuid

from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from backend.care import service
from backend.care.events import EpisodeWithdrawn, VisitRemoved
from backend.care.models import Episode, PlanOfCare, ProgressReport, Visit
from backend.core.database import practice_of, publish
from backend.core.moving import references
from backend.core.problems import Conflict

# Tasks about it go with it.
OURS = frozenset({"visits", "plans_of_care", "progress_reports", "tasks"})
GONE_ON = "Care has gone on since: visits, a plan of care or a report are noted. Undo those first, or discharge."


async def withdraw(session: AsyncSession, lead_id: uuid.UUID) -> None:
    """Take the lead's episode away, with its evaluation. Raises `Conflict` when more has happened since."""
    episode = await service.of_lead(session, lead_id)
    if episode is None:
        return
    episode = await service.locked(session, episode.id)
    if episode.state != "active" or await _gone_on(session, episode):
        raise Conflict(GONE_ON)
    rows = await session.scalars(
        select(Visit).where(Visit.practice_id == episode.practice_id, Visit.episode_id == episode.id)
    )
    for visit in rows.all():
        gone = VisitRemoved(visit.id, episode.id, visit.patient_id, visit.appointment_id)
        await session.delete(visit)
        await session.flush()
        await publish(session, gone)
    await _unlink(session, episode)
    await session.delete(episode)
    await session.flush()
    await publish(session, EpisodeWithdrawn(episode.id, lead_id))
    service.tell(session, episode)


async def _gone_on(session: AsyncSession, episode: Episode) -> bool:
    practice_id = practice_of(session)
    for table in (PlanOfCare, ProgressReport):
        query = select(func.count()).where(table.practice_id == practice_id, table.episode_id == episode.id)
        if await session.scalar(query):
            return True
    visits = select(func.count()).where(
        Visit.practice_id == practice_id, Visit.episode_id == episode.id, Visit.state == "attended",
        Visit.kind != "evaluation",
    )  # fmt: skip
    return bool(await session.scalar(visits))


async def _unlink(session: AsyncSession, episode: Episode) -> None:
    """What others keep of it (letters, scores) stays theirs, without it."""
    for reference in references("episodes"):
        table, column = reference.table, reference.column
        if table.name in OURS:
            continue
        try:
            async with session.begin_nested():
                ours = (table.c.practice_id == episode.practice_id) & (column == episode.id)
                await session.execute(update(table).where(ours).values({column: None}))
        except DBAPIError:
            raise Conflict(GONE_ON) from None
