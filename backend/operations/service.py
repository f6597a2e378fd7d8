"""List and replay jobs and provider events."""

import uuid
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.core.inbox import WebhookDelivery
from backend.core.jobs import Job, later
from backend.core.problems import Conflict, NotFound


async def jobs(session: AsyncSession, state: str | None, before: uuid.UUID | None, limit: int) -> Sequence[Job]:
    """Jobs, newest first."""
    query = select(Job).where(Job.practice_id == practice_of(session))
    if state:
        query = query.where(Job.state == state)
    if before:
        query = query.where(Job.id < before)
    return (await session.scalars(query.order_by(Job.id.desc()).limit(limit))).all()


async def replay_job(session: AsyncSession, job_id: uuid.UUID) -> Job:
    """Give a dead job a fresh set of attempts. Raises `NotFound` or `Conflict`."""
    job = await session.scalar(
        select(Job).where(Job.practice_id == practice_of(session), Job.id == job_id).with_for_update()
    )
    if job is None:
        raise NotFound("There is no such job in this practice.")
    if job.state != "dead":
        raise Conflict("Only a dead job can be run again.")
    job.state, job.attempt, job.error_code, job.rung_at, job.run_at = "queued", 0, None, None, func.now()
    await session.flush()
    await session.refresh(job)
    return job


async def deliveries(
    session: AsyncSession, state: str | None, before: uuid.UUID | None, limit: int
) -> Sequence[WebhookDelivery]:
    """Provider events, newest first."""
    query = select(WebhookDelivery).where(WebhookDelivery.practice_id == practice_of(session))
    if state:
        query = query.where(WebhookDelivery.state == state)
    if before:
        query = query.where(WebhookDelivery.id < before)
    return (await session.scalars(query.order_by(WebhookDelivery.id.desc()).limit(limit))).all()


async def replay_delivery(session: AsyncSession, delivery_id: uuid.UUID) -> WebhookDelivery:
    """Process an event again; what it brought already stays as it is. Raises `NotFound`."""
    delivery = await session.scalar(
        select(WebhookDelivery)
        .where(WebhookDelivery.practice_id == practice_of(session), WebhookDelivery.id == delivery_id)
        .with_for_update()
    )
    if delivery is None:
        raise NotFound("There is no such event in this practice.")
    delivery.state, delivery.error_code, delivery.processed_at = "pending", None, None
    delivery.replays += 1
    await later(session, delivery.kind, delivery.id, key=f"{delivery.id}:{delivery.replays}")
    await session.flush()
    return delivery


async def replay_one(session: AsyncSession, job_id: uuid.UUID | None, delivery_id: uuid.UUID | None) -> int:
    """One job or event if it is this practice's; returns how many."""
    try:
        if job_id is not None:
            await replay_job(session, job_id)
        if delivery_id is not None:
            await replay_delivery(session, delivery_id)
    except NotFound:
        return 0
    return 1


async def replay_all_dead(session: AsyncSession) -> int:
    """Every dead job of the practice; returns how many."""
    dead = await session.scalars(select(Job.id).where(Job.practice_id == practice_of(session), Job.state == "dead"))
    ids = dead.all()
    for job_id in ids:
        await replay_job(session, job_id)
    return len(ids)
