"""Note what became of a visit. The same visit said again is the same row, whoever says it."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.care import service
from backend.care.events import VisitRecorded, VisitRemoved
from backend.care.models import Episode, Visit
from backend.core.actor import actor_of
from backend.core.clock import now
from backend.core.database import practice_of, publish
from backend.core.ids import new_id
from backend.core.problems import Conflict, Invalid, NotFound, StaleVersion
from backend.leads import stages

# Who comes too early is still here.
EARLY = timedelta(hours=12)
MISSING = "There is no such visit in this practice."


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """What became of one visit. Without clinic or clinician it was the episode's."""

    scheduled_at: datetime
    state: str
    kind: str = "treatment"
    source: str = "desk"
    external_id: str | None = None
    appointment_id: uuid.UUID | None = None
    location_id: uuid.UUID | None = None
    clinician_id: uuid.UUID | None = None


async def record(session: AsyncSession, episode_id: uuid.UUID, facts: VisitFacts) -> tuple[Visit, bool]:
    """The visit and whether it is new. Raises `NotFound`, `Invalid`."""
    episode = await service.locked(session, episode_id)
    location_id = facts.location_id or episode.location_id
    day = facts.scheduled_at.astimezone(await service.zone_of(session, location_id)).date()
    visit, new = await _known(session, episode, facts, day), False
    if visit is None:
        visit, new = Visit(practice_id=episode.practice_id, id=new_id(), version=0, appointment_id=None), True
        session.add(visit)
    visit.patient_id, visit.location_id = episode.patient_id, location_id
    visit.clinician_id = facts.clinician_id or visit.clinician_id or episode.clinician_id
    visit.appointment_id = facts.appointment_id or visit.appointment_id
    visit.scheduled_at, visit.day, visit.state, visit.kind = facts.scheduled_at, day, facts.state, facts.kind
    if new or facts.external_id:
        visit.source, visit.external_id = facts.source, facts.external_id
    await written(session, episode, visit)
    return visit, new


async def _known(session: AsyncSession, episode: Episode, facts: VisitFacts, day: date) -> Visit | None:
    """The row this visit has already: by its own id or appointment, else the one of that day without the other's id."""
    ours = select(Visit).where(Visit.practice_id == episode.practice_id)
    if facts.external_id:
        known = await session.scalar(ours.where(Visit.source == facts.source, Visit.external_id == facts.external_id))
        if known is not None and known.episode_id != episode.id:
            raise Invalid(
                "This external_id belongs to a visit of another episode.", errors=[("/external_id", "used already")]
            )
        if known is not None:
            return known
    if facts.appointment_id:
        known = await session.scalar(ours.where(Visit.appointment_id == facts.appointment_id))
        if known is not None:
            return known
    same_day = ours.where(Visit.episode_id == episode.id, Visit.day == day)
    if facts.external_id:
        same_day = same_day.where(Visit.external_id.is_(None))
    elif facts.appointment_id:
        same_day = same_day.where(Visit.appointment_id.is_(None))
    else:
        same_day = same_day.where(Visit.scheduled_at == facts.scheduled_at)
    return await session.scalar(same_day.order_by(Visit.scheduled_at, Visit.id).limit(1))


async def change(session: AsyncSession, visit_id: uuid.UUID, version: int, given: dict[str, Any]) -> Visit:
    """Correct what was noted; only what is given changes. Raises `NotFound`, `StaleVersion`, `Invalid`."""
    episode, visit = await _locked(session, visit_id, version)
    if given.get("clinician_id"):
        await service.known(session, clinician_id=given["clinician_id"])
    left = None
    if given.get("episode_id", episode.id) != episode.id:
        left, episode = episode, await service.locked(session, given["episode_id"])
        if episode.patient_id != visit.patient_id:
            raise Invalid("Choose another episode of the same patient.", errors=[("/episode_id", "another patient's")])
    for name, value in given.items():
        setattr(visit, name, value)
    check_time(visit.state, visit.scheduled_at)
    visit.day = visit.scheduled_at.astimezone(await service.zone_of(session, visit.location_id)).date()
    await written(session, episode, visit)
    if left is not None:
        await service.changed(session, left)
    return visit


def check_time(state: str, at: datetime) -> None:
    """Nobody has come to a visit that is still to come. Raises `Invalid`."""
    if state in {"attended", "no_show"} and at > now() + EARLY:
        raise Invalid("This visit is still to come.", errors=[("/scheduled_at", "in the future")])


async def remove(session: AsyncSession, visit_id: uuid.UUID, version: int | None = None) -> Episode:
    """It was noted by mistake. Raises `Conflict` for what an appointment says: that is undone in the calendar."""
    episode, visit = await _locked(session, visit_id, version)
    if visit.appointment_id is not None:
        raise Conflict("This visit is in the calendar. Undo its check-in or no-show there.")
    await forget(session, episode, visit)
    return episode


async def forget(session: AsyncSession, episode: Episode, visit: Visit) -> None:
    """Take a visit away. Its episode is locked."""
    gone = VisitRemoved(visit.id, episode.id, visit.patient_id, visit.appointment_id)
    await session.delete(visit)
    await session.flush()
    await publish(session, gone)
    await service.changed(session, episode)


async def of_appointment(session: AsyncSession, appointment_id: uuid.UUID) -> Visit | None:
    """What was noted of an appointment."""
    return await session.scalar(
        select(Visit)
        .where(Visit.practice_id == practice_of(session), Visit.appointment_id == appointment_id)
        .execution_options(populate_existing=True)
    )


async def _locked(session: AsyncSession, visit_id: uuid.UUID, version: int | None) -> tuple[Episode, Visit]:
    which = (Visit.practice_id == practice_of(session)) & (Visit.id == visit_id)
    episode_id = await session.scalar(select(Visit.episode_id).where(which))
    if episode_id is None:
        raise NotFound(MISSING)
    episode = await service.locked(session, episode_id)
    visit = await session.scalar(select(Visit).where(which).execution_options(populate_existing=True))
    if visit is None:
        raise NotFound(MISSING)
    if version is not None and version != visit.version:
        raise StaleVersion(visit.version)
    return episode, visit


async def written(session: AsyncSession, episode: Episode, visit: Visit) -> None:
    """A visit is as it is now: checked, told, and with the first treatment the lead is in care."""
    if visit.state == "attended" and visit.day < episode.started_on:
        if visit.kind != "evaluation":
            raise Invalid(
                "This visit is before the evaluation. Note the evaluation of that time first, or choose the episode"
                " it belongs to.",
                errors=[("/scheduled_at", "before the evaluation")],
            )
        episode.started_on = visit.day
    visit.episode_id = episode.id
    visit.recorded_by, visit.recorded_at = actor_of(session).name, now()
    visit.version += 1
    await session.flush()
    if visit.state == "attended" and visit.kind == "treatment" and episode.state == "active":
        await service.enter(session, episode, stages.IN_CARE)
    await publish(session, VisitRecorded(visit.id, episode.id))
    await service.changed(session, episode)
