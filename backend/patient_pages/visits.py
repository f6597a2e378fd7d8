"""The patient's own visit: which it is, when else it could be, booked, confirmed, moved, canceled by them."""

import uuid
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import case, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.problems import Conflict
from backend.identity.models import Location
from backend.identity.queries import practice
from backend.leads import service as leads
from backend.leads.models import Lead, ReferralOrder
from backend.patient_links import service as links
from backend.patient_pages.session import PatientSession
from backend.patient_pages.visit_schemas import (
    CancelVisit,
    ChosenTime,
    DayOut,
    OtherTime,
    PlaceOut,
    TimeOut,
    TimesOut,
    VisitOut,
    VisitPageOut,
)
from backend.scheduling import booking, outcomes, queries, slots
from backend.scheduling.appointment_models import OPEN, Appointment
from backend.scheduling.claiming import payer_of
from backend.scheduling.models import AppointmentType
from backend.scheduling.words import Slot, SlotQuery, Wish

LOOK_AHEAD: Final = timedelta(days=21)
REASONS: Final = {
    "sick": "Sick", "work": "Work", "ride": "No ride", "better": "Feels better", "other_clinic": "Goes elsewhere",
    "cost": "Cost", "other": "Another reason",
}  # fmt: skip


class NoVisit(Conflict):
    """There is nothing to confirm, move or cancel (any more)."""

    type = "no-visit"
    title = "No visit is booked"

    def __init__(self) -> None:
        super().__init__("There is no visit to change. Load the page again, or call the clinic.")


class NotBookable(Conflict):
    """The practice offers patients nothing to choose."""

    type = "not-bookable"
    title = "No visit can be booked here"

    def __init__(self) -> None:
        super().__init__("This clinic books first visits by phone. Call them.")


async def page(session: AsyncSession, patient: PatientSession) -> VisitPageOut:
    """The visit, or that one can be chosen."""
    found = await current(session, patient)
    can_choose = found is None and _may_book(patient) and await _type_id(session, patient) is not None
    return VisitPageOut(visit=await _shown(session, found.id) if found else None, can_choose=can_choose)


async def current(session: AsyncSession, patient: PatientSession) -> Appointment | None:
    """The visit this link is about: the one it names, or has booked; else the next one of its lead."""
    upcoming = case((Appointment.status.in_(OPEN) & (Appointment.ends_at > now()), 0), else_=1)
    named = case((Appointment.id == patient.ref_id, 0), else_=1) if patient.ref_id else upcoming
    query = (
        select(Appointment)
        .where(Appointment.practice_id == practice_of(session), Appointment.patient_id == patient.patient_id)
        .where(Appointment.status != "held", Appointment.lead_id == patient.lead_id)
        .order_by(named, upcoming, Appointment.starts_at.desc())
        .limit(1)
    )
    found = await session.scalar(query.execution_options(populate_existing=True))
    # An old visit that fell through is no reason not to choose a new one; one booked by this very link was its use.
    if found is not None and _may_book(patient) and found.status in {"canceled", "no_show"}:
        return None
    return found


def _may_book(patient: PatientSession) -> bool:
    """A link to choose a time is good for one visit."""
    return patient.purpose == "schedule" and not patient.used


async def times(session: AsyncSession, patient: PatientSession, start: date | None, day: date | None) -> TimesOut:
    """Days with free times from `start` on, and the times of `day` (else of the first one)."""
    query, zone = await _query(session, patient, start)
    found = await slots.search(session, query)
    days = [DayOut(date=on, count=count) for on, count in found.days.items()]
    chosen = day if day is not None else (days[0].date if days else None)
    on_day = [slot for slot in found.slots if _local(slot).date() == chosen]
    first = (start or now().astimezone(zone).date()) + LOOK_AHEAD
    return TimesOut(days=days, day=chosen, times=[_time(slot) for slot in on_day], later=first)


async def book(session: AsyncSession, patient: PatientSession, wanted: ChosenTime) -> uuid.UUID:
    """A first visit at this time. Raises what `booking.book` raises, and `NotBookable`."""
    if not _may_book(patient) or patient.lead_id is None:
        raise NotBookable
    await leads.locked(session, patient.lead_id)
    type_id = await _type_id(session, patient)
    if type_id is None:
        raise NotBookable
    wish = Wish(
        type_id, wanted.clinician_id, wanted.location_id, wanted.starts_at, patient.patient_id, patient.lead_id,
        source="patient", audience="patient",
    )  # fmt: skip
    appointment = await booking.book(session, wish)
    await links.use(session, patient.link_id, appointment.id)
    return appointment.id


