"""What follows from what happened: the next step of a lead, a task for a held fax."""

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import Subscribers
from backend.faxes.events import FaxFailed, FaxHeld, FaxSettled
from backend.followup import breaches, service, steps
from backend.identity.owners import Owner
from backend.leads.events import CallLogged, LeadAssigned, LeadClosed, LeadHurried, LeadMoved, LeadOpened
from backend.messaging.events import TextAnswered, TextReceived, TextUnreachable


async def _opened(session: AsyncSession, event: LeadOpened) -> None:
    lead = await service.lead_of(session, event.lead_id)
    await service.give_step(session, lead, steps.of_stage(lead.stage, lead.urgency))
    await breaches.watch(session, lead)


async def _hurried(session: AsyncSession, event: LeadHurried) -> None:
    await breaches.watch(session, await service.lead_of(session, event.lead_id))


async def _moved(session: AsyncSession, event: LeadMoved) -> None:
    lead = await service.lead_of(session, event.lead_id)
    await service.give_step(session, lead, steps.of_stage(event.stage, lead.urgency))


async def _called(session: AsyncSession, event: CallLogged) -> None:
    lead = await service.lead_of(session, event.lead_id)
    step = steps.AFTER_CALL.get(event.outcome) or steps.of_stage(lead.stage, lead.urgency)
    await service.give_step(session, lead, step)


async def _wrote(session: AsyncSession, event: TextReceived) -> None:
    lead = await service.lead_of(session, event.lead_id)
    if lead.open:
        await service.give_step(session, lead, steps.after_reply(event.said))


async def _answered(session: AsyncSession, event: TextAnswered) -> None:
    """The answer is given: the stage's own step is next again."""
    lead = await service.lead_of(session, event.lead_id)
    await service.touch(session, lead.id)
    if lead.open and lead.next_kind == steps.REPLY.kind:
        await service.give_step(session, lead, steps.of_stage(lead.stage, lead.urgency))


async def _unreachable(session: AsyncSession, event: TextUnreachable) -> None:
    lead = await service.lead_of(session, event.lead_id)
    if lead.open:
        await service.give_step(session, lead, steps.UNREACHABLE[event.reason])


async def _closed(session: AsyncSession, event: LeadClosed) -> None:
    await service.close_all(session, event.lead_id)


async def _assigned(session: AsyncSession, event: LeadAssigned) -> None:
    await service.hand_over(session, event.lead_id, Owner(event.user_id, event.team_id))


async def _held(session: AsyncSession, event: FaxHeld) -> None:
    await service.give_fax_step(session, event.fax_id, steps.REVIEW_FAX)


async def _failed(session: AsyncSession, event: FaxFailed) -> None:
    await service.give_fax_step(session, event.fax_id, steps.FAILED_FAX)


async def _settled(session: AsyncSession, event: FaxSettled) -> None:
    await service.settle_fax(session, event.fax_id)


def subscribers() -> Subscribers:
    """Handlers by event."""
    return {
        LeadOpened: [_opened],
        LeadHurried: [_hurried],
        LeadMoved: [_moved],
        CallLogged: [_called],
        TextReceived: [_wrote],
        TextAnswered: [_answered],
        TextUnreachable: [_unreachable],
        LeadClosed: [_closed],
        LeadAssigned: [_assigned],
        FaxHeld: [_held],
        FaxFailed: [_failed],
        FaxSettled: [_settled],
    }
