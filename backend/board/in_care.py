"""Patients in care: their visits so far and to come, the plan they follow, and what needs a look."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Query
from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.board.schemas import Tone
from backend.care import certification, queries, todo
from backend.care import service as care
from backend.care.models import Episode
from backend.care.schemas import EpisodeRow
from backend.core.actor import Actor, actor_of
from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.pages import Cursor, Limit, Page, cut, encode_cursor
from backend.core.schemas import ResponseModel
from backend.identity.access import Allowed, Transaction
from backend.insurance import queries as insurance
from backend.patients.queries import found_by
from backend.scheduling.appointment_models import OPEN, Appointment

router = APIRouter(prefix="/api/v1", tags=["care"])
Reader = Annotated[Actor, Depends(Allowed("care:read"))]
TONES: Final[dict[str, tuple[str, Tone]]] = {
    "overdue": ("Plan overdue", "danger"),
    "waiting": ("Plan not signed yet", "warning"),
    "due": ("Plan to send", "warning"),
}


class CareAlert(ResponseModel):
    """What needs a look, in a few words."""

    kind: Literal["plan", "report", "silent", "unsettled", "authorization", "plan_ends"]
    label: str
    tone: Tone


class InCareRow(ResponseModel):
    """A patient in care. `planned`: visits their plan foresees; `next_visit_at` in the calendar."""

    episode: EpisodeRow
    planned: int | None
    next_visit_at: datetime | None
    alerts: list[CareAlert]


class InCarePage(Page):
    """The latest begun first."""

    items: list[InCareRow]


@router.get("/in-care", operation_id="listInCare", summary="Patients in care")
async def list_in_care(
    _: Reader, session: Transaction,
    location_id: Annotated[uuid.UUID | None, Query(description="only at this clinic")] = None,
    clinician_id: Annotated[uuid.UUID | None, Query(description="only with this clinician")] = None,
    unbooked: Annotated[bool, Query(description="only those without a visit to come")] = False,
    q: Annotated[str | None, Query(description="name, phone, date of birth or record number", max_length=100)] = None,
    cursor: Cursor = None, limit: Limit = 50,
) -> InCarePage:  # fmt: skip
    """With last and next visit, visits used, how the plan of care stands, and what needs a look."""
    query = select(Episode.id).where(Episode.practice_id == practice_of(session))
    if unbooked:
        query = query.where(~exists(select(Appointment.id).where(_theirs(), *_coming(session))))
    if q:
        query = query.where(Episode.patient_id.in_(found_by(practice_of(session), q)))
    after = queries.place_of(cursor)
    wanted = queries.EpisodeFilter("active", location_id=location_id, clinician_id=clinician_id)
    among = query if unbooked or q else None
    items, more = cut(await queries.page(session, wanted, after, limit + 1, among), limit)
    rows = await _shown(session, items)
    await audit.record(session, "in_care.viewed", "episodes", {item.patient_id for item in items})
    following = encode_cursor([items[-1].started_on.isoformat(), items[-1].id]) if more else None
    return InCarePage(items=rows, next_cursor=following)


def _theirs() -> ColumnElement[bool]:
    """Appointments of the episode's lead; of its patient, where it has none or they say no lead."""
    of_patient = Appointment.patient_id == Episode.patient_id
    nobodys = or_(Episode.lead_id.is_(None), Appointment.lead_id.is_(None))
    return or_(Appointment.lead_id == Episode.lead_id, and_(of_patient, nobodys))


def _coming(session: AsyncSession) -> tuple[ColumnElement[bool], ...]:
    return (
        Appointment.practice_id == practice_of(session), Appointment.status.in_(OPEN), Appointment.starts_at > now(),
    )  # fmt: skip


async def _shown(session: AsyncSession, items: Sequence[EpisodeRow]) -> list[InCareRow]:
    ids = [item.id for item in items]
    coming = await _first_of(session, ids, *_coming(session))
    past = (Appointment.practice_id == practice_of(session), Appointment.status.in_(OPEN),
            Appointment.starts_at < now() - timedelta(hours=4))  # fmt: skip
    unsettled, leaves = await _first_of(session, ids, *past), {}
    if actor_of(session).may("coverage:read"):
        leaves = await insurance.leaves(session, [item.patient_id for item in items])
    rows = []
    for item in items:
        today = await care.today_at(session, item.location_id)
        alerts = _alerts(item, coming.get(item.id), unsettled.get(item.id), today)
        if (mark := leaves.get(item.patient_id)) is not None and mark.tone in {"warning", "danger"}:
            alerts.append(CareAlert(kind="authorization", label=mark.label, tone=mark.tone))
        planned = item.plan.frequency_per_week * item.plan.duration_weeks if item.plan else None
        rows.append(InCareRow(episode=item, planned=planned, next_visit_at=coming.get(item.id), alerts=alerts))
    return rows


async def _first_of(
    session: AsyncSession, ids: Sequence[uuid.UUID], *which: ColumnElement[bool]
) -> dict[uuid.UUID, datetime]:
    """By episode, the first of these appointments."""
    found = await session.execute(
        select(Episode.id, func.min(Appointment.starts_at))
        .join(Appointment, and_(_theirs(), *which))
        .where(Episode.practice_id == practice_of(session), Episode.id.in_(ids))
        .group_by(Episode.id)
    )
    return {row[0]: row[1] for row in found}


def _alerts(item: EpisodeRow, coming: datetime | None, unsettled: datetime | None, today: date) -> list[CareAlert]:
    found = []
    if unsettled is not None:
        found.append(CareAlert(kind="unsettled", label="A visit has no outcome", tone="warning"))
    if item.plan is None or item.plan.ready_at is None:
        late = today > item.started_on + certification.FIRST_DAYS
        found.append(CareAlert(kind="plan", label="No plan of care", tone="danger" if late else "warning"))
    elif item.plan.progress in TONES:
        label, tone = TONES[item.plan.progress]
        found.append(CareAlert(kind="plan", label=label, tone=tone))
    if item.plan and item.plan.ends_on - todo.RECERTIFY_BEFORE <= today:
        over = item.plan.ends_on < today
        label = "Plan has ended" if over else f"Plan ends {item.plan.ends_on:%b} {item.plan.ends_on.day}"
        found.append(CareAlert(kind="plan_ends", label=label, tone="danger" if over else "warning"))
    if item.visits.since_report >= todo.REPORT_AT:
        late = item.visits.since_report > certification.REPORT_EVERY
        label = f"Progress report: day {item.visits.since_report}"
        found.append(CareAlert(kind="report", label=label, tone="danger" if late else "warning"))
    silent = (today - (item.last_visit_on or item.started_on)).days
    if coming is None and silent >= todo.SILENT_DAYS:
        found.append(CareAlert(kind="silent", label=f"No visit for {silent} days", tone="danger"))
    elif coming is None:
        found.append(CareAlert(kind="silent", label="No visit booked", tone="neutral"))
    return found
