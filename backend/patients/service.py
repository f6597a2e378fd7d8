"""Make patients, change them, note what pays for their care."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import String, Uuid, cast, delete, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import practice_of, publish
from backend.core.ids import new_id
from backend.core.jobs import later
from backend.core.problems import NotFound
from backend.patients import words
from backend.patients.events import CoverageNoted
from backend.patients.models import Coverage, Patient, PatientWord
from backend.patients.schemas import PatientFacts
from backend.patients.words import split

COMPARE: Final = "patients.compare"


@dataclass(frozen=True, slots=True)
class CoverageFacts:
    """A payer as named on an order or card."""

    rank: str
    payer_name: str
    member_id: str | None = None
    group_number: str | None = None


async def create(session: AsyncSession, facts: PatientFacts) -> Patient:
    """Add a person."""
    patient = Patient(practice_id=practice_of(session), id=new_id(), **facts.model_dump())
    session.add(patient)
    await session.flush()
    await index(session, patient)
    await look_for_others(session, patient.id)
    return patient


async def create_many(session: AsyncSession, people: Sequence[Patient]) -> None:
    """Add people at once, in as many statements as for one. The caller has seen that nobody like them is known."""
    if not people:
        return
    practice_id = practice_of(session)
    columns = [column.key for column in Patient.__mapper__.column_attrs if column.key not in {"created_at", "version"}]
    await session.execute(insert(Patient), [{name: getattr(each, name) for name in columns} for each in people])
    found = [(word, each.id) for each in people for word in _words(each)]
    # One statement instead of a round for each of some ten words a person.
    of = (
        func.unnest(cast([word for word, _ in found], ARRAY(String)), cast([each for _, each in found], ARRAY(Uuid)))
        .table_valued("word", "patient_id")
        .render_derived(name="found")
    )
    words_of = select(literal(practice_id, Uuid), of.c.word, of.c.patient_id)
    await session.execute(insert(PatientWord).from_select(["practice_id", "word", "patient_id"], words_of))


async def get(session: AsyncSession, patient_id: uuid.UUID, *, for_update: bool = False) -> Patient:
    """One patient of this practice. Raises `NotFound`."""
    query = select(Patient).where(Patient.practice_id == practice_of(session), Patient.id == patient_id)
    if for_update:
        query = query.with_for_update().execution_options(populate_existing=True)
    patient = await session.scalar(query)
    if patient is None:
        raise NotFound("There is no such patient in this practice.")
    return patient


async def change(session: AsyncSession, patient_id: uuid.UUID, changes: dict[str, Any]) -> list[str]:
    """Set the given fields; returns the names of those that really changed."""
    patient = await get(session, patient_id, for_update=True)
    changed = [name for name, value in changes.items() if getattr(patient, name) != value]
    for name in changed:
        setattr(patient, name, changes[name])
    if changed:
        patient.version += 1
        await session.flush()
        await index(session, patient)
        await look_for_others(session, patient.id)
    return changed


async def complete(session: AsyncSession, patient_id: uuid.UUID, facts: PatientFacts) -> list[str]:
    """Fill only what is still unknown; what is known stays. Returns the names of what was filled."""
    patient = await get(session, patient_id, for_update=True)
    given = facts.model_dump(exclude_none=True)
    return await change(
        session, patient_id, {name: value for name, value in given.items() if getattr(patient, name) is None}
    )


async def cover(
    session: AsyncSession, patient_id: uuid.UUID, facts: Iterable[CoverageFacts], *, compared: bool = False
) -> None:
    """Note coverages a paper names: the one of its payer is completed, that of another payer takes its place.

    What a person has entered or verified keeps its place, and the other one is noted beside it, not active; unless
    somebody at the desk has `compared` the two: then the paper is right.
    """
    practice_id = practice_of(session)
    rows = await session.scalars(
        select(Coverage)
        .where(Coverage.practice_id == practice_id, Coverage.patient_id == patient_id)
        .order_by(Coverage.active.desc(), Coverage.created_at.desc(), Coverage.id.desc())
    )
    known = list(rows)
    for fact in facts:
        same = next((row for row in known if row.rank == fact.rank and _same_payer(row, fact)), None)
        if same is not None:
            await _complete(session, same, fact)
            if compared and not same.active:
                await _prefer(session, same, known)
            continue
        before = next((row for row in known if row.rank == fact.rank and row.active), None)
        entered = before is not None and (before.source != "fax" or before.verified_at is not None)
        contradicts = entered and not compared
        if before is not None and not contradicts:
            before.active, before.version = False, before.version + 1
            await session.flush()
        row = Coverage(
            practice_id=practice_id, id=new_id(), patient_id=patient_id, rank=fact.rank, payer_name=fact.payer_name,
            payer_said=fact.payer_name, member_id=fact.member_id, group_number=fact.group_number,
            active=not contradicts, source="fax", created_at=now(),
        )  # fmt: skip
        session.add(row)
        known.append(row)
        await session.flush()
        await publish(session, CoverageNoted(patient_id, row.id, contradicts))
    await look_for_others(session, patient_id)


def _same_payer(row: Coverage, fact: CoverageFacts) -> bool:
    if fact.member_id and row.member_id:
        return split(fact.member_id) == split(row.member_id)
    return any(split(fact.payer_name) == split(name) for name in (row.payer_name, row.payer_said) if name)


async def _complete(session: AsyncSession, row: Coverage, fact: CoverageFacts) -> None:
    """What is unknown is filled in."""
    given = {"member_id": fact.member_id, "group_number": fact.group_number}
    changed = {name: value for name, value in given.items() if value and getattr(row, name) is None}
    for name, value in changed.items():
        setattr(row, name, value)
    if changed:
        row.version += 1
        await session.flush()
        await publish(session, CoverageNoted(row.patient_id, row.id))


async def _prefer(session: AsyncSession, row: Coverage, known: Iterable[Coverage]) -> None:
    """It takes the place of the one in force."""
    for other in known:
        if other.rank == row.rank and other.active:
            other.active, other.version = False, other.version + 1
    await session.flush()
    row.active, row.version = True, row.version + 1
    await session.flush()
    await publish(session, CoverageNoted(row.patient_id, row.id))


async def look_for_others(session: AsyncSession, patient_id: uuid.UUID) -> None:
    """Once this is committed, see who else may be the same person (`duplicates.py`)."""
    await later(session, COMPARE, patient_id, key=str(new_id()))


async def index(session: AsyncSession, patient: Patient) -> None:
    """Write the words the patient is found by, those of who turned out to be the same person too."""
    of_patient = (PatientWord.practice_id == patient.practice_id) & (PatientWord.patient_id == patient.id)
    await session.execute(delete(PatientWord).where(of_patient))
    if patient.merged_into is not None:
        return
    same = select(Patient).where(Patient.practice_id == patient.practice_id, Patient.merged_into == patient.id)
    found = {word for person in (patient, *await session.scalars(same)) for word in _words(person)}
    rows = [{"practice_id": patient.practice_id, "word": word, "patient_id": patient.id} for word in sorted(found)]
    if rows:
        await session.execute(insert(PatientWord), rows)


def _words(patient: Patient) -> set[str]:
    return words.words_of(
        [patient.first_name, patient.middle_name, patient.last_name, patient.suffix],
        [patient.phone, patient.phone_alt],
        patient.dob,
        patient.mrn,
    )
