"""Jobs of the follow-up engine. A step is decided, taken and followed by the next timer in one transaction, so a
worker may die at any point and two may run at once: a step happens once or not yet.

Locks in order: conversation, throttle, lead, enrollment. Whatever comes from the patient takes them in the same order.
"""

from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.ids import new_id
from backend.core.jobs import Job, JobRun, TryAgain
from backend.core.problems import Conflict, Invalid
from backend.followup import rules
from backend.followup import steps as tasks
from backend.followup.sequences import acting, coming, service, steps, throttle, timing
from backend.followup.sequences.models import Enrollment, EnrollmentStep
from backend.identity.calendars import calendar_of
from backend.leads import service as leads
from backend.leads import stages
from backend.leads.models import Lead
from backend.messaging import greeting
from backend.messaging.greeting import Prepared

# The database's clock and ours differ by less than this.
CLOSE: Final = timedelta(seconds=2)


async def begin(run: JobRun) -> None:
    """A lead was opened: its first sequence, with everything known that arrived with it, and the first step at once."""
    async with run.transaction() as session:
        lead = await service.locked_lead(session, run.ref_id)
        if lead is not None and not await rules.is_booked(session, lead.stage):
            await service.opened(session, lead)
    async with run.transaction() as session:
        enrollment = await coming.running(session, run.ref_id)
        if enrollment is not None and enrollment.next_at is not None and enrollment.next_at <= now() + CLOSE:
            await advance(session, enrollment)
        await run.finish(session)


async def step(run: JobRun) -> None:
    """The timer of one step."""
    async with run.transaction() as session:
        enrollment = await _due(session, run)
        if enrollment is not None:
            await advance(session, enrollment)
        await run.finish(session)


async def _due(session: AsyncSession, run: JobRun) -> Enrollment | None:
    """The enrollment when this timer is the one that counts. Raises `TryAgain` when it fires early."""
    enrollment = await session.get(Enrollment, (run.practice_id, run.ref_id))
    if enrollment is None or enrollment.next_at is None:
        return None
    key = await session.scalar(select(Job.key).where(Job.practice_id == run.practice_id, Job.id == run.job_id))
    if key != service.timer_key(enrollment):
        return None
    early = enrollment.next_at - now()
    if early > CLOSE:
        raise TryAgain("early", early.total_seconds())
    return enrollment


async def advance(session: AsyncSession, seen: Enrollment) -> None:
    """Take the pending step if it still applies."""
    planned = (seen.position, seen.attempt)
    lead = await session.get_one(Lead, (practice_of(session), seen.lead_id))
    wanted = steps.read(seen.steps)[seen.position]
    prepared = await _prepare(session, seen, lead, wanted) if isinstance(wanted, steps.TextStep) else None
    lead = await session.get_one(
        Lead, (practice_of(session), seen.lead_id), with_for_update=True, populate_existing=True
    )
    enrollment = await service.locked_running(session, lead.id)
    if enrollment is None or enrollment.id != seen.id or (enrollment.position, enrollment.attempt) != planned:
        return
    if not lead.open:
        await service.stop(session, enrollment, "closed")
        return
    enrollment.state = "active"
    if prepared is not None and prepared.action == "wait":
        await _wait(session, enrollment, prepared)
        return
    if isinstance(wanted, steps.CloseStep) and not await acting.may_close(session, lead, enrollment.started_at):
        await _wait(session, enrollment, await _tomorrow(session, lead))
        return
    await _take(session, lead, enrollment, wanted, prepared)


async def _prepare(session: AsyncSession, enrollment: Enrollment, lead: Lead, step: steps.TextStep) -> Prepared:
    """Ask gate and throttle. What was begun for a text that does not go now is undone."""
    if enrollment.no_texts:
        return Prepared("skip", enrollment.no_texts)
    if not lead.open:
        return Prepared("skip", "closed")
    undo = await session.begin_nested()
    prepared = await _may_send(session, enrollment, lead, step)
    await (undo.commit() if prepared.action == "send" else undo.rollback())
    return prepared


async def _may_send(session: AsyncSession, enrollment: Enrollment, lead: Lead, step: steps.TextStep) -> Prepared:
    try:
        prepared = await greeting.prepare(session, lead, step.template)
    except (Conflict, Invalid):
        return Prepared("skip", "no_template")
    if prepared.action != "send":
        return prepared
    chosen = await rules.of_practice(session)
    turn = await throttle.turn(
        session, enrollment, chosen, (await calendar_of(session, enrollment.location_id)).timezone
    )
    if turn is None:
        return Prepared("skip", "no_turn")
    return prepared if turn <= now() else Prepared("wait", "throttle", turn)


async def _wait(session: AsyncSession, enrollment: Enrollment, prepared: Prepared) -> None:
    assert prepared.until is not None
    enrollment.wait_reason = prepared.reason
    enrollment.waiting_since = enrollment.waiting_since or now()
    await service.move_timer(session, enrollment, prepared.until)


async def _tomorrow(session: AsyncSession, lead: Lead) -> Prepared:
    """Nobody has tried: look again after a working day; the call stays due, and overdue."""
    calendar = await calendar_of(session, lead.location_id)
    return Prepared("wait", "nobody_tried", calendar.after(now(), tasks.DAY))


async def _take(
    session: AsyncSession, lead: Lead, enrollment: Enrollment, step: steps.Step, prepared: Prepared | None
) -> None:
    outcome = await acting.act(session, lead, enrollment, step, prepared)
    await _record(session, enrollment, step, outcome)
    await _next(session, lead, enrollment)
    if isinstance(step, steps.CloseStep):
        await leads.enter(session, lead, stages.LOST, step.reason)


async def _record(session: AsyncSession, enrollment: Enrollment, step: steps.Step, outcome: acting.Outcome) -> None:
    session.add(
        EnrollmentStep(
            practice_id=enrollment.practice_id, id=new_id(), enrollment_id=enrollment.id,
            position=enrollment.position, kind=step.kind, at=now(), outcome=outcome.outcome, reason=outcome.reason,
            location_id=enrollment.location_id, message_id=outcome.message_id, task_id=outcome.task_id,
        )
    )  # fmt: skip
    await session.flush()


async def _next(session: AsyncSession, lead: Lead, enrollment: Enrollment) -> None:
    """The following step gets its timer; after the last one the sequence is done."""
    enrollment.position, enrollment.attempt = enrollment.position + 1, 0
    enrollment.wait_reason, enrollment.waiting_since = None, None
    enrollment.urgency_rank, enrollment.location_id = service.URGENCY_RANK[lead.urgency], lead.location_id
    enrollment.version += 1
    left = steps.read(enrollment.steps)[enrollment.position :]
    if not left:
        enrollment.state, enrollment.next_at, enrollment.ended_at = "done", None, now()
        await session.flush()
    else:
        calendar = await calendar_of(session, lead.location_id)
        enrollment.planned_at = enrollment.next_at = timing.when(now(), left[0].after, calendar)
        await service.set_timer(session, enrollment)
    service.tell(session, enrollment)
