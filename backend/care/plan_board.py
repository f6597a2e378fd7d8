"""The plan-of-care board: what must be written, sent, signed, and by when."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, get_args

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.care import certification, queries, service
from backend.care.certification import Progress, Standing
from backend.care.models import Episode, PlanOfCare
from backend.care.schemas import PlanBoard, PlanColumn, PlanRow
from backend.core.database import practice_of
from backend.patients.models import Patient
from backend.patients.queries import display_name

SIGNED_STAYS: Final = timedelta(weeks=4)
SHOWN: Final = 200
COLUMNS: Final[tuple[Progress, ...]] = tuple(name for name in get_args(Progress) if name != "not_needed")


async def whole(session: AsyncSession, location_id: uuid.UUID | None = None) -> PlanBoard:
    """Of every patient in care the plans that are not certified yet, or were lately; or that there is none."""
    today = await service.today_at(session, None)
    query = queries.with_names(session).where(Episode.state == "active")
    if location_id is not None:
        query = query.where(Episode.location_id == location_id)
    ours = and_(PlanOfCare.practice_id == practice_of(session), PlanOfCare.episode_id == Episode.id)
    planned, certified_long = exists(select(PlanOfCare.id).where(ours)), today - SIGNED_STAYS
    query = query.where(
        or_(~planned, exists(select(PlanOfCare.id).where(
            ours, or_(PlanOfCare.signed_on.is_(None), PlanOfCare.signed_on >= certified_long)
        )))
    )  # fmt: skip
    found = (await session.execute(query)).all()
    standings = await queries.standings(session, [episode for episode, _, _ in found])
    cards: list[_Card] = []
    for episode, patient, referrer in found:
        if episode.id not in standings:
            cards.append(await _without(session, episode, patient, referrer))
        for plan, stands in standings.get(episode.id, []):
            if plan.signed_on is None or plan.signed_on >= certified_long:
                cards.append(_Card(stands.progress, stands.due_on, episode, patient, referrer, plan, stands))
    return PlanBoard(columns=[_column(progress, cards) for progress in COLUMNS])


@dataclass(frozen=True, slots=True)
class _Card:
    progress: Progress
    due_on: date
    episode: Episode
    patient: Patient
    referrer: str | None
    plan: PlanOfCare | None = None
    stands: Standing | None = None


async def _without(session: AsyncSession, episode: Episode, patient: Patient, referrer: str | None) -> _Card:
    """No plan yet: it is due as the initial one."""
    due_on = episode.started_on + certification.FIRST_DAYS
    late = await service.today_at(session, episode.location_id) > due_on
    return _Card("overdue" if late else "due", due_on, episode, patient, referrer)


def _column(progress: Progress, cards: list[_Card]) -> PlanColumn:
    mine = sorted(
        (card for card in cards if card.progress == progress), key=lambda card: (card.due_on, card.episode.id)
    )
    if progress == "signed":
        mine.reverse()
    return PlanColumn(progress=progress, count=len(mine), items=[_row(card) for card in mine[:SHOWN]])


def _row(card: _Card) -> PlanRow:
    episode = card.episode
    return PlanRow(
        plan=queries.plan_out(card.plan, card.stands) if card.plan and card.stands else None, progress=card.progress,
        due_on=card.due_on, episode_id=episode.id, lead_id=episode.lead_id, patient_id=episode.patient_id,
        patient_name=display_name(card.patient), referrer_name=card.referrer, body_region=episode.body_region,
        side=episode.side, location_id=episode.location_id,
    )  # fmt: skip
