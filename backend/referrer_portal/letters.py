"""Letters to the referrer: those that went out, and those they would rather read here."""

import asyncio
import uuid
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, and_, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import documents
from backend.core.context import ProcessContext
from backend.core.database import practice_of
from backend.core.documents import Document
from backend.core.problems import NotFound
from backend.identity.queries import practice_key
from backend.leads.models import Lead
from backend.loop import facts, page
from backend.loop.letters import referrer_of
from backend.loop.models import Letter, LetterSending
from backend.loop.wording import TITLES
from backend.patients.models import Patient
from backend.patients.queries import display_name
from backend.referrer_portal import session as sessions
from backend.referrer_portal.patients import sent_by
from backend.referrer_portal.schemas import OwnLetter
from backend.referrer_portal.session import ReferrerSession

# What they asked to read here, and what a fax or e-mail could not bring.
READ_HERE: Final = ("prefers_portal",)
SCORECARD: Final = "How your patients did"


def _query(session: AsyncSession, referrer_id: uuid.UUID) -> Select[Letter, Lead, Patient]:
    practice_id = practice_of(session)
    out = or_(
        Letter.state.in_(("sent", "sending", "failed")),
        and_(Letter.state == "not_sent", Letter.reason.in_(READ_HERE)),
    )
    # A letter about a patient whose order was given to another referrer since is not this one's to read any more.
    theirs = or_(Letter.lead_id.is_(None), sent_by(practice_id, referrer_id))
    return (
        select(Letter, Lead, Patient)
        .outerjoin(Lead, (Lead.practice_id == Letter.practice_id) & (Lead.id == Letter.lead_id))
        .outerjoin(Patient, (Patient.practice_id == Lead.practice_id) & (Patient.id == Lead.patient_id))
        .where(Letter.practice_id == practice_id, Letter.referrer_id == referrer_id, out, theirs)
    )


async def own(
    session: AsyncSession, referrer_id: uuid.UUID, before: tuple[datetime, uuid.UUID] | None, limit: int
) -> list[tuple[OwnLetter, uuid.UUID | None]]:
    """Newest first, each with the patient it is about."""
    query = _query(session, referrer_id)
    if before:
        query = query.where(tuple_(Letter.created_at, Letter.id) < before)
    rows = await session.execute(query.order_by(Letter.created_at.desc(), Letter.id.desc()).limit(limit))
    return [(_out(letter, patient), patient.id if patient else None) for letter, _, patient in rows]


def _out(letter: Letter, patient: Patient | None) -> OwnLetter:
    facts_: dict[str, Any] = {"kind": letter.kind, "title": TITLES.get(letter.kind, SCORECARD)}
    return OwnLetter(
        id=letter.id, lead_id=letter.lead_id, patient=display_name(patient) if patient else None,
        at=letter.created_at, **facts_,
    )  # fmt: skip


async def pdf(context: ProcessContext, known: ReferrerSession, letter_id: uuid.UUID) -> tuple[bytes, list[uuid.UUID]]:
    """The letter as it went; what never went on paper is drawn now. Raises `NotFound`."""
    async with sessions.transaction_of(context, known) as session:
        query = _query(session, known.referrer_id).where(Letter.id == letter_id)
        row = (await session.execute(query)).one_or_none()
        if row is None:
            raise NotFound("There is no such letter to you.")
        letter, _, patient = row
        people = [patient.id] if patient else []
        document, key = await _document(session, letter), await practice_key(session, context)
        content = None
        if document is None:
            content = await facts.content_of(session, letter, await referrer_of(session, letter.referrer_id))
    if document is not None:
        return await context.documents.get(document, key), people
    if content is None:
        raise NotFound("This letter is no longer true, so there is nothing to read.")
    return (await asyncio.to_thread(page.build, content)).pdf, people


async def _document(session: AsyncSession, letter: Letter) -> Document | None:
    drawn = await session.scalar(
        select(LetterSending.document_id)
        .where(LetterSending.practice_id == letter.practice_id, LetterSending.letter_id == letter.id)
        .order_by(LetterSending.number.desc())
        .limit(1)
    )
    document_id = letter.document_id or drawn
    return await documents.load(session, document_id) if document_id else None
