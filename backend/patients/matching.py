"""Is this the same person? Candidates with reasons; certain only on evidence that agrees and does not contradict.

Filing under a wrong patient is worse than asking a person, so twins, parents and children of one name, and
anything short of full name and date of birth stay uncertain. `scoring.py` says what each fact is worth.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.patients import names
from backend.patients.models import Coverage, Patient
from backend.patients.queries import display_name
from backend.patients.scoring import AGREES, DIFFERS, Person, Score, score

CANDIDATES = 50
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
    phone_alt: str | None = None
    sex: str | None = None
    email: str | None = None
    address: str | None = None

    @property
    def phones(self) -> frozenset[str]:
        """Every number given."""
        return frozenset(filter(None, (self.phone, self.phone_alt)))


@dataclass(frozen=True, slots=True)
class Match:
    """One known patient who may be meant. `score` 0-1 orders them; `certain` allows filing without a person."""

    patient_id: uuid.UUID
    display_name: str
    dob: date | None
    score: float
    certain: bool
    reasons: tuple[str, ...]
    facts: Score


async def find(
    session: AsyncSession, identity: Identity, *, but: uuid.UUID | None = None, at_least: float = LIKELY,
    nameless: bool = False,
) -> list[Match]:  # fmt: skip
    """Known patients who may be meant, best first; `but` is who asks. `nameless`: callers nobody knows yet too."""
    practice_id = practice_of(session)
    hints = _hints(practice_id, identity)
    if not hints:
        return []
    query = select(Patient).where(Patient.practice_id == practice_id, or_(*hints), Patient.merged_into.is_(None))
    if but is not None:
        query = query.where(Patient.id != but)
    rows = await session.scalars(query.order_by(Patient.id).limit(CANDIDATES))
    candidates = [row for row in rows if nameless or names.known(row.first_name, row.last_name)]
    return ranked(identity, candidates, await member_ids(session, [row.id for row in candidates]), at_least)


def ranked(
    identity: Identity, candidates: Iterable[Patient], members: Mapping[uuid.UUID, frozenset[str]],
    at_least: float = LIKELY,
) -> list[Match]:  # fmt: skip
    """Those who may be meant, best first."""
    matches = [compare(identity, row, members.get(row.id, frozenset())) for row in candidates]
    likely = [match for match in matches if match.score >= at_least]
    return _never_two(sorted(likely, key=lambda match: (-match.score, match.patient_id)))


def _hints(practice_id: uuid.UUID, identity: Identity) -> list[ColumnElement[bool]]:
    """What a candidate must have in common; every hint has an index."""
    hints: list[ColumnElement[bool]] = []
    if identity.dob is not None:
        hints.append(Patient.dob == identity.dob)
    for phone in sorted(identity.phones):
        hints += [Patient.phone == phone, Patient.phone_alt == phone]
    if identity.mrn:
        hints.append(Patient.mrn == identity.mrn)
    if identity.email:
        hints.append(Patient.email == identity.email)
    if identity.member_id:
        holders = select(Coverage.patient_id).where(
            Coverage.practice_id == practice_id, Coverage.member_id == identity.member_id
        )
        hints.append(Patient.id.in_(holders))
    if identity.last_name and identity.first_name and names.known(identity.first_name, identity.last_name):
        last, first = func.lower(Patient.last_name), func.lower(Patient.first_name)
        hints.append((last == identity.last_name.lower()) & (first == identity.first_name.lower()))
    return hints


def _never_two(matches: list[Match]) -> list[Match]:
    """Two certain matches contradict each other: none is."""
    if sum(match.certain for match in matches) <= 1:
        return matches
    return [
        Match(match.patient_id, match.display_name, match.dob, match.score, False, match.reasons, match.facts)
        for match in matches
    ]


async def member_ids(session: AsyncSession, patient_ids: list[uuid.UUID]) -> dict[uuid.UUID, frozenset[str]]:
    """By patient, every member ID they have."""
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
    found = score(person_of(identity), person_of_patient(patient, member_ids))
    certain = {"name", "dob"} <= set(found.agrees) and not found.differs
    reasons = [f"same {AGREES[fact]}" for fact in found.agrees] + [DIFFERS[each] for each in found.differs]
    return Match(patient.id, display_name(patient), patient.dob, found.value, certain, tuple(reasons), found)


def person_of(identity: Identity) -> Person:
    """As it is scored."""
    return Person(
        identity.first_name, identity.middle_name, identity.last_name, identity.suffix, identity.dob, identity.sex,
        identity.phones, identity.email, identity.address, identity.mrn,
        frozenset(filter(None, (identity.member_id,))),
    )  # fmt: skip


def person_of_patient(patient: Patient, member_ids: frozenset[str]) -> Person:
    """As it is scored."""
    return Person(
        patient.first_name, patient.middle_name, patient.last_name, patient.suffix, patient.dob, patient.sex,
        frozenset(filter(None, (patient.phone, patient.phone_alt))), patient.email, patient.address, patient.mrn,
        member_ids,
    )  # fmt: skip


def identity_of(patient: Patient) -> Identity:
    """A known patient, to find who else they may be."""
    return Identity(
        patient.first_name, patient.middle_name, patient.last_name, patient.suffix, patient.dob, patient.phone,
        mrn=patient.mrn, phone_alt=patient.phone_alt, sex=patient.sex, email=patient.email, address=patient.address,
    )  # fmt: skip


def as_json(found: Match) -> dict[str, Any]:
    """A match as it is kept and shown."""
    return {
        "patient_id": str(found.patient_id), "display_name": found.display_name,
        "dob": found.dob.isoformat() if found.dob else None, "score": found.score, "certain": found.certain,
        "reasons": list(found.reasons),
    }  # fmt: skip


def with_member(identity: Identity, member_id: str | None) -> Identity:
    """The same, holding this insurance."""
    return replace(identity, member_id=member_id)
