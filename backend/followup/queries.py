"""Read tasks."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import within
from backend.core.database import practice_of
from backend.core.problems import NotFound
from backend.faxes.models import FaxSegment
from backend.followup.models import Task
from backend.followup.schemas import TaskOut
from backend.identity.owners import owned_by, owner_names
from backend.leads.models import Lead
from backend.patients.models import Patient
from backend.patients.queries import display_name

Row = tuple[Task, Patient | None]


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks."""

    done: bool = False
    owner: str | None = None
    due_before: datetime | None = None
    lead_id: uuid.UUID | None = None


def _with_patient(session: AsyncSession) -> Select[Task, Patient]:
    return (
        select(Task, Patient)
        .outerjoin(Lead, (Lead.practice_id == Task.practice_id) & (Lead.id == Task.lead_id))
        .outerjoin(Patient, (Patient.practice_id == Lead.practice_id) & (Patient.id == Lead.patient_id))
        .where(Task.practice_id == practice_of(session))
        .where(within(session, "tasks:read", Lead.location_id))
    )


async def by_due_time(
    session: AsyncSession, wanted: TaskFilter, after: tuple[datetime, uuid.UUID] | None, limit: int
) -> list[Row]:
    """Tasks, the most urgent first, after a cursor of (due_at, id)."""
    query = _with_patient(session).where(Task.done_at.is_not(None) if wanted.done else Task.done_at.is_(None))
    if wanted.owner:
        query = query.where(owned_by(session, wanted.owner, Task))
    if wanted.due_before:
        query = query.where(Task.due_at < wanted.due_before)
    if wanted.lead_id:
        query = query.where(Task.lead_id == wanted.lead_id)
    if after:
        query = query.where(tuple_(Task.due_at, Task.id) > after)
    rows = await session.execute(query.order_by(Task.due_at, Task.id).limit(limit))
    return [(task, patient) for task, patient in rows]


async def one(session: AsyncSession, task_id: uuid.UUID) -> Row:
    """One task. Raises `NotFound`."""
    await session.flush()
    query = _with_patient(session).where(Task.id == task_id)
    row = (await session.execute(query.execution_options(populate_existing=True))).one_or_none()
    if row is None:
        raise NotFound("There is no such task in this practice.")
    return row[0], row[1]


async def shown(session: AsyncSession, rows: list[Row]) -> list[TaskOut]:
    """Tasks with the names of owners and patients."""
    owners = await owner_names(session, [task for task, _ in rows])
    read = await _names_read(session, [task.fax_id for task, _ in rows if task.fax_id])
    return [
        TaskOut(
            id=task.id, version=task.version, kind=task.kind, title=task.title, due_at=task.due_at,
            done_at=task.done_at, snoozed_until=task.snoozed_until,
            owner=owners[task.owner_user_id or task.owner_team_id or task.id], lead_id=task.lead_id,
            fax_id=task.fax_id, patient_display_name=display_name(patient) if patient else read.get(task.fax_id),
        )
        for task, patient in rows
    ]  # fmt: skip


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
