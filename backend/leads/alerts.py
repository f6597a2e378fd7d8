"""What the rules write on a lead when people were too slow."""

import uuid

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of, publish
from backend.identity.owners import Owner
from backend.leads import history
from backend.leads.events import LeadAssigned
from backend.leads.models import Lead, LeadEvent


async def found(session: AsyncSession, lead_id: uuid.UUID) -> Lead | None:
    """The lead, locked until commit."""
    return await session.scalar(
        select(Lead)
        .where(Lead.practice_id == practice_of(session), Lead.id == lead_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


async def note_breach(session: AsyncSession, lead: Lead, target_minutes: int) -> bool:
    """The first contact is late: on the history, and every desk hears of it. Once; False when it was noted before."""
    noted = select(LeadEvent.id).where(
        LeadEvent.practice_id == lead.practice_id, LeadEvent.lead_id == lead.id, LeadEvent.kind == "breached"
    )
    if await session.scalar(noted.limit(1)):
        return False
    history.note(session, lead.id, "breached", target_minutes=target_minutes)
    lead.version += 1
    await session.flush()
    history.tell(session, lead, "lead.breached")
    return True


async def note_escalation(
    session: AsyncSession, lead: Lead, owner: Owner | None, *, why: str, text: str, **ids: str
) -> None:
    """A task went on to the next person; with `owner` the lead goes with it."""
    history.note(session, lead.id, "escalated", why=why, text=text, **ids)
    if owner is not None:
        lead.owner_user_id, lead.owner_team_id = owner.user_id, owner.team_id
    lead.version += 1
    await session.flush()
    if owner is not None:
        await publish(session, LeadAssigned(lead.id, owner.user_id, owner.team_id))
    history.tell(session, lead, "lead.escalated")
