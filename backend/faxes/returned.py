"""Pages of our own letters that come back: whose they are is known from their code."""

from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.faxes import filing, own_papers
from backend.faxes.models import Fax, FaxSegment
from backend.faxes.own_letters import letter_of
from backend.leads.models import Lead
from backend.patients import matching
from backend.patients import service as patients

FROM_US: Final = "a page of our own letter"
UNKNOWN: Final = "unknown_letter"


async def file(session: AsyncSession, fax: Fax, row: FaxSegment) -> None:
    """Under the lead its letter is about, which may have become part of another meanwhile."""
    found = await letter_of(session, row.letter_code or "")
    assert found is not None and found.lead_id is not None
    await filing.attach_segment(session, fax, row, found.lead_id)


async def match(session: AsyncSession, row: FaxSegment) -> bool:
    """Say whose the segment is, by its code; False when the code leads nowhere, and others must look.

    Filed without guesswork: only a page that names somebody else is held.
    """
    found = await letter_of(session, row.letter_code or "")
    if found is None or found.lead_id is None:
        # Of another practice, perhaps: the page is like any other.
        row.letter_code, row.hold_reasons = None, list(dict.fromkeys([*row.hold_reasons, UNKNOWN]))
        return False
    lead = await session.get_one(Lead, (practice_of(session), found.lead_id))
    patient = await patients.get(session, lead.patient_id)
    compared = matching.compare(filing.identity_of(row), patient, frozenset())
    contradicted = any(reason.startswith("another ") for reason in compared.reasons)
    said = {"reasons": [FROM_US, *compared.reasons], "certain": not contradicted}
    row.matches = [matching.as_json(compared) | said]
    row.patient_id = None if contradicted else patient.id
    row.hold_reasons = [own_papers.ANOTHER] if contradicted else []
    row.kind = "signed_plan_of_care" if found.kind == "plan_of_care" else row.kind
    return True
