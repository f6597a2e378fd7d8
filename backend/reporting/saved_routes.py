"""Saved reports and the results that come by themselves."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Response
from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import idempotency
from backend.core.actor import Actor, actor_of
from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.pages import Cursor, Limit, cut, encode_cursor, moment_of
from backend.core.problems import Conflict
from backend.identity.access import Allowed, Transaction
from backend.identity.models import User
from backend.reporting import metrics, saved
from backend.reporting.saved_models import ReportResult, SavedReport
from backend.reporting.saved_schemas import (
    ReportResultDetail,
    ReportResultOut,
    ReportResultPage,
    SavedChanges,
    SavedReportIn,
    SavedReportOut,
    SavedReportPage,
)
from backend.reporting.schemas import MetricReportOut

router = APIRouter(prefix="/api/v1/saved-reports", tags=["reports"])
Reader = Annotated[Actor, Depends(Allowed("reports:read"))]
Writer = Annotated[Actor, Depends(Allowed("reports:write"))]


async def _shown(session: AsyncSession, rows: list[SavedReport]) -> list[SavedReportOut]:
    ids = [row.id for row in rows]
    latest, unseen = await saved.latest(session, ids), await saved.unseen(session, ids)
    query = select(User.id, User.name).where(
        User.practice_id == practice_of(session), User.id.in_({row.owner_id for row in rows})
    )
    owners, me = dict((await session.execute(query)).all()), actor_of(session).user_id
    found = []
    for row in rows:
        mine = row.owner_id == me
        facts = {name: getattr(row, name) for name in SavedReportOut.model_fields if hasattr(row, name)}
        title = metrics.METRICS[row.metric].title if row.metric in metrics.METRICS else row.metric
        result = latest.get(row.id) if mine else None
        found.append(
            SavedReportOut.model_validate(
                facts | {
                    "title": title, "mine": mine, "owner": owners.get(row.owner_id, ""),
                    "unseen": unseen.get(row.id, 0) if mine else 0,
                    "latest": ReportResultOut.model_validate(result) if result else None,
                }
            )
        )  # fmt: skip
    return found


@router.get("", operation_id="listSavedReports", summary="Saved reports")
async def list_saved(_: Reader, session: Transaction) -> SavedReportPage:
    """Own and shared ones, with how many results wait."""
    return SavedReportPage(items=await _shown(session, await saved.visible(session)))


@router.post("", operation_id="createSavedReport", summary="Save a report", status_code=201)
async def create_saved(
    body: SavedReportIn, caller: Writer, session: Transaction, idempotency_key: Annotated[str | None, Header()] = None
) -> SavedReportOut:
    """409 when you have one of this name; 422 for what cannot be asked."""

    async def create() -> uuid.UUID:
        return (await saved.create(session, body)).id

    request = f"saved-report:{body.model_dump_json()}".encode()
    saved_id, _ = await idempotency.once(session, caller.id, idempotency_key, request, create)
    return (await _shown(session, [await saved.one(session, saved_id)]))[0]


@router.get("/{saved_id}", operation_id="getSavedReport", summary="One saved report")
async def get_saved(saved_id: uuid.UUID, _: Reader, session: Transaction) -> SavedReportOut:
    """The question, and when it is asked next."""
    return (await _shown(session, [await saved.one(session, saved_id)]))[0]


@router.patch("/{saved_id}", operation_id="updateSavedReport", summary="Rename, share or schedule a saved report")
async def update_saved(saved_id: uuid.UUID, body: SavedChanges, _: Writer, session: Transaction) -> SavedReportOut:
    """Your own only. Stale versions get 409."""
    return (await _shown(session, [await saved.change(session, saved_id, body)]))[0]


@router.delete("/{saved_id}", operation_id="deleteSavedReport", summary="Forget a saved report", status_code=204)
async def delete_saved(saved_id: uuid.UUID, _: Writer, session: Transaction) -> Response:
    """Your own only, with its results."""
    await saved.remove(session, saved_id)
    return Response(status_code=204)


@router.get("/{saved_id}/report", operation_id="askSavedReport", summary="What a saved report says now")
async def ask_saved(saved_id: uuid.UUID, _: Reader, session: Transaction) -> MetricReportOut:
    """Asked as yourself: it counts what you may see."""
    return await saved.ask(session, await saved.one(session, saved_id))


@router.get("/{saved_id}/results", operation_id="listReportResults", summary="Results of a scheduled report")
async def list_results(
    saved_id: uuid.UUID, _: Reader, session: Transaction, cursor: Cursor = None, limit: Limit = 50
) -> ReportResultPage:
    """Your own only, newest first."""
    await saved.one(session, saved_id, mine=True)
    before = moment_of(cursor)
    query = select(ReportResult).where(
        ReportResult.practice_id == practice_of(session), ReportResult.saved_id == saved_id
    )
    if before:
        query = query.where(tuple_(ReportResult.made_at, ReportResult.id) < before)
    query = query.order_by(ReportResult.made_at.desc(), ReportResult.id.desc()).limit(limit + 1)
    rows, more = cut((await session.scalars(query)).all(), limit)
    next_cursor = encode_cursor([rows[-1].made_at.isoformat(), rows[-1].id]) if more else None
    return ReportResultPage(items=[ReportResultOut.model_validate(row) for row in rows], next_cursor=next_cursor)


@router.get("/{saved_id}/results/{result_id}", operation_id="getReportResult", summary="What a report said then")
async def get_result(saved_id: uuid.UUID, result_id: uuid.UUID, _: Reader, session: Transaction) -> ReportResultDetail:
    """Figures only."""
    row = await saved.result(session, saved_id, result_id)
    if "problem" in row.answer:
        raise Conflict(str(row.answer["problem"]))
    facts = {name: getattr(row, name) for name in ReportResultOut.model_fields}
    return ReportResultDetail(**facts, answer=MetricReportOut.model_validate(row.answer))


@router.post(
    "/{saved_id}/results/{result_id}/seen", operation_id="markReportResultSeen", summary="A result was looked at",
    status_code=204,
)  # fmt: skip
async def mark_seen(saved_id: uuid.UUID, result_id: uuid.UUID, _: Reader, session: Transaction) -> Response:
    """It is no longer counted as new."""
    row = await saved.result(session, saved_id, result_id)
    row.seen_at = row.seen_at or now()
    await session.flush()
    return Response(status_code=204)
