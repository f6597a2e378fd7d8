"""An appointment of the EMR: made, moved, ended here as it is there. The EMR's word counts, whatever the rules say."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.problems import Problem
from backend.lead_capture.emr import people, visits, writing
from backend.lead_capture.emr.directory import Directory, plain
from backend.lead_capture.emr.visits import Said
from backend.lead_capture.emr.words import moment
from backend.lead_capture.imports.done import Done
from backend.leads import service as leads
from backend.patients import service as patients
from backend.patients.matching import Identity
from backend.patients.models import Patient
from backend.patients.pool import Pool, made
from backend.scheduling import booking, outcomes
from backend.scheduling.appointment_models import OPEN, Appointment
from backend.scheduling.errors import EvaluationBooked
from backend.scheduling.models import AppointmentType
from backend.scheduling.words import Wish

WHY: Final = "It is so in the EMR"
DELETED: Final = "No longer in the EMR"
KINDS: Final = {"evaluation": "evaluation", "reevaluation": "evaluation"}
NO_CLINICIAN: Final = "no clinician of this name"
NO_CLINIC: Final = "no clinic of this name, or the clinician works at several: name the clinic"
NO_TYPE: Final = "no kind of appointment like this"
NOT_KNOWN: Final = "not known here, and over"
OVER: Final = "already over: import it as a visit"
NO_NUMBER: Final = "appointment number missing"


@dataclass(frozen=True, slots=True)
class Planned:
    """An appointment as the EMR says it. `state`: `to_come`, or what became of it."""

    person: Identity
    external_id: str
    day: date
    at: time | None
    state: str
    kind: str = "treatment"
    called: str | None = None
    clinician: str | None = None
    clinic: str | None = None
    reason: str | None = None


async def take(
    session: AsyncSession, said: Planned, directory: Directory, source: str, *, dry: bool = False,
    decided: people.Whose | None = None, remembered: uuid.UUID | None = None,
) -> Done:  # fmt: skip
    """One appointment. Raises nothing a row could be wrong by; refusals of the product are told."""
    pool = await Pool.load(session, [said.person])
    who = decided or people.whose(pool, said.person, remembered)
    if who.asked:
        return Done("asked", who.detail, who.patient_id)
    if who.patient_id is None and not who.new:
        return Done("failed", who.detail)
    try:
        async with session.begin_nested():
            return await _settled(session, said, directory, source, who, dry=dry)
    except EvaluationBooked:
        return Done("failed", "another evaluation is booked for this patient", who.patient_id)
    except Problem as problem:
        return Done("failed", problem.detail, who.patient_id)


async def _settled(
    session: AsyncSession, said: Planned, directory: Directory, source: str, who: people.Whose, *, dry: bool
) -> Done:
    known = await _known(session, said.external_id)
    if known is not None and known.patient_id != who.patient_id:
        return Done("failed", "this appointment number belongs to another patient", who.patient_id)
    zone = directory.zone(directory.clinic(said.clinic) or (known.location_id if known else None))
    starts_at = moment(said.day, said.at, zone)
    if known is None and who.patient_id is not None:
        known = await _ours(session, who.patient_id, starts_at, directory)
    if said.state != "to_come":
        return await _ended(session, said, known, who, directory, source, dry=dry)
    if known is not None and known.status in OPEN:
        return await _moved(session, said, known, directory, starts_at, dry=dry)
    if known is not None and known.status in {"checked_in", "no_show"}:
        return Done("skipped", "has taken place already", known.patient_id, known.lead_id)
    if starts_at < now():
        return Done("skipped", OVER, who.patient_id)
    return await _made(session, said, directory, starts_at, who, known, dry=dry)


async def _known(session: AsyncSession, external_id: str) -> Appointment | None:
    return await session.scalar(
        select(Appointment)
        .where(Appointment.practice_id == practice_of(session), Appointment.external_id == external_id)
        .execution_options(populate_existing=True)
    )


async def _ours(
    session: AsyncSession, patient_id: uuid.UUID, starts_at: datetime, directory: Directory
) -> Appointment | None:
    """One booked here and entered in the EMR, which tells it back: the only one that day."""
    rows = await session.scalars(
        select(Appointment)
        .where(Appointment.practice_id == practice_of(session), Appointment.patient_id == patient_id)
        .where(Appointment.status.in_(OPEN), Appointment.external_id.is_(None))
        .where(Appointment.starts_at.between(starts_at - timedelta(days=1), starts_at + timedelta(days=1)))
    )
    found = []
    for row in rows:
        zone = directory.zone(row.location_id)
        if row.starts_at.astimezone(zone).date() == starts_at.astimezone(zone).date():
            found.append(row)
    return found[0] if len(found) == 1 else None


async def _ended(
    session: AsyncSession, said: Planned, known: Appointment | None, who: people.Whose, directory: Directory,
    source: str, *, dry: bool,
) -> Done:  # fmt: skip
    if known is None:
        if said.state in {"attended", "no_show", "late_cancel"} and said.day <= now().date():
            return await _as_visit(session, said, who, directory, source, dry=dry)
        return Done("skipped", NOT_KNOWN, who.patient_id)
    was = {"attended": "checked_in", "no_show": "no_show"}.get(said.state, "canceled")
    if known.status == was or (known.status not in OPEN and was != "checked_in"):
        return Done("skipped", "known already", known.patient_id, known.lead_id)
    if not dry:
        known.external_id = said.external_id
        await session.flush()
        if said.state == "attended":
            await outcomes.check_in(session, known.id)
        elif said.state == "no_show":
            await outcomes.no_show(session, known.id)
        else:
            by_clinic = said.state == "clinic_canceled"
            await outcomes.cancel(session, known.id, reason=said.reason or WHY, by_clinic=by_clinic)
    return Done("updated", None, known.patient_id, known.lead_id)


async def _as_visit(
    session: AsyncSession, said: Planned, who: people.Whose, directory: Directory, source: str, *, dry: bool
) -> Done:
    visit = Said(
        said.person, said.day, said.at, said.state, said.kind, said.external_id, None, said.clinician, said.clinic
    )
    known = [who.patient_id] if who.patient_id else []
    batch = await visits.load(session, [visit], directory, source, dry=dry, known=known)
    done = await visits.take(batch, visit, who)
    await writing.write(batch)
    return done


async def _moved(
    session: AsyncSession, said: Planned, known: Appointment, directory: Directory, starts_at: datetime, *, dry: bool
) -> Done:
    """Time, clinician and clinic as the EMR has them; what it does not say stays."""
    clinician = directory.clinician(said.clinician) or known.clinician_id
    clinic = directory.clinic(said.clinic) if said.clinic else None
    place = clinic or (known.location_id if clinician == known.clinician_id else _place(directory, clinician, None))
    same = (known.starts_at, known.clinician_id, known.location_id) == (starts_at, clinician, place)
    fresh = known.external_id != said.external_id
    if same and not fresh:
        return Done("skipped", "known already", known.patient_id, known.lead_id)
    if not dry:
        known.external_id = said.external_id
        await session.flush()
        if not same:
            await booking.reschedule(
                session, known.id, starts_at=starts_at, clinician_id=clinician, location_id=place,
                reason=said.reason, override_reason=WHY,
            )  # fmt: skip
    return Done("updated", None, known.patient_id, known.lead_id)


async def _made(
    session: AsyncSession, said: Planned, directory: Directory, starts_at: datetime, who: people.Whose,
    before: Appointment | None, *, dry: bool,
) -> Done:  # fmt: skip
    clinician = directory.clinician(said.clinician)
    if clinician is None:
        return Done("failed", NO_CLINICIAN, who.patient_id)
    place = _place(directory, clinician, said.clinic)
    if place is None:
        return Done("failed", NO_CLINIC, who.patient_id)
    kind = _type(directory, said)
    if kind is None:
        return Done("failed", NO_TYPE, who.patient_id)
    if dry:
        return Done("created", None, who.patient_id)
    patient_id = who.patient_id or (await _somebody_new(session, said)).id
    lead = await leads.open_lead_of(session, patient_id)
    if before is not None:
        # Canceled, and booked once more under its number.
        before.external_id = None
        await session.flush()
    wish = Wish(
        kind.id, clinician, place, starts_at, patient_id, lead.id if lead else None, source="import",
        override_reason=WHY,
    )  # fmt: skip
    appointment = await booking.book(session, wish)
    appointment.external_id = said.external_id
    await session.flush()
    return Done("created", None, patient_id, appointment.lead_id)


async def _somebody_new(session: AsyncSession, said: Planned) -> Patient:
    patient = made(practice_of(session), said.person)
    await patients.create_many(session, [patient])
    return patient


def _place(directory: Directory, clinician: uuid.UUID, named: str | None) -> uuid.UUID | None:
    if named:
        return directory.clinic(named)
    works_at = directory.works_at.get(clinician, [])
    return works_at[0] if len(works_at) == 1 else None


def _type(directory: Directory, said: Planned) -> AppointmentType | None:
    """By its name, else the first of its kind."""
    active = [kind for kind in directory.types if kind.active]
    named = [kind for kind in active if said.called and plain(kind.name) == plain(said.called)]
    wanted = KINDS.get(said.kind, "follow_up")
    return next(iter(named or [kind for kind in active if kind.kind == wanted]), None)
