"""What outcome measures do when something happens elsewhere."""

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.care.events import (
    EpisodeDischarged,
    EpisodeOpened,
    EpisodeReopened,
    EpisodeWithdrawn,
    VisitRecorded,
    VisitsImported,
)
from backend.care.outcomes import asking, texts
from backend.care.outcomes.models import OutcomeRequest, OutcomeScore
from backend.core.database import Subscribers, practice_of
from backend.patient_links.events import LinkDelivered


async def _opened(session: AsyncSession, event: EpisodeOpened) -> None:
    """What was rated before care began, on the intake form, is the episode's baseline."""
    for row in (OutcomeScore, OutcomeRequest) if event.lead_id is not None else ():
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


async def _turned(session: AsyncSession, event: EpisodeDischarged | EpisodeReopened) -> None:
    await texts.watch(session, event.episode_id)


async def _withdrawn(session: AsyncSession, event: EpisodeWithdrawn) -> None:
    """Who has not been here is not asked how they are doing. What they answered stays with the lead."""
    row = OutcomeRequest
    open_ = select(row.id).where(row.practice_id == practice_of(session), row.lead_id == event.lead_id)
    for request_id in await session.scalars(open_.where(row.episode_id.is_(None), row.state.in_(asking.RUNNING))):
        # Should care begin after all, the same reason counts anew.
        (await asking.cancel(session, request_id)).due_key = f"withdrawn:{request_id}"


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
        EpisodeDischarged: [_turned],
        EpisodeReopened: [_turned],
        EpisodeWithdrawn: [_withdrawn],
        LinkDelivered: [_arrived],
    }
