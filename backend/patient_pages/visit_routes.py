"""A patient chooses a time, sees where to go, confirms, moves or cancels the visit."""

import uuid
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Header, Query, Response
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core import idempotency
from backend.core.problems import NotFound
from backend.identity.access import Context
from backend.patient_pages import visits
from backend.patient_pages.errors import CheckFirst, LinkNotUsable
from backend.patient_pages.session import PatientSession, PatientTransaction, Resumed, Verified, transaction_of
from backend.patient_pages.visit_schemas import (
    CancelVisit,
    ChosenTime,
    OtherTime,
    SeenVersion,
    TimesOut,
    VisitPageOut,
)
from backend.scheduling import feeds, queries

router = APIRouter(prefix="/api/v1/public/visit", tags=["patient pages"])
FOR: Final = frozenset({"schedule", "reschedule", "visit"})


def _visitor(patient: Verified) -> PatientSession:
    """A patient whose link is about a visit."""
    # Without a lead there is only the visit it names.
    named = patient.lead_id is not None or (patient.purpose != "schedule" and patient.ref_id is not None)
    if patient.purpose not in FOR or not named:
        raise LinkNotUsable
    return patient


Visitor = Annotated[PatientSession, Depends(_visitor)]
Key = Annotated[str | None, Header(alias="Idempotency-Key")]


@router.get("", operation_id="getOwnVisit", summary="The patient's visit")
async def get_own_visit(patient: Visitor, session: PatientTransaction) -> VisitPageOut:
    """When, where and with whom; null while none is booked."""
    return await _seen(session, patient, "visit.viewed")


@router.get("/times", operation_id="listOwnTimes", summary="Times to choose from")
async def list_own_times(
    patient: Visitor, session: PatientTransaction,
    start: Annotated[date | None, Query(description="first day to look at; today")] = None,
    day: Annotated[date | None, Query(description="the day whose times are wanted; the first free one")] = None,
) -> TimesOut:  # fmt: skip
    """Three weeks of days with how many times each, and the times of one day."""
    return await visits.times(session, patient, start, day)


@router.post("/book", operation_id="bookOwnVisit", summary="Book a time")
async def book_own_visit(
    body: ChosenTime, patient: Visitor, session: PatientTransaction, idempotency_key: Key = None
) -> VisitPageOut:
    """409 `slot-taken` when somebody was faster, `evaluation-booked` when they have a visit already."""

    async def book() -> uuid.UUID:
        return await visits.book(session, patient, body)

    return await _once(session, patient, idempotency_key, f"book:{body.model_dump_json()}", book)


@router.post("/confirm", operation_id="confirmOwnVisit", summary="Confirm the visit")
async def confirm_own_visit(body: SeenVersion, patient: Visitor, session: PatientTransaction) -> VisitPageOut:
    """Confirming twice changes nothing. 409 when the clinic changed it meanwhile."""
    await visits.confirm(session, patient, body.version)
    return await _seen(session, patient, "visit.confirmed")


@router.post("/move", operation_id="moveOwnVisit", summary="Move the visit")
async def move_own_visit(
    body: OtherTime, patient: Visitor, session: PatientTransaction, idempotency_key: Key = None
) -> VisitPageOut:
    """409 `slot-taken` when somebody was faster."""

    async def move() -> uuid.UUID:
        return await visits.move(session, patient, body)

    return await _once(session, patient, idempotency_key, f"move:{body.model_dump_json()}", move)


@router.post("/cancel", operation_id="cancelOwnVisit", summary="Cancel the visit")
async def cancel_own_visit(body: CancelVisit, patient: Visitor, session: PatientTransaction) -> VisitPageOut:
    """409 when the clinic changed it meanwhile."""
    await visits.cancel(session, patient, body)
    return await _seen(session, patient, "visit.canceled")


@router.get(
    "/{appointment_id}/calendar.ics", operation_id="getOwnCalendarFile", summary="The visit for a calendar",
    response_class=Response,
)  # fmt: skip
async def get_own_calendar_file(appointment_id: uuid.UUID, patient: Resumed, context: Context) -> Response:
    """Followed as a plain link, so the visit is named in the address: it must be the one of the open page."""
    if not patient.verified:
        raise CheckFirst
    async with transaction_of(context, patient) as session:
        shown = await visits.page(session, patient) if patient.purpose in FOR else None
        if shown is None or shown.visit is None or shown.visit.id != appointment_id:
            raise NotFound("There is no such visit.")
        data = await feeds.visit_file(session, await queries.whole(session, appointment_id))
        await audit.record(session, "visit.calendar", f"appointment:{appointment_id}", [patient.patient_id])
    headers = {"Content-Disposition": 'attachment; filename="visit.ics"', "Cache-Control": "no-store"}
    return Response(data, media_type="text/calendar; charset=utf-8", headers=headers)


async def _once(
    session: AsyncSession, patient: PatientSession, key: str | None, asked: str, do: Callable[[], Awaitable[uuid.UUID]]
) -> VisitPageOut:
    await idempotency.once(session, f"link:{patient.link_id}", key, asked.encode(), do)
    return await _seen(session, patient, f"visit.{asked.partition(':')[0]}")


async def _seen(session: AsyncSession, patient: PatientSession, action: str) -> VisitPageOut:
    shown = await visits.shown(session, patient)
    subject = f"appointment:{shown.visit.id}" if shown.visit else f"lead:{patient.lead_id}"
    await audit.record(session, action, subject, [patient.patient_id])
    return shown
