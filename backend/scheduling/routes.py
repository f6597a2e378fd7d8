"""Free times, and appointments."""

import uuid
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Header, Query
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core import idempotency
from backend.core.actor import Actor
from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.pages import Cursor, cut, decode_cursor, encode_cursor, moment_of
from backend.core.problems import Invalid
from backend.identity.access import Allowed, Transaction
from backend.scheduling import booking, outcomes, queries, slots, working
from backend.scheduling.appointment_models import Appointment
from backend.scheduling.models import AppointmentType
from backend.scheduling.moments import From, To, moment, zone_of
from backend.scheduling.schemas import (
    AppointmentHistory,
    AppointmentIn,
    AppointmentOut,
    AppointmentPage,
    CancelIn,
    DayCount,
    HoldIn,
    OpenTimeOut,
    OpenTimePage,
    OutcomeIn,
    RescheduleIn,
    SlotOut,
    SlotPage,
)
from backend.scheduling.wishes import WEEKDAYS
from backend.scheduling.words import Audience, Discipline, PartOfDay, Slot, SlotQuery, Source, Status, Window, Wish

router = APIRouter(prefix="/api/v1", tags=["scheduling"])
Reader = Annotated[Actor, Depends(Allowed("schedule:read"))]
Writer = Annotated[Actor, Depends(Allowed("schedule:write"))]
Key = Annotated[str | None, Header()]
Many = Annotated[int, Query(ge=1, le=1000, description="about so many; a time is never split between pages")]
USUAL_DAYS = timedelta(days=14)
WINDOW = r"^(mon|tue|wed|thu|fri|sat|sun|any|\d{4}-\d{2}-\d{2}),([01]\d|2[0-3]):[0-5]\d,([01]\d|2[0-3]):[0-5]\d$"
WindowText = Annotated[str, Query(pattern=WINDOW)]
WORDS = "a weekday, date or `any`, and local times: `mon,13:00,18:00`; repeat for more"


def slot_out(slot: Slot) -> SlotOut:
    """As the API shows it."""
    facts = {name: getattr(slot, name) for name in SlotOut.model_fields if name != "appointment_type_id"}
    return SlotOut(appointment_type_id=slot.type_id, **facts)


async def type_named(session: AsyncSession, wanted: str) -> uuid.UUID:
    """A type by id, or the first active one of a kind. Raises `Invalid`."""
    kinds = select(AppointmentType.id).where(AppointmentType.practice_id == practice_of(session))
    try:
        found = await session.scalar(kinds.where(AppointmentType.id == uuid.UUID(wanted)))
    except ValueError:
        of_kind = kinds.where(AppointmentType.kind == wanted, AppointmentType.active).order_by(AppointmentType.name)
        found = await session.scalar(of_kind.limit(1))
    if found is None:
        problem = [("query/appointment_type", "unknown")]
        raise Invalid("Choose an id from /appointment-types, or a kind such as evaluation.", errors=problem)
    return found


@router.get("/slots", operation_id="listSlots", summary="When somebody could come")
async def list_slots(
    _: Reader,
    session: Transaction,
    appointment_type: Annotated[str, Query(max_length=40, description="id, or a kind such as `evaluation`")],
    location_id: uuid.UUID | None = None,
    start: From = None,
    to: To = None,
    clinician_id: uuid.UUID | None = None,
    preferred_clinician_id: uuid.UUID | None = None,
    exclude_clinician_id: Annotated[list[uuid.UUID] | None, Query()] = None,
    discipline: Discipline | None = None,
    window: Annotated[
        list[Annotated[str, Query(pattern=WINDOW)]] | None, Query(max_length=42, description=WORDS)
    ] = None,
    part_of_day: PartOfDay | None = None,
    latest: Annotated[date | None, Query(description="not later than this day")] = None,
    payer: Annotated[str | None, Query(max_length=200)] = None,
    audience: Annotated[Audience, Query(description="`patient`: with notice, horizon, types for patients")] = "patient",
    pick: Annotated[int | None, Query(ge=1, le=20, description="so many, as different as possible")] = None,
    one_per_time: Annotated[bool, Query(description="one clinician for each time")] = False,
    ignore: Annotated[uuid.UUID | None, Query(description="the appointment that is to be moved")] = None,
    cursor: Cursor = None,
    limit: Many = 200,
) -> SlotPage:
    """Free just now, by time, from now on and for two weeks unless said otherwise (93 days at most)."""
    begin, end = await _span(session, location_id, start, to, USUAL_DAYS)
    if cursor:
        begin = max(begin, moment(str(decode_cursor(cursor, 1)[0]), ZoneInfo("UTC"), name="cursor"))
    query = SlotQuery(
        await type_named(session, appointment_type), begin, end, location_id, clinician_id, preferred_clinician_id,
        frozenset(exclude_clinician_id or ()), discipline, _windows(window or []), part_of_day, latest, payer,
        audience, pick, limit, one_per_time, ignore,
    )  # fmt: skip
    found = await slots.search(session, query)
    return SlotPage(
        items=[slot_out(slot) for slot in found.slots],
        days=[DayCount(date=day, count=count) for day, count in found.days.items()],
        next_cursor=encode_cursor([found.following.isoformat()]) if found.following else None,
    )


