"""Read tasks."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true, tuple_, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from backend.care.models import Episode
from backend.core.actor import actor_of, within
from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.problems import NotFound
from backend.faxes.models import FaxSegment
from backend.followup import loss
from backend.followup.models import Task
from backend.followup.schemas import TaskOut
from backend.identity.calendars import calendar_of
from backend.identity.models import TeamMember
from backend.identity.owners import owned_by, owner_names
from backend.leads import first_contact, stages
from backend.leads.models import Lead
from backend.patients.models import Patient
from backend.patients.queries import display_name

STORED = ("id", "version", "kind", "title", "due_at", "done_at", "snoozed_until", "lead_id", "fax_id", "referrer_id",
          "episode_id", "alert")  # fmt: skip
MOST_COUNTED = 1000


class Row(NamedTuple):
    """A task with the patient and the lead it is about."""

    task: Task
    patient: Patient | None
    lead: Lead | None


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks."""

    done: bool = False
    owner: str | None = None
    due_before: datetime | None = None
    lead_id: uuid.UUID | None = None
    episode_id: uuid.UUID | None = None


def _with_patient(session: AsyncSession) -> Select[Task, Patient, Lead]:
    patient_id = func.coalesce(Lead.patient_id, Episode.patient_id)
    return (
        select(Task, Patient, Lead)
        .outerjoin(Lead, (Lead.practice_id == Task.practice_id) & (Lead.id == Task.lead_id))
        .outerjoin(Episode, (Episode.practice_id == Task.practice_id) & (Episode.id == Task.episode_id))
        .outerjoin(Patient, (Patient.practice_id == Task.practice_id) & (Patient.id == patient_id))
        .where(Task.practice_id == practice_of(session))
        .where(within(session, "tasks:read", func.coalesce(Lead.location_id, Episode.location_id)))
    )


def _wanted(session: AsyncSession, wanted: TaskFilter) -> Select[Task, Patient, Lead]:
    query = _with_patient(session).where(Task.done_at.is_not(None) if wanted.done else Task.done_at.is_(None))
    if wanted.owner:
        query = query.where(owned_by(session, wanted.owner, Task))
    if wanted.due_before:
        query = query.where(Task.due_at < wanted.due_before)
    if wanted.lead_id:
        query = query.where(Task.lead_id == wanted.lead_id)
    if wanted.episode_id:
        query = query.where(Task.episode_id == wanted.episode_id)
    return query


async def _page(
    session: AsyncSession, query: Select[Task, Patient, Lead], after: tuple[datetime, uuid.UUID] | None, limit: int
) -> list[Row]:
    if after:
        query = query.where(tuple_(Task.due_at, Task.id) > after)
    return [Row(*row) for row in await session.execute(query.order_by(Task.due_at, Task.id).limit(limit))]


async def by_due_time(
    session: AsyncSession, wanted: TaskFilter, after: tuple[datetime, uuid.UUID] | None, limit: int
) -> list[Row]:
    """Tasks, the most urgent first, after a cursor of (due_at, id)."""
    return await _page(session, _wanted(session, wanted), after, limit)


@dataclass(frozen=True, slots=True)
class LossPlace:
    """Where a page by loss goes on: in which section as of `at`, when the first page was asked for; after what."""

    at: datetime
    section: int = 0
    after: tuple[datetime, uuid.UUID] | None = None


async def by_loss(session: AsyncSession, wanted: TaskFilter, place: LossPlace, limit: int) -> list[Row]:
    """Open tasks in the order of `loss.py`. A section is merged from ranges of one index each, in its order."""
    owners = await _owners(session, wanted.owner)
    ids: list[uuid.UUID] = []
    for section in range(place.section, loss.OTHER + 1):
        after = place.after if section == place.section else None
        left = limit - len(ids)
        if left > 0:
            ranges = [
                _range(session, replace(wanted, owner=None), and_(part, owner), after, left).subquery()
                for part in _parts(section, place.at)
                for owner in owners
            ]
            merged = union_all(*(select(found.c.due_at, found.c.id) for found in ranges)).subquery()
            rows = await session.execute(select(merged.c.id).order_by(merged.c.due_at, merged.c.id).limit(left))
            ids += rows.scalars()
    found_rows = await session.execute(_with_patient(session).where(Task.id.in_(ids)))
    known = {row.task.id: row for row in (Row(*found) for found in found_rows)}
    return [known[one] for one in ids if one in known]


def _range(
    session: AsyncSession, wanted: TaskFilter, part: ColumnElement[bool], after: tuple[datetime, uuid.UUID] | None,
    limit: int,
) -> Select[datetime, uuid.UUID]:  # fmt: skip
    query = _wanted(session, wanted).with_only_columns(Task.due_at, Task.id, maintain_column_froms=True).where(part)
    if after:
        query = query.where(tuple_(Task.due_at, Task.id) > after)
    return query.order_by(Task.due_at, Task.id).limit(limit)


