"""Read faxes."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.core.problems import NotFound
from backend.faxes.models import Fax, FaxPage, FaxSegment, FaxStep
from backend.faxes.schemas import Failure, FaxOut, FaxPageOut, FaxSegmentOut, FaxSummary, StepOut


async def fax(session: AsyncSession, fax_id: uuid.UUID) -> Fax:
    """One fax of this practice. Raises `NotFound`."""
    row = await session.scalar(select(Fax).where(Fax.practice_id == practice_of(session), Fax.id == fax_id))
    if row is None:
        raise NotFound("There is no such fax in this practice.")
    return row


async def page(session: AsyncSession, fax_id: uuid.UUID, number: int) -> FaxPage:
    """One page. Raises `NotFound`."""
    row = await session.get(FaxPage, (practice_of(session), fax_id, number))
    if row is None:
        raise NotFound("There is no such page.")
    return row


async def pages(session: AsyncSession, fax_id: uuid.UUID) -> Sequence[FaxPage]:
    """Pages in order."""
    rows = await session.scalars(
        select(FaxPage)
        .where(FaxPage.practice_id == practice_of(session), FaxPage.fax_id == fax_id)
        .order_by(FaxPage.number)
    )
    return rows.all()


async def newest(
    session: AsyncSession, status: str | None, before: tuple[datetime, uuid.UUID] | None, limit: int
) -> Sequence[Fax]:
    """Faxes newest first, after a cursor of (received_at, id)."""
    query = select(Fax).where(Fax.practice_id == practice_of(session))
    if status is not None:
        query = query.where(Fax.status == status)
    if before is not None:
        query = query.where(tuple_(Fax.received_at, Fax.id) < before)
    return (await session.scalars(query.order_by(Fax.received_at.desc(), Fax.id.desc()).limit(limit))).all()


def failure_of(row: Fax) -> Failure | None:
    """Why the fax stopped, if it did."""
    if row.failure_code is None:
        return None
    return Failure(step=row.failure_step or "", code=row.failure_code, detail=row.failure_detail or "")


def summary(row: Fax) -> FaxSummary:
    """A fax in a list."""
    facts = {name: getattr(row, name) for name in FaxSummary.model_fields if name != "failure"}
    return FaxSummary(**facts, failure=failure_of(row))


async def whole(session: AsyncSession, fax_id: uuid.UUID) -> FaxOut:
    """A fax with everything its page shows. Raises `NotFound`."""
    row = await fax(session, fax_id)
    of_fax = {"practice_id": practice_of(session), "fax_id": fax_id}
    segments = await session.scalars(select(FaxSegment).filter_by(**of_fax).order_by(FaxSegment.index))
    steps = await session.scalars(select(FaxStep).filter_by(**of_fax).order_by(FaxStep.at))
    return FaxOut(
        **summary(row).model_dump(),
        pages=[_page_out(found) for found in await pages(session, fax_id)],
        segments=[FaxSegmentOut.model_validate(found) for found in segments],
        steps=[StepOut.model_validate(found) for found in steps],
    )


def _page_out(row: FaxPage) -> FaxPageOut:
    facts = {name: getattr(row, name) for name in FaxPageOut.model_fields if name != "image_url"}
    return FaxPageOut(**facts, image_url=f"/api/v1/faxes/{row.fax_id}/pages/{row.number}/image")
