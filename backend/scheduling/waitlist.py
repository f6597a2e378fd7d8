"""Who would come sooner: put on the list, found when a time falls free, by priority and then by who came first."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, not_, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import actor_of, within
from backend.core.clock import now
from backend.core.database import LiveEvent, practice_of, tell_live
from backend.core.ids import new_id
from backend.core.problems import Conflict, Invalid, NotFound, StaleVersion
from backend.identity.models import Location
from backend.leads import service as leads
from backend.patients import service as patients
from backend.patients.models import Patient
from backend.scheduling.appointment_models import OPEN, Appointment, WaitlistEntry
from backend.scheduling.grid import MINUTES, Grid, tick_of
from backend.scheduling.material import type_of
from backend.scheduling.models import AppointmentType, Clinician
from backend.scheduling.setup import known
from backend.scheduling.wishes import in_windows
from backend.scheduling.words import Slot, Window

MOST = 20


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who could take a time, and the later appointment they would give up for it."""

    entry: WaitlistEntry
    patient: Patient
    appointment: Appointment | None


async def add(session: AsyncSession, facts: dict[str, Any]) -> WaitlistEntry:
    """Put somebody on the list. Raises `Conflict` when they wait for this type already."""
    await _checked(session, facts)
    if facts.get("lead_id"):
        lead = await leads.locked(session, facts["lead_id"], permission="schedule:write")
        if facts.get("patient_id") not in {None, lead.patient_id}:
            raise Invalid("The lead is another patient's.", errors=[("/patient_id", "not the lead's patient")])
        facts["patient_id"] = lead.patient_id
    elif facts.get("patient_id"):
        await patients.get(session, facts["patient_id"])
    else:
        raise Invalid("Say who waits.", errors=[("/patient_id", "required without lead_id")])
    await _expire(session, facts["patient_id"])
    row = {"practice_id": practice_of(session), "id": new_id(), "created_at": now(), "state": "waiting", **facts}
    written = await session.scalar(
        insert(WaitlistEntry).values(row).on_conflict_do_nothing().returning(WaitlistEntry.id)
    )
    if written is None:
        raise Conflict("This patient waits for this kind of visit already. Change that entry.")
    entry = await one(session, written)
    _tell(session, entry)
    return entry


async def _expire(session: AsyncSession, patient_id: uuid.UUID) -> None:
    """What ran out makes room for what they wish now."""
    await session.execute(
        update(WaitlistEntry)
        .where(WaitlistEntry.practice_id == practice_of(session), WaitlistEntry.patient_id == patient_id)
        .where(WaitlistEntry.state == "waiting", WaitlistEntry.expires_on < now().date())
        .values(state="expired", version=WaitlistEntry.version + 1)
    )


async def came(session: AsyncSession, appointment: Appointment) -> None:
    """Who was here for such a visit does not wait for it any longer."""
    query = select(WaitlistEntry).where(
        WaitlistEntry.practice_id == practice_of(session), WaitlistEntry.patient_id == appointment.patient_id,
        WaitlistEntry.type_id == appointment.type_id, WaitlistEntry.state == "waiting",
    )  # fmt: skip
    for entry in await session.scalars(query.with_for_update()):
        entry.state, entry.appointment_id = "filled", appointment.id
        await _touched(session, entry)


async def one(session: AsyncSession, entry_id: uuid.UUID, *, lock: bool = False) -> WaitlistEntry:
    """One entry. Raises `NotFound`."""
    query = select(WaitlistEntry).where(
        WaitlistEntry.practice_id == practice_of(session), WaitlistEntry.id == entry_id,
        within(session, "schedule:write" if lock else "schedule:read", WaitlistEntry.location_id),
    )  # fmt: skip
    found = await session.scalar((query.with_for_update() if lock else query).execution_options(populate_existing=True))
    if found is None:
        raise NotFound("There is no such waitlist entry in this practice.")
    return found


async def change(session: AsyncSession, entry_id: uuid.UUID, version: int, facts: dict[str, Any]) -> WaitlistEntry:
    """What they wish; whose it is stays. Raises `StaleVersion`."""
    await _checked(session, facts)
    entry = await one(session, entry_id, lock=True)
    if entry.version != version:
        raise StaleVersion(entry.version)
    if entry.state != "waiting":
        raise Conflict("They do not wait any longer. Put them on the list again.")
    for name, value in facts.items():
        setattr(entry, name, value)
    await _touched(session, entry)
    return entry


async def remove(session: AsyncSession, entry_id: uuid.UUID) -> WaitlistEntry:
    """They do not wait any longer."""
    entry = await one(session, entry_id, lock=True)
    if entry.state == "waiting":
        entry.state = "removed"
        await _touched(session, entry)
    return entry


async def filled(session: AsyncSession, entry_id: uuid.UUID, appointment_id: uuid.UUID) -> WaitlistEntry:
    """A time that fell free is theirs."""
    entry = await one(session, entry_id, lock=True)
    entry.state, entry.appointment_id = "filled", appointment_id
    await _touched(session, entry)
    return entry


