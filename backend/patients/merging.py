"""Two records of one person become one, and can become two again (see `core/moving.py`)."""

import uuid
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import Base, practice_of
from backend.core.moving import Record
from backend.patients import service
from backend.patients.models import Coverage, Patient
from backend.patients.schemas import PatientFacts

# Written anew, or about the two records themselves.
NOT_MOVED: Final = frozenset({"patient_words", "patient_pairs", "coverages", "lead_merges"})


async def join(session: AsyncSession, record: Record, patient_id: uuid.UUID, into_id: uuid.UUID) -> None:
    """Everything of a person goes to another record of theirs. What that one does not know is filled in."""
    patient, into = await _both(session, patient_id, into_id)
    table = Base.metadata.tables["patients"]
    await record.watch(session, table, table.c.id.in_((patient.id, into.id)), together=())
    _complete(into, patient)
    await record.repoint(session, "patients", patient.id, into.id, but=NOT_MOVED)
    await _cover(session, record, patient.id, into.id)
    patient.merged_into = into.id
    await _written(session, patient, into)


async def reindex(session: AsyncSession, patient_id: uuid.UUID, into_id: uuid.UUID) -> None:
    """After the two are two again."""
    await _written(session, *await _both(session, patient_id, into_id))


async def _both(session: AsyncSession, patient_id: uuid.UUID, into_id: uuid.UUID) -> tuple[Patient, Patient]:
    found = {each: await service.get(session, each, for_update=True) for each in sorted((patient_id, into_id))}
    return found[patient_id], found[into_id]


async def _written(session: AsyncSession, patient: Patient, into: Patient) -> None:
    for person in (patient, into):
        person.version += 1
    await session.flush()
    for person in (patient, into):
        await service.index(session, person)
        await service.look_for_others(session, person.id)


def _complete(into: Patient, patient: Patient) -> None:
    for name in PatientFacts.model_fields:
        if getattr(into, name) is None:
            setattr(into, name, getattr(patient, name))
    if into.phone_alt is None and patient.phone != into.phone:
        into.phone_alt = patient.phone
    if into.phone_alt == into.phone:
        into.phone_alt = None


async def _cover(session: AsyncSession, record: Record, patient_id: uuid.UUID, into_id: uuid.UUID) -> None:
    """A coverage the other record has none of its rank of goes along; else its own stays in force."""
    practice_id, table = practice_of(session), Base.metadata.tables["coverages"]
    theirs = select(Coverage.rank).where(Coverage.practice_id == practice_id, Coverage.patient_id == into_id)
    missing = table.c.patient_id.__eq__(patient_id) & table.c.rank.not_in(theirs)
    await record.watch(session, table, missing)
    await session.execute(update(table).where(table.c.practice_id == practice_id, missing).values(patient_id=into_id))
