"""What an insurance card says: read by OCR as candidates, counted only once somebody who holds the card confirms."""

import uuid
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import actor_of
from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.ids import new_id
from backend.core.problems import StaleVersion
from backend.leads import history
from backend.leads import service as leads
from backend.leads.models import Lead
from backend.patient_pages.models import CardReading, PatientUpload
from backend.patient_pages.upload_schemas import CardCandidate, CardFacts, CardOut
from backend.patients import service as patients
from backend.patients.models import Coverage
from backend.patients.service import CoverageFacts

SIDES: Final = ("card_front", "card_back")


async def shown(session: AsyncSession, lead_id: uuid.UUID) -> CardOut | None:
    """The lead's card, if anything is known of it."""
    row = await _row(session, lead_id)
    if row is None:
        return None
    facts = {name: getattr(row, name) for name in CardOut.model_fields if name != "candidates"}
    candidates = {
        name: CardCandidate(value=str(found["value"]), confidence=float(found["confidence"]))
        for name, found in row.candidates.items()
    }
    return CardOut(**facts, candidates=candidates)


async def gather(session: AsyncSession, lead: Lead) -> None:
    """Candidates of the newest photo of each side; for each field the surer one."""
    best: dict[str, Any] = {}
    for side in SIDES:
        newest = await session.scalar(
            select(PatientUpload)
            .where(PatientUpload.practice_id == lead.practice_id, PatientUpload.lead_id == lead.id)
            .where(PatientUpload.kind == side, PatientUpload.state == "read")
            .order_by(PatientUpload.created_at.desc(), PatientUpload.id.desc())
            .limit(1)
        )
        for name, found in (newest.fields if newest else {}).items():
            if name not in best or found["confidence"] > best[name]["confidence"]:
                best[name] = found
    row = await _made(session, lead)
    row.candidates, row.version = best, row.version + 1
    await _told(session, lead)


async def confirm_by_patient(session: AsyncSession, lead_id: uuid.UUID, facts: CardFacts) -> None:
    """The patient has their card in hand. It counts where no coverage is known; else the desk decides."""
    lead = await leads.locked(session, lead_id)
    row = await _made(session, lead)
    _write(row, facts)
    row.patient_confirmed_at = now()
    row.staff_confirmed_at = row.staff_confirmed_by = None
    known = select(Coverage.id).where(
        Coverage.practice_id == lead.practice_id, Coverage.patient_id == lead.patient_id, Coverage.rank == "primary"
    )
    if await session.scalar(known) is None:
        await _cover(session, lead.patient_id, facts)
    history.note(session, lead.id, "card_confirmed")
    await _told(session, lead)


async def confirm_by_staff(session: AsyncSession, lead_id: uuid.UUID, facts: CardFacts, version: int) -> uuid.UUID:
    """The desk has compared it with the picture: it is the patient's primary coverage. Returns the patient."""
    lead = await leads.locked(session, lead_id, permission="coverage:write")
    row = await _made(session, lead)
    if row.version != version:
        raise StaleVersion(row.version)
    _write(row, facts)
    row.staff_confirmed_at, row.staff_confirmed_by = now(), actor_of(session).name
    await _cover(session, lead.patient_id, facts, compared=True)
    history.note(session, lead.id, "card_confirmed")
    await _told(session, lead)
    return lead.patient_id


def _write(row: CardReading, facts: CardFacts) -> None:
    row.payer_name, row.member_id, row.group_number = facts.payer_name, facts.member_id, facts.group_number or None
    row.version += 1


async def _cover(session: AsyncSession, patient_id: uuid.UUID, facts: CardFacts, *, compared: bool = False) -> None:
    coverage = CoverageFacts("primary", facts.payer_name, facts.member_id, facts.group_number or None)
    await patients.cover(session, patient_id, [coverage], compared=compared)


async def _row(session: AsyncSession, lead_id: uuid.UUID) -> CardReading | None:
    ours = (CardReading.practice_id == practice_of(session)) & (CardReading.lead_id == lead_id)
    return await session.scalar(select(CardReading).where(ours).execution_options(populate_existing=True))


async def _made(session: AsyncSession, lead: Lead) -> CardReading:
    """The lead's row, made if need be; the lead is locked, so nobody else writes it."""
    await session.flush()
    values = {
        "practice_id": lead.practice_id, "id": new_id(), "lead_id": lead.id, "patient_id": lead.patient_id,
        "candidates": {}, "version": 0,
    }  # fmt: skip
    statement = insert(CardReading).values(values)
    await session.execute(statement.on_conflict_do_nothing(index_elements=["practice_id", "lead_id"]))
    found = await _row(session, lead.id)
    assert found is not None
    return found


async def _told(session: AsyncSession, lead: Lead) -> None:
    lead.version += 1
    await session.flush()
    history.tell(session, lead)
