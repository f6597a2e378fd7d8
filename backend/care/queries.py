"""Read episodes, visits and plans as pages show them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Select, and_, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from backend.care import certification, plans, service
from backend.care.certification import Standing
from backend.care.models import Episode, PlanOfCare, ProgressReport, Visit
from backend.care.schemas import CareVisitOut, EpisodeOut, EpisodeRow, PlanOut, ReportOut, VisitCounts
from backend.core.actor import within
from backend.core.database import practice_of
from backend.core.pages import UNKNOWN, decode_cursor
from backend.core.problems import Invalid
from backend.patients.models import Patient
from backend.patients.queries import display_name
from backend.referral_sources.models import Referrer

COPIED: Final = tuple(
    EpisodeRow.model_fields.keys() - {"patient_name", "referrer_name", "visits", "last_visit_on", "plan"}
)
MORE: Final = tuple(EpisodeOut.model_fields.keys() - EpisodeRow.model_fields.keys() - {"items", "plans", "reports"})
STANDING: Final = ("progress", "next", "due_on", "certified_by", "late")
PLAN_COPIED: Final = tuple(PlanOut.model_fields.keys() - set(STANDING))


@dataclass(frozen=True, slots=True)
class EpisodeFilter:
    """Which episodes."""

    state: str | None = None
    lead_id: uuid.UUID | None = None
    patient_id: uuid.UUID | None = None
    location_id: uuid.UUID | None = None
    clinician_id: uuid.UUID | None = None
    referrer_id: uuid.UUID | None = None
    body_region: str | None = None


async def page(
    session: AsyncSession, wanted: EpisodeFilter, after: tuple[date, uuid.UUID] | None, limit: int,
    among: Select[Any] | None = None,
) -> list[EpisodeRow]:  # fmt: skip
    """The latest begun first; only those `among` these ids, where given."""
    query = with_names(session)
    if among is not None:
        query = query.where(Episode.id.in_(among))
    for name in ("state", "lead_id", "patient_id", "location_id", "clinician_id", "referrer_id", "body_region"):
        if (value := getattr(wanted, name)) is not None:
            query = query.where(getattr(Episode, name) == value)
    if after:
        query = query.where(tuple_(Episode.started_on, Episode.id) < after)
    query = query.order_by(Episode.started_on.desc(), Episode.id.desc()).limit(limit)
    return await _rows(session, (await session.execute(query)).all())


def place_of(cursor: str | None) -> tuple[date, uuid.UUID] | None:
    """The place in the list a cursor stands for. Raises `Invalid` for anything we did not make."""
    if not cursor:
        return None
    day, row_id = decode_cursor(cursor, 2)
    try:
        return date.fromisoformat(day), uuid.UUID(row_id)
    except (TypeError, ValueError, AttributeError):
        raise Invalid(UNKNOWN, errors=[("query/cursor", "unknown")]) from None


def with_names(session: AsyncSession) -> Any:
    """Episodes the caller may see, with the patient and the referrer."""
    practice_id = practice_of(session)
    return (
        select(Episode, Patient, Referrer.name)
        .join(Patient, and_(Patient.practice_id == practice_id, Patient.id == Episode.patient_id))
        .outerjoin(Referrer, and_(Referrer.practice_id == practice_id, Referrer.id == Episode.referrer_id))
        .where(Episode.practice_id == practice_id, within(session, "care:read", Episode.location_id))
        .execution_options(populate_existing=True)
    )


async def _rows(session: AsyncSession, found: Sequence[Any]) -> list[EpisodeRow]:
    ids = [episode.id for episode, _, _ in found]
    counted, planned = await counts(session, ids), await newest_plans(session, [episode for episode, _, _ in found])
    last = await last_visits(session, ids)
    return [
        EpisodeRow.model_validate(
            {name: getattr(episode, name) for name in COPIED}
            | {
                "patient_name": display_name(patient), "referrer_name": referrer,
                "visits": counted.get(episode.id, VisitCounts()), "last_visit_on": last.get(episode.id),
                "plan": planned.get(episode.id),
            }
        )
        for episode, patient, referrer in found
    ]  # fmt: skip


async def counts(session: AsyncSession, episode_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, VisitCounts]:
    """Visits by state, and treatment days since the last progress report."""
    practice_id, found = practice_of(session), dict[uuid.UUID, VisitCounts]()
    by_state = await session.execute(
        select(Visit.episode_id, Visit.state, func.count())
        .where(Visit.practice_id == practice_id, Visit.episode_id.in_(episode_ids))
        .group_by(Visit.episode_id, Visit.state)
    )
    for episode_id, state, number in by_state:
        setattr(found.setdefault(episode_id, VisitCounts()), state, number)
    written = (
        select(func.max(ProgressReport.written_on))
        .where(ProgressReport.practice_id == practice_id, ProgressReport.episode_id == Visit.episode_id)
        .correlate(Visit)
        .scalar_subquery()
    )
    since = await session.execute(
        select(Visit.episode_id, func.count(Visit.day.distinct()))
        .where(Visit.practice_id == practice_id, Visit.episode_id.in_(episode_ids), Visit.state == "attended")
        .where(Visit.day > func.coalesce(written, date.min))
        .group_by(Visit.episode_id)
    )
    for episode_id, number in since:
        found[episode_id].since_report = number
    return found


async def last_visits(session: AsyncSession, episode_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, date]:
    """The day each was last attended."""
    rows = await session.execute(
        select(Visit.episode_id, func.max(Visit.day))
        .where(Visit.practice_id == practice_of(session), Visit.episode_id.in_(episode_ids))
        .where(Visit.state == "attended")
        .group_by(Visit.episode_id)
    )
    return {row[0]: row[1] for row in rows}


async def newest_plans(session: AsyncSession, episodes: Sequence[Episode]) -> dict[uuid.UUID, PlanOut]:
    """The plan each follows now, as it stands today."""
    found = await plans_of(session, episodes)
    return {episode_id: rows[-1] for episode_id, rows in found.items()}


async def plans_of(session: AsyncSession, episodes: Sequence[Episode]) -> dict[uuid.UUID, list[PlanOut]]:
    """All plans of these episodes, by number, as they stand today."""
    found = await standings(session, episodes)
    return {episode_id: [plan_out(row, stands) for row, stands in rows] for episode_id, rows in found.items()}


async def standings(
    session: AsyncSession, episodes: Sequence[Episode]
) -> dict[uuid.UUID, list[tuple[PlanOfCare, Standing]]]:
    """All plans of these episodes, by number, and how each stands today."""
    rows = await session.scalars(
        select(PlanOfCare)
        .where(
            PlanOfCare.practice_id == practice_of(session), PlanOfCare.episode_id.in_([each.id for each in episodes])
        )
        .order_by(PlanOfCare.episode_id, PlanOfCare.number)
        .execution_options(populate_existing=True)
    )
    by_episode: dict[uuid.UUID, list[PlanOfCare]] = {}
    for row in rows:
        by_episode.setdefault(row.episode_id, []).append(row)
    found = {}
    for episode in episodes:
        if mine := by_episode.get(episode.id):
            today, case = await service.today_at(session, episode.location_id), plans.case_of(episode)
            facts = await plans.facts_of(session, episode, mine)
            found[episode.id] = [
                (row, certification.standing(one, case, today)) for row, one in zip(mine, facts, strict=True)
            ]
    return found


def plan_out(row: PlanOfCare, stands: Standing) -> PlanOut:
    """A plan as it is shown."""
    facts = {name: getattr(row, name) for name in PLAN_COPIED}
    return PlanOut.model_validate(facts | {name: getattr(stands, name) for name in STANDING})


async def whole(session: AsyncSession, episode_id: uuid.UUID) -> EpisodeOut:
    """One episode with everything of it. Raises `NotFound`."""
    await session.flush()
    await service.get(session, episode_id)
    found = (await session.execute(with_names(session).where(Episode.id == episode_id))).all()
    episode, row = found[0][0], (await _rows(session, found))[0]
    visits = await session.scalars(
        select(Visit)
        .where(Visit.practice_id == practice_of(session), Visit.episode_id == episode_id)
        .order_by(Visit.scheduled_at.desc(), Visit.id.desc())
        .limit(500)
        .execution_options(populate_existing=True)
    )
    reports = await session.scalars(
        select(ProgressReport)
        .where(ProgressReport.practice_id == practice_of(session), ProgressReport.episode_id == episode_id)
        .order_by(ProgressReport.written_on.desc())
    )
    return EpisodeOut.model_validate(
        row.model_dump()
        | {name: getattr(episode, name) for name in MORE}
        | {
            "items": [CareVisitOut.model_validate(visit) for visit in visits],
            "plans": (await plans_of(session, [episode])).get(episode.id, []),
            "reports": [ReportOut.model_validate(report) for report in reports],
        }
    )  # fmt: skip
