"""Make tasks, finish them, and keep every open lead with a next step (P3)."""

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.care.models import Episode
from backend.core.actor import actor_of, within
from backend.core.clock import now
from backend.core.database import LiveEvent, practice_of, tell_live
from backend.core.ids import new_id
from backend.core.jobs import new_timer
from backend.core.problems import Conflict, Invalid, NotFound, StaleVersion
from backend.faxes.models import Fax
from backend.followup import breaches, escalation, steps
from backend.followup.models import Task
from backend.followup.schemas import NewTask, NextTask
from backend.followup.sequences import coming
from backend.identity.calendars import calendar_of
from backend.identity.owners import Owner, OwnerIn, chosen_owner, default_owner
from backend.leads import service as leads
from backend.leads.models import Lead


async def lead_of(session: AsyncSession, lead_id: uuid.UUID) -> Lead:
    """The lead a rule acts on. Raises `NotFound`."""
    lead = await session.scalar(select(Lead).where(Lead.practice_id == practice_of(session), Lead.id == lead_id))
    if lead is None:
        raise NotFound("There is no such lead in this practice.")
    return lead


async def give_step(
    session: AsyncSession, lead: Lead, step: steps.Step, due_at: datetime | None = None, *, answered: bool = False
) -> Task:
    """Replace the lead's automatic tasks by this one, due at `due_at` or by its hours; what a person planned stays.

    A patient who waits for us keeps the task that says so, until they are `answered`.
    """
    if not answered and step.kind not in steps.WAITING:
        waiting = await waiting_task(session, lead.id)
        if waiting is not None:
            return waiting
    waits = await _waits(session, lead.id) if step.kind in steps.WAITING else None
    await _finish_automatic(session, Task.lead_id == lead.id)
    due = due_at or await _step_due(session, lead, step)
    task = await add_step(session, lead, step, min(waits[1], due) if waits else due)
    if waits is not None:
        task.waiting_since = waits[0]
        await session.flush()
    return task


async def _step_due(session: AsyncSession, lead: Lead, step: steps.Step) -> datetime:
    """By the step's hours; the first call by the first-contact clock."""
    first = await breaches.first_call_due(session, lead) if step == steps.first_call(lead.urgency) else None
    return first or await _due(session, step, lead.location_id)


async def give_call(session: AsyncSession, lead: Lead, step: steps.Step, *, answered: bool = False) -> None:
    """The call after this one: when the lead's sequence wants it, else by the step's own hours."""
    await give_step(session, lead, step, await coming.next_call_due(session, lead), answered=answered)


async def give_beside(session: AsyncSession, lead: Lead, step: steps.Step) -> None:
    """This one too, unless the lead has one of its kind."""
    if await automatic_task(session, lead.id, step.kind) is None:
        await add_step(session, lead, step, await _due(session, step, lead.location_id))


async def add_step(session: AsyncSession, lead: Lead, step: steps.Step, due_at: datetime) -> Task:
    """One more task, beside those the lead has."""
    owner = Owner(lead.owner_user_id, lead.owner_team_id)
    task = _add(session, owner, kind=step.kind, title=step.title, due_at=due_at, lead_id=lead.id)
    await session.flush()
    return task


async def keep_tasks(session: AsyncSession, lead: Lead, wanted: dict[str, str], kinds: Collection[str]) -> None:
    """Of these kinds the lead has exactly the tasks `wanted`, with their titles now."""
    for step in await _lacking(session, (Task.lead_id == lead.id) & Task.kind.in_(kinds), wanted):
        await give_beside(session, lead, step)
    await keep_step(session, lead)


async def keep_episode_tasks(session: AsyncSession, episode: Episode, owner: Owner, wanted: dict[str, str]) -> None:
    """Care that has no lead has exactly these tasks, with their titles now."""
    for step in await _lacking(session, Task.episode_id == episode.id, wanted):
        due_at = await _due(session, step, episode.location_id)
        _add(session, owner, kind=step.kind, title=step.title, due_at=due_at, episode_id=episode.id)
    await session.flush()


