"""Decide whether a letter goes, to which number and through which line, and write the attempt down."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import documents
from backend.core.clock import now
from backend.core.documents import Document
from backend.core.ids import new_id
from backend.faxes import lines
from backend.faxes.ports import FaxAccount
from backend.loop import facts, letters, mailing, rules
from backend.loop import lines as own_lines
from backend.loop.content import Content
from backend.loop.kinds import Way
from backend.loop.mailing import MailAttempt
from backend.loop.models import ALIVE, Letter, LetterSending
from backend.loop.storing import Drawn, next_number


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be drawn: a content of ours, or a PDF that was given. `version` is the letter it was read from."""

    version: int
    content: Content | None
    given: Document | None
    way: Way


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that is written down: nothing is decided after this."""

    sending_id: uuid.UUID
    account: FaxAccount
    ref: str
    to: str
    since: datetime


async def under_way(session: AsyncSession, letter: Letter, key: bytes) -> Attempt | MailAttempt | None:
    """An attempt whose answer never came."""
    sending = await alive(session, letter)
    if sending is None or sending.state not in {"calling", "unknown"}:
        return None
    if sending.line_id is None:
        return await mailing.again(session, letter, sending, key)
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
    if reason := await rules.quiet(session, referrer, letter.kind):
        _not_sent(session, letter, "not_sent", reason)
        return None
    way = await rules.way_to(session, referrer)
    if way is None:
        # No task for each: the queue shows them, and one number added sets all of an office free.
        _not_sent(session, letter, "failed", await rules.nowhere(session, referrer))
        return None
    if way[0] == "fax" and await own_lines.line_for(session, letter) is None:
        _not_sent(session, letter, "not_sent", "no_fax_line")
        return None
    if letter.document_id is not None:
        return Draft(letter.version, None, await documents.load(session, letter.document_id), way[0])
    content = await facts.content_of(session, letter, referrer)
    if content is None:
        _not_sent(session, letter, "canceled", "no_longer_true")
        return None
    return Draft(letter.version, content, None, way[0])


def _not_sent(session: AsyncSession, letter: Letter, state: str, reason: str) -> None:
    letter.state, letter.reason = state, reason
    letter.version += 1
    letters.tell(session, letter)


async def write_down(
    session: AsyncSession, letter: Letter, drawn: Drawn, key: bytes, mail_from: str
) -> Attempt | MailAttempt | None:
    """The attempt, to the number or address the referrer has at this moment; None when that is another way by now."""
    referrer = await letters.referrer_of(session, letter.referrer_id)
    way, line = await rules.way_to(session, referrer), await own_lines.line_for(session, letter)
    if way is not None and way[0] == "email" and drawn.tiff is None:
        return await mailing.write_down(session, letter, drawn, (mail_from, way[1]), key)
    if way is None or way[0] != "fax" or line is None or drawn.tiff is None:
        return None
    for stored in filter(None, (drawn.pdf, drawn.tiff)):
        documents.record(session, stored)
    await session.flush()
    document_id = drawn.pdf.id if drawn.pdf else letter.document_id
    assert document_id is not None
    sending = LetterSending(
        practice_id=letter.practice_id, id=new_id(), letter_id=letter.id, number=await next_number(session, letter),
        way="fax", line_id=line.id, provider=line.provider, from_address=line.number, to_address=way[1],
        ref=letters.new_code(), state="calling", started_at=now(), document_id=document_id,
        facsimile_id=drawn.tiff.id, page_count=drawn.page_count,
    )  # fmt: skip
    session.add(sending)
    letter.state, letter.reason, letter.way, letter.places = "sending", None, "fax", drawn.places
    letter.version += 1
    await session.flush()
    letters.tell(session, letter)
    return Attempt(sending.id, lines.open_account(line, key), sending.ref, sending.to_address, sending.started_at)