async def candidates(session: AsyncSession, slot: Slot, limit: int = MOST) -> list[Candidate]:
    """Who waits for such a time: by priority, then by who has waited longest. Not who has a visit sooner than that."""
    practice_id, row = practice_of(session), WaitlistEntry
    local = slot.starts_at.astimezone(ZoneInfo(slot.timezone)).date()
    query = (
        select(row, Patient)
        .join(Patient, and_(Patient.practice_id == practice_id, Patient.id == row.patient_id))
        .where(row.practice_id == practice_id, row.state == "waiting", row.type_id == slot.type_id)
        .where(or_(row.location_id.is_(None), row.location_id == slot.location_id))
        .where(or_(row.clinician_id.is_(None), row.clinician_id == slot.clinician_id))
        .where(or_(row.earliest.is_(None), row.earliest <= local))
        .where(or_(row.expires_on.is_(None), row.expires_on >= _today(slot)))
        .order_by(row.priority.desc(), row.created_at, row.id)
    )
    kind = await type_of(session, slot.type_id)
    waiting = [
        (entry, patient)
        for entry, patient in await session.execute(query)
        if not entry.windows or suits(slot, _windows(entry), kind)
    ]
    later = await _visits(session, [patient.id for _, patient in waiting], slot)
    found = [Candidate(entry, patient, later.get(patient.id)) for entry, patient in waiting]
    return [one for one in found if one.appointment is None or one.appointment.starts_at > slot.starts_at][:limit]


def suits(slot: Slot, windows: tuple[Window, ...], kind: AppointmentType) -> bool:
    """Whether the visit lies inside one of the windows."""
    zone, day = ZoneInfo(slot.timezone), timedelta(days=1)
    grid = Grid.over(slot.starts_at - day, slot.ends_at + day)
    return bool(in_windows(grid, zone, windows, kind.minutes // MINUTES) >> (tick_of(slot.starts_at) - grid.base) & 1)


async def listed(
    session: AsyncSession, *, location_id: uuid.UUID | None = None, lead_id: uuid.UUID | None = None,
    only: uuid.UUID | None = None, state: str = "waiting", limit: int = 200,
) -> list[tuple[WaitlistEntry, Patient, AppointmentType, str | None, str | None]]:  # fmt: skip
    """In the order in which they would be asked."""
    practice_id, row = practice_of(session), WaitlistEntry
    query = (
        select(row, Patient, AppointmentType, Location.name, Clinician.name)
        .join(Patient, and_(Patient.practice_id == practice_id, Patient.id == row.patient_id))
        .join(AppointmentType, and_(AppointmentType.practice_id == practice_id, AppointmentType.id == row.type_id))
        .outerjoin(Location, and_(Location.practice_id == practice_id, Location.id == row.location_id))
        .outerjoin(Clinician, and_(Clinician.practice_id == practice_id, Clinician.id == row.clinician_id))
        .where(row.practice_id == practice_id, *(() if only else _in_state(state)))
        .where(within(session, "schedule:read", row.location_id))
        .order_by(row.priority.desc(), row.created_at, row.id)
        .limit(limit)
    )
    if location_id:
        query = query.where(or_(row.location_id == location_id, row.location_id.is_(None)))
    if lead_id:
        query = query.where(row.lead_id == lead_id)
    if only:
        query = query.where(row.id == only)
    return [(*found,) for found in await session.execute(query)]


def _in_state(state: str) -> tuple[Any, ...]:
    """What ran out is expired, whether or not somebody has noted it."""
    row = WaitlistEntry
    over = and_(row.state == "waiting", func.coalesce(row.expires_on < now().date(), False))
    if state == "expired":
        return (or_(row.state == "expired", over),)
    return (row.state == state, not_(over)) if state == "waiting" else (row.state == state,)


async def _visits(session: AsyncSession, people: list[uuid.UUID], slot: Slot) -> dict[uuid.UUID, Appointment]:
    """Each patient's next visit of this type."""
    row = Appointment
    query = select(row).where(
        row.practice_id == practice_of(session), row.patient_id.in_(people), row.type_id == slot.type_id,
        row.status.in_(OPEN), row.ends_at > now(),
    )  # fmt: skip
    found: dict[uuid.UUID, Appointment] = {}
    for visit in await session.scalars(query.order_by(row.starts_at.desc())):
        if visit.patient_id:
            found[visit.patient_id] = visit
    return found


async def _checked(session: AsyncSession, facts: dict[str, Any]) -> None:
    if facts.get("expires_on") and facts["expires_on"] < now().date():
        raise Invalid("They would not wait a single day.", errors=[("/expires_on", "is past")])
    for name, table in (("type_id", AppointmentType), ("location_id", Location), ("clinician_id", Clinician)):
        if facts.get(name):
            await known(session, table, [facts[name]], f"/{name.replace('type_id', 'appointment_type_id')}")


async def _touched(session: AsyncSession, entry: WaitlistEntry) -> None:
    entry.version += 1
    await session.flush()
    _tell(session, entry)


def _tell(session: AsyncSession, entry: WaitlistEntry) -> None:
    event = LiveEvent("waitlist.changed", str(entry.id), entry.version, actor_of(session).mutation_id)
    tell_live(session, [event])


def _windows(entry: WaitlistEntry) -> tuple[Window, ...]:
    return tuple((day, start, end) for day, start, end in entry.windows)


def _today(slot: Slot) -> date:
    return now().astimezone(ZoneInfo(slot.timezone)).date()