async def settle_episode(session: AsyncSession, episode_id: uuid.UUID) -> None:
    """Nothing is left to do for it, or what is hangs on its lead."""
    await _finish(session, Task.episode_id == episode_id)


async def has_episode_tasks(session: AsyncSession, episode_id: uuid.UUID) -> bool:
    """Whether something is to be done for care that has no lead."""
    ours = select(Task.id).where(Task.practice_id == practice_of(session), Task.episode_id == episode_id)
    return await session.scalar(ours.where(Task.done_at.is_(None)).limit(1)) is not None


async def _lacking(session: AsyncSession, whose: ColumnElement[bool], wanted: dict[str, str]) -> list[steps.Step]:
    """Steps that are wanted and not there; those that are there say what is wanted now, the rest is withdrawn."""
    there = await session.scalars(
        select(Task)
        .where(Task.practice_id == practice_of(session), whose, Task.done_at.is_(None))
        .execution_options(populate_existing=True)
    )
    known = {task.kind: task for task in there}
    for kind, task in known.items():
        task.title = wanted.get(kind, task.title)
    await withdraw(session, [task.id for kind, task in known.items() if kind not in wanted])
    return [steps.Step(kind, title, steps.DAY) for kind, title in wanted.items() if kind not in known]


async def automatic_task(session: AsyncSession, lead_id: uuid.UUID, *kinds: str) -> Task | None:
    """The task the rules gave the lead, while it is open; the one due first, of these kinds when any are given."""
    return await session.scalar(
        select(Task)
        .where(Task.practice_id == practice_of(session), Task.lead_id == lead_id, Task.done_at.is_(None))
        .where(Task.kind.in_(kinds or steps.AUTOMATIC))
        .order_by(Task.due_at, Task.id)
        .limit(1)
    )


async def waiting_task(session: AsyncSession, lead_id: uuid.UUID) -> Task | None:
    """The open task that says the patient waits for us."""
    return await automatic_task(session, lead_id, *steps.WAITING)


async def answered(session: AsyncSession, lead: Lead, *kinds: str) -> None:
    """What these were about is settled: the stage's own step is next again; where care goes on, nothing is."""
    if await automatic_task(session, lead.id, *kinds) is None:
        return
    if lead.open:
        await give_step(session, lead, steps.of_stage(lead.stage, lead.urgency), answered=True)
    else:
        await _finish(session, Task.lead_id == lead.id, Task.kind.in_(kinds))


async def found_number(session: AsyncSession, lead: Lead) -> None:
    """Nobody need look for the patient's number any more: they can be called."""
    await _finish(session, Task.lead_id == lead.id, Task.kind == "find_number")
    await give_step(session, lead, steps.first_call(lead.urgency))


async def put_off(session: AsyncSession, task: Task, hours: float, location_id: uuid.UUID | None) -> None:
    """Tried in vain: the same task, after so many working hours."""
    task.due_at = task.snoozed_until = (await calendar_of(session, location_id)).after(now(), hours)
    task.touched_at, task.version = now(), task.version + 1
    await session.flush()
    _tell(session, task.id, task.version)


async def withdraw(session: AsyncSession, task_ids: list[uuid.UUID]) -> None:
    """Nobody need do these any more."""
    if not task_ids:
        return
    await _finish(session, Task.id.in_(task_ids))


async def _waits(session: AsyncSession, lead_id: uuid.UUID) -> tuple[datetime, datetime] | None:
    """Since when the patient waits already, and by when we meant to answer: writing again does not put it off."""
    waiting = select(Task.waiting_since, Task.due_at).where(
        Task.practice_id == practice_of(session), Task.lead_id == lead_id, Task.done_at.is_(None),
        Task.waiting_since.is_not(None),
    )  # fmt: skip
    row = (await session.execute(waiting.order_by(Task.waiting_since).limit(1))).one_or_none()
    return (row.waiting_since, row.due_at) if row else None


