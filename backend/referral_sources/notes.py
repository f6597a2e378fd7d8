"""Visits to referrers and notes on them."""

import uuid
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import actor_of
from backend.core.clock import now
from backend.core.database import practice_of, publish
from backend.core.ids import new_id
from backend.core.problems import Invalid
from backend.referral_sources import service
from backend.referral_sources.events import NextVisitPlanned
from backend.referral_sources.models import LiaisonVisit, ReferrerNote


async def visit(
    session: AsyncSession, referrer_id: uuid.UUID, visited_on: date, today: date, *, met: str | None = None,
    note: str | None = None, next_on: date | None = None,
) -> uuid.UUID:  # fmt: skip
    """Somebody of ours was there; the next visit is a task of theirs. Raises `Invalid`."""
    if visited_on > today:
        raise Invalid("A visit is noted after it was made.", errors=[("/visited_on", "in the future")])
    if next_on is not None and next_on <= max(visited_on, today):
        raise Invalid("Plan the next visit for a later day.", errors=[("/next_on", "not later")])
    referrer = await service.locked(session, referrer_id)
    actor = actor_of(session)
    row = LiaisonVisit(
        practice_id=practice_of(session), id=new_id(), referrer_id=referrer.id, visited_on=visited_on,
        user_id=actor.user_id, by=actor.name, met=met, note=note, next_on=next_on, created_at=now(),
    )  # fmt: skip
    session.add(row)
    await _changed(session, referrer_id)
    await publish(session, NextVisitPlanned(referrer.id, referrer.name, next_on, actor.user_id))
    return row.id


async def note(session: AsyncSession, referrer_id: uuid.UUID, text: str) -> uuid.UUID:
    """Something to remember."""
    await service.locked(session, referrer_id)
    row = ReferrerNote(
        practice_id=practice_of(session), id=new_id(), referrer_id=referrer_id, at=now(),
        by=actor_of(session).name, text=text,
    )  # fmt: skip
    session.add(row)
    await _changed(session, referrer_id)
    return row.id


async def one_visit(session: AsyncSession, visit_id: uuid.UUID) -> LiaisonVisit:
    """One visit."""
    return await session.get_one(LiaisonVisit, (practice_of(session), visit_id))


async def one_note(session: AsyncSession, note_id: uuid.UUID) -> ReferrerNote:
    """One note."""
    return await session.get_one(ReferrerNote, (practice_of(session), note_id))


async def last_visit(session: AsyncSession, referrer_id: uuid.UUID) -> LiaisonVisit | None:
    """The newest."""
    return await session.scalar(
        select(LiaisonVisit)
        .where(LiaisonVisit.practice_id == practice_of(session), LiaisonVisit.referrer_id == referrer_id)
        .order_by(LiaisonVisit.visited_on.desc(), LiaisonVisit.id.desc())
        .limit(1)
    )


async def _changed(session: AsyncSession, referrer_id: uuid.UUID) -> None:
    """A visit or a note makes nobody's correction stale; other screens hear of it all the same."""
    await session.flush()
    service.tell(session, await service.locked(session, referrer_id))
