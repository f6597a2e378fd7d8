"""A letter as it went out, or as it would go now."""

import uuid

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import documents
from backend.core.documents import Document
from backend.loop import facts, letters
from backend.loop.content import Content
from backend.loop.models import Letter, LetterSending


async def of(session: AsyncSession, letter: Letter) -> tuple[Document | None, Content | None]:
    """What is stored of it, else what would be drawn; neither when nothing of it is so any more."""
    if letter.joined_into is not None:
        return await of(session, await session.get_one(Letter, (letter.practice_id, letter.joined_into)))
    # One that waits to go again may say something else than the attempt before.
    sent = None if letter.state in {"waiting", "review"} else await _sent(session, letter)
    if (stored := sent or letter.document_id) is not None:
        return await documents.load(session, stored), None
    referrer = await letters.referrer_of(session, letter.referrer_id)
    return None, await facts.content_of(session, letter, referrer)


async def _sent(session: AsyncSession, letter: Letter) -> uuid.UUID | None:
    return await session.scalar(
        select(LetterSending.document_id)
        .where(LetterSending.practice_id == letter.practice_id, LetterSending.letter_id == letter.id)
        .order_by(LetterSending.number.desc())
        .limit(1)
    )
