"""What leads do when something happens elsewhere."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import Subscribers, practice_of
from backend.identity.events import LocationAdded
from backend.leads import history, stages
from backend.leads.models import Lead
from backend.patients.events import PairsChanged


async def _prepare(session: AsyncSession, _: LocationAdded) -> None:
    await stages.create_defaults(session)


async def _paired(session: AsyncSession, event: PairsChanged) -> None:
    """Their cards show it; nothing about the leads themselves is new."""
    leads = await session.scalars(
        select(Lead).where(
            Lead.practice_id == practice_of(session), Lead.patient_id.in_(event.patient_ids), Lead.merged_into.is_(None)
        )
    )
    for lead in leads:
        history.tell(session, lead)


def subscribers() -> Subscribers:
    """Handlers by event."""
    return {LocationAdded: [_prepare], PairsChanged: [_paired]}
