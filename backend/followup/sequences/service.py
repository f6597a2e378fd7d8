"""Put leads on their way through a sequence, hold them, take them off it."""

import uuid
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import actor_of
from backend.core.clock import now
from backend.core.database import LiveEvent, practice_of, tell_live
from backend.core.ids import new_id
from backend.core.jobs import later
from backend.core.problems import Conflict, Invalid, NotFound
from backend.followup import service as tasks
from backend.followup.sequences import conditions, defaults, steps, timing
from backend.followup.sequences.models import Enrollment, EnrollmentStep, Sequence
from backend.followup.sequences.stopping import Happening, effect
from backend.identity.calendars import calendar_of
from backend.leads import history
from backend.leads.models import Lead
from backend.messaging import greeting
from backend.messaging.people import UNKNOWN
from backend.patients.models import Coverage, Patient

BEGIN: Final = "followup.begin"
STEP: Final = "followup.step"
URGENCY_RANK: Final = {"stat": 0, "urgent": 1, "routine": 2}


async def locked_lead(session: AsyncSession, lead_id: uuid.UUID) -> Lead | None:
    """The lead, locked until commit; always before its enrollment."""
    return await session.scalar(
        select(Lead)
        .where(Lead.practice_id == practice_of(session), Lead.id == lead_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


async def locked_running(session: AsyncSession, lead_id: uuid.UUID) -> Enrollment | None:
    """The lead's running sequence, locked. The lead must be locked."""
    await session.flush()
    return await session.scalar(
        select(Enrollment)
        .where(Enrollment.practice_id == practice_of(session), Enrollment.lead_id == lead_id)
        .where(Enrollment.state.in_(("active", "snoozed")))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


async def begin(session: AsyncSession, lead: Lead, *triggers: str) -> Enrollment | None:
    """Start the first sequence that fits, by trigger and then position; None when none does. The lead is locked."""
    await defaults.ensure(session)
    facts = await _facts(session, lead)
    for trigger in triggers:
        rows = await session.scalars(
            select(Sequence)
            .where(Sequence.practice_id == lead.practice_id, Sequence.trigger == trigger, Sequence.active)
            .where(Sequence.archived_at.is_(None))
            .order_by(Sequence.position, Sequence.id)
        )
        for sequence in rows:
            if conditions.matches(steps.Conditions.model_validate(sequence.conditions), facts):
                return await enroll(session, lead, sequence)
    return None


async def _facts(session: AsyncSession, lead: Lead) -> conditions.LeadFacts:
    payers = await session.scalars(
        select(Coverage.payer_name).where(
            Coverage.practice_id == lead.practice_id, Coverage.patient_id == lead.patient_id, Coverage.active
        )
    )
    return conditions.LeadFacts(lead.source, lead.urgency, lead.location_id, list(payers))


async def enroll(session: AsyncSession, lead: Lead, sequence: Sequence) -> Enrollment:
    """Begin this sequence; one that was running ends. The lead is locked."""
    before = await locked_running(session, lead.id)
    if before is not None:
        await stop(session, before, "superseded")
    found = steps.read(sequence.steps)
    calendar = await calendar_of(session, lead.location_id)
    first_at = timing.when(now(), found[0].after, calendar)
    enrollment = Enrollment(
        practice_id=lead.practice_id, id=new_id(), lead_id=lead.id, sequence_id=sequence.id,
        sequence_version=sequence.version, name=sequence.name, trigger=sequence.trigger, steps=sequence.steps,
        position=0, attempt=0, state="active", planned_at=first_at, next_at=first_at, location_id=lead.location_id,
        urgency_rank=URGENCY_RANK[lead.urgency], started_at=now(), version=1,
    )  # fmt: skip
    session.add(enrollment)
    await session.flush()
    await set_timer(session, enrollment)
    tell(session, enrollment)
    return enrollment


async def set_timer(session: AsyncSession, enrollment: Enrollment) -> None:
    """The job that takes the step at `position`; its key says which planning of it counts."""
    await session.flush()
    assert enrollment.next_at is not None
    at = enrollment.next_at if enrollment.next_at > now() else None
    await later(session, STEP, enrollment.id, key=timer_key(enrollment), at=at)


def timer_key(enrollment: Enrollment) -> str:
    """The key of the timer that counts."""
    return f"{enrollment.id}:{enrollment.position}:{enrollment.attempt}"


async def move_timer(session: AsyncSession, enrollment: Enrollment, at: datetime) -> None:
    """The pending step comes at another time; the old timer changes nothing any more."""
    enrollment.next_at, enrollment.attempt = at, enrollment.attempt + 1
    enrollment.version += 1
    await set_timer(session, enrollment)
    tell(session, enrollment)


async def stop(session: AsyncSession, enrollment: Enrollment, reason: str) -> None:
    """Take the lead off its sequence; texts that have not gone out and tasks that lost their point go with it."""
    enrollment.state, enrollment.stop_reason, enrollment.ended_at = "stopped", reason, now()
    enrollment.next_at, enrollment.wait_reason = None, None
    enrollment.version += 1
    await session.flush()
    await _take_back(session, enrollment)
    tell(session, enrollment)


async def _take_back(session: AsyncSession, enrollment: Enrollment) -> None:
    rows = (
        await session.scalars(
            select(EnrollmentStep).where(
                EnrollmentStep.practice_id == enrollment.practice_id, EnrollmentStep.enrollment_id == enrollment.id
            )
        )
    ).all()
    await greeting.withdraw(session, [row.message_id for row in rows if row.message_id])
    moot = {"tell_referrer", "task"} if enrollment.trigger == "unreachable" else {"tell_referrer"}
    await tasks.withdraw(session, [row.task_id for row in rows if row.task_id and row.kind in moot])
    await tasks.keep_step(session, await tasks.lead_of(session, enrollment.lead_id))


async def happened(session: AsyncSession, lead_id: uuid.UUID, what: Happening) -> None:
    """Something happened to the lead: its sequence ends, goes on without texts, or another takes its place."""
    lead = await locked_lead(session, lead_id)
    if lead is None:
        return
    enrollment = await locked_running(session, lead_id)
    found = effect(what, enrollment.trigger if enrollment else "none")
    if enrollment is not None and found == "stop":
        await stop(session, enrollment, what)
    elif enrollment is not None and found in {"no_texts", "find_number"}:
        enrollment.no_texts = what
        enrollment.version += 1
        tell(session, enrollment)
    if found == "find_number" and lead.open:
        await begin(session, lead, "unreachable")


async def opened(session: AsyncSession, lead: Lead) -> None:
    """A new lead begins its sequence unless somebody has been in touch already. The lead is locked.

    A caller nobody knows waits for a call back, or for a name.
    """
    if not lead.open or lead.first_contact_at is not None or lead.evaluation_state == "booked":
        return
    known = select(Enrollment.id).where(Enrollment.practice_id == lead.practice_id, Enrollment.lead_id == lead.id)
    if await session.scalar(known.limit(1)) is not None:
        return
    patient = await session.get_one(Patient, (lead.practice_id, lead.patient_id))
    if (patient.first_name, patient.last_name) == UNKNOWN:
        return
    if patient.phone or patient.phone_alt:
        await begin(session, lead, "lead_opened")
    else:
        await begin(session, lead, "unreachable", "lead_opened")


async def has_phone(session: AsyncSession, lead: Lead) -> bool:
    """Whether there is a number to call the patient at."""
    patient = await session.get_one(Patient, (lead.practice_id, lead.patient_id))
    return bool(patient.phone or patient.phone_alt)


async def phone_changed(session: AsyncSession, lead: Lead) -> None:
    """A new number is a new start for who could not be reached; a running sequence may text it. The lead is locked."""
    running = await locked_running(session, lead.id)
    newest = running or await session.scalar(
        select(Enrollment)
        .where(Enrollment.practice_id == lead.practice_id, Enrollment.lead_id == lead.id)
        .order_by(Enrollment.started_at.desc(), Enrollment.id.desc())
        .limit(1)
    )
    if newest is None or newest.state == "stopped":
        return
    if newest.trigger == "unreachable":
        await _take_back(session, newest)
        if await begin(session, lead, "lead_opened") is None and running is not None:
            await stop(session, running, "superseded")
    elif running is not None and running.no_texts != "opted_out":
        running.no_texts = None
        running.version += 1
        tell(session, running)


async def _of_lead(session: AsyncSession, lead_id: uuid.UUID) -> Enrollment:
    enrollment = await locked_running(session, lead_id)
    if enrollment is None:
        raise Conflict("No sequence is running for this lead. Start one first.")
    return enrollment


async def snooze(session: AsyncSession, lead: Lead, until: datetime) -> None:
    """Nothing automatic before `until`. The lead is locked."""
    if until <= now():
        raise Invalid("Choose a time in the future.", errors=[("/until", "in the past")])
    enrollment = await _of_lead(session, lead.id)
    enrollment.state, enrollment.wait_reason, enrollment.waiting_since = "snoozed", None, None
    await move_timer(session, enrollment, max(until, enrollment.planned_at))
    history.note(session, lead.id, "follow_up_snoozed", name=enrollment.name)


async def resume(session: AsyncSession, lead: Lead) -> None:
    """Go on at once where it was put off."""
    enrollment = await _of_lead(session, lead.id)
    if enrollment.state != "snoozed":
        raise Conflict("This sequence is not snoozed.")
    enrollment.state = "active"
    await move_timer(session, enrollment, max(now(), enrollment.planned_at))


async def stop_by_hand(session: AsyncSession, lead: Lead) -> None:
    """A person goes on without it."""
    enrollment = await _of_lead(session, lead.id)
    await stop(session, enrollment, "person")
    history.note(session, lead.id, "follow_up_stopped", name=enrollment.name)


async def start_by_hand(session: AsyncSession, lead: Lead, sequence_id: uuid.UUID) -> None:
    """A person chose this one. Raises `Conflict` for a closed lead."""
    if not lead.open:
        raise Conflict("This lead is closed. Open it again first.")
    sequence = await session.get(Sequence, (lead.practice_id, sequence_id))
    if sequence is None or sequence.archived_at is not None:
        raise NotFound("There is no such sequence in this practice.")
    await enroll(session, lead, sequence)
    history.note(session, lead.id, "follow_up_started", name=sequence.name)


def tell(session: AsyncSession, enrollment: Enrollment) -> None:
    """Tell other screens: the event carries the lead's id."""
    event = LiveEvent("sequence.changed", str(enrollment.lead_id), enrollment.version, actor_of(session).mutation_id)
    tell_live(session, [event])
