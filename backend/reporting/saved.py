"""Saved reports: kept questions, and results that come by themselves."""

import uuid
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import act_as, actor_of
from backend.core.clock import now
from backend.core.database import LiveEvent, practice_of, tell_live
from backend.core.ids import new_id
from backend.core.jobs import JobRun, set_timer
from backend.core.problems import Conflict, Forbidden, NotFound, Problem, StaleVersion
from backend.identity.models import User
from backend.identity.queries import practice
from backend.identity.sessions import acting
from backend.reporting import answering, asking, metrics, showing
from backend.reporting.asking import READ, Question
from backend.reporting.parameters import only_of
from backend.reporting.periods import Schedule, days_of, next_run
from backend.reporting.saved_models import ReportResult, SavedReport
from backend.reporting.saved_schemas import SavedChanges, SavedReportIn
from backend.reporting.schemas import MetricReportOut

RUN: Final = "reporting.run_saved"
NOBODY: Final = "Reports are saved by people, not by programs."


def owner_of(session: AsyncSession) -> uuid.UUID:
    """The person who asks. Raises `Forbidden` for a program."""
    user_id = actor_of(session).user_id
    if user_id is None:
        raise Forbidden(NOBODY)
    return user_id


async def visible(session: AsyncSession) -> list[SavedReport]:
    """Own and shared ones, by name."""
    query = select(SavedReport).where(SavedReport.practice_id == practice_of(session))
    mine = SavedReport.owner_id == actor_of(session).user_id
    rows = await session.scalars(query.where(mine | SavedReport.shared).order_by(SavedReport.name, SavedReport.id))
    return list(rows)


async def one(session: AsyncSession, saved_id: uuid.UUID, *, mine: bool = False) -> SavedReport:
    """One that the caller may see, or (`mine`) change. Raises `NotFound`."""
    row = await session.get(SavedReport, (practice_of(session), saved_id), populate_existing=True)
    own = row is not None and row.owner_id == actor_of(session).user_id
    if row is None or not (own or (row.shared and not mine)):
        raise NotFound("There is no such saved report of yours.")
    return row


def question_of(row: SavedReport, today: Any) -> Question:
    """What it asks today. Raises `Invalid` for what cannot be asked."""
    start, end = days_of(row.period, today)  # type: ignore[arg-type]
    group_by: Any = row.group_by
    return Question(metrics.named(row.metric), start, end, group_by, only_of(row.asked))


async def create(session: AsyncSession, body: SavedReportIn) -> SavedReport:
    """Keep a question. Raises `Invalid` for what cannot be asked, `Conflict` for a name used twice."""
    row = SavedReport(
        practice_id=practice_of(session), id=new_id(), owner_id=owner_of(session), name=body.name, metric=body.metric,
        period=body.period, group_by=body.group_by, asked=body.asked.model_dump(exclude_none=True), shared=body.shared,
        schedule="none", created_at=now(), version=1,
    )  # fmt: skip
    asking.check(question_of(row, await asking.today(session)))
    await _free(session, row, body.name)
    session.add(row)
    await session.flush()
    await _schedule(session, row, body.schedule)
    return row


async def change(session: AsyncSession, saved_id: uuid.UUID, body: SavedChanges) -> SavedReport:
    """Rename, share or schedule it. Raises `StaleVersion`, `Conflict`."""
    row = await one(session, saved_id, mine=True)
    if row.version != body.version:
        raise StaleVersion(row.version)
    if body.name is not None and body.name != row.name:
        await _free(session, row, body.name)
        row.name = body.name
    row.shared = row.shared if body.shared is None else body.shared
    row.version += 1
    if body.schedule is not None:
        await _schedule(session, row, body.schedule)
    await session.flush()
    return row


async def _free(session: AsyncSession, row: SavedReport, name: str) -> None:
    taken = select(SavedReport.id).where(
        SavedReport.practice_id == row.practice_id, SavedReport.owner_id == row.owner_id, SavedReport.name == name
    )
    if await session.scalar(taken) is not None:
        raise Conflict("You have a saved report of this name. Choose another.")