async def _owners(session: AsyncSession, owner: str | None) -> list[ColumnElement[bool]]:
    """Each a range of an index: one person, one team. An OR of them would read everybody's tasks."""
    if owner is None or owner == "unassigned":
        return [owned_by(session, owner, Task) if owner else true()]
    if owner == "me":
        user_id = actor_of(session).user_id
        mine = select(TeamMember.team_id).where(
            TeamMember.practice_id == practice_of(session), TeamMember.user_id == user_id
        )
        teams = (await session.scalars(mine)).all()
        return [Task.owner_user_id == user_id, *(Task.owner_team_id == team for team in teams)]
    owned_by(session, owner, Task)  # refuses what is no id
    return [Task.owner_user_id == uuid.UUID(owner), Task.owner_team_id == uuid.UUID(owner)]


def _parts(section: int, at: datetime) -> list[ColumnElement[bool]]:
    """The ranges a section is merged from; the same sections as `loss.section`."""
    put_off = and_(Task.snoozed_until.is_not(None), Task.snoozed_until > at)
    soon = Task.due_at <= at + loss.SOON
    if section == 0:
        return [and_(Task.loss_group == loss.WAITING, ~put_off)]
    if section == 1:
        return [and_(Task.loss_group == loss.PRESSING, soon)]
    return [
        Task.loss_group == loss.OTHER,
        and_(Task.loss_group == loss.PRESSING, ~soon),
        and_(Task.loss_group == loss.WAITING, put_off),
    ]


async def count(session: AsyncSession, owner: str | None) -> tuple[int, int]:
    """How many open tasks are overdue or waited for, and how many first contacts are late; up to a thousand each."""
    base = _wanted(session, TaskFilter(owner=owner)).with_only_columns(Task.id)
    pressing = or_(Task.due_at < now(), and_(Task.loss_group == loss.WAITING, Task.snoozed_until.is_(None)))
    found = []
    for condition in (pressing, and_(Task.loss_group == loss.PRESSING, Task.alert == "breached")):
        some = base.where(condition).limit(MOST_COUNTED).subquery()
        found.append(await session.scalar(select(func.count()).select_from(some)) or 0)
    return found[0], found[1]


async def one(session: AsyncSession, task_id: uuid.UUID) -> Row:
    """One task. Raises `NotFound`."""
    await session.flush()
    query = _with_patient(session).where(Task.id == task_id)
    row = (await session.execute(query.execution_options(populate_existing=True))).one_or_none()
    if row is None:
        raise NotFound("There is no such task in this practice.")
    return Row(*row)


def facts(row: Row, at: datetime, promised_at: datetime | None = None) -> loss.Facts:
    """What `loss.py` needs to know."""
    task, lead = row.task, row.lead
    untried = lead is not None and lead.stage == stages.NEW and not (lead.first_attempt_at or lead.first_contact_at)
    return loss.Facts(
        task.loss_group, task.due_at, first=untried and task.kind == "call", promised_at=promised_at,
        urgency=lead.urgency if lead else "routine", waiting_since=task.waiting_since,
        snoozed=task.snoozed_until is not None and task.snoozed_until > at,
        fax=task.lead_id is None and task.fax_id is not None,
        alert=task.alert,
    )  # fmt: skip


async def shown(session: AsyncSession, rows: list[Row]) -> list[TaskOut]:
    """Tasks with the names of owners and patients, and why each matters now."""
    owners = await owner_names(session, [row.task for row in rows])
    read = await _names_read(session, [row.task.fax_id for row in rows if row.task.fax_id])
    at, clock = now(), await first_contact.reader(session, [row.lead for row in rows if row.lead])
    items = []
    for row in rows:
        task = row.task
        known = facts(row, at, clock(row.lead).breach_at if row.lead else None)
        calendar = await calendar_of(session, row.lead.location_id if row.lead else None)
        stored = {name: getattr(task, name) for name in STORED}
        owner = owners[task.owner_user_id or task.owner_team_id or task.id]
        name = display_name(row.patient) if row.patient else read.get(task.fax_id)
        reasons = {"group": loss.group(known, calendar, at), "why": loss.why(known, calendar, at)}
        items.append(TaskOut(**stored, **reasons, owner=owner, patient_display_name=name))
    return items


async def _names_read(session: AsyncSession, fax_ids: list[uuid.UUID]) -> dict[uuid.UUID | None, str]:
    """The patient's name as read on each fax, for tasks that have no lead yet."""
    if not fax_ids:
        return {}
    first, last = (FaxSegment.fields[f"patient_{part}_name"]["normal"].astext for part in ("first", "last"))
    rows = await session.execute(
        select(FaxSegment.fax_id, first, last).where(
            FaxSegment.practice_id == practice_of(session), FaxSegment.fax_id.in_(fax_ids), FaxSegment.index == 0
        )
    )
    return {fax_id: " ".join(filter(None, names)) for fax_id, *names in rows if any(names)}
