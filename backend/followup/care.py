"""Care follows what the calendar and the leads say; its deadlines become tasks, of its lead or of itself."""

import uuid
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.care import finding, plans, todo, visits, withdrawing
from backend.care import service as care
from backend.care.events import (
    EpisodeChanged,
    EpisodeOpened,
    EpisodeWithdrawn,
    VisitRecorded,
    VisitRemoved,
    VisitsImported,
)
from backend.care.models import Episode, ProgressReport, Visit
from backend.care.visits import VisitFacts
from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.jobs import JobRun, set_timer, set_timers
from backend.followup import chain, service
from backend.identity.owners import Owner, default_owner
from backend.insurance import service as insurance
from backend.leads import stages
from backend.leads.events import EvaluationAttended, EvaluationUndone, LeadParted
from backend.scheduling import evaluation, outcomes
from backend.scheduling.appointment_models import OPEN, Appointment, AppointmentEvent
from backend.scheduling.events import (
    AppointmentAttended,
    AppointmentBooked,
    AppointmentCanceled,
    AppointmentMissed,
    AppointmentMoved,
    AppointmentUndone,
)
from backend.scheduling.models import AppointmentType, Clinician

CHECK: Final = "followup.care"
LATE: Final = timedelta(hours=24)
MORNING: Final = time(7)
STATES: Final = {"checked_in": "attended", "no_show": "no_show"}


async def on_evaluation_attended(session: AsyncSession, event: EvaluationAttended) -> None:
    """Care has begun: the episode with its evaluation, and what the calendar knows of earlier visits."""
    lead = await service.lead_of(session, event.lead_id)
    assert lead.evaluation_at is not None
    day = lead.evaluation_at.astimezone(await care.zone_of(session, lead.location_id)).date()
    episode = await care.open_episode(session, lead.id, day)
    appointment = await evaluation.current(session, lead.id, *OPEN, "no_show", "checked_in")
    if await _evaluated(session, episode) is None:
        facts = VisitFacts(lead.evaluation_at, "attended", "evaluation", finding.source_of(session))
        if appointment is not None:
            facts = replace(
                facts, appointment_id=appointment.id, location_id=appointment.location_id,
                clinician_id=appointment.clinician_id,
            )  # fmt: skip
            episode.clinician_id = episode.clinician_id or appointment.clinician_id
        await visits.record(session, episode.id, facts)
    earlier = await session.scalars(
        select(Appointment)
        .where(Appointment.practice_id == lead.practice_id, Appointment.lead_id == lead.id)
        .where(Appointment.status.in_(("no_show", "canceled")))
        .order_by(Appointment.starts_at)
    )
    for missed in earlier.all():
        if missed.starts_at != lead.evaluation_at:
            await _record(session, episode, missed)


async def _evaluated(session: AsyncSession, episode: Episode) -> Visit | None:
    return await session.scalar(
        select(Visit)
        .where(Visit.practice_id == episode.practice_id, Visit.episode_id == episode.id)
        .where(Visit.kind == "evaluation", Visit.state == "attended")
        .limit(1)
    )


async def on_evaluation_undone(session: AsyncSession, event: EvaluationUndone) -> None:
    """The patient had not come."""
    if event.was == "attended":
        await withdrawing.withdraw(session, event.lead_id)


async def on_outcome(
    session: AsyncSession, event: AppointmentAttended | AppointmentMissed | AppointmentCanceled
) -> None:
    """A visit of the episode has its outcome; before care has begun there is none."""
    appointment = await _appointment(session, event.appointment_id)
    episode = await _episode_of(session, appointment)
    if episode is not None:
        visit = await _record(session, episode, appointment)
        if visit is not None and visit.state == "attended":
            # It is counted by its appointment now.
            await insurance.uncount_visit(session, visit.patient_id, visit.id)


async def on_undone(session: AsyncSession, event: AppointmentUndone) -> None:
    """Neither came nor missed: no visit yet, and none of the authorization used."""
    visit = await visits.of_appointment(session, event.appointment_id)
    if visit is not None:
        await visits.forget(session, await care.locked(session, visit.episode_id), visit)
    appointment = await _appointment(session, event.appointment_id)
    if appointment.patient_id is not None:
        await insurance.uncount_visit(session, appointment.patient_id, appointment.id)


async def _record(session: AsyncSession, episode: Episode, appointment: Appointment) -> Visit | None:
    kind = await session.get_one(AppointmentType, (appointment.practice_id, appointment.type_id))
    day = appointment.starts_at.astimezone(await care.zone_of(session, appointment.location_id)).date()
    came = appointment.status == "checked_in"
    if kind.kind == "free_screen" or (came and kind.kind != "evaluation" and day < episode.started_on):
        return None
    state = await _canceled(session, appointment) if appointment.status == "canceled" else STATES[appointment.status]
    of_kind = "treatment"
    if kind.kind == "evaluation":
        known = await _evaluated(session, episode)
        of_kind = "evaluation" if known is None or known.day == day or not came else "reevaluation"
    facts = VisitFacts(
        appointment.starts_at, state, of_kind, finding.source_of(session), appointment_id=appointment.id,
        location_id=appointment.location_id, clinician_id=appointment.clinician_id,
    )  # fmt: skip
    if episode.clinician_id is None and came:
        episode.clinician_id = appointment.clinician_id
    return (await visits.record(session, episode.id, facts))[0]


