"""Silence: nothing for so many days begins the last attempt; nothing after it closes the lead as lost.

One timer per open lead. It is not moved with every row of the history: when it fires it looks for the newest sign of
life and, if there was one, is set again from there.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.jobs import JobRun, later
from backend.followup import rules, steps
from backend.followup import service as tasks
from backend.followup.sequences import acting, coming
from backend.followup.sequences import service as sequences
from backend.followup.sequences.models import FollowupRules
from backend.leads import history, stages
from backend.leads import service as leads
from backend.leads.models import Lead, LeadEvent
from backend.messaging.models import Message

CHECK: Final = "followup.inactivity"
CLOSE: Final = timedelta(seconds=2)
# What patients and referrers do is noted by the system, yet it is no silence.
SIGNS_OF_LIFE: Final = (
    "opened", "reopened", "replied", "called_us", "order_added", "fax_attached", "paper_sent", "evaluation_booked",
    "referrer_wrote",
)  # fmt: skip


async def watch(session: AsyncSession, lead: Lead, since: datetime | None = None) -> None:
    """Set the lead's timer: that many days after the newest sign of life."""
    chosen = await rules.of_practice(session)
    await _set_timer(session, lead, (since or now()) + timedelta(days=chosen.inactivity_days))


async def _set_timer(session: AsyncSession, lead: Lead, at: datetime) -> None:
    await later(session, CHECK, lead.id, key=f"{lead.id}:{at:%Y-%m-%dT%H:%M:%S}", at=at)


async def check(run: JobRun) -> None:
    """The timer: silence or not?"""
    async with run.transaction() as session:
        lead = await sequences.locked_lead(session, run.ref_id)
        if lead is not None and lead.open:
            await _look(session, lead)
        await run.finish(session)


async def _look(session: AsyncSession, lead: Lead) -> None:
    chosen = await rules.of_practice(session)
    if await tasks.waiting_task(session, lead.id) is not None:
        # It is we who are silent.
        await _set_timer(session, lead, now() + timedelta(days=1))
        return
    if await rules.is_booked(session, lead.stage):
        # Whoever has an evaluation before them is not silent; what was missed or canceled comes back here.
        await _set_timer(session, lead, now() + timedelta(days=chosen.inactivity_days))
        return
    begun = await _last_attempt(session, lead)
    if begun is not None and await newest_activity(session, lead, answered=True) <= begun:
        await _close(session, lead, chosen, begun)
        return
    silent_from = await newest_activity(session, lead) + timedelta(days=chosen.inactivity_days)
    if silent_from > now() + CLOSE:
        await _set_timer(session, lead, silent_from)
        return
    enrollment = await coming.running(session, lead.id)
    if enrollment is not None and enrollment.next_at is not None:
        # A sequence is at work, or a person put it off: silence counts from its end.
        await _set_timer(session, lead, max(enrollment.next_at, now()) + timedelta(days=1))
        return
    await _begin(session, lead, chosen)


async def _begin(session: AsyncSession, lead: Lead, chosen: FollowupRules) -> None:
    """The last attempt: the practice's sequence for it, else a call."""
    current = await tasks.automatic_task(session, lead.id)
    if current is None or current.kind != "call":
        await tasks.give_step(session, lead, steps.LAST_ATTEMPT)
    await sequences.begin(session, lead, "inactive")
    history.note(session, lead.id, "last_attempt")
    await _set_timer(session, lead, now() + timedelta(days=chosen.lost_after_days))


async def _last_attempt(session: AsyncSession, lead: Lead) -> datetime | None:
    """When the newest last attempt began."""
    return await session.scalar(
        select(func.max(LeadEvent.at)).where(
            LeadEvent.practice_id == lead.practice_id, LeadEvent.lead_id == lead.id, LeadEvent.kind == "last_attempt"
        )
    )


async def _close(session: AsyncSession, lead: Lead, chosen: FollowupRules, begun: datetime) -> None:
    """Lost, once the days are over and the attempt has really been made; until then the call stays overdue."""
    over = begun + timedelta(days=chosen.lost_after_days)
    if over > now() + CLOSE:
        await _set_timer(session, lead, over)
    elif await acting.was_tried(session, lead, begun):
        await leads.enter(session, lead, stages.LOST, chosen.lost_reason)
    else:
        await _set_timer(session, lead, now() + timedelta(days=1))


async def newest_activity(session: AsyncSession, lead: Lead, *, answered: bool = False) -> datetime:
    """The newest sign that a person or the patient is at work on this lead; a booked evaluation counts ahead.

    With `answered`, calls that reached nobody and texts of ours do not count: they are the last attempt itself.
    """
    practice_id = practice_of(session)
    counts = or_(LeadEvent.kind.in_(SIGNS_OF_LIFE), LeadEvent.actor_kind != "system")
    if answered:
        counts = and_(counts, or_(LeadEvent.kind != "call", LeadEvent.detail["outcome"].astext == "reached"))
    noted = await session.scalar(
        select(func.max(LeadEvent.at)).where(LeadEvent.practice_id == practice_id, LeadEvent.lead_id == lead.id, counts)
    )
    written = None if answered else await session.scalar(
        select(func.max(Message.created_at)).where(
            Message.practice_id == practice_id, Message.lead_id == lead.id, Message.direction == "out",
            Message.automatic.is_(False),
        )
    )  # fmt: skip
    booked = lead.evaluation_at if lead.evaluation_state == "booked" else None
    return max(moment for moment in (lead.opened_at, noted, written, booked) if moment is not None)