def _windows(given: list[str]) -> tuple[Window, ...]:
    found = []
    for text in given:
        day, start, end = text.split(",")
        if day not in {*WEEKDAYS, "any"}:
            moment(day, ZoneInfo("UTC"), name="window")
        if end < start:
            raise Invalid("A window ends after it begins.", errors=[("query/window", "ends before it begins")])
        found.append((day, start, end))
    return tuple(found)


@router.get("/open-times", operation_id="listOpenTimes", summary="When clinicians work")
async def list_open_times(
    _: Reader,
    session: Transaction,
    start: From = None,
    to: To = None,
    clinician_id: uuid.UUID | None = None,
    location_id: uuid.UUID | None = None,
) -> OpenTimePage:
    """For drawing a calendar: hours, exceptions and holidays as they come out; for a week unless said otherwise."""
    begin, end = await _span(session, location_id, start, to, timedelta(days=7))
    spans = await working.spans(session, begin, end, clinician_id, location_id)
    return OpenTimePage(items=[OpenTimeOut.model_validate(span) for span in spans])


async def _span(
    session: AsyncSession, location_id: uuid.UUID | None, start: str | None, to: str | None, usual: timedelta
) -> tuple[datetime, datetime]:
    zone = await zone_of(session, location_id)
    begin = moment(start, zone, name="from") if start else now()
    end = moment(to, zone, name="to", end=True) if to else begin + usual
    if end <= begin:
        raise Invalid("The span is empty: `to` must be after `from`.", errors=[("query/to", "before from")])
    return begin, end


@router.get("/appointments", operation_id="listAppointments", summary="Appointments")
async def list_appointments(
    _: Reader,
    session: Transaction,
    start: From = None,
    to: To = None,
    clinician_id: uuid.UUID | None = None,
    location_id: uuid.UUID | None = None,
    patient_id: uuid.UUID | None = None,
    lead_id: uuid.UUID | None = None,
    status: Annotated[list[Status] | None, Query(description="repeat for more; without: all of them")] = None,
    cursor: Cursor = None,
    limit: Many = 200,
) -> AppointmentPage:
    """By time: those with any time between `from` and `to`."""
    zone = await zone_of(session, location_id)
    wanted = queries.AppointmentFilter(
        moment(start, zone, name="from") if start else None,
        moment(to, zone, name="to", end=True) if to else None,
        clinician_id, location_id, patient_id, lead_id, tuple(status or ()),
    )  # fmt: skip
    items, more = cut(await queries.listed(session, wanted, moment_of(cursor), limit + 1), limit)
    people = [item.patient_id for item in items if item.patient_id]
    await audit.record(session, "appointments.viewed", "appointments", people)
    next_cursor = encode_cursor([items[-1].starts_at.isoformat(), items[-1].id]) if more else None
    return AppointmentPage(items=list(items), next_cursor=next_cursor)


async def _shown(session: AsyncSession, action: str, appointment_id: uuid.UUID) -> AppointmentOut:
    shown = await queries.whole(session, appointment_id)
    people = [shown.patient_id] if shown.patient_id else []
    await audit.record(session, action, f"appointment:{appointment_id}", people)
    return shown


def _wish(body: AppointmentIn | HoldIn, caller: Actor) -> Wish:
    source: Source = "api" if caller.kind == "api_key" else "staff"
    return Wish(
        body.appointment_type_id, body.clinician_id, body.location_id, body.starts_at, body.patient_id, body.lead_id,
        source=source,
    )  # fmt: skip


@router.post("/appointments", operation_id="bookAppointment", summary="Book", status_code=201)
async def book_appointment(
    body: AppointmentIn, caller: Writer, session: Transaction, idempotency_key: Key = None
) -> AppointmentOut:
    """409 `slot-taken` when somebody was quicker, `slot-unavailable` when the time is not open; both name free ones.

    An evaluation of a lead moves it along its path. With `override_reason` it is booked all the same, on record.
    """
    wish = replace(_wish(body, caller), note=body.note, hold_id=body.hold_id, override_reason=body.override_reason)
    create = partial(_made, session, wish)
    made, _ = await idempotency.once(session, caller.id, idempotency_key, body.model_dump_json().encode(), create)
    action = "appointment.booked_on_purpose" if body.override_reason else "appointment.booked"
    return await _shown(session, action, made)


async def _made(session: AsyncSession, wish: Wish) -> uuid.UUID:
    return (await booking.book(session, wish)).id


