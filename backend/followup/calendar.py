"""The one place that says when a clinic works."""

import uuid
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.followup import working_hours
from backend.identity.models import Location
from backend.identity.queries import practice

# The moment so many working hours after another.
Work = Callable[[datetime, float], datetime]


async def zone_of(session: AsyncSession, location_id: uuid.UUID | None) -> str:
    """The clinic's time zone, else the practice's."""
    location = await session.get(Location, (practice_of(session), location_id)) if location_id else None
    return location.timezone if location else (await practice(session)).timezone


async def work_of(session: AsyncSession, location_id: uuid.UUID | None) -> Work:
    """The working time of a clinic."""
    timezone = await zone_of(session, location_id)
    return lambda start, hours: working_hours.after(start, hours, timezone)