async def _schedule(session: AsyncSession, row: SavedReport, schedule: Schedule) -> None:
    zone = ZoneInfo((await practice(session)).timezone)
    row.schedule, row.next_at = schedule, next_run(schedule, now(), zone)
    await session.flush()
    if row.next_at is not None:
        await set_timer(session, RUN, row.id, row.next_at)


async def remove(session: AsyncSession, saved_id: uuid.UUID) -> None:
    """With its results. Raises `NotFound`."""
    await session.delete(await one(session, saved_id, mine=True))
    await session.flush()


async def ask(session: AsyncSession, row: SavedReport) -> MetricReportOut:
    """What it says now, to whoever asks."""
    question = question_of(row, await asking.today(session))
    return await showing.report(session, await answering.answer(session, question))


async def run(job: JobRun) -> None:
    """The job: ask as its owner, keep the figures, tell the owner in the app; nothing is mailed."""
    async with job.transaction() as session:
        row = await session.get(SavedReport, (job.practice_id, job.ref_id), with_for_update=True)
        if row is None or row.next_at is None:
            await job.finish(session)
            return
        if row.next_at > now():
            await job.again(session, row.next_at)
            return
        made_at = now()
        if await _as_owner(session, row.owner_id):
            answer = await _said(session, row)
            facts = {"practice_id": row.practice_id, "saved_id": row.id, "made_at": made_at, "answer": answer}
            session.add(ReportResult(**facts, seen_at=None))
            tell_live(session, [LiveEvent("report.made", str(row.id), row.version)])
        zone = ZoneInfo((await practice(session)).timezone)
        row.next_at = next_run(row.schedule, made_at, zone)  # type: ignore[arg-type]
        await session.flush()
        assert row.next_at is not None
        await job.again(session, row.next_at)


async def _as_owner(session: AsyncSession, owner_id: uuid.UUID) -> bool:
    """Act as the owner; False when they left or may no longer read reports."""
    owner = await session.get(User, (practice_of(session), owner_id))
    actor = await acting(session, owner) if owner is not None and owner.active else None
    if actor is None or not actor.may(READ):
        return False
    act_as(session, actor)
    return True


async def _said(session: AsyncSession, row: SavedReport) -> dict[str, Any]:
    try:
        return (await ask(session, row)).model_dump(mode="json")
    except Problem as problem:
        # A metric or a filter may have gone since it was saved.
        return {"problem": problem.detail}


async def latest(session: AsyncSession, ids: list[uuid.UUID]) -> dict[uuid.UUID, ReportResult]:
    """The newest result of each."""
    query = (
        select(ReportResult)
        .where(ReportResult.practice_id == practice_of(session), ReportResult.saved_id.in_(ids))
        .distinct(ReportResult.saved_id)
        .order_by(ReportResult.saved_id, ReportResult.made_at.desc(), ReportResult.id.desc())
    )
    return {row.saved_id: row for row in await session.scalars(query)}


async def unseen(session: AsyncSession, ids: list[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How many results of each nobody has looked at."""
    query = (
        select(ReportResult.saved_id, func.count())
        .where(ReportResult.practice_id == practice_of(session), ReportResult.saved_id.in_(ids))
        .where(ReportResult.seen_at.is_(None))
        .group_by(ReportResult.saved_id)
    )
    return dict((await session.execute(query)).all())


async def result(session: AsyncSession, saved_id: uuid.UUID, result_id: uuid.UUID) -> ReportResult:
    """One result; only its owner's, who may see what is in it. Raises `NotFound`."""
    await one(session, saved_id, mine=True)
    row = await session.get(ReportResult, (practice_of(session), result_id))
    if row is None or row.saved_id != saved_id:
        raise NotFound("There is no such result.")
    return row
