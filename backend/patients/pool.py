"""Who is meant by many rows at once: everybody who shares something with any of them, read in two statements."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, String, any_, cast, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.ids import new_id
from backend.patients import names
from backend.patients.matching import CANDIDATES, LIKELY, Identity, Match, member_ids, ranked
from backend.patients.models import Coverage, Patient
from backend.patients.words import split

Key = tuple[str, object]


class Pool:
    """Known patients by what is compared. Who is made meanwhile is added, so that two rows of one person meet."""

    def __init__(self) -> None:
        self._by_key: dict[Key, dict[uuid.UUID, Patient]] = defaultdict(dict)
        self._members: dict[uuid.UUID, frozenset[str]] = {}
        self._merged: dict[uuid.UUID, uuid.UUID] = {}

    @classmethod
    async def load(cls, session: AsyncSession, identities: Sequence[Identity]) -> "Pool":
        """Everybody who may be meant by one of these, as far as `POSSIBLE` asks."""
        pool, ours = cls(), practice_of(session)
        hints = _hints(ours, identities)
        if not hints:
            return pool
        rows = list(await session.scalars(select(Patient).where(Patient.practice_id == ours, or_(*hints))))
        members = await member_ids(session, [row.id for row in rows])
        for row in rows:
            pool.add(row, members.get(row.id, frozenset()))
        return pool

    def add(self, patient: Patient, members: frozenset[str] = frozenset()) -> None:
        """Known from now on."""
        if patient.merged_into is not None:
            self._merged[patient.id] = patient.merged_into
        self._members[patient.id] = members
        for key in _keys_of_patient(patient, members):
            self._by_key[key][patient.id] = patient

    def find(self, identity: Identity, at_least: float = LIKELY) -> list[Match]:
        """As `matching.find` says, of those loaded."""
        found: dict[uuid.UUID, Patient] = {}
        for key in _keys(identity):
            found |= self._by_key.get(key, {})
        candidates = [
            found[row_id] for row_id in sorted(found)
            if found[row_id].merged_into is None and names.known(found[row_id].first_name, found[row_id].last_name)
        ]  # fmt: skip
        return ranked(identity, candidates[:CANDIDATES], self._members, at_least)

    def of_record(self, mrn: str) -> list[Patient]:
        """Who has this record number; whoever was merged is the person they turned out to be."""
        return list(self._by_key.get(("mrn", tuple(split(mrn))), {}).values())

    def born_on(self, dob: date) -> list[Patient]:
        """Who has this date of birth."""
        return list(self._by_key.get(("dob", dob), {}).values())

    def standing(self, patient_id: uuid.UUID) -> uuid.UUID:
        """The person this one turned out to be."""
        while (into := self._merged.get(patient_id)) is not None:
            patient_id = into
        return patient_id


FACTS: Final = (
    "first_name", "middle_name", "last_name", "suffix", "dob", "sex", "phone", "phone_alt", "email", "address", "mrn",
)  # fmt: skip


def made(practice_id: uuid.UUID, of: Any) -> Patient:
    """Somebody new, to be stored with others; `of` has the facts by name."""
    facts = {name: getattr(of, name) for name in FACTS}
    return Patient(practice_id=practice_id, id=new_id(), merged_into=None, version=1, created_at=now(), **facts)


def _keys(identity: Identity) -> list[Key]:
    found: list[Key] = [("phone", phone) for phone in identity.phones]
    if identity.dob is not None:
        found.append(("dob", identity.dob))
    if identity.mrn:
        found.append(("mrn", tuple(split(identity.mrn))))
    if identity.email:
        found.append(("email", identity.email))
    if identity.member_id:
        found.append(("member", identity.member_id))
    return [*found, *(("name", called) for called in _called(identity))]


def _called(identity: Identity) -> list[tuple[str, str]]:
    if identity.last_name and identity.first_name and names.known(identity.first_name, identity.last_name):
        return [(identity.last_name.lower(), identity.first_name.lower())]
    return []


def _keys_of_patient(patient: Patient, members: Iterable[str]) -> list[Key]:
    of = Identity(
        patient.first_name, None, patient.last_name, None, patient.dob, patient.phone, mrn=patient.mrn,
        phone_alt=patient.phone_alt, email=patient.email,
    )  # fmt: skip
    return [*_keys(of), *(("member", each) for each in members)]


def _hints(practice_id: uuid.UUID, identities: Sequence[Identity]) -> list[ColumnElement[bool]]:
    texts = ARRAY(String())

    def given(name: str) -> list[Any]:
        return sorted({value for each in identities if (value := getattr(each, name))}, key=str)

    hints: list[ColumnElement[bool]] = []
    if dobs := given("dob"):
        hints.append(Patient.dob.in_(dobs))
    if phones := sorted({phone for each in identities for phone in each.phones}):
        hints += [column == any_(cast(phones, texts)) for column in (Patient.phone, Patient.phone_alt)]
    for column, name in ((Patient.mrn, "mrn"), (Patient.email, "email")):
        if values := given(name):
            hints.append(column == any_(cast(values, texts)))
    if members := given("member_id"):
        held = select(Coverage.patient_id).where(Coverage.practice_id == practice_id)
        hints.append(Patient.id.in_(held.where(Coverage.member_id == any_(cast(members, texts)))))
    # A name alone is too little: only with an address it may be enough. Compared as one text, because a list of texts
    # is looked up by its hash and a list of pairs is gone through.
    called = sorted({f"{last}|{first}" for each in identities if each.address for last, first in _called(each)})
    if called:
        as_one: ColumnElement[str] = func.concat(func.lower(Patient.last_name), "|", func.lower(Patient.first_name))
        hints.append(as_one == any_(cast(called, texts)))
    return hints
