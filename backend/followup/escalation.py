"""When the owner of a task is silent, it goes to the next in the chain: one timer per open task, looking for itself.

Silence is working time since the task was due without anything its owner did for the lead. Done, put off and handed
over tasks wait. The last in the chain keeps the task; every desk is told again, and nothing goes round.
"""

import uuid
from datetime import datetime
from typing import Final

from sqlalchemy import String, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.care.models import Episode
from backend.core.clock import now
from backend.core.database import LiveEvent, practice_of, tell_live
from backend.core.jobs import JobRun
from backend.faxes.models import Fax
from backend.followup import chain
from backend.followup.models import Task
from backend.identity.calendars import calendar_of
from backend.identity.models import TeamMember
from backend.identity.owners import Owner, owner_names
from backend.leads import alerts
from backend.leads.models import Lead, LeadEvent

ESCALATE: Final = "followup.escalate"
# The last in the chain is reminded, not pestered.
REMIND_MINUTES: Final = 240
WHY: Final = {"silent": "nobody acted in time", "breached": "the first contact is late"}


async def fire(run: JobRun) -> None:
    """The timer of one task."""
    async with run.transaction() as session:
        task, lead = await _found(session, run.ref_id)
        if task is None or task.done_at is not None:
            await run.finish(session)
            return
        silent_at = await _silent_at(session, task, lead)
        if silent_at > now():
            await run.again(session, silent_at)
            return
        handed = await hand_on(session, task, lead, "silent")
        if not handed:
            tell_live(session, [LiveEvent("task.reminder", str(task.id), task.version)])
        minutes = (await chain.policy(session, await _place(session, task, lead))).silent_minutes
        again = minutes if handed else max(minutes, REMIND_MINUTES)
        calendar = await calendar_of(session, await _place(session, task, lead))
        await run.again(session, calendar.after(now(), again / 60))


async def _found(session: AsyncSession, task_id: uuid.UUID) -> tuple[Task | None, Lead | None]:
    """The task and its lead, locked; the lead first, as everywhere."""
    practice_id = practice_of(session)
    which = (Task.practice_id == practice_id) & (Task.id == task_id)
    lead_id = await session.scalar(select(Task.lead_id).where(which))
    lead = await alerts.found(session, lead_id) if lead_id else None
    fresh = select(Task).where(which).with_for_update().execution_options(populate_existing=True)
    return await session.scalar(fresh), lead


async def _place(session: AsyncSession, task: Task, lead: Lead | None) -> uuid.UUID | None:
    if lead is not None:
        return lead.location_id
    if task.episode_id is not None:
        return (await session.get_one(Episode, (task.practice_id, task.episode_id))).location_id
    return await session.scalar(
        select(Fax.location_id).where(Fax.practice_id == task.practice_id, Fax.id == task.fax_id)
    )


async def _silent_at(session: AsyncSession, task: Task, lead: Lead | None) -> datetime:
    """When the owner will have been silent for too long."""
    place = await _place(session, task, lead)
    known = [task.due_at, task.snoozed_until, task.touched_at, await _acted_at(session, task)]
    since = max(moment for moment in known if moment)
    return (await calendar_of(session, place)).after(since, (await chain.policy(session, place)).silent_minutes / 60)


async def _acted_at(session: AsyncSession, task: Task) -> datetime | None:
    """The last thing its owner, or one of the team, did for the lead."""
    if task.lead_id is None:
        return None
    members = select(cast(TeamMember.user_id, String)).where(
        TeamMember.practice_id == task.practice_id, TeamMember.team_id == task.owner_team_id
    )
    ours = LeadEvent.actor_id == str(task.owner_user_id) if task.owner_user_id else LeadEvent.actor_id.in_(members)
    return await session.scalar(
        select(func.max(LeadEvent.at)).where(
            LeadEvent.practice_id == task.practice_id, LeadEvent.lead_id == task.lead_id,
            LeadEvent.actor_kind == "user", ours,
        )
    )  # fmt: skip


async def hand_on(session: AsyncSession, task: Task, lead: Lead | None, why: str) -> bool:
    """Give the task, and the lead when it is its next step, to the next in the chain; False when there is none."""
    place = await _place(session, task, lead)
    owner = Owner(task.owner_user_id, task.owner_team_id)
    following = await chain.following(session, owner, place)
    if following is None:
        return False
    before = await owner_names(session, [task])
    task.owner_user_id, task.owner_team_id = following.user_id, following.team_id
    task.touched_at, task.escalations, task.version = now(), task.escalations + 1, task.version + 1
    task.alert = "breached" if task.alert == "breached" else "escalated"
    await session.flush()
    tell_live(session, [LiveEvent("task.escalated", str(task.id), task.version)])
    if lead is not None:
        names = before | await owner_names(session, [task])
        was, becomes = (names[one.user_id or one.team_id or task.id].name for one in (owner, following))
        await alerts.note_escalation(
            session, lead, following if lead.next_task_id == task.id else None, why=why,
            text=f"{was} → {becomes}: {WHY[why]}", task_id=str(task.id),
            from_id=str(owner.user_id or owner.team_id), to_id=str(following.user_id or following.team_id),
        )  # fmt: skip
    return True