@router.post("/appointments/holds", operation_id="holdSlot", summary="Hold a time", status_code=201)
async def hold_slot(body: HoldIn, caller: Writer, session: Transaction, idempotency_key: Key = None) -> AppointmentOut:
    """Nobody else gets it for a few minutes; then it is free again by itself. Book it with `hold_id`."""

    async def create() -> uuid.UUID:
        return (await booking.hold(session, _wish(body, caller), timedelta(minutes=body.minutes))).id

    held, _ = await idempotency.once(session, caller.id, idempotency_key, body.model_dump_json().encode(), create)
    return await _shown(session, "appointment.held", held)


@router.delete("/appointments/holds/{hold_id}", operation_id="releaseHold", summary="Release a hold", status_code=204)
async def release_hold(hold_id: uuid.UUID, _: Writer, session: Transaction) -> None:
    """The time is free again."""
    await booking.release(session, hold_id)
    await audit.record(session, "appointment.released", f"appointment:{hold_id}")


@router.get("/appointments/{appointment_id}", operation_id="getAppointment", summary="One appointment")
async def get_appointment(appointment_id: uuid.UUID, _: Reader, session: Transaction) -> AppointmentOut:
    """With the names of everybody in it."""
    return await _shown(session, "appointment.viewed", appointment_id)


@router.get("/appointments/{appointment_id}/history", operation_id="listAppointmentHistory", summary="Its history")
async def list_history(appointment_id: uuid.UUID, _: Reader, session: Transaction) -> AppointmentHistory:
    """Newest first: who booked, moved, confirmed or canceled it, when and why."""
    shown = await booking.one(session, appointment_id)
    items = await queries.history(session, appointment_id)
    people = [shown.patient_id] if shown.patient_id else []
    await audit.record(session, "appointment.history_viewed", f"appointment:{appointment_id}", people)
    return AppointmentHistory(items=list(items))


@router.post("/appointments/{appointment_id}/reschedule", operation_id="rescheduleAppointment", summary="Move it")
async def reschedule_appointment(
    appointment_id: uuid.UUID, body: RescheduleIn, caller: Writer, session: Transaction, idempotency_key: Key = None
) -> AppointmentOut:
    """It keeps its id; its history says where it was. 409 as for booking; stale versions get 409, too."""

    async def move() -> uuid.UUID:
        moved = await booking.reschedule(
            session, appointment_id, starts_at=body.starts_at, version=body.version, clinician_id=body.clinician_id,
            location_id=body.location_id, type_id=body.appointment_type_id, reason=body.reason,
            override_reason=body.override_reason,
        )  # fmt: skip
        return moved.id

    request = f"{appointment_id}{body.model_dump_json()}".encode()
    await idempotency.once(session, caller.id, idempotency_key, request, move)
    return await _shown(session, "appointment.moved", appointment_id)


async def _changed(session: AsyncSession, action: str, appointment: Appointment) -> AppointmentOut:
    return await _shown(session, action, appointment.id)


@router.post("/appointments/{appointment_id}/confirm", operation_id="confirmAppointment", summary="They will come")
async def confirm_appointment(
    appointment_id: uuid.UUID, body: OutcomeIn, _: Writer, session: Transaction
) -> AppointmentOut:
    """The patient said so."""
    found = await booking.confirm(session, appointment_id, body.version)
    return await _changed(session, "appointment.confirmed", found)


@router.post("/appointments/{appointment_id}/cancel", operation_id="cancelAppointment", summary="Cancel it")
async def cancel_appointment(
    appointment_id: uuid.UUID, body: CancelIn, _: Writer, session: Transaction
) -> AppointmentOut:
    """Its time is free at once; `late_cancel` says that little time is left to fill it."""
    found = await outcomes.cancel(
        session, appointment_id, version=body.version, reason=body.reason, by_clinic=body.by_clinic
    )
    return await _changed(session, "appointment.canceled", found)


@router.post("/appointments/{appointment_id}/check-in", operation_id="checkInAppointment", summary="They are here")
async def check_in_appointment(
    appointment_id: uuid.UUID, body: OutcomeIn, _: Writer, session: Transaction
) -> AppointmentOut:
    """An evaluation completes the lead's first visit."""
    found = await outcomes.check_in(session, appointment_id, body.version)
    return await _changed(session, "appointment.checked_in", found)


@router.post("/appointments/{appointment_id}/no-show", operation_id="noShowAppointment", summary="They did not come")
async def no_show_appointment(
    appointment_id: uuid.UUID, body: OutcomeIn, _: Writer, session: Transaction
) -> AppointmentOut:
    """A missed evaluation begins the lead's recovery."""
    found = await outcomes.no_show(session, appointment_id, body.version)
    return await _changed(session, "appointment.no_show", found)


@router.post("/appointments/{appointment_id}/undo", operation_id="undoAppointment", summary="Noted by mistake")
async def undo_appointment(
    appointment_id: uuid.UUID, body: OutcomeIn, _: Writer, session: Transaction
) -> AppointmentOut:
    """Takes a check-in or no-show back: it is booked, as before, and an evaluation's lead is back where it was.

    409 when care has gone on since.
    """
    found = await outcomes.undo(session, appointment_id, body.version)
    return await _changed(session, "appointment.undone", found)
