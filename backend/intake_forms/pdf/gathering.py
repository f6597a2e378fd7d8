"""Fetch what is enclosed, one page in memory at a time, up to what one file may hold."""

import asyncio
import uuid
from collections.abc import Sequence
from contextlib import aclosing

from backend.core.context import ProcessContext
from backend.core.crypto import CannotOpen
from backend.core.objects import ObjectMissing
from backend.intake_forms.pdf.enclosures import (
    MOST_BYTES,
    MOST_PAGES,
    TOO_MUCH,
    Enclosure,
    Page,
    Paper,
    Papers,
    Unopenable,
    small,
)

BROKEN = "this picture could not be opened"


class Gathering:
    """What is gathered so far for one form."""

    def __init__(self, context: ProcessContext, papers: Papers, practice_id: uuid.UUID, key: bytes) -> None:
        self._context, self._papers, self._practice_id, self._key = context, papers, practice_id, key
        self._pages, self._bytes = 0, 0

    async def all(self, found: Sequence[Paper]) -> list[Enclosure]:
        """Each paper with its pages, or with what is missing of it."""
        return [await self._one(paper) for paper in found]

    async def _one(self, paper: Paper) -> Enclosure:
        pages: list[Page] = []
        lacks = paper.refusal
        try:
            async with aclosing(self._papers.pages(self._context, self._practice_id, self._key, paper)) as sheets:
                async for sheet in sheets:
                    page = await asyncio.to_thread(small, sheet)
                    if self._pages >= MOST_PAGES or self._bytes + len(page.jpeg) > MOST_BYTES:
                        lacks = TOO_MUCH
                        break
                    pages.append(page)
                    self._pages, self._bytes = self._pages + 1, self._bytes + len(page.jpeg)
        except Unopenable as refusal:
            lacks = str(refusal)
        except (ObjectMissing, CannotOpen, OSError):
            lacks = BROKEN
        return Enclosure(paper.title, paper.sent_at, tuple(pages), lacks)
