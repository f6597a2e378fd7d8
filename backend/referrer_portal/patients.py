"""The referrer's own patients: those an order of whom names this referrer, and nobody else."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from backend.care.models import Episode, Visit
from backend.core.database import practice_of
from backend.core.problems import NotFound
from backend.identity.models import Location
from backend.identity.queries import practice
from backend.leads import stages
from backend.leads.models import Lead, LeadEvent, ReferralOrder
from backend.patients.models import Patient
from backend.patients.queries import display_name
from backend.referrer_portal import standing
from backend.referrer_portal.schemas import OwnPatient


@dataclass(frozen=True, slots=True)
class Row:
    """A patient as the list needs them."""

    lead: Lead
    patient: Patient
    clinic: Location | None
    referred_at: datetime


def sent_by(practice_id: uuid.UUID, referrer_id: uuid.UUID) -> ColumnElement[bool]:
    """SQL condition on leads: an order of theirs names this referrer."""
    theirs = select(ReferralOrder.lead_id).where(
        ReferralOrder.practice_id == practice_id, ReferralOrder.referrer_id == referrer_id
    )
    return (Lead.practice_id == practice_id) & Lead.merged_into.is_(None) & Lead.id.in_(theirs)


def _query(session: AsyncSession, referrer_id: uuid.UUID) -> Select[Lead, Patient, Location]:
    return (
        select(Lead, Patient, Location)
        .join(Patient, (Patient.practice_id == Lead.practice_id) & (Patient.id == Lead.patient_id))
        .outerjoin(Location, (Location.practice_id == Lead.practice_id) & (Location.id == Lead.location_id))
        .where(sent_by(practice_of(session), referrer_id))
    )


async def own(
    session: AsyncSession, referrer_id: uuid.UUID, before: tuple[datetime, uuid.UUID] | None, limit: int
) -> list[Row]:
    """Newest first, after a cursor of (opened_at, id)."""
    query = _query(session, referrer_id)
    if before:
        query = query.where(tuple_(Lead.opened_at, Lead.id) < before)
    rows = await session.execute(query.order_by(Lead.opened_at.desc(), Lead.id.desc()).limit(limit))
    return [Row(lead, patient, clinic, lead.opened_at) for lead, patient, clinic in rows]


async def own_lead(session: AsyncSession, referrer_id: uuid.UUID, lead_id: uuid.UUID) -> Lead:
    """One lead of theirs. Raises `NotFound`, also for somebody else's."""
    lead = await session.scalar(
        select(Lead).where(sent_by(practice_of(session), referrer_id), Lead.id == lead_id)
    )  # fmt: skip
    if lead is None:
        raise NotFound("There is no such patient of yours.")
    return lead


async def sent(session: AsyncSession, referrer_id: uuid.UUID, lead_id: uuid.UUID) -> bool:
    """Whether this lead is theirs."""
    theirs = select(Lead.id).where(sent_by(practice_of(session), referrer_id), Lead.id == lead_id)
    return await session.scalar(theirs) is not None


async def shown(session: AsyncSession, rows: Sequence[Row]) -> list[OwnPatient]:
    """With a sentence each; a fixed number of statements."""
    ids = [row.lead.id for row in rows]
    episodes, tried = await _episodes(session, ids), await _tried(session, ids)
    visits = await _visits(session, [episode.id for episode in episodes.values()])
    known, zone = await stages.of_practice(session), ZoneInfo((await practice(session)).timezone)
    items = []
    for row in rows:
        here = ZoneInfo(row.clinic.timezone) if row.clinic else zone
        episode = episodes.get(row.lead.id)
        facts = _facts(row, known[row.lead.stage].group, here, tried.get(row.lead.id, (0, 0)), episode,
                       visits.get(episode.id, 0) if episode else 0)  # fmt: skip
        said, tone = standing.words(facts)
        items.append(
            OwnPatient(
                lead_id=row.lead.id, name=display_name(row.patient), dob=row.patient.dob, status=said, tone=tone,
                referred_on=row.referred_at.astimezone(here).date(), clinic=row.clinic.name if row.clinic else None,
            )
        )  # fmt: skip
    return items


def _facts(
    row: Row, group: str, zone: ZoneInfo, tried: tuple[int, int], episode: Episode | None, visits: int
) -> standing.Facts:
    lead = row.lead
    ended = None
    if episode is not None and episode.ended_on is not None:
        ended = (episode.ended_on, episode.discharge_reason or "other")
    return standing.Facts(
        stage=lead.stage, group=group, zone=zone, clinic=row.clinic.name if row.clinic else None,
        lost_reason=lead.lost_reason, evaluation_state=lead.evaluation_state, evaluation_at=lead.evaluation_at,
        contacted_at=lead.first_contact_at, tried=tried, started_on=episode.started_on if episode else None,
        visits=visits, ended=ended,
    )  # fmt: skip


async def _episodes(session: AsyncSession, lead_ids: Collection[uuid.UUID]) -> dict[Any, Episode]:
    rows = await session.scalars(
        select(Episode).where(Episode.practice_id == practice_of(session), Episode.lead_id.in_(lead_ids))
    )
    return {episode.lead_id: episode for episode in rows}


async def _visits(session: AsyncSession, episode_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    rows = await session.execute(
        select(Visit.episode_id, func.count())
        .where(Visit.practice_id == practice_of(session), Visit.episode_id.in_(episode_ids))
        .where(Visit.state == "attended")
        .group_by(Visit.episode_id)
    )
    return {row[0]: row[1] for row in rows}


async def _tried(session: AsyncSession, lead_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[int, int]]:
    """(calls, texts) per lead, from its history."""
    rows = await session.execute(
        select(
            LeadEvent.lead_id, func.count().filter(LeadEvent.kind == "call"),
            func.count().filter(LeadEvent.kind == "texted"),
        )
        .where(LeadEvent.practice_id == practice_of(session), LeadEvent.lead_id.in_(lead_ids))
        .where(LeadEvent.kind.in_(("call", "texted")))
        .group_by(LeadEvent.lead_id)
    )  # fmt: skip
    return {row[0]: (row[1], row[2]) for row in rows}
