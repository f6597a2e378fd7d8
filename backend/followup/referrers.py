"""Tasks about those who refer."""

from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from backend.followup import service
from backend.identity.owners import Owner, default_owner
from backend.identity.queries import practice
from backend.referral_sources.events import NextVisitPlanned

VISIT: Final = "visit_referrer"
# By noon of the day, so that it stands in that day's list.
BY: Final = time(12)


async def on_next_visit(session: AsyncSession, event: NextVisitPlanned) -> None:
    """The visit after this one is a task of whoever noted it; it takes the place of an earlier plan."""
    await service.settle_referrer(session, event.referrer_id, VISIT)
    if event.on is None:
        return
    zone = ZoneInfo((await practice(session)).timezone)
    owner = Owner(event.user_id, None) if event.user_id else await default_owner(session, None)
    due = datetime.combine(event.on, BY, zone)
    await service.give_referrer_step(session, event.referrer_id, owner, VISIT, f"Visit {event.name[:150]}", due)
