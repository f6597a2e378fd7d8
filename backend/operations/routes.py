"""The administrator's lists."""

import uuid
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query

from backend.audit import service as audit
from backend.core.actor import Actor
from backend.core.pages import Cursor, Limit, cut, decode_cursor, encode_cursor
from backend.core.problems import Invalid
from backend.identity.access import Allowed, Transaction
from backend.operations import service
from backend.operations.schemas import DeliveryOut, DeliveryPage, JobOut, JobPage

router = APIRouter(prefix="/api/v1/admin", tags=["operations"])
Reader = Annotated[Actor, Depends(Allowed("operations:read"))]
Writer = Annotated[Actor, Depends(Allowed("operations:write"))]
JobState = Literal["queued", "leased", "done", "dead"]
DeliveryState = Literal["pending", "processed", "ignored", "failed"]


def _place(cursor: str | None) -> uuid.UUID | None:
    if cursor is None:
        return None
    try:
        return uuid.UUID(decode_cursor(cursor, 1)[0])
    except (TypeError, ValueError, AttributeError):
        raise Invalid("Use the next_cursor of the page before.", errors=[("query/cursor", "unknown")]) from None


@router.get("/jobs", operation_id="listJobs", summary="Jobs")
async def list_jobs(
    _: Reader,
    session: Transaction,
    state: Annotated[JobState | None, Query(description="only jobs in this state")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> JobPage:
    """Newest first; `dead` ones wait for a person."""
    rows, more = cut(await service.jobs(session, state, _place(cursor), limit + 1), limit)
    items = [JobOut.model_validate(row) for row in rows]
    return JobPage(items=items, next_cursor=encode_cursor([items[-1].id]) if more else None)


@router.post("/jobs/{job_id}/replay", operation_id="replayJob", summary="Run a dead job again")
async def replay_job(job_id: uuid.UUID, _: Writer, session: Transaction) -> JobOut:
    """With a fresh set of attempts."""
    job = JobOut.model_validate(await service.replay_job(session, job_id))
    await audit.record(session, "job.replayed", f"job:{job_id}")
    return job


@router.get("/deliveries", operation_id="listDeliveries", summary="Provider events")
async def list_deliveries(
    _: Reader,
    session: Transaction,
    state: Annotated[DeliveryState | None, Query(description="only events in this state")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> DeliveryPage:
    """Newest first."""
    rows, more = cut(await service.deliveries(session, state, _place(cursor), limit + 1), limit)
    items = [DeliveryOut.model_validate(row) for row in rows]
    return DeliveryPage(items=items, next_cursor=encode_cursor([items[-1].id]) if more else None)


@router.post("/deliveries/{delivery_id}/replay", operation_id="replayDelivery", summary="Process an event again")
async def replay_delivery(delivery_id: uuid.UUID, _: Writer, session: Transaction) -> DeliveryOut:
    """Harmless: what it brought already stays as it is."""
    delivery = DeliveryOut.model_validate(await service.replay_delivery(session, delivery_id))
    await audit.record(session, "delivery.replayed", f"delivery:{delivery_id}")
    return delivery
