"""Read faxes."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import within
from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.problems import NotFound
from backend.faxes import fields
from backend.faxes.models import FINAL, STATUSES, Fax, FaxPage, FaxSegment, FaxStep
from backend.faxes.schemas import (
    Failure,
    FaxBase,
    FaxCounts,
    FaxOut,
    FaxPageOut,
    FaxSegmentOut,
    FaxSummary,
    StepOut,
)
from backend.identity.queries import practice
from backend.patients.queries import found_by

IN_PROGRESS = tuple(status for status in STATUSES if status not in FINAL)


@dataclass(frozen=True, slots=True)
class FaxFilter:
    """Which faxes. `status` may be `in_progress`: everything that is still being read."""

    status: str | None = None
    kind: str | None = None
    location_id: uuid.UUID | None = None
    lead_id: uuid.UUID | None = None
    q: str | None = None


async def fax(session: AsyncSession, fax_id: uuid.UUID, permission: str = "faxes:read", lock: bool = False) -> Fax:
    """One fax of this practice the caller may see. Raises `NotFound`."""
    query = select(Fax).where(Fax.practice_id == practice_of(session), Fax.id == fax_id)
    query = query.where(within(session, permission, Fax.location_id))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = await session.scalar(query)
    if row is None:
        raise NotFound("There is no such fax in this practice.")
    return row


async def page(session: AsyncSession, fax_id: uuid.UUID, number: int) -> FaxPage:
    """One page. Raises `NotFound`."""
    row = await session.get(FaxPage, (practice_of(session), fax_id, number))
    if row is None:
        raise NotFound("There is no such page.")
    return row


async def pages(session: AsyncSession, fax_id: uuid.UUID) -> Sequence[FaxPage]:
    """Pages in order."""
    rows = await session.scalars(
        select(FaxPage)
        .where(FaxPage.practice_id == practice_of(session), FaxPage.fax_id == fax_id)
        .order_by(FaxPage.number)
    )
    return rows.all()


async def segments(session: AsyncSession, fax_id: uuid.UUID) -> Sequence[FaxSegment]:
    """Segments in order."""
    rows = await session.scalars(
        select(FaxSegment)
        .where(FaxSegment.practice_id == practice_of(session), FaxSegment.fax_id == fax_id)
        .order_by(FaxSegment.index)
    )
    return rows.all()


async def patients_of(session: AsyncSession, fax_id: uuid.UUID) -> list[uuid.UUID]:
    """Patients the fax is filed under; what the audit names."""
    return [row.patient_id for row in await segments(session, fax_id) if row.patient_id]


async def newest(
    session: AsyncSession, wanted: FaxFilter, before: tuple[datetime, uuid.UUID] | None, limit: int
) -> Sequence[Fax]:
    """Faxes newest first, after a cursor of (received_at, id)."""
    practice_id = practice_of(session)
    query = select(Fax).where(Fax.practice_id == practice_id, within(session, "faxes:read", Fax.location_id))
    if wanted.status is not None:
        statuses = IN_PROGRESS if wanted.status == "in_progress" else (wanted.status,)
        query = query.where(Fax.status.in_(statuses))
    if wanted.location_id is not None:
        query = query.where(Fax.location_id == wanted.location_id)
    if conditions := _of_segments(practice_id, wanted):
        query = query.where(
            select(FaxSegment.index)
            .where(FaxSegment.practice_id == Fax.practice_id, FaxSegment.fax_id == Fax.id, *conditions)
            .exists()
        )
    if before is not None:
        query = query.where(tuple_(Fax.received_at, Fax.id) < before)
    return (await session.scalars(query.order_by(Fax.received_at.desc(), Fax.id.desc()).limit(limit))).all()


def _of_segments(practice_id: uuid.UUID, wanted: FaxFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.kind is not None:
        conditions.append(FaxSegment.kind == wanted.kind)
    if wanted.lead_id is not None:
        conditions.append(FaxSegment.lead_id == wanted.lead_id)
    for word in (wanted.q or "").lower().split()[:6]:
        names = [_said(name) for name in ("patient_first_name", "patient_last_name", "referrer_name")]
        starts = [func.starts_with(func.lower(name), word) for name in names]
        conditions.append(or_(*starts, FaxSegment.patient_id.in_(found_by(practice_id, word))))
    return conditions


def _said(field: str) -> Any:
    return FaxSegment.fields[field]["normal"].astext


async def counts(session: AsyncSession) -> FaxCounts:
    """How many faxes wait where; "today" in the practice's time zone."""
    zone = ZoneInfo((await practice(session)).timezone)
    midnight = datetime.combine(now().astimezone(zone).date(), time(), zone)
    ours = (Fax.practice_id == practice_of(session)) & within(session, "faxes:read", Fax.location_id)
    rows = await session.execute(select(Fax.status, func.count().label("waiting")).where(ours).group_by(Fax.status))
    by_status = {row.status: row.waiting for row in rows}
    today = await session.scalar(select(func.count()).where(ours, Fax.status == "filed", Fax.filed_at >= midnight))
    return FaxCounts(
        needs_review=by_status.get("needs_review", 0), failed=by_status.get("failed", 0),
        in_progress=sum(by_status.get(status, 0) for status in IN_PROGRESS), filed_today=today or 0,
        rejected=by_status.get("rejected", 0),
    )  # fmt: skip


