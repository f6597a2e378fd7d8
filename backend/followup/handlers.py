"""What follows from what happened: the next step of a lead, a task for a held fax."""

from dataclasses import replace
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from backend.care.events import (
    EpisodeChanged,
    EpisodeOpened,
    EpisodeWithdrawn,
    VisitRecorded,
    VisitRemoved,
    VisitsImported,
)
from backend.core.actor import actor_of
from backend.core.database import Subscribers
from backend.core.jobs import later
from backend.faxes.events import FaxFailed, FaxHeld, FaxSettled
from backend.followup import (
    baselines,
    breaches,
    care,
    evaluations,
    inactivity,
    insurance,
    joining,
    letters,
    paperwork,
    referrers,
    rules,
    service,
    steps,
)
from backend.followup.sequences import coming, defaults
from backend.followup.sequences import service as sequences
from backend.followup.sequences.stopping import Happening
from backend.identity.events import CalendarChanged, LocationAdded
from backend.identity.owners import Owner
from backend.insurance.events import InsuranceChanged
from backend.intake_forms.events import IntakeDecided, IntakeDelivered, IntakeMeasured, IntakeSubmitted
from backend.leads import stages
from backend.leads.events import (
    CallLogged,
    EvaluationAttended,
    EvaluationBooked,
    EvaluationCanceled,
    EvaluationMissed,
    EvaluationUndone,
    LeadAssigned,
    LeadClosed,
    LeadHurried,
    LeadJoined,
    LeadJoining,
    LeadMoved,
    LeadOpened,
    LeadParted,
    OrderAdded,
    PhoneChanged,
)
from backend.leads.models import Lead
from backend.loop.events import LetterFailed, LetterReturned, LetterSent
from backend.messaging.events import CallAnswered, CallMissed, TextAnswered, TextReceived, TextUnreachable
from backend.referral_sources.events import NextVisitPlanned
from backend.referrer_portal.events import ReferrerMessageSettled, ReferrerWrote
from backend.scheduling.events import (
    AppointmentAttended,
    AppointmentBooked,
    AppointmentCanceled,
    AppointmentMissed,
    AppointmentMoved,
    AppointmentUndone,
)

OUTCOMES: Final[dict[str, Happening]] = {
    "reached": "reached", "left_message": "left_message", "no_answer": "no_answer", "wrong_number": "wrong_number",
}  # fmt: skip
UNREACHABLE: Final[dict[str, Happening]] = {
    "opted_out": "opted_out", "landline": "landline", "bad_number": "bad_number", "wrong_person": "wrong_person",
    "undelivered": "undelivered",
}  # fmt: skip


async def _opened(session: AsyncSession, event: LeadOpened) -> None:
    lead = await service.lead_of(session, event.lead_id)
    await service.give_step(session, lead, steps.of_stage(lead.stage, lead.urgency))
    await breaches.watch(session, lead)
    await inactivity.watch(session, lead)
    await evaluations.watch(session, lead)
    if not event.again:
        await later(session, sequences.BEGIN, lead.id, key=str(lead.id))


async def _hurried(session: AsyncSession, event: LeadHurried) -> None:
    await breaches.watch(session, await service.lead_of(session, event.lead_id))


async def _moved(session: AsyncSession, event: LeadMoved) -> None:
    lead = await service.lead_of(session, event.lead_id)
    if await rules.is_booked(session, event.stage):
        await sequences.happened(session, lead.id, "booked")
    elif event.contacted:
        await sequences.happened(session, lead.id, "person")
    elif await _text_arrived(session, event) and await coming.running(session, lead.id):
        return  # the call the sequence asks for is still to be made
    await service.give_step(session, lead, steps.of_stage(event.stage, lead.urgency))


async def _text_arrived(session: AsyncSession, event: LeadMoved) -> bool:
    """Whether a text of ours, and no word of the patient's, took the lead to "contacted"."""
    lead = await service.lead_of(session, event.lead_id)
    by_text = event.stage == stages.CONTACTED and actor_of(session).kind == "system"
    return by_text and lead.first_contact_at is None


async def _called(session: AsyncSession, event: CallLogged) -> None:
    lead = await service.lead_of(session, event.lead_id)
    happening: Happening = OUTCOMES[event.outcome]
    await sequences.happened(session, lead.id, happening)
    step = steps.AFTER_CALL.get(event.outcome) or steps.of_stage(lead.stage, lead.urgency)
    waiting = await service.waiting_task(session, lead.id)
    if waiting is not None and event.outcome == "no_answer":
        await service.put_off(session, waiting, step.hours, lead.location_id)
    elif not lead.open:
        if event.outcome == "reached":
            await service.close_all(session, lead.id)
        elif event.outcome == "left_message":
            await service.answered(session, lead, *steps.WAITING)
    elif waiting is not None and event.outcome == "wrong_number":
        await service.give_beside(session, lead, step)
    else:
        await (service.give_call if step.kind == "call" else service.give_step)(session, lead, step, answered=True)


async def _call_missed(session: AsyncSession, event: CallMissed) -> None:
    """Also where care has begun: whoever called wants something."""
    lead = await service.lead_of(session, event.lead_id)
    await sequences.happened(session, lead.id, "missed_call")
    step = steps.call_back(voicemail=event.voicemail, shared=event.shared, withheld=event.withheld)
    await service.give_step(session, lead, step)


