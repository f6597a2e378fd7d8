"""Two leads become one, or two again: one sequence, one next step, nobody who waits is forgotten."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import Base, practice_of
from backend.core.jobs import set_timer
from backend.followup import breaches, escalation, evaluations, inactivity, service, steps
from backend.followup.models import Task
from backend.followup.sequences import service as sequences
from backend.followup.sequences.models import Enrollment
from backend.leads.events import LeadJoined, LeadJoining, LeadParted
from backend.leads.models import Lead

WATCHED: Final = ("tasks", "enrollments")


async def on_joining(session: AsyncSession, event: LeadJoining) -> None:
    """What the rules had planned for the one ends; what a person planned, and whoever waits, goes along."""
    for name in WATCHED:
        table = Base.metadata.tables[name]
        await event.record.watch(session, table, table.c.lead_id.in_((event.lead_id, event.into_id)))
    into = await service.lead_of(session, event.into_id)
    running = await sequences.locked_running(session, event.lead_id)
    if running is not None and not await _may_go_on(session, into):
        await sequences.stop(session, running, "merged")
    await _settle_tasks(session, event)


async def _may_go_on(session: AsyncSession, into: Lead) -> bool:
    """A patient nobody has followed up there may still be by what has begun here."""
    known = select(Enrollment.id).where(Enrollment.practice_id == into.practice_id, Enrollment.lead_id == into.id)
    return into.open and into.first_contact_at is None and await session.scalar(known.limit(1)) is None


async def _settle_tasks(session: AsyncSession, event: LeadJoining) -> None:
    theirs, ours = await _open_tasks(session, event.into_id), await _open_tasks(session, event.lead_id)
    waiting = {task.kind: task for task in theirs if task.kind in steps.WAITING}
    done = []
    for task in ours:
        twin = waiting.get(task.kind)
        if twin is not None:
            twin.due_at = min(twin.due_at, task.due_at)
            twin.waiting_since = min(filter(None, (twin.waiting_since, task.waiting_since)), default=None)
        if twin is not None or task.kind in steps.AUTOMATIC - steps.WAITING:
            done.append(task.id)
    await session.flush()
    await service.withdraw(session, done)


async def _open_tasks(session: AsyncSession, *lead_ids: object) -> list[Task]:
    rows = await session.scalars(
        select(Task)
        .where(Task.practice_id == practice_of(session), Task.lead_id.in_(lead_ids), Task.done_at.is_(None))
        .execution_options(populate_existing=True)
    )
    return list(rows)


async def on_joined(session: AsyncSession, event: LeadJoined) -> None:
    """It may be as late, and as booked, as the other was. The steps this gave it end should the two part again."""
    lead = await service.lead_of(session, event.lead_id)
    if lead.open:
        await service.keep_step(session, lead)
        await _watch(session, lead)
    table = Base.metadata.tables["tasks"]
    for task in await _open_tasks(session, lead.id):
        row = {column.name: getattr(task, column.name) for column in table.columns}
        if not event.record.knows(table, row):
            event.record.made(table, row, {"done_at": now()})


async def on_parted(session: AsyncSession, event: LeadParted) -> None:
    """Timers that found nothing to do are set again; what would have come meanwhile comes now."""
    for lead_id in (event.lead_id, event.from_id):
        lead = await sequences.locked_lead(session, lead_id)
        assert lead is not None
        for task in await _open_tasks(session, lead_id):
            await set_timer(session, escalation.ESCALATE, task.id, task.due_at)
        running = await sequences.locked_running(session, lead_id)
        if running is not None:
            await sequences.move_timer(session, running, max(now(), running.next_at or now()))
        if not lead.open:
            continue
        await service.keep_step(session, lead)
        await _watch(session, lead)
        if lead_id == event.lead_id:
            await sequences.opened(session, lead)


async def _watch(session: AsyncSession, lead: Lead) -> None:
    await breaches.watch(session, lead)
    await inactivity.watch(session, lead)
    await evaluations.watch(session, lead)