async def _canceled(session: AsyncSession, appointment: Appointment) -> str:
    """By the clinic, or by the patient: within a day of the visit it is late."""
    event = await session.scalar(
        select(AppointmentEvent)
        .where(AppointmentEvent.practice_id == appointment.practice_id)
        .where(AppointmentEvent.appointment_id == appointment.id, AppointmentEvent.kind == "canceled")
        .order_by(AppointmentEvent.at.desc())
        .limit(1)
    )
    if event is not None and event.detail.get("by_clinic"):
        return "clinic_canceled"
    return "late_cancel" if appointment.starts_at - (event.at if event else now()) < LATE else "canceled"


async def _appointment(session: AsyncSession, appointment_id: uuid.UUID) -> Appointment:
    return await session.get_one(Appointment, (practice_of(session), appointment_id), populate_existing=True)


async def _episode_of(session: AsyncSession, appointment: Appointment) -> Episode | None:
    if appointment.lead_id is not None:
        return await care.of_lead(session, appointment.lead_id)
    if appointment.patient_id is None:
        return None
    return await finding.active_of(session, appointment.patient_id, appointment.clinician_id)


async def on_visit(session: AsyncSession, event: VisitRecorded) -> None:
    """A visit that only a program or the desk knows: the calendar takes it over, else it is counted by itself."""
    visit = await session.get_one(Visit, (practice_of(session), event.visit_id), populate_existing=True)
    if visit.appointment_id is not None:
        return
    appointment = await _open_that_day(session, visit)
    if appointment is not None and visit.state == "attended":
        await outcomes.check_in(session, appointment.id)
    elif appointment is not None and visit.state == "no_show":
        await outcomes.no_show(session, appointment.id)
    elif appointment is not None:
        await outcomes.cancel(session, appointment.id, by_clinic=visit.state == "clinic_canceled")
    elif visit.state == "attended":
        await insurance.count_visit(session, visit.patient_id, visit.id, visit.day)
    else:
        await insurance.uncount_visit(session, visit.patient_id, visit.id)


async def _open_that_day(session: AsyncSession, visit: Visit) -> Appointment | None:
    """The patient's only appointment around that time that nobody has settled."""
    near = timedelta(hours=12)
    rows = await session.scalars(
        select(Appointment)
        .where(Appointment.practice_id == visit.practice_id, Appointment.patient_id == visit.patient_id)
        .where(Appointment.status.in_(OPEN))
        .where(Appointment.starts_at.between(visit.scheduled_at - near, visit.scheduled_at + near))
    )
    found = [
        row
        for row in rows
        if row.starts_at.astimezone(await care.zone_of(session, row.location_id)).date() == visit.day
    ]
    return found[0] if len(found) == 1 else None


async def on_removed(session: AsyncSession, event: VisitRemoved) -> None:
    """Nothing of the authorization is used by it."""
    await insurance.uncount_visit(session, event.patient_id, event.visit_id)


async def on_changed(session: AsyncSession, event: EpisodeOpened | EpisodeChanged) -> None:
    """Its tasks, now, and the day to look again."""
    episode = await care.get(session, event.episode_id, care.WRITE)
    await _keep(session, episode)


async def on_withdrawn(session: AsyncSession, event: EpisodeWithdrawn) -> None:
    """Nothing is left to do for care that had not begun."""
    await service.keep_tasks(session, await service.lead_of(session, event.lead_id), {}, todo.KINDS)


async def on_imported(session: AsyncSession, event: VisitsImported) -> None:
    """Each episode is looked at on its own, by a worker."""
    await set_timers(session, CHECK, event.episode_ids, now())


async def on_calendar(session: AsyncSession, event: AppointmentBooked | AppointmentMoved | AppointmentCanceled) -> None:
    """Who has visits to come is in care, and is not silent."""
    appointment = await _appointment(session, event.appointment_id)
    episode = await _episode_of(session, appointment)
    if episode is None or episode.state != "active":
        return
    kind = await session.get_one(AppointmentType, (appointment.practice_id, appointment.type_id))
    if isinstance(event, AppointmentBooked) and kind.kind == "follow_up":
        await care.enter(session, await care.locked(session, episode.id), stages.IN_CARE)
    await _keep(session, episode)


