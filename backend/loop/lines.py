"""Which of the practice's fax lines a letter goes out with, and comes back to."""

import uuid

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.faxes.models import FaxLine
from backend.leads.models import Lead
from backend.loop.models import Letter


async def line_for(session: AsyncSession, letter: Letter) -> FaxLine | None:
    """The fax line of the lead's clinic, else one of the whole practice, else the oldest."""
    lead = await session.get(Lead, (practice_of(session), letter.lead_id)) if letter.lead_id else None
    return await line_at(session, lead.location_id if lead else None)


async def line_at(session: AsyncSession, place: uuid.UUID | None) -> FaxLine | None:
    """The fax line a clinic sends with."""
    rows = await session.scalars(
        select(FaxLine)
        .where(FaxLine.practice_id == practice_of(session), FaxLine.active)
        .order_by((FaxLine.location_id == place).desc().nulls_last(), FaxLine.location_id.is_(None).desc(), FaxLine.id)
        .limit(1)
    )
    return rows.one_or_none()
