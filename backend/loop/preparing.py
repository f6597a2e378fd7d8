"""Decide whether a letter goes, to which number and through which line, and write the attempt down."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import documents
from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.documents import Document, StoredDocument
from backend.core.ids import new_id
from backend.faxes import lines
from backend.faxes.models import FaxLine
from backend.faxes.ports import FaxAccount
from backend.leads.models import Lead
from backend.loop import facts, letters, results, rules
from backend.loop.content import Content
from backend.loop.models import ALIVE, Letter, LetterSending


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be drawn: a content of ours, or a PDF that was given. `version` is the letter it was read from."""

    version: int
    content: Content | None
    given: Document | None


@dataclass(frozen=True, slots=True)
class Drawn:
    """A letter as it goes, stored."""

    pdf: StoredDocument | None
    tiff: StoredDocument
    page_count: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that is written down: nothing is decided after this."""

    sending_id: uuid.UUID
    account: FaxAccount
    ref: str
    to: str
    since: datetime


async def under_way(session: AsyncSession, letter: Letter, key: bytes) -> Attempt | None:
    """An attempt whose answer never came."""
    sending = await alive(session, letter)
    if sending is None or sending.state not in {"calling", "unknown"} or sending.line_id is None:
        return None
    line = await lines.line_by_id(session, sending.line_id)
    return Attempt(
        sending.id, lines.open_account(line, key), sending.ref, sending.to_address, sending.started_at
    )  # fmt: skip


async def alive(session: AsyncSession, letter: Letter) -> LetterSending | None:
    """The attempt that is not over."""
    return await session.scalar(
        select(LetterSending)
        .where(LetterSending.practice_id == letter.practice_id, LetterSending.letter_id == letter.id)
        .where(LetterSending.state.in_(ALIVE))
        .execution_options(populate_existing=True)
    )


async def draft(session: AsyncSession, letter: Letter) -> Draft | None:
    """What is to be drawn; None when it does not go, and then its row says why. The letter is locked."""
    referrer = await letters.referrer_of(session, letter.referrer_id)
    if reason := rules.quiet(referrer, letter.kind):
        return _not_sent(session, letter, "not_sent", reason)
    if await rules.way_to(session, referrer) is None:
        return await _stuck(session, letter, "no_email" if referrer.hear_by == "email" else "no_fax_number")
    if referrer.hear_by != "email" and await line_for(session, letter) is None:
        return await _stuck(session, letter, "no_fax_line")
    if letter.document_id is not None:
        return Draft(letter.version, None, await documents.load(session, letter.document_id))
    content = await facts.content_of(session, letter, referrer)
    if content is None:
        return _not_sent(session, letter, "canceled", "no_longer_true")
    return Draft(letter.version, content, None)


def _not_sent(session: AsyncSession, letter: Letter, state: str, reason: str) -> None:
    letter.state, letter.reason = state, reason
    letter.version += 1
    letters.tell(session, letter)


async def _stuck(session: AsyncSession, letter: Letter, reason: str) -> None:
    await results.fail(session, letter, reason)
    letter.version += 1
    letters.tell(session, letter)


async def line_for(session: AsyncSession, letter: Letter) -> FaxLine | None:
    """The fax line of the lead's clinic, else one of the whole practice, else the oldest."""
    lead = await session.get(Lead, (practice_of(session), letter.lead_id)) if letter.lead_id else None
    place = lead.location_id if lead else None
    rows = await session.scalars(
        select(FaxLine)
        .where(FaxLine.practice_id == practice_of(session), FaxLine.active)
        .order_by((FaxLine.location_id == place).desc().nulls_last(), FaxLine.location_id.is_(None).desc(), FaxLine.id)
        .limit(1)
    )
    return rows.one_or_none()


async def write_down(session: AsyncSession, letter: Letter, drawn: Drawn, key: bytes) -> Attempt | None:
    """The attempt, to the number the referrer has at this moment; None when something changed while it was drawn."""
    referrer = await letters.referrer_of(session, letter.referrer_id)
    way, line = await rules.way_to(session, referrer), await line_for(session, letter)
    if way is None or way[0] != "fax" or line is None:
        return None
    for stored in filter(None, (drawn.pdf, drawn.tiff)):
        documents.record(session, stored)
    await session.flush()
    document_id = drawn.pdf.id if drawn.pdf else letter.document_id
    assert document_id is not None
    sending = LetterSending(
        practice_id=letter.practice_id, id=new_id(), letter_id=letter.id, number=await _next(session, letter),
        way="fax", line_id=line.id, provider=line.provider, from_address=line.number, to_address=way[1],
        ref=letters.new_code(), state="calling", started_at=now(), document_id=document_id,
        facsimile_id=drawn.tiff.id, page_count=drawn.page_count,
    )  # fmt: skip
    session.add(sending)
    letter.state, letter.reason, letter.way = "sending", None, "fax"
    letter.version += 1
    await session.flush()
    letters.tell(session, letter)
    return Attempt(sending.id, lines.open_account(line, key), sending.ref, sending.to_address, sending.started_at)


async def _next(session: AsyncSession, letter: Letter) -> int:
    last = await session.scalar(
        select(func.max(LetterSending.number)).where(
            LetterSending.practice_id == letter.practice_id, LetterSending.letter_id == letter.id
        )
    )
    return (last or 0) + 1
