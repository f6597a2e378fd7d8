"""What texting does when something happens elsewhere."""

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import Subscribers
from backend.identity.events import LocationAdded
from backend.messaging import standard


async def _prepare(session: AsyncSession, _: LocationAdded) -> None:
    await standard.create_defaults(session)


def subscribers() -> Subscribers:
    """Handlers by event."""
    return {LocationAdded: [_prepare]}
