"""ADT: somebody is registered, told anew, or was two."""

import uuid
from dataclasses import replace
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import practice_of, publish
from backend.lead_capture.emr import people
from backend.lead_capture.hl7.ports import Content
from backend.lead_capture.hl7.questions import Choice
from backend.lead_capture.imports.done import Done
from backend.patients import service as patients
from backend.patients.events import PairsChanged
from backend.patients.matching import Identity, compare
from backend.patients.models import Patient, PatientPair
from backend.patients.pool import Pool, made
from backend.patients.schemas import PatientFacts
from backend.patients.scoring import SAME

# Everything else a person may have asked the desk to correct: the EMR only fills in what is unknown.
FACTS = ("middle_name", "suffix", "sex", "phone", "phone_alt", "email", "address", "dob", "mrn")


async def told(session: AsyncSession, content: Content, choice: Choice) -> Done:
    """A patient made, or completed; under the same number, given name and birth date a new family name counts."""
    said = content.person
    pool = await Pool.load(session, [said])
    renamed = None if choice.decided else _renamed(pool, said)
    if renamed is not None:
        await patients.change(session, renamed.id, {"last_name": said.last_name})
        return Done("updated", None, renamed.id)
    who = choice.decided or people.whose(pool, said, choice.remembered)
    if who.asked:
        return Done("asked", who.detail, who.patient_id)
    if who.new:
        patient = made(practice_of(session), said)
        await patients.create_many(session, [patient])
        return Done("created", None, patient.id)
    if who.patient_id is None:
        return Done("failed", who.detail)
    changed = await completed(session, pool, who.patient_id, said)
    return Done("updated" if changed else "skipped", None, who.patient_id)


async def completed(session: AsyncSession, pool: Pool, patient_id: uuid.UUID, said: Identity) -> bool:
    """Whether anything was unknown. A record number somebody else has is nobody's twice."""
    facts: dict[str, Any] = {name: getattr(said, name) for name in FACTS}
    if said.mrn and any(pool.standing(each.id) != patient_id for each in pool.of_record(said.mrn)):
        facts["mrn"] = None
    known = await patients.get(session, patient_id)
    given = PatientFacts.model_validate({**facts, "first_name": known.first_name, "last_name": known.last_name})
    return bool(await patients.complete(session, patient_id, given))


def _renamed(pool: Pool, said: Identity) -> Patient | None:
    """The one holder of this number who is the same but for the family name."""
    holders = [each for each in pool.of_record(said.mrn or "") if each.merged_into is None]
    if len(holders) != 1 or not said.last_name or said.dob is None:
        return None
    found = compare(replace(said, last_name=holders[0].last_name), holders[0], frozenset())
    other = compare(said, holders[0], frozenset()).facts.differs
    return holders[0] if found.certain and "last_name" in other else None


async def merged(session: AsyncSession, content: Content, choice: Choice) -> Done:
    """A hint: both are shown to be compared; one that only had the old number gets the one that stays."""
    said, prior = content.person, content.prior_mrn
    if not said.mrn or not prior:
        return await told(session, content, choice)
    pool = await Pool.load(session, [said, Identity(mrn=prior)])
    standing = {pool.standing(each.id) for each in pool.of_record(said.mrn)}
    gone = {pool.standing(each.id) for each in pool.of_record(prior)} - standing
    if len(gone) != 1 or len(standing) > 1:
        return Done("skipped", "nothing to merge")
    old = gone.pop()
    if not standing:
        await patients.change(session, old, {"mrn": said.mrn})
        return Done("updated", None, old)
    pair = sorted([old, standing.pop()])
    row = {"practice_id": practice_of(session), "first_id": pair[0], "second_id": pair[1], "found_at": now()}
    await session.execute(
        insert(PatientPair).values(**row, score=SAME).on_conflict_do_update(
            index_elements=["practice_id", "first_id", "second_id"], set_={"score": SAME}
        )
    )  # fmt: skip
    await publish(session, PairsChanged(tuple(pair)))
    return Done("updated", None, pair[0])
