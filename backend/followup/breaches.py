"""The first-contact timer of each new lead: when the time is up and nobody tried, every desk hears of it."""

import uuid
from datetime import datetime
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import for_database, now
from backend.core.database import LiveEvent, practice_of, tell_live
from backend.core.jobs import Job, JobRun, set_timer
from backend.followup import escalation
from backend.followup.models import Task
from backend.leads import alerts, first_contact
from backend.leads.models import Lead

FIRST_CONTACT: Final = "followup.first_contact"


async def watch(session: AsyncSession, lead: Lead) -> None:
    """See to it that somebody tries in time. The call is due when the clock says, not later."""
    clock = await first_contact.of(session, lead)
    if not clock.running:
        return
    await set_timer(session, FIRST_CONTACT, lead.id, clock.breach_at)
    await _hurry(session, lead, max(clock.breach_at, now()))


async def _hurry(session: AsyncSession, lead: Lead, due_at: datetime) -> None:
    """The call is due by then; what a person put off stays put off."""
    hurried = await session.execute(
        update(Task)
        .where(Task.practice_id == lead.practice_id, Task.lead_id == lead.id, Task.done_at.is_(None))
        .where(Task.kind == "call", Task.snoozed_until.is_(None), Task.due_at > due_at)
        .values(due_at=due_at, version=Task.version + 1)
        .returning(Task.id, Task.version)
        .execution_options(synchronize_session=False)
    )
    tell_live(session, [LiveEvent("task.changed", str(task_id), version) for task_id, version in hurried.all()])


async def look_again(session: AsyncSession) -> None:
    """Targets or working hours changed: timers that wait fire now and see whether they should sooner than planned."""
    waiting = (
        select(Job.id)
        .where(Job.practice_id == practice_of(session), Job.kind == FIRST_CONTACT, Job.state == "queued")
        .order_by(Job.id)  # two who change settings at once wait for each other
        .with_for_update()
    )
    await session.execute(
        update(Job)
        .where(Job.id.in_(waiting.scalar_subquery()), Job.run_at > for_database(now()))
        .values(run_at=for_database(now()), rung_at=None)
        .execution_options(synchronize_session=False)
    )


async def first_call_due(session: AsyncSession, lead: Lead) -> datetime | None:
    """When the first call must be made; None once somebody tried."""
    clock = await first_contact.of(session, lead)
    return max(clock.breach_at, now()) if clock.running else None


async def fire(run: JobRun) -> None:
    """The timer of one lead. Hours, holidays and urgency may have changed since it was set: it looks again."""
    async with run.transaction() as session:
        lead = await alerts.found(session, run.ref_id)
        clock = await first_contact.of(session, lead) if lead is not None and lead.open else None
        if lead is None or clock is None or not clock.running:
            await run.finish(session)
        elif clock.breach_at > now():
            await _hurry(session, lead, clock.breach_at)
            await run.again(session, clock.breach_at)
        else:
            await _breach(session, lead, clock)
            await run.finish(session)


async def _breach(session: AsyncSession, lead: Lead, clock: first_contact.FirstContact) -> None:
    """Mark the next step, make it due now and hand it on; what a person put off stays put off."""
    if not await alerts.note_breach(session, lead, clock.target_minutes):
        return
    task = await _next(session, lead.next_task_id)
    if task is None:
        return
    task.alert, task.version = "breached", task.version + 1
    put_off = task.snoozed_until is not None and task.snoozed_until > now()
    if not put_off:
        task.due_at = min(task.due_at, now())
    await session.flush()
    tell_live(session, [LiveEvent("task.changed", str(task.id), task.version)])
    if not put_off:
        await escalation.hand_on(session, task, lead, "breached")


async def _next(session: AsyncSession, task_id: uuid.UUID | None) -> Task | None:
    return await session.scalar(
        select(Task)
        .where(Task.practice_id == practice_of(session), Task.id == task_id, Task.done_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
