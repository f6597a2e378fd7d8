"""Two leads that are one: each keeps its course of care. One lead has one episode; the other's stays the patient's."""

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.care import service
from backend.care.events import EpisodeChanged
from backend.care.models import Episode
from backend.core.database import Base, practice_of, publish
from backend.leads import stages
from backend.leads.events import LeadJoined, LeadJoining, OrderAdded
from backend.leads.models import Lead


async def on_joining(session: AsyncSession, event: LeadJoining) -> None:
    """Where both have an episode, the merged lead's goes on without a lead, and what is due for it hangs on itself."""
    if await service.of_lead(session, event.into_id) is None:
        return
    table = Base.metadata.tables["episodes"]
    await event.record.watch(session, table, table.c.lead_id == event.lead_id, [frozenset({"lead_id"})])
    left = await session.scalars(
        update(Episode)
        .where(Episode.practice_id == practice_of(session), Episode.lead_id == event.lead_id)
        .values(lead_id=None)
        .returning(Episode.id)
    )
    for episode_id in left.all():
        await publish(session, EpisodeChanged(episode_id))


async def on_joined(session: AsyncSession, event: LeadJoined) -> None:
    """A lead whose own care goes on is not discharged because the other's was."""
    episode = await service.of_lead(session, event.lead_id)
    if episode is None or episode.state != "active":
        return
    stage = select(Lead.stage).where(Lead.practice_id == episode.practice_id, Lead.id == event.lead_id)
    if await session.scalar(stage) == stages.DISCHARGED:
        await service.enter(session, episode, stages.IN_CARE, "care_resumed")


async def on_order(session: AsyncSession, event: OrderAdded) -> None:
    """A signed order that comes later is on file from then on."""
    episode = await service.of_lead(session, event.lead_id)
    if episode is not None and episode.order_signed_on is None:
        await service.take_signed_order(session, episode)
