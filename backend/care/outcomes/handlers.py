"""What outcome measures do when something happens elsewhere."""

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.care.events import EpisodeDischarged, EpisodeOpened, VisitRecorded, VisitsImported
from backend.care.outcomes import asking, texts
from backend.care.outcomes.models import OutcomeScore
from backend.core.database import Subscribers, practice_of
from backend.patient_links.events import LinkDelivered


async def _opened(session: AsyncSession, event: EpisodeOpened) -> None:
    """What was rated before care began, on the intake form, is the episode's baseline."""
    row = OutcomeScore
    if event.lead_id is not None:
        await session.execute(
            update(row)
            .where(row.practice_id == practice_of(session), row.lead_id == event.lead_id, row.episode_id.is_(None))
            .values(episode_id=event.episode_id)
        )
    await texts.watch(session, event.episode_id)


async def _visited(session: AsyncSession, event: VisitRecorded) -> None:
    await texts.watch(session, event.episode_id)


async def _imported(session: AsyncSession, event: VisitsImported) -> None:
    for episode_id in event.episode_ids:
        await texts.watch(session, episode_id)


async def _discharged(session: AsyncSession, event: EpisodeDischarged) -> None:
    await texts.watch(session, event.episode_id)


async def _arrived(session: AsyncSession, event: LinkDelivered) -> None:
    """The text with the link has reached the patient."""
    if event.purpose == "measure" and event.ref_id is not None:
        await asking.given(session, event.ref_id)


def subscribers() -> Subscribers:
    """Handlers by event."""
    return {
        EpisodeOpened: [_opened],
        VisitRecorded: [_visited],
        VisitsImported: [_imported],
        EpisodeDischarged: [_discharged],
        LinkDelivered: [_arrived],
    }
