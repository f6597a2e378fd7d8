"""What care does when something happens elsewhere."""

from sqlalchemy.ext.asyncio import AsyncSession

from backend.care import joining, service
from backend.core.database import Subscribers
from backend.core.problems import Conflict
from backend.leads import stages
from backend.leads.events import LeadJoined, LeadJoining, OrderAdded, StageChosen


async def _care_ends_by_discharge(session: AsyncSession, event: StageChosen) -> None:
    """Where care goes on, a card at the end of the path would say otherwise: reports and the referrer's letter read
    the episode, and why it ended."""
    if event.stage not in {stages.DISCHARGED, stages.LOST}:
        return
    episode = await service.of_lead(session, event.lead_id)
    if episode is not None and episode.state == "active":
        raise Conflict("This patient is in care. Discharge the episode, with its reason; the lead follows.")


def subscribers() -> Subscribers:
    """Handlers by event."""
    return {
        LeadJoining: [joining.on_joining],
        LeadJoined: [joining.on_joined],
        OrderAdded: [joining.on_order],
        StageChosen: [_care_ends_by_discharge],
    }
