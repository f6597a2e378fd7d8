"""Which episode a visit belongs to; an attended evaluation begins one."""

import uuid
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.care import service, visits
from backend.care.models import Episode, Visit
from backend.care.schemas import VisitIn
from backend.care.visits import VisitFacts
from backend.core.actor import actor_of, within
from backend.core.database import practice_of
from backend.core.problems import Invalid
from backend.leads import evaluations
from backend.leads import queries as leads
from backend.leads.models import Lead

NOT_BEGUN = "Care has not begun for this patient. Note their attended evaluation first (kind `evaluation`, by lead_id)."
TWO = "The patient has several episodes. Name the one by episode_id."


async def record(session: AsyncSession, body: VisitIn, source: str) -> tuple[Visit, bool]:
    """Note a visit as a program or the desk says it. Raises `NotFound`, `Invalid`, `Conflict`."""
    visits.check_time(body.state, body.scheduled_at)
    await service.known(session, location_id=body.location_id, clinician_id=body.clinician_id)
    episode_id = body.episode_id
    if body.lead_id is not None:
        episode_id = await _of_lead(session, body.lead_id, body)
    elif body.patient_id is not None:
        episode_id = await _of_patient(session, body.patient_id, body.scheduled_at)
    assert episode_id is not None
    facts = VisitFacts(
        body.scheduled_at, body.state, body.kind, source, body.external_id, location_id=body.location_id,
        clinician_id=body.clinician_id,
    )  # fmt: skip
    return await visits.record(session, episode_id, facts)


def source_of(session: AsyncSession) -> str:
    """How this transaction's actor says what happened."""
    return {"api_key": "api", "system": "import"}.get(actor_of(session).kind, "desk")


async def _of_lead(session: AsyncSession, lead_id: uuid.UUID, body: VisitIn) -> uuid.UUID:
    lead = await leads.lead(session, lead_id, service.WRITE)
    known = await service.of_lead(session, lead.id)
    if known is not None:
        return known.id
    if (body.kind, body.state) != ("evaluation", "attended"):
        raise Invalid(NOT_BEGUN, errors=[("/lead_id", "not in care")])
    return (await begin(session, lead, body.scheduled_at, body.clinician_id)).id


async def begin(session: AsyncSession, lead: Lead, at: datetime, clinician_id: uuid.UUID | None = None) -> Episode:
    """The lead learns that its evaluation was attended, at that time; the episode that begins with it."""
    zone = await service.zone_of(session, lead.location_id)
    noted, day = lead.evaluation_at.astimezone(zone).date() if lead.evaluation_at else None, at.astimezone(zone).date()
    if lead.evaluation_state == "booked" and noted != day:
        await evaluations.book(session, lead.id, at, permission=service.WRITE)
    if lead.evaluation_state == "booked" or (lead.evaluation_state == "missed" and noted == day):
        await evaluations.attended(session, lead.id, permission=service.WRITE)
    elif lead.evaluation_state != "attended":
        await evaluations.came(session, lead.id, at, permission=service.WRITE)
    return await service.open_episode(session, lead.id, day, clinician_id)


async def _of_patient(session: AsyncSession, patient_id: uuid.UUID, at: datetime) -> uuid.UUID:
    """The only episode that can be meant: one that goes on, else the one of that day."""
    rows = list(
        await session.scalars(
            select(Episode)
            .where(Episode.practice_id == practice_of(session), Episode.patient_id == patient_id)
            .where(within(session, service.WRITE, Episode.location_id))
        )
    )
    if not rows:
        raise Invalid(NOT_BEGUN, errors=[("/patient_id", "not in care")])
    zone = await service.zone_of(session, rows[0].location_id)
    fitting = [row for row in rows if covers(row.started_on, row.ended_on, at.astimezone(zone).date())]
    found = fitting or rows
    if len(found) > 1:
        raise Invalid(TWO, errors=[("/patient_id", "several episodes")])
    return found[0].id


def covers(started_on: date, ended_on: date | None, day: date) -> bool:
    """Whether a day is in the course of an episode."""
    return started_on <= day and (ended_on is None or day <= ended_on)


async def active_of(session: AsyncSession, patient_id: uuid.UUID, clinician_id: uuid.UUID | None) -> Episode | None:
    """The episode a patient's appointment without a lead is about: this clinician's, else the newest."""
    rows = await session.scalars(
        select(Episode)
        .where(Episode.practice_id == practice_of(session), Episode.patient_id == patient_id)
        .where(Episode.state == "active")
        .order_by(Episode.started_on.desc(), Episode.id.desc())
    )
    found = list(rows)
    return next((row for row in found if row.clinician_id == clinician_id), found[0] if found else None)
