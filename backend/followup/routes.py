"""Tasks: what to do by when."""

import uuid
from datetime import datetime
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Header, Query
from pydantic import AwareDatetime
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core import idempotency
from backend.core.actor import Actor
from backend.core.clock import now
from backend.core.pages import UNKNOWN, Cursor, Limit, cut, decode_cursor, encode_cursor, moment_of
from backend.core.problems import Invalid
from backend.followup import loss, queries, service
from backend.followup.schemas import AssignIn, DoneIn, NewTask, SnoozeIn, TaskCount, TaskOut, TaskPage
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
    episode_id: Annotated[uuid.UUID | None, Query(description="only tasks of this care that has no lead")] = None,
    state: Annotated[Literal["open", "done"], Query()] = "open",
    order: Annotated[Literal["due", "loss"], Query(description="by due time, or what is lost first")] = "due",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> TaskPage:
    """The most urgent first. `order=loss` puts who waits for an answer and late first contacts before due times."""
    wanted = queries.TaskFilter(state == "done", owner, due_before, lead_id, episode_id)
    page = _by_loss if order == "loss" and state == "open" else _by_due_time
    rows, next_cursor = await page(session, wanted, cursor, limit)
    items = await queries.shown(session, rows)
    await audit.record(session, "task.listed", "tasks", {row.patient.id for row in rows if row.patient})
    return TaskPage(items=items, next_cursor=next_cursor)


Found = tuple[list[queries.Row], str | None]


async def _by_due_time(session: AsyncSession, wanted: queries.TaskFilter, cursor: str | None, limit: int) -> Found:
    rows, more = cut(await queries.by_due_time(session, wanted, moment_of(cursor), limit + 1), limit)
    last = rows[-1].task if rows else None
    return list(rows), encode_cursor([last.due_at.isoformat(), last.id]) if more and last else None


async def _by_loss(session: AsyncSession, wanted: queries.TaskFilter, cursor: str | None, limit: int) -> Found:
    place = _place(cursor) if cursor else queries.LossPlace(now())
    rows, more = cut(await queries.by_loss(session, wanted, place, limit + 1), limit)
    if not more:
        return list(rows), None
    last = rows[-1].task
    section = loss.section(queries.facts(rows[-1], place.at), place.at)
    return list(rows), encode_cursor([section, place.at.isoformat(), last.due_at.isoformat(), last.id])


def _place(cursor: str) -> queries.LossPlace:
    section, at, due_at, task_id = decode_cursor(cursor, 4)
    try:
        since, due = datetime.fromisoformat(at), datetime.fromisoformat(due_at)
        if section not in range(loss.OTHER + 1) or None in {since.tzinfo, due.tzinfo}:
            raise ValueError
        return queries.LossPlace(since, section, (due, uuid.UUID(task_id)))
    except (TypeError, ValueError, AttributeError):
        raise Invalid(UNKNOWN, errors=[("query/cursor", "unknown")]) from None


@router.get("/count", operation_id="countTasks", summary="How much waits")
async def count_tasks(_: Reader, session: Transaction, owner: OwnerFilter = None) -> TaskCount:
    """For a badge in the menu; names nobody."""
    pressing, breached = await queries.count(session, owner)
    return TaskCount(now=pressing, breached=breached, most=queries.MOST_COUNTED)


async def _shown(session: AsyncSession, action: str, task_id: uuid.UUID) -> TaskOut:
    row = await queries.one(session, task_id)
    shown = (await queries.shown(session, [row]))[0]
    await audit.record(session, action, f"task:{task_id}", [row.patient.id] if row.patient else [])
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
