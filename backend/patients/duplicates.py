"""Pairs of patients who may be one person: found after each change, remembered when a person says they are not."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import actor_of
from backend.core.clock import now
from backend.core.database import practice_of
from backend.patients import matching
from backend.patients.matching import Match
from backend.patients.models import Patient, PatientPair
from backend.patients.scoring import POSSIBLE


async def of_patient(session: AsyncSession, patient: Patient) -> list[Match]:
    """Who else this patient may be, best first, those ruled out by a person too."""
    identity = matching.identity_of(patient)
    members = await matching.member_ids(session, [patient.id])
    found: dict[uuid.UUID, Match] = {}
    for member in [*sorted(members.get(patient.id, ())), None][:4]:
        asked = matching.with_member(identity, member)
        for match in await matching.find(session, asked, but=patient.id, at_least=POSSIBLE, nameless=True):
            known = found.get(match.patient_id)
            found[match.patient_id] = match if known is None or match.score > known.score else known
    return sorted(found.values(), key=lambda match: (-match.score, match.patient_id))


async def refresh(session: AsyncSession, patient_id: uuid.UUID) -> list[uuid.UUID]:
    """Write the patient's pairs anew; returns everyone whose pairs changed. What a person ruled out stays so."""
    patient = await session.get(Patient, (practice_of(session), patient_id))
    if patient is None:
        return []
    matches = [] if patient.merged_into else await of_patient(session, patient)
    before = set(await session.scalars(_others(session, patient_id)))
    pairs = [(*sorted((patient_id, match.patient_id)), match.score) for match in sorted(
        matches, key=lambda match: match.patient_id)]  # fmt: skip
    for first, second, score in pairs:
        row = {"practice_id": patient.practice_id, "first_id": first, "second_id": second, "score": score,
               "found_at": now()}  # fmt: skip
        await session.execute(
            insert(PatientPair).values(row)
            .on_conflict_do_update(index_elements=["practice_id", "first_id", "second_id"], set_={"score": score})
        )  # fmt: skip
    after = {match.patient_id for match in matches}
    gone = _ours(session, patient_id) & PatientPair.dismissed_at.is_(None)
    kept = or_(PatientPair.first_id.in_(after), PatientPair.second_id.in_(after))
    await session.execute(delete(PatientPair).where(gone, ~kept))
    changed = before ^ after
    return [patient_id, *sorted(changed)] if changed else []


async def dismiss(session: AsyncSession, patient_id: uuid.UUID, other_id: uuid.UUID, score: float) -> None:
    """A person says: not the same. Remembered for this pair until taken back."""
    first, second = sorted((patient_id, other_id))
    told = {"dismissed_at": now(), "dismissed_by": actor_of(session).name}
    row = {"practice_id": practice_of(session), "first_id": first, "second_id": second, "score": score}
    await session.execute(
        insert(PatientPair).values({**row, **told, "found_at": now()})
        .on_conflict_do_update(index_elements=["practice_id", "first_id", "second_id"], set_=told)
    )  # fmt: skip


async def reconsider(session: AsyncSession, patient_id: uuid.UUID, other_id: uuid.UUID) -> None:
    """Take that back."""
    first, second = sorted((patient_id, other_id))
    await session.execute(
        update(PatientPair)
        .where(PatientPair.practice_id == practice_of(session))
        .where(PatientPair.first_id == first, PatientPair.second_id == second)
        .values(dismissed_at=None, dismissed_by=None)
    )


async def dismissed(session: AsyncSession, patient_id: uuid.UUID) -> dict[uuid.UUID, str]:
    """Who is known not to be this patient, and who said so."""
    rows = await session.scalars(
        select(PatientPair).where(_ours(session, patient_id), PatientPair.dismissed_at.is_not(None))
    )
    return {
        row.second_id if row.first_id == patient_id else row.first_id: row.dismissed_by or "" for row in rows
    }  # fmt: skip


def standing(practice_id: uuid.UUID, others: Select[Any]) -> Sequence[Select[Any]]:
    """Ids of patients paired with one of `others`, by either side of the pair, nobody having ruled it out."""
    pair = and_(PatientPair.practice_id == practice_id, PatientPair.dismissed_at.is_(None))
    return (
        select(PatientPair.first_id).where(pair, PatientPair.second_id.in_(others)),
        select(PatientPair.second_id).where(pair, PatientPair.first_id.in_(others)),
    )


def _others(session: AsyncSession, patient_id: uuid.UUID) -> CompoundSelect[Any]:
    pair = and_(PatientPair.practice_id == practice_of(session), PatientPair.dismissed_at.is_(None))
    return (
        select(PatientPair.second_id).where(pair, PatientPair.first_id == patient_id)
        .union(select(PatientPair.first_id).where(pair, PatientPair.second_id == patient_id))
    )  # fmt: skip


def _ours(session: AsyncSession, patient_id: uuid.UUID) -> ColumnElement[bool]:
    return and_(
        PatientPair.practice_id == practice_of(session),
        or_(PatientPair.first_id == patient_id, PatientPair.second_id == patient_id),
    )
