"""Read those who refer."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.referral_sources.models import Referrer

MOST = 5000


async def known(session: AsyncSession) -> Sequence[Referrer]:
    """Everyone who referred so far, newest first; helps to read a blurred name."""
    rows = await session.scalars(
        select(Referrer)
        .where(Referrer.practice_id == practice_of(session), Referrer.merged_into.is_(None))
        .order_by(Referrer.id.desc())
        .limit(MOST)
    )
    return rows.all()
