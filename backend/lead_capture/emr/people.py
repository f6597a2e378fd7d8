"""Whose row it is: by record number and nothing against it, else by full name and date of birth. Never by likeness."""

import uuid
from dataclasses import dataclass

from backend.patients.matching import Identity, compare
from backend.patients.pool import Pool
from backend.patients.scoring import POSSIBLE

OTHER: "frozenset[str]" = frozenset({"first_name", "last_name", "dob", "suffix", "sex"})
TWO = "two patients have this record number: merge them first"
CONTRADICTS = "this record number is that of somebody with another name or date of birth"
NOBODY = "nobody has this record number: import the patients first, or give name and date of birth"
NAMELESS = "neither a record number nor name and date of birth"


# What a person can tell by looking.
UNCLEAR = frozenset({TWO, CONTRADICTS, NOBODY, NAMELESS})


@dataclass(frozen=True, slots=True)
class Whose:
    """A patient; perhaps one (`asked`, with the reasons in `detail`); somebody new; or why it is nobody's."""

    patient_id: uuid.UUID | None = None
    asked: bool = False
    detail: str | None = None
    new: bool = False


def whose(pool: Pool, said: Identity, remembered: uuid.UUID | None = None) -> Whose:
    """Of those known. Where it cannot be told, `remembered` is whom a person has chosen for these words before."""
    found = _whose(pool, said)
    sure = found.patient_id is not None and not found.asked
    return found if sure or remembered is None else Whose(pool.standing(remembered))


def _whose(pool: Pool, said: Identity) -> Whose:
    named = bool(said.first_name and said.last_name)
    if said.mrn and (holders := pool.of_record(said.mrn)):
        ids = {pool.standing(holder.id) for holder in holders}
        if len(ids) > 1:
            return Whose(detail=TWO)
        if all(OTHER & set(compare(said, holder, frozenset()).facts.differs) for holder in holders):
            return Whose(detail=CONTRADICTS)
        return Whose(ids.pop())
    if not named or said.dob is None:
        return Whose(detail=NOBODY if said.mrn else NAMELESS)
    matches = pool.find(said, POSSIBLE)
    sure = [match for match in matches if match.certain]
    if sure and not (said.mrn and _record_of(pool, said, sure[0].patient_id)):
        return Whose(sure[0].patient_id)
    if matches:
        against = ", but another record number" if sure else ""
        return Whose(matches[0].patient_id, asked=True, detail=matches[0].facts.words + against)
    return Whose(new=True)


def _record_of(pool: Pool, said: Identity, patient_id: uuid.UUID) -> bool:
    """Whether that patient has a record number already: another one, or we would have found them by it."""
    assert said.dob is not None
    return any(row.mrn for row in pool.born_on(said.dob) if row.id == patient_id)
