"""Visits, counted once each on what the payer approved."""

import uuid
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.insurance import authorizations, people
from backend.insurance.models import Authorization, CountedVisit
from backend.patients.models import Coverage


async def count_visit(
    session: AsyncSession, patient_id: uuid.UUID, visit_id: uuid.UUID, day: date, units: int | None = None
) -> None:
    """The patient came, on the clinic's `day`. The same visit (its appointment's id) is counted once, however often
    this is said."""
    await people.hold(session, patient_id)
    row = {
        "practice_id": practice_of(session), "visit_id": visit_id, "patient_id": patient_id, "day": day, "units": units,
    }  # fmt: skip
    written = await session.execute(
        insert(CountedVisit).values(row).on_conflict_do_nothing().returning(CountedVisit.visit_id)
    )
    if written.scalar() is not None:
        await _recount(session, patient_id)


async def uncount_visit(session: AsyncSession, patient_id: uuid.UUID, visit_id: uuid.UUID) -> None:
    """It was noted by mistake: the patient did not come."""
    await people.hold(session, patient_id)
    gone = await session.execute(
        delete(CountedVisit)
        .where(CountedVisit.practice_id == practice_of(session), CountedVisit.visit_id == visit_id)
        .where(CountedVisit.patient_id == patient_id)
        .returning(CountedVisit.visit_id)
    )
    if gone.scalar() is not None:
        await _recount(session, patient_id)


async def has_authorization(session: AsyncSession, patient_id: uuid.UUID) -> bool:
    """Whether counting visits can matter for this patient."""
    known = select(Authorization.id).where(
        Authorization.practice_id == practice_of(session), Authorization.patient_id == patient_id
    )
    return await session.scalar(known.limit(1)) is not None


async def counted(session: AsyncSession, patient_id: uuid.UUID) -> set[uuid.UUID]:
    """The visits of a patient that are counted."""
    rows = await session.scalars(
        select(CountedVisit.visit_id).where(
            CountedVisit.practice_id == practice_of(session), CountedVisit.patient_id == patient_id
        )
    )
    return set(rows)


async def _recount(session: AsyncSession, patient_id: uuid.UUID) -> None:
    await authorizations.recount(session, patient_id)
    await detect(session, patient_id)
    await people.changed(session, patient_id)


async def detect(session: AsyncSession, patient_id: uuid.UUID) -> None:
    """What the rules of the patient's payer say, now."""
    coverage = await session.scalar(
        select(Coverage).where(
            Coverage.practice_id == practice_of(session), Coverage.patient_id == patient_id, Coverage.active,
            Coverage.rank == "primary",
        )
    )  # fmt: skip
    if coverage is not None:
        await authorizations.detect(session, coverage)
