"""What intake does when something happens elsewhere."""

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import Subscribers
from backend.identity.events import LocationAdded
from backend.intake_forms import forms


async def _prepare(session: AsyncSession, _: LocationAdded) -> None:
    await forms.ensure_standard(session)


def subscribers() -> Subscribers:
    """Handlers by event."""
    return {LocationAdded: [_prepare]}
