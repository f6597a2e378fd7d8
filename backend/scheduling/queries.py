"""Read appointments as pages show them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import within
from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.problems import NotFound
from backend.identity.models import Location
from backend.patients.models import Patient
from backend.patients.queries import display_name
from backend.scheduling.appointment_models import LANES, Appointment, AppointmentEvent
from backend.scheduling.models import AppointmentType, Clinician, Resource
from backend.scheduling.schemas import AppointmentEventOut, AppointmentOut
from backend.scheduling.words import Slot

COPIED = (
    "id", "version", "status", "starts_at", "ends_at", "busy_from", "busy_until", "location_id", "clinician_id",
    "patient_id", "lead_id", "resource_id", "source", "note", "override_reason", "hold_until", "late_cancel",
    "cancel_reason", "sequence", "created_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AppointmentFilter:
    """Which appointments; those with any time in [`start`, `end`)."""

    start: datetime | None = None
    end: datetime | None = None
    clinician_id: uuid.UUID | None = None
    location_id: uuid.UUID | None = None
    patient_id: uuid.UUID | None = None
    lead_id: uuid.UUID | None = None
    statuses: tuple[str, ...] = ()


def _rows(session: AsyncSession) -> Any:
    practice_id, row = practice_of(session), Appointment
    return (
        select(row, AppointmentType, Clinician, Location, Patient, Resource.name)
        .join(AppointmentType, and_(AppointmentType.practice_id == practice_id, AppointmentType.id == row.type_id))
        .join(Clinician, and_(Clinician.practice_id == practice_id, Clinician.id == row.clinician_id))
        .join(Location, and_(Location.practice_id == practice_id, Location.id == row.location_id))
        .outerjoin(Patient, and_(Patient.practice_id == practice_id, Patient.id == row.patient_id))
        .outerjoin(Resource, and_(Resource.practice_id == practice_id, Resource.id == row.resource_id))
        .where(row.practice_id == practice_id, within(session, "schedule:read", row.location_id))
        # A hold that ran out is gone, whether or not somebody has swept it away.
        .where(or_(row.hold_until.is_(None), row.hold_until > now()))
        .execution_options(populate_existing=True)
    )


def _out(
    row: Appointment, kind: AppointmentType, clinician: Clinician, location: Location, patient: Patient | None,
    resource: str | None,
) -> AppointmentOut:  # fmt: skip
    facts = {name: getattr(row, name) for name in COPIED}
    return AppointmentOut.model_validate(
        facts
        | {
            "appointment_type_id": kind.id, "appointment_type_name": kind.name, "kind": kind.kind,
            "virtual": kind.virtual, "timezone": location.timezone, "location_name": location.name,
            "clinician_name": clinician.name, "clinician_color": clinician.color,
            "patient_display_name": display_name(patient) if patient else None, "resource_name": resource,
            "double_booked": (row.lanes.lower or 0) >= LANES,
        }
    )  # fmt: skip


async def whole(session: AsyncSession, appointment_id: uuid.UUID) -> AppointmentOut:
    """One appointment. Raises `NotFound`."""
    await session.flush()
    found = (await session.execute(_rows(session).where(Appointment.id == appointment_id))).first()
    if found is None:
        raise NotFound("There is no such appointment in this practice.")
    return _out(*found)


async def listed(
    session: AsyncSession, wanted: AppointmentFilter, after: tuple[datetime, uuid.UUID] | None, limit: int
) -> list[AppointmentOut]:
    """By time, after a cursor of (starts_at, id)."""
    query = _rows(session)
    if wanted.start:
        query = query.where(Appointment.ends_at > wanted.start)
    if wanted.end:
        query = query.where(Appointment.starts_at < wanted.end)
    for name in ("clinician_id", "location_id", "patient_id", "lead_id"):
        if value := getattr(wanted, name):
            query = query.where(getattr(Appointment, name) == value)
    if wanted.statuses:
        query = query.where(Appointment.status.in_(wanted.statuses))
    if after:
        query = query.where(tuple_(Appointment.starts_at, Appointment.id) > after)
    rows = await session.execute(query.order_by(Appointment.starts_at, Appointment.id).limit(limit))
    return [_out(*row) for row in rows]


async def history(session: AsyncSession, appointment_id: uuid.UUID) -> Sequence[AppointmentEventOut]:
    """Newest first."""
    query = select(AppointmentEvent).where(
        AppointmentEvent.practice_id == practice_of(session), AppointmentEvent.appointment_id == appointment_id
    )
    rows = await session.scalars(query.order_by(AppointmentEvent.at.desc(), AppointmentEvent.id.desc()))
    return [
        AppointmentEventOut(
            id=row.id, kind=_literal(row.kind), at=row.at, actor=row.actor_name, reason=row.reason, detail=row.detail
        )
        for row in rows
    ]


def _literal(value: str) -> Any:
    """The table's CHECK keeps the value inside the literal."""
    return value


def slot_of(shown: AppointmentOut) -> Slot:
    """The time of an appointment, as if it were free."""
    return Slot(
        shown.appointment_type_id, shown.clinician_id, shown.clinician_name, shown.location_id, shown.location_name,
        shown.timezone, shown.starts_at, shown.ends_at,
    )  # fmt: skip
