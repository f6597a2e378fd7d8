"""What nobody needs any longer is deleted, once a day per practice.

Kept: the audit trail, every provider event, whatever belongs to a patient, and jobs that died. What goes has been of no
use for far longer than anything looks back: a done job only keeps its key from being written twice.
"""

import uuid
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, delete, func, inspect, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase

from backend.core.clock import now
from backend.core.database import Subscribers, practice_of
from backend.core.idempotency import IdempotencyKey
from backend.core.jobs import Job, JobRun, set_timer
from backend.identity.events import LocationAdded
from backend.identity.models import BrowserSession
from backend.patient_pages.models import PatientBrowser

PRUNE: Final = "operations.prune"
EVERY: Final = timedelta(days=1)
# Partners may repeat a request for a day (contract §2); a replayed provider event is months old at most.
KEYS_LAST: Final = timedelta(days=7)
JOBS_LAST: Final = timedelta(days=180)
SESSIONS_LAST: Final = timedelta(days=30)
AT_ONCE: Final = 10_000


async def prune(run: JobRun) -> None:
    """A few rows at a time, each batch its own transaction, so that nobody waits for it."""
    while True:
        async with run.transaction() as session:
            gone = [await _some(session, table, past) for table, past in _past(now())]
            if max(gone) < AT_ONCE:
                await run.again(session, now() + EVERY)
                return


def _past(at: datetime) -> list[tuple[type[DeclarativeBase], ColumnElement[bool]]]:
    ended = or_(BrowserSession.ended_at < at - SESSIONS_LAST, BrowserSession.last_seen_at < at - SESSIONS_LAST)
    return [
        (IdempotencyKey, IdempotencyKey.created_at < func.now() - KEYS_LAST),
        (Job, (Job.state == "done") & (Job.finished_at < func.now() - JOBS_LAST)),
        (BrowserSession, ended),
        (PatientBrowser, PatientBrowser.last_seen_at < at - SESSIONS_LAST),
    ]


async def _some(session: AsyncSession, table: type[DeclarativeBase], past: ColumnElement[bool]) -> int:
    keys = inspect(table).primary_key
    ours = table.__table__.c.practice_id == practice_of(session)
    found = select(*keys).where(ours, past).limit(AT_ONCE)
    result = await session.execute(delete(table).where(ours, tuple_(*keys).in_(found)).returning(ours))
    return len(result.all())


async def begin(session: AsyncSession, practice_id: uuid.UUID) -> None:
    """From tomorrow on, every day."""
    await set_timer(session, PRUNE, practice_id, now() + EVERY)


async def _added(session: AsyncSession, _: LocationAdded) -> None:
    await begin(session, practice_of(session))


def subscribers() -> Subscribers:
    """Handlers by event."""
    return {LocationAdded: [_added]}
