"""Find a place in a column. Two people who drop a card into the same gap at once get neighbouring places."""

import uuid

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import practice_of
from backend.leads import ranking
from backend.leads.models import Lead


async def top_of(session: AsyncSession, stage: str) -> str:
    """The rank of a card put on top."""
    column = (Lead.practice_id == practice_of(session)) & (Lead.stage == stage)
    return ranking.top(now(), await session.scalar(select(func.min(Lead.rank)).where(column)))


async def place(session: AsyncSession, lead: Lead, stage: str, after_id: uuid.UUID | None) -> str:
    """The rank right below `after_id`; on top when that card has left the column meanwhile, or is None."""
    column = (Lead.practice_id == lead.practice_id) & (Lead.stage == stage) & (Lead.id != lead.id)
    above = await session.scalar(select(Lead.rank).where(column, Lead.id == after_id)) if after_id else None
    if above is None:
        return ranking.top(now(), await session.scalar(select(func.min(Lead.rank)).where(column)))
    below = await session.scalar(select(func.min(Lead.rank)).where(column, Lead.rank > above))
    rank = ranking.between(above, below)
    if len(rank) <= ranking.TOO_LONG:
        return rank
    await _spread(session, stage)
    return await place(session, lead, stage, after_id)


async def _spread(session: AsyncSession, stage: str) -> None:
    """Fresh ranks for the whole column, in its order."""
    column = (Lead.practice_id == practice_of(session)) & (Lead.stage == stage)
    ids = (await session.scalars(select(Lead.id).where(column).order_by(Lead.rank, Lead.id).with_for_update())).all()
    for lead_id, rank in zip(ids, ranking.evenly(len(ids)), strict=True):
        await session.execute(
            update(Lead).where(Lead.practice_id == practice_of(session), Lead.id == lead_id).values(rank=rank)
        )