async def give_fax_step(session: AsyncSession, fax_id: uuid.UUID, step: steps.Step) -> None:
    """A person must look at this fax."""
    location_id = await session.scalar(
        select(Fax.location_id).where(Fax.practice_id == practice_of(session), Fax.id == fax_id)
    )
    await _finish_automatic(session, Task.fax_id == fax_id)
    owner = await default_owner(session, location_id)
    _add(session, owner, kind=step.kind, title=step.title, fax_id=fax_id, due_at=await _due(session, step, location_id))
    await session.flush()


async def settle_fax(session: AsyncSession, fax_id: uuid.UUID) -> None:
    """Nothing is left to do for this fax."""
    await _finish_automatic(session, Task.fax_id == fax_id)


async def give_referrer_step(
    session: AsyncSession, referrer_id: uuid.UUID, owner: Owner, kind: str, title: str, due_at: datetime
) -> None:
    """Something to do for a referrer, whoever their patients are."""
    _add(session, owner, kind=kind, title=title, due_at=due_at, referrer_id=referrer_id)
    await session.flush()


async def settle_referrer(session: AsyncSession, referrer_id: uuid.UUID, kind: str) -> None:
    """Nothing of this kind is left to do for a referrer."""
    await _finish(session, Task.referrer_id == referrer_id, Task.lead_id.is_(None), Task.kind == kind)


async def close_all(session: AsyncSession, lead_id: uuid.UUID) -> None:
    """A closed lead leaves no tasks."""
    await _finish(session, Task.lead_id == lead_id)


async def hand_over(session: AsyncSession, lead_id: uuid.UUID, owner: Owner) -> None:
    """Open tasks follow the lead to its new owner."""
    await session.execute(
        update(Task)
        .where(Task.practice_id == practice_of(session), Task.lead_id == lead_id, Task.done_at.is_(None))
        .values(
            owner_user_id=owner.user_id, owner_team_id=owner.team_id, touched_at=now(), version=Task.version + 1
        )
    )  # fmt: skip


async def touch(session: AsyncSession, lead_id: uuid.UUID) -> None:
    """Somebody did something for the lead: its tasks are not forgotten."""
    await session.execute(
        update(Task)
        .where(Task.practice_id == practice_of(session), Task.lead_id == lead_id, Task.done_at.is_(None))
        .values(touched_at=now())
    )


async def _due(session: AsyncSession, step: steps.Step, location_id: uuid.UUID | None) -> datetime:
    return (await calendar_of(session, location_id)).after(now(), step.hours)


def _add(
    session: AsyncSession, owner: Owner, *, kind: str, title: str, due_at: datetime,
    lead_id: uuid.UUID | None = None, fax_id: uuid.UUID | None = None, referrer_id: uuid.UUID | None = None,
    episode_id: uuid.UUID | None = None,
) -> Task:  # fmt: skip
    task = Task(
        practice_id=practice_of(session), id=new_id(), kind=kind, title=title, due_at=due_at, lead_id=lead_id,
        fax_id=fax_id, referrer_id=referrer_id, episode_id=episode_id, owner_user_id=owner.user_id,
        owner_team_id=owner.team_id, version=1, waiting_since=now() if kind in steps.WAITING else None, escalations=0,
    )  # fmt: skip
    session.add(task)
    new_timer(session, escalation.ESCALATE, task.id, due_at)
    _tell(session, task.id, 1)
    return task


def _tell(session: AsyncSession, task_id: uuid.UUID, version: int) -> None:
    tell_live(session, [LiveEvent("task.changed", str(task_id), version, actor_of(session).mutation_id)])


async def _finish_automatic(session: AsyncSession, which: ColumnElement[bool]) -> None:
    await _finish(session, which, Task.kind.in_(steps.AUTOMATIC))


async def _finish(session: AsyncSession, *which: ColumnElement[bool]) -> None:
    statement = update(Task).where(Task.practice_id == practice_of(session), Task.done_at.is_(None))
    for condition in which:
        statement = statement.where(condition)
    finished = await session.execute(
        statement.values(done_at=now(), version=Task.version + 1).returning(Task.id, Task.version)
    )
    for task_id, version in finished.all():
        _tell(session, task_id, version)


