"""What the patients' pages do when something happens elsewhere."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import Base, Subscribers, practice_of
from backend.faxes.events import PaperFiled
from backend.intake_forms.pdf import job as intake_pdf
from backend.leads.events import LeadJoining
from backend.patient_pages.models import CardReading, PatientUpload


async def _joining(session: AsyncSession, event: LeadJoining) -> None:
    """Of two readings of a card, the one that more has been confirmed of stays."""
    both = CardReading.lead_id.in_((event.into_id, event.lead_id))
    rows = await session.scalars(select(CardReading).where(CardReading.practice_id == practice_of(session), both))
    found = sorted(rows, key=lambda row: (*_confirmed(row), row.lead_id == event.into_id))
    if len(found) > 1:
        table = Base.metadata.tables["card_readings"]
        await event.record.take(session, table, table.c.id == found[0].id)


async def _filed(session: AsyncSession, event: PaperFiled) -> None:
    """An order the patient sent is known to be theirs: it goes with their form."""
    ours = (PatientUpload.practice_id == practice_of(session)) & (PatientUpload.lead_id == event.lead_id)
    if await session.scalar(select(PatientUpload.id).where(ours, PatientUpload.fax_id == event.fax_id)):
        await intake_pdf.renew(session, event.lead_id)


def _confirmed(row: CardReading) -> tuple[bool, bool]:
    return row.staff_confirmed_at is not None, row.patient_confirmed_at is not None


def subscribers() -> Subscribers:
    """Handlers by event."""
    return {LeadJoining: [_joining], PaperFiled: [_filed]}
