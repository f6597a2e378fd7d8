"""The second check: a forwarded text alone opens nothing.

By date of birth; where none is on file, by last name; where not even a name is known there is nothing a stranger could
learn, and the check is left out knowingly.
"""

import re
import unicodedata
import uuid
from datetime import date
from typing import Final, Literal

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.messaging.people import UNKNOWN
from backend.patient_links import service as links
from backend.patient_links.rules import alive
from backend.patients import service as patients
from backend.patients.models import Patient

Check = Literal["dob", "last_name", "none"]
SHORTEST_PART: Final = 3


def check_for(patient: Patient) -> Check:
    """What this patient is asked."""
    if patient.dob is not None:
        return "dob"
    return "none" if (patient.first_name, patient.last_name) == UNKNOWN else "last_name"


def matches(patient: Patient, dob: date | None, last_name: str | None) -> bool:
    """Whether the answer is right."""
    match check_for(patient):
        case "dob":
            return dob is not None and dob == patient.dob
        case "last_name":
            return last_name is not None and _folded(last_name) in _names(patient.last_name)
    return True


def _names(last_name: str) -> set[str]:
    """The whole name, and each part of a double one that is long enough to mean something."""
    parts = {_folded(part) for part in re.split(r"[\s-]+", last_name)}
    return {_folded(last_name), *(part for part in parts if len(part) >= SHORTEST_PART)} - {""}


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in plain.casefold() if letter.isalpha())


async def answer(
    session: AsyncSession, link_id: uuid.UUID, dob: date | None, last_name: str | None
) -> Literal["right", "wrong", "dead"]:
    """Compare one answer; a wrong one counts. The link is locked, so that guesses do not race."""
    link = await links.get(session, link_id)
    if not alive(link, now()):
        return "dead"
    patient = await patients.get(session, link.patient_id)
    if matches(patient, dob, last_name):
        return "right"
    link.failed_checks += 1
    await session.flush()
    return "wrong"
