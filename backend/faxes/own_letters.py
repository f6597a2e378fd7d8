"""What a code on a page leads to. The letters belong to a domain above this one, which registers itself in `wiring`."""

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from backend.faxes.reading.marks import Places


@dataclass(frozen=True, slots=True)
class OwnLetter:
    """What a code leads to. Without a lead it is about no patient."""

    kind: str
    lead_id: uuid.UUID | None
    places: Places | None = None


Finder = Callable[[AsyncSession, str], Awaitable[OwnLetter | None]]
_finders: list[Finder] = []


def provide(finder: Finder) -> None:
    """Let this one say what a code leads to; once per process, before the first fax."""
    if finder not in _finders:
        _finders.append(finder)


async def letter_of(session: AsyncSession, code: str) -> OwnLetter | None:
    """The letter with this code, of this practice."""
    for finder in _finders:
        if found := await finder(session, code):
            return found
    return None
