"""What happened with one referrer: a fixed number of statements, whatever the length."""

import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import DateTime, cast, func, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from backend.board.referrer_schemas import ReferrerMoment
from backend.core.actor import actor_of, within
from backend.core.database import practice_of
from backend.identity.queries import practice
from backend.leads import stages
from backend.leads.models import Lead, ReferralOrder
from backend.loop.models import Letter
from backend.loop.wording import TITLES
from backend.patients.models import Patient
from backend.patients.queries import display_name
from backend.referral_sources.models import LiaisonVisit, ReferrerNote
from backend.referrer_portal.models import ReferrerMessage

Before = tuple[datetime, uuid.UUID] | None
Source = Callable[[AsyncSession, uuid.UUID, Before, int], Awaitable[list[ReferrerMoment]]]


async def newest(session: AsyncSession, referrer_id: uuid.UUID, before: Before, limit: int) -> list[ReferrerMoment]:
    """The newest moments of all sources, after a cursor of (at, id)."""
    found = [moment for source in SOURCES for moment in await source(session, referrer_id, before, limit)]
    return sorted(found, key=lambda moment: (moment.at, moment.id), reverse=True)[:limit]


def _newest(query: Any, at: Any, row_id: Any, before: Before, limit: int) -> Any:
    if before is not None:
        query = query.where(tuple_(at, row_id) < before)
    return query.order_by(at.desc(), row_id.desc()).limit(limit)


async def _referrals(session: AsyncSession, referrer_id: uuid.UUID, before: Before, limit: int) -> list[ReferrerMoment]:
    """Whom they sent and how far that is; who may not see the lead learns that somebody was sent."""
    theirs = (
        select(ReferralOrder.lead_id)
        .where(ReferralOrder.practice_id == practice_of(session), ReferralOrder.referrer_id == referrer_id)
        .scalar_subquery()
    )
    query = (
        select(Lead, Patient, within(session, "leads:read", Lead.location_id))
        .join(Patient, (Patient.practice_id == Lead.practice_id) & (Patient.id == Lead.patient_id))
        .where(Lead.practice_id == practice_of(session), Lead.id.in_(theirs), Lead.merged_into.is_(None))
    )
    names = await stages.of_practice(session)
    may = actor_of(session).may("leads:read")
    rows = await session.execute(_newest(query, Lead.opened_at, Lead.id, before, limit))
    return [
        ReferrerMoment(
            id=lead.id, at=lead.opened_at, kind="referral", by=None, lead_id=lead.id if may and here else None,
            title=f"Referred {display_name(patient) if may and here else 'a patient'}",
            detail=names[lead.stage].name,
        )
        for lead, patient, here in rows
    ]  # fmt: skip


async def _visits(session: AsyncSession, referrer_id: uuid.UUID, before: Before, limit: int) -> list[ReferrerMoment]:
    zone = (await practice(session)).timezone
    noon = cast(LiaisonVisit.visited_on, DateTime) + text("interval '12 hours'")
    at = func.timezone(zone, noon, type_=DateTime(timezone=True))
    ours = (LiaisonVisit.practice_id == practice_of(session)) & (LiaisonVisit.referrer_id == referrer_id)
    rows = await session.execute(_newest(select(LiaisonVisit, at).where(ours), at, LiaisonVisit.id, before, limit))
    return [
        ReferrerMoment(
            id=visit.id, at=moment, kind="visit", by=visit.by, lead_id=None,
            title=f"Visited, met {visit.met}" if visit.met else "Visited", detail=visit.note,
        )
        for visit, moment in rows
    ]  # fmt: skip


async def _notes(session: AsyncSession, referrer_id: uuid.UUID, before: Before, limit: int) -> list[ReferrerMoment]:
    ours = (ReferrerNote.practice_id == practice_of(session)) & (ReferrerNote.referrer_id == referrer_id)
    query = _newest(select(ReferrerNote).where(ours), ReferrerNote.at, ReferrerNote.id, before, limit)
    return [
        ReferrerMoment(id=note.id, at=note.at, kind="note", by=note.by, lead_id=None, title="Note", detail=note.text)
        for note in await session.scalars(query)
    ]


async def _letters(session: AsyncSession, referrer_id: uuid.UUID, before: Before, limit: int) -> list[ReferrerMoment]:
    """What was written and what became of it; the letter itself needs `letters:read`."""
    ours = (Letter.practice_id == practice_of(session)) & (Letter.referrer_id == referrer_id)
    query = select(Letter).where(ours, Letter.state.not_in(("joined", "canceled")))
    may = actor_of(session).may("letters:read")
    return [
        ReferrerMoment(
            id=letter.id, at=letter.created_at, kind="letter", by=letter.written_by, lead_id=None,
            title=f"Letter: {TITLES.get(letter.kind, letter.kind.replace('_', ' '))}",
            detail=STATES[letter.state], letter_id=letter.id if may else None,
        )
        for letter in await session.scalars(_newest(query, Letter.created_at, Letter.id, before, limit))
    ]  # fmt: skip


async def _messages(session: AsyncSession, referrer_id: uuid.UUID, before: Before, limit: int) -> list[ReferrerMoment]:
    """What they wrote on their page and what was answered; it may say what is wrong with a patient."""
    ours = (ReferrerMessage.practice_id == practice_of(session)) & (ReferrerMessage.referrer_id == referrer_id)
    query = _newest(select(ReferrerMessage).where(ours), ReferrerMessage.at, ReferrerMessage.id, before, limit)
    clinical = actor_of(session).may("clinical:read")
    return [
        ReferrerMoment(
            id=message.id, at=message.at, kind="message", by=message.by,
            lead_id=message.lead_id if clinical else None,
            title="Answered on their page" if message.answers_id else "Wrote on their page",
            detail=message.text if clinical else None,
        )
        for message in await session.scalars(query)
    ]  # fmt: skip


STATES: Final = {
    "waiting": "waits to be sent", "review": "waits for a look", "sending": "being sent",
    "unknown": "sent, no answer yet", "sent": "sent", "failed": "could not be sent", "not_sent": "not sent",
}  # fmt: skip
SOURCES: Final[tuple[Source, ...]] = (_referrals, _letters, _messages, _visits, _notes)
