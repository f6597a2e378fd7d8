"""Episodes of care and their visits over the API."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.care import finding, plans, queries, service, visits
from backend.care.models import Visit
from backend.care.schemas import (
    BatchOut,
    BatchRow,
    BodyRegion,
    CareVisitOut,
    DischargeIn,
    EpisodeChanges,
    EpisodeOut,
    EpisodePage,
    ReportIn,
    State,
    VersionIn,
    VisitChanges,
    VisitIn,
    VisitsIn,
)
from backend.core import idempotency
from backend.core.actor import Actor
from backend.core.database import practice_of
from backend.core.pages import Cursor, Limit, cut, encode_cursor
from backend.core.problems import Problem
from backend.identity.access import Allowed, Transaction

router = APIRouter(prefix="/api/v1", tags=["care"])
Reader = Annotated[Actor, Depends(Allowed("care:read"))]
Writer = Annotated[Actor, Depends(Allowed("care:write"))]
Key = Annotated[str | None, Header()]


def _filter(
    state: Annotated[State | None, Query(description="only those still going on, or those that have ended")] = None,
    lead_id: Annotated[uuid.UUID | None, Query(description="only this lead's")] = None,
    patient_id: Annotated[uuid.UUID | None, Query(description="only this patient's")] = None,
    location_id: Annotated[uuid.UUID | None, Query(description="only at this clinic")] = None,
    clinician_id: Annotated[uuid.UUID | None, Query(description="only with this clinician")] = None,
    referrer_id: Annotated[uuid.UUID | None, Query(description="only from this referrer")] = None,
    body_region: Annotated[BodyRegion | None, Query(description="only of this body region")] = None,
) -> queries.EpisodeFilter:
    return queries.EpisodeFilter(state, lead_id, patient_id, location_id, clinician_id, referrer_id, body_region)


async def shown(session: AsyncSession, action: str, episode_id: uuid.UUID) -> EpisodeOut:
    """The episode as it is now, with the look at it on record."""
    found = await queries.whole(session, episode_id)
    await audit.record(session, action, f"episode:{episode_id}", [found.patient_id])
    return found


@router.get("/episodes", operation_id="listEpisodes", summary="Episodes of care")
async def list_episodes(
    _: Reader, session: Transaction, wanted: Annotated[queries.EpisodeFilter, Depends(_filter)], cursor: Cursor = None,
    limit: Limit = 50,
) -> EpisodePage:  # fmt: skip
    """The latest begun first, with the plan each follows and what became of its visits."""
    items, more = cut(await queries.page(session, wanted, queries.place_of(cursor), limit + 1), limit)
    await audit.record(session, "episodes.viewed", "episodes", {item.patient_id for item in items})
    next_cursor = encode_cursor([items[-1].started_on.isoformat(), items[-1].id]) if more else None
    return EpisodePage(items=list(items), next_cursor=next_cursor)


@router.get("/episodes/{episode_id}", operation_id="getEpisode", summary="One episode")
async def get_episode(episode_id: uuid.UUID, _: Reader, session: Transaction) -> EpisodeOut:
    """With its visits, plans of care and progress reports."""
    return await shown(session, "episode.viewed", episode_id)


@router.patch("/episodes/{episode_id}", operation_id="updateEpisode", summary="Correct an episode")
async def update_episode(episode_id: uuid.UUID, body: EpisodeChanges, _: Writer, session: Transaction) -> EpisodeOut:
    """Its facts; stale versions get 409."""
    await service.change(session, episode_id, body.version, body.model_dump(exclude_unset=True, exclude={"version"}))
    return await shown(session, "episode.changed", episode_id)


@router.post("/episodes/{episode_id}/discharge", operation_id="dischargeEpisode", summary="End an episode")
async def discharge_episode(
    episode_id: uuid.UUID, body: DischargeIn, caller: Writer, session: Transaction, idempotency_key: Key = None
) -> EpisodeOut:
    """The lead goes to "discharged". 409 when it was discharged already."""

    async def end() -> uuid.UUID:
        ended = await service.discharge(
            session, episode_id, reason=body.reason, ended_on=body.ended_on, note=body.note, version=body.version
        )
        return ended.id

    request = f"discharge:{episode_id}:{body.model_dump_json()}".encode()
    await idempotency.once(session, caller.id, idempotency_key, request, end)
    return await shown(session, "episode.discharged", episode_id)


@router.post("/episodes/{episode_id}/reopen", operation_id="reopenEpisode", summary="Take a discharge back")
async def reopen_episode(episode_id: uuid.UUID, body: VersionIn, _: Writer, session: Transaction) -> EpisodeOut:
    """Care goes on, and the lead is back in care. For a new problem open a new lead."""
    await service.reopen(session, episode_id, body.version)
    return await shown(session, "episode.reopened", episode_id)


@router.post(
    "/episodes/{episode_id}/progress-reports", operation_id="createProgressReport",
    summary="A progress report was written", status_code=201,
)  # fmt: skip
async def create_report(
    episode_id: uuid.UUID, body: ReportIn, caller: Writer, session: Transaction, idempotency_key: Key = None
) -> EpisodeOut:
    """The ten treatment days are counted anew from the next one."""

    async def write() -> uuid.UUID:
        return (await plans.report(session, episode_id, body.written_on)).id

    request = f"report:{episode_id}:{body.model_dump_json()}".encode()
    await idempotency.once(session, caller.id, idempotency_key, request, write)
    return await shown(session, "progress_report.created", episode_id)


@router.delete(
    "/episodes/{episode_id}/progress-reports/{report_id}", operation_id="deleteProgressReport",
    summary="A progress report was noted by mistake",
)  # fmt: skip
async def delete_report(episode_id: uuid.UUID, report_id: uuid.UUID, _: Writer, session: Transaction) -> EpisodeOut:
    """Its treatment days count again."""
    await plans.forget_report(session, episode_id, report_id)
    return await shown(session, "progress_report.deleted", episode_id)


@router.post("/visits", operation_id="createVisit", summary="What became of a visit", status_code=201)
async def create_visit(
    body: VisitIn, caller: Writer, session: Transaction, idempotency_key: Key = None
) -> CareVisitOut:
    """By `external_id` it is the same visit, however often it is sent; the newest word counts."""

    async def note() -> uuid.UUID:
        return (await finding.record(session, body, finding.source_of(session)))[0].id

    request = f"visit:{body.model_dump_json()}".encode()
    visit_id, _ = await idempotency.once(session, caller.id, idempotency_key, request, note)
    visit = await session.get_one(Visit, (practice_of(session), visit_id), populate_existing=True)
    await audit.record(session, "visit.recorded", f"visit:{visit_id}", [visit.patient_id])
    return CareVisitOut.model_validate(visit)


@router.post("/visits/batch", operation_id="createVisits", summary="What became of many visits")
async def create_visits(body: VisitsIn, _: Writer, session: Transaction) -> BatchOut:
    """Row by row: one that is refused does not hold the others up. Sending a batch again is harmless."""
    rows, patients, source = [], set(), finding.source_of(session)
    for number, item in enumerate(body.visits):
        try:
            async with session.begin_nested():
                visit, new = await finding.record(session, item, source)
        except Problem as problem:
            session.expire_all()
            where = "".join(f" (/visits/{number}{error.pointer})" for error in problem.errors)
            rows.append(BatchRow(external_id=item.external_id, status="refused", detail=problem.detail + where))
            continue
        patients.add(visit.patient_id)
        status = "created" if new else "updated"
        rows.append(BatchRow(external_id=item.external_id, status=status, visit_id=visit.id))
    await audit.record(session, "visits.recorded", "visits", patients)
    return BatchOut(items=rows)


@router.patch("/visits/{visit_id}", operation_id="updateVisit", summary="Correct a visit")
async def update_visit(visit_id: uuid.UUID, body: VisitChanges, _: Writer, session: Transaction) -> CareVisitOut:
    """What became of it, when it was, or which episode it belongs to; stale versions get 409."""
    given = body.model_dump(exclude_unset=True, exclude={"version"})
    visit = await visits.change(session, visit_id, body.version, given)
    await audit.record(session, "visit.changed", f"visit:{visit.id}", [visit.patient_id])
    return CareVisitOut.model_validate(visit)


@router.delete("/visits/{visit_id}", operation_id="deleteVisit", summary="A visit was noted by mistake")
async def delete_visit(
    visit_id: uuid.UUID, _: Writer, session: Transaction,
    version: Annotated[int, Query(description="the version somebody looked at")],
) -> EpisodeOut:  # fmt: skip
    """409 for one in the calendar: undo what was noted of the appointment there."""
    episode = await visits.remove(session, visit_id, version)
    return await shown(session, "visit.deleted", episode.id)
