"""Keep facts as fresh as promised: one job per practice, every two minutes, makes anew what triggers said has changed.

A change is taken away in the transaction that makes its facts; what commits later is found by the next run. Freshness
moves on only when nothing was left, to the moment the run began.
"""

import uuid
from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import CompoundSelect, delete, insert, select, text, union
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.care.models import Episode
from backend.core.clock import now
from backend.core.context import ProcessContext
from backend.core.database import practice_of
from backend.core.jobs import JobRun, later, set_timer
from backend.identity.queries import practice
from backend.leads.models import Lead
from backend.reporting import facts, rollups
from backend.reporting.models import ReportChange, ReportFreshness
from backend.reporting.scorecards import batches

REFRESH: Final = "reporting.refresh"
EVERY: Final = timedelta(minutes=2)
FIRST: Final = timedelta(seconds=20)
# Changes in one transaction: a few seconds of work.
BATCH: Final = 4_000
ALL: Final = "all"
EVERYTHING = text(
    "INSERT INTO report_changes (practice_id, kind, ref_id) SELECT practice_id, 'lead', id FROM leads "
    "WHERE practice_id = :practice_id"
)
Transactions = Callable[[], AbstractAsyncContextManager[AsyncSession]]


@dataclass(slots=True)
class Changed:
    """Whose facts are out of date."""

    leads: set[uuid.UUID] = field(default_factory=set)
    episodes: set[uuid.UUID] = field(default_factory=set)
    faxes: set[uuid.UUID] = field(default_factory=set)


async def plan(session: AsyncSession) -> None:
    """Make sure that the practice has its job; the first figures of all are there within the minute."""
    practice_id = practice_of(session)
    await later(session, REFRESH, practice_id, key=str(practice_id), at=now() + FIRST)
    await set_timer(session, REFRESH, practice_id, now() + EVERY)


async def refresh(context: ProcessContext, run: JobRun) -> None:
    """The job: everything that has changed, then again in two minutes."""
    began = now()
    await settle(run.transaction, began)
    async with run.transaction() as session:
        await run.again(session, began + timedelta(seconds=context.settings.report_seconds))


async def settle(transaction: Transactions, began: datetime) -> None:
    """Make facts of all that was committed before `began`."""
    more = True
    while more:
        async with transaction() as session:
            more = await _batch(session)
    async with transaction() as session:
        await _days(session, began)


async def _batch(session: AsyncSession) -> bool:
    """Some of the changes; whether more may be left."""
    ours = ReportChange.practice_id == practice_of(session)
    oldest = select(ReportChange.id).where(ours).order_by(ReportChange.id).limit(BATCH)
    taken = (
        delete(ReportChange).where(ours, ReportChange.id.in_(oldest)).returning(ReportChange.kind, ReportChange.ref_id)
    )
    rows = (await session.execute(taken.execution_options(synchronize_session=False))).all()
    if any(kind == ALL for kind, _ in rows):
        await session.execute(EVERYTHING, {"practice_id": practice_of(session)})
    changed = await _reached(session, rows)
    await facts.make(session, changed.leads, changed.episodes, changed.faxes)
    return len(rows) == BATCH or any(kind == ALL for kind, _ in rows)


async def _reached(session: AsyncSession, rows: Iterable[Any]) -> Changed:
    """What a change reaches: a patient's leads and episodes, the lead of an episode, the lead one was merged into."""
    by: dict[str, set[uuid.UUID]] = {}
    for kind, ref_id in rows:
        by.setdefault(kind, set()).add(ref_id)
    practice_id, people = practice_of(session), list(by.get("patient", ()))
    found = Changed(by.get("lead", set()), by.get("episode", set()), by.get("fax", set()))
    leads, episodes = list(found.leads), list(found.episodes)
    also: CompoundSelect[Any] = union(
        select(Lead.id).where(Lead.practice_id == practice_id, Lead.patient_id.in_(people)),
        select(Lead.merged_into).where(Lead.practice_id == practice_id, Lead.id.in_(leads)),
        select(Episode.lead_id).where(Episode.practice_id == practice_id, Episode.id.in_(episodes)),
        select(Episode.lead_id).where(Episode.practice_id == practice_id, Episode.patient_id.in_(people)),
    )
    found.leads |= {lead_id for lead_id in await session.scalars(also) if lead_id}
    theirs = union(
        select(Episode.id).where(Episode.practice_id == practice_id, Episode.patient_id.in_(people)),
        select(Episode.id).where(Episode.practice_id == practice_id, Episode.lead_id.in_(list(found.leads))),
    )
    found.episodes |= set(await session.scalars(theirs))
    return found


async def _days(session: AsyncSession, began: datetime) -> None:
    """Rollups of the last days, how fresh everything is, and once a month the scorecards."""
    practice_id, zone = practice_of(session), ZoneInfo((await practice(session)).timezone)
    row = await session.get(ReportFreshness, practice_id)
    today = began.astimezone(zone).date()
    since = row.days_from if row else None
    await rollups.make(session, since, str(zone))
    values = {"as_of": began, "days_from": today - rollups.UNSETTLED}
    statement = upsert(ReportFreshness).values(practice_id=practice_id, **values)
    await session.execute(statement.on_conflict_do_update(index_elements=["practice_id"], set_=values))
    await batches.each_month(session, today)


async def everything_changed(session: AsyncSession) -> None:
    """Working minutes of all leads are others now."""
    await session.execute(
        insert(ReportChange).values(practice_id=practice_of(session), kind=ALL, ref_id=practice_of(session))
    )
