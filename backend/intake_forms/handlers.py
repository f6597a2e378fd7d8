"""What intake does when something happens elsewhere."""

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import Subscribers, practice_of
from backend.identity.events import LocationAdded
from backend.intake_forms import forms, joining, preparing, texts
from backend.intake_forms.events import IntakeDelivered
from backend.intake_forms.models import Intake
from backend.leads.events import EvaluationBooked, LeadJoining
from backend.leads.models import Lead
from backend.patient_links.events import LinkDelivered


async def _prepare(session: AsyncSession, _: LocationAdded) -> None:
    await forms.ensure_standard(session)


async def _arrived(session: AsyncSession, event: LinkDelivered) -> None:
    """The text with the link has reached the patient."""
    if event.purpose != "intake" or event.ref_id is None:
        return
    intake = await session.get(
        Intake, (practice_of(session), event.ref_id), with_for_update=True, populate_existing=True
    )
    if intake is not None:
        await preparing.given(session, intake)


async def _delivered(session: AsyncSession, event: IntakeDelivered) -> None:
    practice_id = practice_of(session)
    intake = await session.get_one(Intake, (practice_id, event.intake_id))
    await texts.watch(session, intake, await session.get_one(Lead, (practice_id, event.lead_id)))


async def _booked(session: AsyncSession, event: EvaluationBooked) -> None:
    """The visit may be sooner than the reminder was planned for."""
    intake = await preparing.running(session, event.lead_id)
    if intake is not None:
        await texts.watch(session, intake, await session.get_one(Lead, (practice_of(session), event.lead_id)))


def subscribers() -> Subscribers:
    """Handlers by event."""
    return {
        LocationAdded: [_prepare],
        LinkDelivered: [_arrived],
        IntakeDelivered: [_delivered],
        EvaluationBooked: [_booked],
        LeadJoining: [joining.on_joining],
    }
