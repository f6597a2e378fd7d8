"""Tasks: what to do by when."""

import uuid
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Header, Query
from pydantic import AwareDatetime
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core import idempotency
from backend.core.actor import Actor
from backend.core.pages import Cursor, Limit, cut, encode_cursor, moment_of
from backend.followup import queries, service
from backend.followup.schemas import AssignIn, DoneIn, NewTask, SnoozeIn, TaskOut, TaskPage
from backend.identity.access import Allowed, Transaction
from backend.identity.owners import OwnerFilter

router = APIRouter(prefix="/api/v1/tasks", tags=["tasks"])
Reader = Annotated[Actor, Depends(Allowed("tasks:read"))]
Writer = Annotated[Actor, Depends(Allowed("tasks:write"))]


@router.get("", operation_id="listTasks", summary="Tasks by due time")
async def list_tasks(
    _: Reader,
    session: Transaction,
    owner: OwnerFilter = None,
    due_before: Annotated[AwareDatetime | None, Query(description="only tasks due before this time")] = None,
    lead_id: Annotated[uuid.UUID | None, Query(description="only tasks of this lead")] = None,
    state: Annotated[Literal["open", "done"], Query()] = "open",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> TaskPage:
    """The most urgent first."""
    wanted = queries.TaskFilter(state == "done", owner, due_before, lead_id)
    rows, more = cut(await queries.by_due_time(session, wanted, moment_of(cursor), limit + 1), limit)
    items = await queries.shown(session, list(rows))
    await audit.record(session, "task.listed", "tasks", {patient.id for _, patient in rows if patient})
    next_cursor = encode_cursor([items[-1].due_at.isoformat(), items[-1].id]) if more else None
    return TaskPage(items=items, next_cursor=next_cursor)


async def _shown(session: AsyncSession, action: str, task_id: uuid.UUID) -> TaskOut:
    row = await queries.one(session, task_id)
    shown = (await queries.shown(session, [row]))[0]
    await audit.record(session, action, f"task:{task_id}", [row[1].id] if row[1] else [])
    return shown


@router.post("", operation_id="createTask", summary="Plan a task", status_code=201)
async def create_task(
    body: NewTask, caller: Writer, session: Transaction, idempotency_key: Annotated[str | None, Header()] = None
) -> TaskOut:
    """For an open lead."""
    create = partial(service.create, session, body)
    task_id, _ = await idempotency.once(session, caller.id, idempotency_key, body.model_dump_json().encode(), create)
    return await _shown(session, "task.created", task_id)


@router.post("/{task_id}/done", operation_id="finishTask", summary="Finish a task")
async def finish_task(task_id: uuid.UUID, body: DoneIn, _: Writer, session: Transaction) -> TaskOut:
    """An open lead keeps a next step: the one given, or the usual one of its stage."""
    await service.finish(session, task_id, body.version, body.next)
    return await _shown(session, "task.done", task_id)


@router.post("/{task_id}/snooze", operation_id="snoozeTask", summary="Put a task off")
async def snooze_task(task_id: uuid.UUID, body: SnoozeIn, _: Writer, session: Transaction) -> TaskOut:
    """Due at `until`."""
    await service.snooze(session, task_id, body.version, body.until)
    return await _shown(session, "task.snoozed", task_id)


@router.post("/{task_id}/assign", operation_id="assignTask", summary="Give a task to someone")
async def assign_task(task_id: uuid.UUID, body: AssignIn, _: Writer, session: Transaction) -> TaskOut:
    """A person or a team."""
    await service.assign(session, task_id, body.version, body.owner)
    return await _shown(session, "task.assigned", task_id)
