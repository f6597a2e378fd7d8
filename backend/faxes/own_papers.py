"""Papers a patient sent from their own page, after the second check: we know whose they should be.

They are filed under that lead when the paper names the same patient; when it names nobody, or somebody else, a person
looks. What only asks who the patient is does not hold them.
"""

import uuid
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.faxes import filing
from backend.faxes.models import FaxSegment
from backend.leads.models import Lead
from backend.patients import matching
from backend.patients import service as patients

SENT_BY: Final = "sent by the patient"
ANOTHER: Final = "another_patient"
UNNAMED: Final = "sender_not_named"
AGREES: Final = frozenset({"same full name", "same date of birth", "same member ID", "same record number"})
# Held because identity was in doubt; here it is known from elsewhere.
ABOUT_IDENTITY: Final = frozenset(
    {"patient_name_missing", "patient_dob_missing", "identity_uncertain", "phone_uncertain", "possible_same_patient"}
)


async def match(session: AsyncSession, row: FaxSegment, lead_id: uuid.UUID) -> None:
    """Compare the paper with who sent it; what contradicts holds it."""
    lead = await session.get_one(Lead, (practice_of(session), lead_id))
    patient = await patients.get(session, lead.patient_id)
    found = matching.compare(filing.identity_of(row), patient, frozenset())
    contradicted = any(reason.startswith("another ") for reason in found.reasons)
    agrees = bool(AGREES & set(found.reasons)) and not contradicted
    row.matches = [matching.as_json(found) | {"reasons": [SENT_BY, *found.reasons], "certain": agrees}]
    row.patient_id = patient.id if agrees else None
    reasons = [reason for reason in row.hold_reasons if not (agrees and reason in ABOUT_IDENTITY)]
    if contradicted:
        reasons.append(ANOTHER)
    elif not agrees:
        reasons.append(UNNAMED)
    row.hold_reasons = list(dict.fromkeys(reasons))
