"""What leads do when something happens elsewhere."""

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import Subscribers
from backend.identity.events import LocationAdded
from backend.leads import stages


async def _prepare(session: AsyncSession, _: LocationAdded) -> None:
    await stages.create_defaults(session)


def subscribers() -> Subscribers:
    """Handlers by event."""
    return {LocationAdded: [_prepare]}
