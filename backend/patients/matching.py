"""Is this the same person? Candidates with reasons; certain only on evidence that agrees and does not contradict.

Filing under a wrong patient is worse than asking a person, so twins, parents and children of one name, and
anything short of full name and date of birth stay uncertain.
"""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.patients.models import Coverage, Patient
from backend.patients.queries import display_name
from backend.patients.words import plain, split

CANDIDATES = 20
# Reached by two agreeing facts, not by a family's shared phone or a common name alone.
LIKELY = 0.4


@dataclass(frozen=True, slots=True)
class Identity:
    """What a document says of its patient."""

    first_name: str | None = None
    middle_name: str | None = None
    last_name: str | None = None
    suffix: str | None = None
    dob: date | None = None
    phone: str | None = None
    member_id: str | None = None
    mrn: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """One known patient who may be meant. `score` 0-1 orders them; `certain` allows filing without a person."""

    patient_id: uuid.UUID
    display_name: str
    dob: date | None
    score: float
    certain: bool
    reasons: tuple[str, ...]


async def find(session: AsyncSession, identity: Identity) -> list[Match]:
    """Known patients who may be meant, best first."""
    practice_id = practice_of(session)
    hints = []
    if identity.dob is not None:
        hints.append(Patient.dob == identity.dob)
    if identity.phone:
        hints += [Patient.phone == identity.phone, Patient.phone_alt == identity.phone]
    if identity.mrn:
        hints.append(Patient.mrn == identity.mrn)
    if identity.last_name and identity.first_name:
        last, first = func.lower(Patient.last_name), func.lower(Patient.first_name)
        hints.append((last == identity.last_name.lower()) & (first == identity.first_name.lower()))
    if not hints:
        return []
    rows = await session.scalars(
        select(Patient).where(Patient.practice_id == practice_id, or_(*hints)).order_by(Patient.id).limit(CANDIDATES)
    )
    candidates = list(rows)
    members = await _member_ids(session, [row.id for row in candidates])
    matches = [compare(identity, row, members.get(row.id, frozenset())) for row in candidates]
    likely = [match for match in matches if match.score >= LIKELY]
    return _never_two(sorted(likely, key=lambda match: (-match.score, match.patient_id)))


def _never_two(matches: list[Match]) -> list[Match]:
    """Two certain matches contradict each other: none is."""
    if sum(match.certain for match in matches) <= 1:
        return matches
    return [
        Match(match.patient_id, match.display_name, match.dob, match.score, False, match.reasons) for match in matches
    ]


async def _member_ids(session: AsyncSession, patient_ids: list[uuid.UUID]) -> dict[uuid.UUID, frozenset[str]]:
    rows = await session.execute(
        select(Coverage.patient_id, func.array_agg(Coverage.member_id))
        .where(
            Coverage.practice_id == practice_of(session),
            Coverage.patient_id.in_(patient_ids),
            Coverage.member_id.is_not(None),
        )
        .group_by(Coverage.patient_id)
    )
    return {patient_id: frozenset(filter(None, found)) for patient_id, found in rows}


def compare(identity: Identity, patient: Patient, member_ids: frozenset[str]) -> Match:
    """Weigh what agrees and what contradicts."""
    first, last = _same(identity.first_name, patient.first_name), _same(identity.last_name, patient.last_name)
    dob = None if identity.dob is None or patient.dob is None else identity.dob == patient.dob
    phone = _same(identity.phone, patient.phone) or _same(identity.phone, patient.phone_alt)
    member = None if not identity.member_id or not member_ids else identity.member_id in member_ids
    mrn = _same(identity.mrn, patient.mrn)
    agreements = {
        "same full name": bool(first and last),
        "same last name": bool(last and not first),
        "same date of birth": dob is True,
        "same phone": phone is True,
        "same member ID": member is True,
        "same record number": mrn is True,
    }
    contradictions = {
        "another first name": first is False,
        "another last name": last is False,
        "another date of birth": dob is False,
        "another middle name": _initials_differ(identity.middle_name, patient.middle_name),
        "another suffix": _same(identity.suffix, patient.suffix) is False,
    }
    reasons = [text for text, holds in (agreements | contradictions).items() if holds]
    contradicted = any(contradictions.values())
    certain = bool(first and last and dob) and not contradicted
    score = 0.45 * (dob is True) + 0.4 * bool(first and last) + 0.15 * bool(last and not first)
    score += 0.2 * (phone is True) + 0.2 * (member is True) + 0.3 * (mrn is True)
    score -= 0.1 * sum(contradictions.values())
    return Match(
        patient.id, display_name(patient), patient.dob, round(min(max(score, 0.0), 1.0), 2), certain, tuple(reasons)
    )


def as_json(found: Match) -> dict[str, Any]:
    """A match as it is kept and shown."""
    return {
        "patient_id": str(found.patient_id), "display_name": found.display_name,
        "dob": found.dob.isoformat() if found.dob else None, "score": found.score, "certain": found.certain,
        "reasons": list(found.reasons),
    }  # fmt: skip


def _same(one: str | None, other: str | None) -> bool | None:
    """None when either is unknown."""
    if not one or not other:
        return None
    return split(one) == split(other) or "".join(split(one)) == "".join(split(other))


def _initials_differ(one: str | None, other: str | None) -> bool:
    return bool(one and other and plain(one)[:1] != plain(other)[:1])
