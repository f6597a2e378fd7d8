"""What reporting does when something happens elsewhere."""

from sqlalchemy.ext.asyncio import AsyncSession

from backend.care.events import EpisodeOpened
from backend.core.database import Subscribers
from backend.identity.events import CalendarChanged
from backend.leads.events import LeadOpened
from backend.reporting import refresh


async def _begin(session: AsyncSession, _: object) -> None:
    await refresh.plan(session)


async def _recount(session: AsyncSession, _: CalendarChanged) -> None:
    await refresh.everything_changed(session)


def subscribers() -> Subscribers:
    """Handlers by event."""
    return {LeadOpened: [_begin], EpisodeOpened: [_begin], CalendarChanged: [_recount]}
