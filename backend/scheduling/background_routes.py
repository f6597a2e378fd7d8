"""What a calendar page draws behind its appointments."""

import uuid
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from backend.core.actor import Actor
from backend.core.pages import Page
from backend.core.problems import Invalid
from backend.core.schemas import ResponseModel
from backend.identity.access import Allowed, Transaction
from backend.scheduling import background
from backend.scheduling.moments import moment, zone_of
from backend.scheduling.schemas import EXAMPLE_ID

router = APIRouter(prefix="/api/v1", tags=["scheduling"])
Reader = Annotated[Actor, Depends(Allowed("schedule:read"))]
LONGEST = timedelta(days=45)


class WorkedOut(ResponseModel):
    """A stretch of working time of a clinician at a clinic."""

    clinician_id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    location_id: uuid.UUID
    starts_at: datetime
    ends_at: datetime


class BlockedOut(ResponseModel):
    """Time in which nothing is booked: of a clinician, or of everybody at a clinic."""

    id: uuid.UUID = Field(examples=[EXAMPLE_ID])
    clinician_id: uuid.UUID | None
    location_id: uuid.UUID | None
    kind: str = Field(examples=["lunch"])
    starts_at: datetime
    ends_at: datetime
    note: str | None


class WorkingTime(Page):
    """Who works when, and what is blocked."""

    items: list[WorkedOut]
    blocked: list[BlockedOut]


@router.get("/working-time", operation_id="listWorkingTime", summary="Who works when")
async def list_working_time(
    _: Reader,
    session: Transaction,
    start: Annotated[str, Query(alias="from", max_length=40, description="a moment, or a local date")],
    to: Annotated[str, Query(max_length=40, description="a moment, or a local date that is included")],
    location_id: uuid.UUID | None = None,
) -> WorkingTime:
    """Weekly hours, dates that differ and holidays in one; what is booked does not matter. 45 days at most."""
    zone = await zone_of(session, location_id)
    begin, end = moment(start, zone, name="from"), moment(to, zone, name="to", end=True)
    if not begin < end <= begin + LONGEST:
        raise Invalid("Ask for a span of at most 45 days.", errors=[("query/to", "before from, or too late")])
    worked = await background.working(session, begin, end, location_id)
    blocked = await background.blocked(session, begin, end, location_id)
    return WorkingTime(
        items=[WorkedOut.model_validate(item) for item in worked],
        blocked=[BlockedOut.model_validate(row) for row in blocked],
    )