async def _keep(session: AsyncSession, episode: Episode) -> date | None:
    """The lead, or the episode without one, has the tasks it asks for; a timer looks again on the day returned."""
    going_on = episode.state == "active" and not await _is_history(session, episode)
    wanted, again = await _todo(session, episode) if going_on else ([], None)
    titles = {one.kind: one.title for one in wanted}
    if episode.lead_id is not None:
        lead = await service.lead_of(session, episode.lead_id)
        await service.keep_tasks(session, lead, {} if lead.stage == stages.LOST else titles, todo.KINDS)
        titles = {}
    if titles:
        await service.keep_episode_tasks(session, episode, await _owner(session, episode), titles)
    else:
        await service.settle_episode(session, episode.id)
    if again is not None:
        zone = await care.zone_of(session, episode.location_id)
        await set_timer(session, CHECK, episode.id, datetime.combine(again, MORNING, zone))
    return again


async def _is_history(session: AsyncSession, episode: Episode) -> bool:
    """Imported without a lead, long over, and never ended in the record system; nobody has been told of it."""
    if episode.lead_id is not None or await service.has_episode_tasks(session, episode.id):
        return False
    last = await session.scalar(
        select(func.max(Visit.day)).where(Visit.practice_id == episode.practice_id, Visit.episode_id == episode.id)
    )
    today = await care.today_at(session, episode.location_id)
    return max(last or date.min, episode.started_on) < today - timedelta(days=todo.HISTORY_DAYS)


async def _owner(session: AsyncSession, episode: Episode) -> Owner:
    """Of care without a lead: who treats, where they sign in and may work on tasks; else the clinic's team."""
    of_clinician = select(Clinician.user_id).where(
        Clinician.practice_id == episode.practice_id, Clinician.id == episode.clinician_id, Clinician.active
    )
    user_id = await session.scalar(of_clinician) if episode.clinician_id else None
    if user_id is not None and await chain.works(session, user_id, episode.location_id):
        return Owner(user_id=user_id)
    return await default_owner(session, episode.location_id)


async def on_parted(session: AsyncSession, event: LeadParted) -> None:
    """Care that had lost its lead has it again, and with it its tasks."""
    for lead_id in (event.lead_id, event.from_id):
        if (episode := await care.of_lead(session, lead_id)) is not None:
            await _keep(session, episode)


async def _todo(session: AsyncSession, episode: Episode) -> tuple[list[todo.Todo], date | None]:
    ours = (Visit.practice_id == episode.practice_id) & (Visit.episode_id == episode.id)
    days = await session.scalars(select(Visit.day).where(ours, Visit.state == "attended").distinct())
    written = await session.scalars(
        select(ProgressReport.written_on).where(
            ProgressReport.practice_id == episode.practice_id, ProgressReport.episode_id == episode.id
        )
    )
    rows = await plans.of_episode(session, episode.id)
    zone = await care.zone_of(session, episode.location_id)
    booked = await _next_booked(session, episode)
    facts = todo.Facts(
        plans.case_of(episode), tuple(await plans.facts_of(session, episode, rows)),
        tuple(row.ready_at.astimezone(zone).date() if row.ready_at else None for row in rows), tuple(days),
        tuple(written), booked.astimezone(zone).date() if booked else None,
    )  # fmt: skip
    return todo.of(facts, await care.today_at(session, episode.location_id))


async def _next_booked(session: AsyncSession, episode: Episode) -> datetime | None:
    """The last of the patient's visits to come for this lead, so far as the calendar knows."""
    whose = Appointment.lead_id == episode.lead_id if episode.lead_id else Appointment.patient_id == episode.patient_id
    return await session.scalar(
        select(func.max(Appointment.starts_at)).where(
            Appointment.practice_id == episode.practice_id, whose, Appointment.status.in_(OPEN),
            Appointment.starts_at > now(),
        )
    )  # fmt: skip


async def check(run: JobRun) -> None:
    """The timer: something is due, or silence has lasted."""
    async with run.transaction() as session:
        found = await session.get(Episode, (run.practice_id, run.ref_id))
        if found is None:
            await run.finish(session)
            return
        episode = await care.locked(session, run.ref_id)
        if episode.state == "active":
            await _count(session, episode)
        again = await _keep(session, episode)
        if again is None:
            await run.finish(session)
        else:
            zone = await care.zone_of(session, episode.location_id)
            await run.again(session, datetime.combine(again, MORNING, zone))


async def _count(session: AsyncSession, episode: Episode) -> None:
    """Visits that came many at once are counted where an authorization may pay for them."""
    if not await insurance.has_authorization(session, episode.patient_id):
        return
    counted = await insurance.counted(session, episode.patient_id)
    rows = await session.scalars(
        select(Visit)
        .where(Visit.practice_id == episode.practice_id, Visit.episode_id == episode.id)
        .where(Visit.state == "attended", Visit.appointment_id.is_(None))
    )
    for visit in rows.all():
        if visit.id not in counted:
            await insurance.count_visit(session, visit.patient_id, visit.id, visit.day)