async def create(session: AsyncSession, body: NewTask) -> uuid.UUID:
    """A task a person plans for a lead."""
    lead = await leads.locked(session, body.lead_id)
    if not lead.open:
        raise Conflict("This lead is closed. Open it again first.")
    owner = Owner(lead.owner_user_id, lead.owner_team_id)
    if body.owner is not None:
        owner = await chosen_owner(session, body.owner)
    task = _add(session, owner, kind="custom", title=body.title, due_at=body.due_at, lead_id=lead.id)
    await session.flush()
    await leads.touch(session, lead.id)
    return task.id


async def locked(session: AsyncSession, task_id: uuid.UUID, version: int) -> Task:
    """An open task, locked after its lead. Raises `NotFound`, `StaleVersion`, or `Conflict` when it is done."""
    of_task = select(Task.lead_id).where(Task.practice_id == practice_of(session), Task.id == task_id)
    lead = select(Lead.id).where(Lead.practice_id == practice_of(session), Lead.id == of_task.scalar_subquery())
    await session.execute(lead.with_for_update())
    task = await session.scalar(
        select(Task)
        .outerjoin(Lead, (Lead.practice_id == Task.practice_id) & (Lead.id == Task.lead_id))
        .outerjoin(Episode, (Episode.practice_id == Task.practice_id) & (Episode.id == Task.episode_id))
        .where(Task.practice_id == practice_of(session), Task.id == task_id)
        .where(within(session, "tasks:write", func.coalesce(Lead.location_id, Episode.location_id)))
        .with_for_update(of=Task)
        .execution_options(populate_existing=True)
    )
    if task is None:
        raise NotFound("There is no such task in this practice.")
    if task.version != version:
        raise StaleVersion(task.version)
    if task.done_at is not None:
        raise Conflict("This task is done already.")
    return task


async def finish(session: AsyncSession, task_id: uuid.UUID, version: int, following: NextTask | None) -> Task:
    """Done. An open lead keeps a next step: `following`, else (after its last task) the one of its stage."""
    task = await locked(session, task_id, version)
    task.done_at, task.version = now(), task.version + 1
    await session.flush()
    if task.lead_id is not None:
        await keep_step(session, await lead_of(session, task.lead_id), following)
        await leads.touch(session, task.lead_id)
    elif following is not None:
        raise Invalid("A next step needs a lead.", errors=[("/next", "not for this task")])
    _tell(session, task.id, task.version)
    return task


async def keep_step(session: AsyncSession, lead: Lead, following: NextTask | None = None) -> None:
    """An open lead is never without a task: the one given, or after its last the one of its stage."""
    if not lead.open:
        return
    if following is not None:
        owner = Owner(lead.owner_user_id, lead.owner_team_id)
        _add(session, owner, kind="custom", title=following.title, due_at=following.due_at, lead_id=lead.id)
        await session.flush()
        return
    left = select(func.count()).where(
        Task.practice_id == lead.practice_id, Task.lead_id == lead.id, Task.done_at.is_(None)
    )
    if not await session.scalar(left):
        step = steps.of_stage(lead.stage, lead.urgency)
        await (give_call if step.kind == "call" else give_step)(session, lead, step)


async def snooze(session: AsyncSession, task_id: uuid.UUID, version: int, until: datetime) -> Task:
    """Due later."""
    if until <= now():
        raise Invalid("Choose a time in the future.", errors=[("/until", "in the past")])
    task = await locked(session, task_id, version)
    task.due_at, task.snoozed_until, task.touched_at = until, until, now()
    task.version += 1
    return await _changed(session, task)


async def assign(session: AsyncSession, task_id: uuid.UUID, version: int, chosen: OwnerIn) -> Task:
    """Another owner."""
    task = await locked(session, task_id, version)
    owner = await chosen_owner(session, chosen)
    task.owner_user_id, task.owner_team_id, task.touched_at = owner.user_id, owner.team_id, now()
    task.version += 1
    return await _changed(session, task)


async def _changed(session: AsyncSession, task: Task) -> Task:
    await session.flush()
    if task.lead_id is not None:
        await leads.touch(session, task.lead_id)
    _tell(session, task.id, task.version)
    return task
