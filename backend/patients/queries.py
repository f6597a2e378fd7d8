"""Read and find patients."""

import uuid
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.patients import service, words
from backend.patients.models import Coverage, Patient, PatientWord
from backend.patients.schemas import CoverageOut, PatientOut


async def whole(session: AsyncSession, patient_id: uuid.UUID) -> PatientOut:
    """A patient with coverages. Raises `NotFound`."""
    patient = await service.get(session, patient_id)
    rows = await session.scalars(
        select(Coverage)
        .where(Coverage.practice_id == practice_of(session), Coverage.patient_id == patient_id, Coverage.active)
        .order_by(Coverage.rank)
    )
    facts = {name: getattr(patient, name) for name in PatientOut.model_fields if name != "coverages"}
    return PatientOut(**facts, coverages=[CoverageOut.model_validate(row) for row in rows])


def display_name(patient: Patient) -> str:
    """`Ada B. Sample Jr.`"""
    middle = f"{patient.middle_name[0]}." if patient.middle_name else None
    return " ".join(part for part in (patient.first_name, middle, patient.last_name, patient.suffix) if part)


def age(dob: date | None, today: date) -> int | None:
    """Completed years."""
    if dob is None:
        return None
    return today.year - dob.year - ((today.month, today.day) < (dob.month, dob.day))


def found_by(practice_id: uuid.UUID, text: str) -> Select[Any]:
    """Ids of the patients who have, for every word of the query, a word that begins with it."""
    query = select(Patient.id).where(Patient.practice_id == practice_id)
    prefixes = words.prefixes_of(text)
    if not prefixes:
        return query.where(func.false())
    for prefix in prefixes:
        matching = select(PatientWord.patient_id).where(
            PatientWord.practice_id == practice_id,
            PatientWord.word >= prefix,
            PatientWord.word < prefix + "\U0010ffff",
        )
        query = query.where(Patient.id.in_(matching))
    return query