async def confirm(session: AsyncSession, patient: PatientSession, version: int) -> None:
    """They will come. Raises `NoVisit`, or `StaleVersion` when the desk was faster."""
    await booking.confirm(session, (await _changeable(session, patient)).id, version)


async def move(session: AsyncSession, patient: PatientSession, wanted: OtherTime) -> uuid.UUID:
    """Another time. Raises `NoVisit` and what `booking.reschedule` raises."""
    found = await _changeable(session, patient)
    moved = await booking.reschedule(
        session, found.id, starts_at=wanted.starts_at, version=wanted.version, clinician_id=wanted.clinician_id,
        location_id=wanted.location_id, reason="Chosen by the patient", audience="patient",
    )  # fmt: skip
    await links.use(session, patient.link_id, moved.id)
    return moved.id


async def cancel(session: AsyncSession, patient: PatientSession, wanted: CancelVisit) -> None:
    """They will not come. Raises `NoVisit`, or `StaleVersion` when the desk was faster."""
    found = await _changeable(session, patient)
    await outcomes.cancel(session, found.id, version=wanted.version, reason=REASONS[wanted.reason])


async def shown(session: AsyncSession, patient: PatientSession) -> VisitPageOut:
    """The page after a change."""
    await session.flush()
    return await page(session, patient)


async def _changeable(session: AsyncSession, patient: PatientSession) -> Appointment:
    found = await current(session, patient)
    if found is None or found.status not in OPEN or found.starts_at <= now():
        raise NoVisit
    return found


async def _shown(session: AsyncSession, appointment_id: uuid.UUID) -> VisitOut:
    whole = await queries.whole(session, appointment_id)
    place = await session.get_one(Location, (practice_of(session), whole.location_id))
    facts = {name: getattr(whole, name) for name in VisitOut.model_fields if hasattr(whole, name)}
    return VisitOut(
        **facts, clinician=whole.clinician_name, can_change=whole.status in OPEN and whole.starts_at > now(),
        place=PlaceOut(name=place.name, address=place.address, phone=place.phone),
    )  # fmt: skip


async def _query(session: AsyncSession, patient: PatientSession, start: date | None) -> tuple[SlotQuery, ZoneInfo]:
    """The times this patient may choose from: for the visit they have, else for a first one."""
    found = await current(session, patient)
    movable = found if found is not None and found.status in OPEN else None
    type_id = movable.type_id if movable else await _type_id(session, patient)
    if type_id is None or (movable is None and not _may_book(patient)):
        raise NotBookable
    zone = ZoneInfo((await practice(session)).timezone)
    begin = max(now(), datetime.combine(start, time(), zone)) if start else now()
    location_id = movable.location_id if movable else await _location_id(session, patient)
    query = SlotQuery(
        type_id, begin, begin + LOOK_AHEAD, location_id, payer=await payer_of(session, patient.patient_id),
        preferred_clinician_id=movable.clinician_id if movable else None, audience="patient", one_per_time=True,
        ignore=movable.id if movable else None,
    )  # fmt: skip
    return query, zone


async def _location_id(session: AsyncSession, patient: PatientSession) -> uuid.UUID | None:
    lead = await session.get(Lead, (practice_of(session), patient.lead_id))
    return lead.location_id if lead else None


async def _type_id(session: AsyncSession, patient: PatientSession) -> uuid.UUID | None:
    """The evaluation patients may book themselves: of the order's discipline, else one of any."""
    practice_id = practice_of(session)
    ordered = await session.scalar(
        select(ReferralOrder.discipline)
        .where(ReferralOrder.practice_id == practice_id, ReferralOrder.lead_id == patient.lead_id)
        .where(ReferralOrder.discipline.is_not(None))
        .order_by(ReferralOrder.created_at.desc(), ReferralOrder.id.desc())
        .limit(1)
    )
    kinds = await session.scalars(
        select(AppointmentType)
        .where(AppointmentType.practice_id == practice_id, AppointmentType.kind == "evaluation")
        .where(AppointmentType.active, AppointmentType.self_schedulable)
        .order_by(AppointmentType.name, AppointmentType.id)
    )
    fitting = [kind for kind in kinds if kind.discipline in {None, ordered or "PT"}]
    fitting.sort(key=lambda kind: kind.discipline is None)
    return fitting[0].id if fitting else None


def _local(slot: Slot) -> datetime:
    return slot.starts_at.astimezone(ZoneInfo(slot.timezone))


def _time(slot: Slot) -> TimeOut:
    return TimeOut(
        starts_at=slot.starts_at, ends_at=slot.ends_at, clinician_id=slot.clinician_id, clinician=slot.clinician_name,
        location_id=slot.location_id, location=slot.location_name, timezone=slot.timezone,
    )  # fmt: skip
