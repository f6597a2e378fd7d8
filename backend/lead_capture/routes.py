"""What staff do about the other ways in: the website form's settings, and those who wait for a person."""

import uuid
from collections.abc import Sequence
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from sqlalchemy import func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core.actor import Actor
from backend.core.database import practice_of
from backend.core.pages import Cursor, Limit, cut, encode_cursor, moment_of
from backend.identity import queries as identity
from backend.identity.access import Allowed, Context, Transaction
from backend.identity.calendars import may_change
from backend.lead_capture import arriving, spam, web_forms
from backend.lead_capture.models import Arrival, WebForm
from backend.lead_capture.schemas import (
    AcceptIn,
    ArrivalCount,
    ArrivalOut,
    ArrivalPage,
    DiscardIn,
    WebFormIn,
    WebFormOut,
)
from backend.leads.models import Lead

router = APIRouter(prefix="/api/v1", tags=["lead capture"])
Reader = Annotated[Actor, Depends(Allowed("leads:read"))]
Writer = Annotated[Actor, Depends(Allowed("leads:write"))]
SettingsReader = Annotated[Actor, Depends(Allowed("settings:read"))]
SettingsWriter = Annotated[Actor, Depends(Allowed("settings:write"))]


async def _form(session: AsyncSession, context: Context, form: WebForm) -> WebFormOut:
    practice, base = await identity.practice(session), context.settings.base_url
    facts = {name: getattr(form, name) for name in WebFormIn.model_fields}
    return WebFormOut(
        **facts, slug=practice.slug, post_url=f"{base}/api/v1/public/web-leads/{practice.slug}",
        script_url=f"{base}/embed/lead-form.js",
    )  # fmt: skip


@router.get("/settings/web-form", operation_id="getWebForm", summary="The website's form")
async def get_web_form(_: SettingsReader, context: Context, session: Transaction) -> WebFormOut:
    """Where it may stand and what it says; `version` 0 until somebody has named a website."""
    return await _form(session, context, await web_forms.of_practice(session))


@router.put("/settings/web-form", operation_id="updateWebForm", summary="Change the website's form")
async def update_web_form(body: WebFormIn, _: SettingsWriter, context: Context, session: Transaction) -> WebFormOut:
    """The words of the consent box are kept with every consent given under them."""
    await may_change(session, None)
    form = await web_forms.change(session, body)
    await audit.record(session, "web_form.changed", "web_form")
    return await _form(session, context, form)


@router.get("/arrivals", operation_id="listArrivals", summary="Who wrote by form or e-mail")
async def list_arrivals(
    _: Reader,
    session: Transaction,
    state: Annotated[Literal["held", "opened", "discarded"], Query(description="what became of them")] = "held",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ArrivalPage:
    """Newest first; those held wait for a person."""
    query = select(Arrival).where(Arrival.practice_id == practice_of(session), Arrival.state == state)
    if before := moment_of(cursor):
        query = query.where(tuple_(Arrival.received_at, Arrival.id) < before)
    rows = (await session.scalars(query.order_by(Arrival.received_at.desc(), Arrival.id.desc()).limit(limit + 1))).all()
    items, more = cut(rows, limit)
    next_cursor = encode_cursor([items[-1].received_at.isoformat(), items[-1].id]) if more else None
    if items:
        await audit.record(session, "arrivals.viewed", f"arrivals:{state}", await _people(session, items))
    return ArrivalPage(items=[_out(row) for row in items], next_cursor=next_cursor)


@router.get("/arrivals/count", operation_id="countArrivals", summary="How many wait for a person")
async def count_arrivals(_: Reader, session: Transaction) -> ArrivalCount:
    """For the badge."""
    held = select(func.count()).where(Arrival.practice_id == practice_of(session), Arrival.state == "held")
    return ArrivalCount(held=await session.scalar(held) or 0)


@router.post("/arrivals/{arrival_id}/accept", operation_id="acceptArrival", summary="This is somebody")
async def accept_arrival(arrival_id: uuid.UUID, body: AcceptIn, _: Writer, session: Transaction) -> ArrivalOut:
    """Opens a lead, or adds the words to the one they have. 409 when somebody was quicker."""
    given = body.model_dump(mode="json", exclude={"version"}, exclude_none=True)
    arrival = await arriving.accept(session, arrival_id, body.version, given)
    await audit.record(session, "arrival.accepted", f"arrival:{arrival_id}", await _people(session, [arrival]))
    return _out(arrival)


@router.post("/arrivals/{arrival_id}/discard", operation_id="discardArrival", summary="This is nobody")
async def discard_arrival(arrival_id: uuid.UUID, body: DiscardIn, _: Writer, session: Transaction) -> ArrivalOut:
    """Kept, off the list."""
    arrival = await arriving.discard(session, arrival_id, body.version)
    await audit.record(session, "arrival.discarded", f"arrival:{arrival_id}")
    return _out(arrival)


def _out(row: Arrival) -> ArrivalOut:
    facts = {name: getattr(row, name) for name in ArrivalOut.model_fields if name != "reasons"}
    return ArrivalOut(**facts, reasons=[spam.REASONS.get(reason, reason) for reason in row.reasons])


async def _people(session: AsyncSession, rows: Sequence[Arrival]) -> list[uuid.UUID]:
    of_leads = [row.lead_id for row in rows if row.lead_id is not None]
    people = await session.scalars(
        select(Lead.patient_id).where(Lead.practice_id == practice_of(session), Lead.id.in_(of_leads))
    )
    return list(people)