async def _call_answered(session: AsyncSession, event: CallAnswered) -> None:
    """They are called back, or have been answered, and need not be called: the stage's own step is next again."""
    lead = await service.lead_of(session, event.lead_id)
    await sequences.happened(session, lead.id, "reached")
    await service.answered(session, lead, "call", *steps.WAITING)


async def _wrote(session: AsyncSession, event: TextReceived) -> None:
    """Also where care has begun: whoever writes wants an answer."""
    lead = await service.lead_of(session, event.lead_id)
    await sequences.happened(session, lead.id, "replied")
    if event.settled:
        return
    step = steps.after_reply(event.said, in_care=not lead.open)
    if step.kind in steps.WAITING or await service.waiting_task(session, lead.id) is None:
        await service.give_step(session, lead, step)
    else:
        await service.give_beside(session, lead, step)


async def _answered(session: AsyncSession, event: TextAnswered) -> None:
    """The answer is given: the stage's own step is next again. Whoever asked for a call still waits for it."""
    lead = await service.lead_of(session, event.lead_id)
    await service.touch(session, lead.id)
    await service.answered(session, lead, steps.REPLY.kind)


async def _unreachable(session: AsyncSession, event: TextUnreachable) -> None:
    lead = await service.lead_of(session, event.lead_id)
    await sequences.happened(session, lead.id, UNREACHABLE[event.reason])
    if lead.open:
        await _reach_otherwise(session, lead, event.reason)


async def _reach_otherwise(session: AsyncSession, lead: Lead, reason: str) -> None:
    """Another way than texting. Whoever waits for an answer goes on waiting, but for a call."""
    step, waiting = steps.UNREACHABLE[reason], await service.waiting_task(session, lead.id)
    wrote = waiting is not None and waiting.kind == steps.REPLY.kind
    if waiting is None or (wrote and reason == "wrong_person"):
        await service.give_step(session, lead, step, answered=True)  # the stranger is who wrote
    elif step.kind != "call":
        await service.give_beside(session, lead, step)
    elif wrote:
        await service.give_step(session, lead, replace(step, kind=steps.CALL_BACK.kind))


async def _phone_changed(session: AsyncSession, event: PhoneChanged) -> None:
    """A number to find is found: the first call is next again, and the sequence of new leads begins."""
    lead = await sequences.locked_lead(session, event.lead_id)
    if lead is None or not lead.open or not await sequences.has_phone(session, lead):
        return
    if await service.automatic_task(session, lead.id, "find_number") is not None:
        await service.found_number(session, lead)
    await sequences.phone_changed(session, lead)


async def _closed(session: AsyncSession, event: LeadClosed) -> None:
    await sequences.happened(session, event.lead_id, "closed")
    await service.close_all(session, event.lead_id)


async def _ordered(session: AsyncSession, event: OrderAdded) -> None:
    await sequences.happened(session, event.lead_id, "new_order")


async def _prepare(session: AsyncSession, _: LocationAdded) -> None:
    await defaults.ensure(session)


async def _calendar_changed(session: AsyncSession, _: CalendarChanged) -> None:
    await breaches.look_again(session)


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
        CallMissed: [_call_missed],
        CallAnswered: [_call_answered],
        TextReceived: [_wrote],
        TextAnswered: [_answered],
        TextUnreachable: [_unreachable],
        LeadClosed: [_closed],
        OrderAdded: [_ordered],
        LeadJoining: [joining.on_joining],
        LeadJoined: [joining.on_joined],
        LeadParted: [joining.on_parted, care.on_parted],
        PhoneChanged: [_phone_changed],
        EvaluationBooked: [evaluations.on_booked, insurance.on_booked, paperwork.on_booked],
        EvaluationAttended: [evaluations.on_attended, care.on_evaluation_attended],
        EvaluationMissed: [evaluations.on_missed],
        EvaluationCanceled: [evaluations.on_canceled],
        EvaluationUndone: [care.on_evaluation_undone, evaluations.on_undone],
        IntakeDelivered: [paperwork.on_delivered],
        IntakeSubmitted: [paperwork.on_submitted],
        IntakeDecided: [paperwork.on_decided],
        IntakeMeasured: [baselines.on_measured],
        LocationAdded: [_prepare],
        CalendarChanged: [_calendar_changed],
        LeadAssigned: [_assigned],
        InsuranceChanged: [insurance.on_changed],
        NextVisitPlanned: [referrers.on_next_visit],
        ReferrerWrote: [referrers.on_wrote],
        ReferrerMessageSettled: [referrers.on_settled],
        AppointmentBooked: [care.on_calendar],
        AppointmentMoved: [care.on_calendar],
        AppointmentAttended: [insurance.on_attended, care.on_outcome],
        AppointmentMissed: [insurance.on_not_attended, care.on_outcome],
        AppointmentCanceled: [insurance.on_not_attended, care.on_outcome, care.on_calendar],
        AppointmentUndone: [care.on_undone],
        EpisodeOpened: [care.on_changed],
        EpisodeChanged: [care.on_changed],
        EpisodeWithdrawn: [care.on_withdrawn],
        VisitRecorded: [care.on_visit],
        VisitRemoved: [care.on_removed],
        VisitsImported: [care.on_imported],
        LetterSent: [letters.on_sent],
        LetterFailed: [letters.on_failed],
        LetterReturned: [letters.on_returned],
        FaxHeld: [_held],
        FaxFailed: [_failed],
        FaxSettled: [_settled],
    }
