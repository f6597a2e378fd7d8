"""The plan-of-care board: what must be written, sent, signed, and by when."""

import uuid
from datetime import timedelta
from typing import Final, get_args

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.care import certification, queries, service
from backend.care.certification import Progress
from backend.care.models import Episode, PlanOfCare
from backend.care.schemas import PlanBoard, PlanColumn, PlanOut, PlanRow
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
    shown = await queries.plans_of(session, [episode for episode, _, _ in found])
    rows: list[PlanRow] = []
    for episode, patient, referrer in found:
        for plan in shown.get(episode.id, [None]):
            if plan is None or plan.signed_on is None or plan.signed_on >= certified_long:
                rows.append(await _row(session, episode, patient, referrer, plan))
    return PlanBoard(columns=[_column(progress, rows) for progress in COLUMNS])


async def _row(
    session: AsyncSession, episode: Episode, patient: Patient, referrer: str | None, plan: PlanOut | None
) -> PlanRow:
    due_on = plan.due_on if plan else episode.started_on + certification.FIRST_DAYS
    late = plan is None and await service.today_at(session, episode.location_id) > due_on
    return PlanRow(
        plan=plan, progress=plan.progress if plan else "overdue" if late else "due", due_on=due_on,
        episode_id=episode.id, lead_id=episode.lead_id, patient_id=episode.patient_id,
        patient_name=display_name(patient), referrer_name=referrer, body_region=episode.body_region,
        side=episode.side, location_id=episode.location_id,
    )  # fmt: skip


def _column(progress: Progress, rows: list[PlanRow]) -> PlanColumn:
    mine = sorted((row for row in rows if row.progress == progress), key=lambda row: (row.due_on, row.episode_id))
    if progress == "signed":
        mine.reverse()
    return PlanColumn(progress=progress, count=len(mine), items=mine[:SHOWN])
