"""How fresh the facts are."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.reporting.models import ReportFreshness


async def as_of(session: AsyncSession) -> datetime | None:
    """Up to when the facts hold everything; None before the first refresh."""
    return await session.scalar(
        select(ReportFreshness.as_of).where(ReportFreshness.practice_id == practice_of(session))
    )
