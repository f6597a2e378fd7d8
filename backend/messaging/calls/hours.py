"""Whether the desk is there: the clinic's calendar."""

import uuid
from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.identity.models import Location
from backend.identity.queries import practice

OPENS, CLOSES, SATURDAY = time(8), time(18), 5


async def desk_is_open(session: AsyncSession, location_id: uuid.UUID | None, at: datetime) -> bool:
    """Monday to Friday, 8:00 to 18:00 at the clinic."""
    location = await session.get(Location, (practice_of(session), location_id)) if location_id else None
    timezone = location.timezone if location else (await practice(session)).timezone
    local = at.astimezone(ZoneInfo(timezone))
    return local.weekday() < SATURDAY and OPENS <= local.time() < CLOSES
