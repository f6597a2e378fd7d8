"""What follows from an evaluation being booked, missed, attended or canceled, as the practice's rules say."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.jobs import JobRun, set_timer
from backend.followup import rules, steps
from backend.followup import service as tasks
from backend.followup.sequences import service as sequences
from backend.leads import evaluations, stages
from backend.leads import service as leads
from backend.leads.events import (
    EvaluationAttended,
    EvaluationBooked,
    EvaluationCanceled,
    EvaluationMissed,
    EvaluationUndone,
)
from backend.leads.models import Lead, LeadEvent

CHECK: Final = "followup.evaluation"
CLOSE: Final = timedelta(seconds=2)


async def on_booked(session: AsyncSession, event: EvaluationBooked) -> None:
    """The sequence ends, the lead enters its stage, and the day after somebody looks whether the patient came."""
    await sequences.happened(session, event.lead_id, "booked")
    lead, chosen = await tasks.lead_of(session, event.lead_id), await rules.of_practice(session)
    in_window = now() - lead.opened_at <= timedelta(days=chosen.scheduling_window_days)
    if lead.open and in_window and await _before(session, lead, chosen.scheduled_stage):
        await leads.enter(session, lead, chosen.scheduled_stage)
    await _set_timer(session, lead, event.at + timedelta(days=chosen.missed_after_days))


async def watch(session: AsyncSession, lead: Lead) -> None:
    """A lead that was closed meanwhile has its timer again."""
    if lead.evaluation_state == "booked" and lead.evaluation_at is not None:
        chosen = await rules.of_practice(session)
        await _set_timer(session, lead, lead.evaluation_at + timedelta(days=chosen.missed_after_days))


async def _set_timer(session: AsyncSession, lead: Lead, at: datetime) -> None:
    """One per lead: it looks for itself, and one that fires too early waits again."""
    await set_timer(session, CHECK, lead.id, at)


async def _before(session: AsyncSession, lead: Lead, stage: str) -> bool:
    known = await stages.of_practice(session)
    return stage in known and known[lead.stage].position < known[stage].position


async def on_attended(session: AsyncSession, event: EvaluationAttended) -> None:
    """The lead enters its stage; usually it is won."""
    await sequences.happened(session, event.lead_id, "attended")
    lead, chosen = await tasks.lead_of(session, event.lead_id), await rules.of_practice(session)
    if await _before(session, lead, chosen.attended_stage):
        await leads.enter(session, lead, chosen.attended_stage)


async def on_missed(session: AsyncSession, event: EvaluationMissed) -> None:
    """The lead goes back, and the sequence of recovery begins."""
    lead, chosen = await sequences.locked_lead(session, event.lead_id), await rules.of_practice(session)
    if lead is None or not lead.open:
        return
    await leads.enter(session, lead, chosen.missed_stage)
    await tasks.give_step(session, lead, steps.MISSED_EVALUATION)
    # Who has written or called that they cannot come is answered, not told that they were missed.
    if await tasks.waiting_task(session, lead.id) is None:
        await sequences.begin(session, lead, "evaluation_missed")


async def on_canceled(session: AsyncSession, event: EvaluationCanceled) -> None:
    """A new time is needed."""
    lead, chosen = await tasks.lead_of(session, event.lead_id), await rules.of_practice(session)
    if not lead.open:
        return
    await leads.enter(session, lead, chosen.missed_stage)
    await tasks.give_step(session, lead, steps.CANCELED_EVALUATION)


async def on_undone(session: AsyncSession, event: EvaluationUndone) -> None:
    """The lead is back where it was before that was noted, and watched again; a recovery that has begun ends."""
    await sequences.happened(session, event.lead_id, "booked")
    lead, chosen = await tasks.lead_of(session, event.lead_id), await rules.of_practice(session)
    if event.was == "missed" or not lead.open:
        await leads.enter(session, lead, await _stage_before(session, lead, chosen.scheduled_stage))
    await watch(session, lead)


async def _stage_before(session: AsyncSession, lead: Lead, otherwise: str) -> str:
    """The last stage in which it waited for its evaluation."""
    left = await session.scalars(
        select(LeadEvent.from_stage)
        .where(LeadEvent.practice_id == lead.practice_id, LeadEvent.lead_id == lead.id)
        .where(LeadEvent.from_stage.is_not(None))
        .order_by(LeadEvent.at.desc(), LeadEvent.id.desc())
    )
    known = await stages.of_practice(session)
    first = known[otherwise].position if otherwise in known else 0
    for stage in left:
        if stage in known and known[stage].group in stages.OPEN_GROUPS and known[stage].position >= first:
            return str(stage)
    return otherwise if otherwise in known else stages.CONTACTED


async def check(run: JobRun) -> None:
    """The time of the evaluation is past: nobody noted that the patient came."""
    async with run.transaction() as session:
        lead = await sequences.locked_lead(session, run.ref_id)
        if lead is not None and lead.open and lead.evaluation_state == "booked" and lead.evaluation_at is not None:
            due_at = lead.evaluation_at + timedelta(days=(await rules.of_practice(session)).missed_after_days)
            if due_at > now() + CLOSE:
                await run.again(session, due_at)
                return
            await evaluations.missed(session, lead.id)
        await run.finish(session)
