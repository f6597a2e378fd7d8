"""Do the promises of design §1 hold right now? Each check counts what breaks one."""

import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from redis.exceptions import RedisError
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit.service import first_broken_link
from backend.core.context import ProcessContext
from backend.core.database import practice_of
from backend.core.inbox import WebhookDelivery
from backend.core.jobs import Job
from backend.faxes.models import FINAL, Fax, FaxPage, FaxSegment
from backend.followup.models import Task
from backend.leads.models import Lead

UNPROTECTED = """
SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname <> 'alembic_version'
  AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
"""
LATE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Finding:
    """One promise, whether it holds, and what was counted."""

    promise: str
    ok: bool
    detail: str


async def examine(context: ProcessContext, practices: Sequence[uuid.UUID]) -> list[Finding]:
    """Every promise, over all practices."""
    found = [await _redis(context), await _tenancy(context)]
    for name, count in CHECKS:
        broken = 0
        for practice_id in practices:
            async with context.database.transaction(practice_id) as session:
                broken += await count(session)
        found.append(Finding(name, broken == 0, f"{broken} in {len(practices)} practices"))
    return found


async def _redis(context: ProcessContext) -> Finding:
    try:
        await context.redis.ping()
    except (RedisError, OSError):
        return Finding("Redis rings the bell (work goes on without it, slower)", False, "no answer")
    return Finding("Redis rings the bell", True, "answers")


async def _tenancy(context: ProcessContext) -> Finding:
    async with context.database.system() as session:
        bare = await session.scalar(text(UNPROTECTED)) or 0
    return Finding("P7 row-level security is forced on every table", bare == 0, f"{bare} tables without")


async def _stuck_faxes(session: AsyncSession) -> int:
    working = select(Job.ref_id).where(Job.practice_id == practice_of(session), Job.state.in_(("queued", "leased")))
    ours = (Fax.practice_id == practice_of(session)) & Fax.status.not_in(FINAL) & Fax.id.not_in(working)
    return await session.scalar(select(func.count()).where(ours)) or 0


async def _lost_pages(session: AsyncSession) -> int:
    """Pages of finished faxes that belong to no segment."""
    in_segment = (
        select(FaxSegment.index)
        .where(
            FaxSegment.practice_id == FaxPage.practice_id,
            FaxSegment.fax_id == FaxPage.fax_id,
            FaxPage.number == func.any(FaxSegment.pages),
        )
        .exists()
    )
    finished = (Fax.practice_id == FaxPage.practice_id) & (Fax.id == FaxPage.fax_id)
    query = (
        select(func.count())
        .select_from(FaxPage)
        .join(Fax, finished)
        .where(FaxPage.practice_id == practice_of(session), Fax.status.in_(("filed", "needs_review")), ~in_segment)
    )
    return await session.scalar(query) or 0


async def _aimless_leads(session: AsyncSession) -> int:
    step = select(Task.id).where(Task.practice_id == Lead.practice_id, Task.lead_id == Lead.id, Task.done_at.is_(None))
    query = select(func.count()).where(Lead.practice_id == practice_of(session), Lead.open, ~step.exists())
    return await session.scalar(query) or 0


async def _dead_jobs(session: AsyncSession) -> int:
    return (
        await session.scalar(select(func.count()).where(Job.practice_id == practice_of(session), Job.state == "dead"))
        or 0
    )


async def _waiting_events(session: AsyncSession) -> int:
    late = (WebhookDelivery.practice_id == practice_of(session)) & (WebhookDelivery.state == "pending")
    return await session.scalar(select(func.count()).where(late, WebhookDelivery.received_at < func.now() - LATE)) or 0


async def _broken_audit(session: AsyncSession) -> int:
    return 0 if await first_broken_link(session) is None else 1


CHECKS: tuple[tuple[str, Callable[[AsyncSession], Awaitable[int]]], ...] = (
    ("P1 faxes without work or result", _stuck_faxes),
    ("P1 provider events waiting longer than ten minutes", _waiting_events),
    ("P1 jobs that gave up", _dead_jobs),
    ("P2 pages that belong nowhere", _lost_pages),
    ("P3 open leads without a next step", _aimless_leads),
    ("P7 breaks in the audit chain", _broken_audit),
)
