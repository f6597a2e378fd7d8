"""Tasks about those who refer."""

from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.followup import service
from backend.followup.steps import Step
from backend.identity.calendars import calendar_of
from backend.identity.owners import Owner, default_owner
from backend.identity.queries import practice
from backend.referral_sources.events import NextVisitPlanned
from backend.referrer_portal.events import ReferrerMessageSettled, ReferrerWrote

VISIT: Final = "visit_referrer"
ANSWER: Final = "answer_referrer"
WITHIN: Final = 3.0
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


async def on_wrote(session: AsyncSession, event: ReferrerWrote) -> None:
    """Whoever owns the lead answers; what is about no patient goes to the practice's team."""
    title = f"Answer {event.name[:120]}: they wrote on their page"
    if event.lead_id is not None:
        await service.give_beside(session, await service.lead_of(session, event.lead_id), Step(ANSWER, title, WITHIN))
        return
    due = (await calendar_of(session, None)).after(now(), WITHIN)
    owner = await default_owner(session, None)
    await service.give_referrer_step(session, event.referrer_id, owner, ANSWER, title, due)


async def on_settled(session: AsyncSession, event: ReferrerMessageSettled) -> None:
    """Nobody waits for an answer: the task is done."""
    if event.lead_id is None:
        await service.settle_referrer(session, event.referrer_id, ANSWER)
    else:
        await service.keep_tasks(session, await service.lead_of(session, event.lead_id), {}, {ANSWER})