def _base(row: Fax) -> dict[str, Any]:
    facts = {name: getattr(row, name) for name in FaxBase.model_fields if name != "failure"}
    failure = None
    if row.failure_code is not None:
        failure = Failure(step=row.failure_step or "", code=row.failure_code, detail=row.failure_detail or "")
    return facts | {"failure": failure}


async def summaries(session: AsyncSession, rows: Sequence[Fax]) -> tuple[list[FaxSummary], set[uuid.UUID]]:
    """Faxes of a list, and the patients they name."""
    found = await session.scalars(
        select(FaxSegment)
        .where(FaxSegment.practice_id == practice_of(session), FaxSegment.fax_id.in_([row.id for row in rows]))
        .order_by(FaxSegment.index)
    )
    by_fax: dict[uuid.UUID, list[FaxSegment]] = {}
    for segment in found:
        by_fax.setdefault(segment.fax_id, []).append(segment)
    patients = {part.patient_id for parts in by_fax.values() for part in parts if part.patient_id}
    return [_summary(row, by_fax.get(row.id, [])) for row in rows], patients


def _summary(row: Fax, parts: list[FaxSegment]) -> FaxSummary:
    said = {name: value["normal"] for name, value in parts[0].fields.items()} if parts else {}
    names = [said.get("patient_first_name"), said.get("patient_last_name")]
    reasons = dict.fromkeys(reason for part in parts for reason in part.hold_reasons)
    return FaxSummary(
        **_base(row), kind=parts[0].kind if parts else None,
        patient_display_name=" ".join(filter(None, names)) or None,
        sender_name=said.get("referrer_practice") or said.get("referrer_name"),
        lead_id=next((part.lead_id for part in parts if part.lead_id), None), hold_reasons=list(reasons),
    )  # fmt: skip


async def whole(session: AsyncSession, fax_id: uuid.UUID, actions: Sequence[str]) -> FaxOut:
    """A fax with everything its page shows. Raises `NotFound`."""
    row = await fax(session, fax_id)
    steps = await session.scalars(
        select(FaxStep)
        .where(FaxStep.practice_id == practice_of(session), FaxStep.fax_id == fax_id)
        .order_by(FaxStep.at)
    )
    return FaxOut(
        **_base(row),
        pages=[_page_out(found) for found in await pages(session, fax_id)],
        segments=[_segment_out(found) for found in await segments(session, fax_id)],
        steps=[StepOut.model_validate(found) for found in steps],
        allowed_actions=list(actions),
    )


def _segment_out(row: FaxSegment) -> FaxSegmentOut:
    """Fields in the order of the contract."""
    ordered = {name: row.fields[name] for name in fields.FIELDS if name in row.fields}
    facts = {name: getattr(row, name) for name in FaxSegmentOut.model_fields}
    return FaxSegmentOut.model_validate(facts | {"fields": ordered})


def _page_out(row: FaxPage) -> FaxPageOut:
    facts = {name: getattr(row, name) for name in FaxPageOut.model_fields if name != "image_url"}
    return FaxPageOut(**facts, image_url=f"/api/v1/faxes/{row.fax_id}/pages/{row.number}/image")
