"""A letter as it goes, stored; and how many times it has been tried."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.documents import StoredDocument
from backend.loop.models import Letter, LetterSending


@dataclass(frozen=True, slots=True)
class Drawn:
    """A letter as it goes, stored; the dots only where it goes by fax."""

    pdf: StoredDocument | None
    tiff: StoredDocument | None
    page_count: int
    places: dict[str, Any] | None


async def next_number(session: AsyncSession, letter: Letter) -> int:
    """The number of the next attempt."""
    last = await session.scalar(
        select(func.max(LetterSending.number)).where(
            LetterSending.practice_id == letter.practice_id, LetterSending.letter_id == letter.id
        )
    )
    return (last or 0) + 1
