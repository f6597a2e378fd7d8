"""Pictures that go with the form, each made small enough to file and large enough to read. Pure but for the port."""

import io
import uuid
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from PIL import Image
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.context import ProcessContext

MOST_PAGES: Final = 40
MOST_BYTES: Final = 12 * 1024 * 1024
# A letter page at about 180 dpi: what a fax shows, and no more than a record system needs.
LONGEST_SIDE: Final = 1980
QUALITY: Final = 72
TOO_MUCH: Final = "there is no room for more pages in this file; they are kept with the patient's lead"


@dataclass(frozen=True, slots=True)
class Paper:
    """Something the patient sent. `refusal`: why it has no pages, in words for the desk; `waits`: it is being read."""

    id: uuid.UUID
    title: str
    sent_at: datetime
    images: tuple[uuid.UUID, ...] = ()
    # A file of several pages of which only the first was drawn.
    original: uuid.UUID | None = None
    refusal: str | None = None
    waits: bool = False


class Unopenable(Exception):
    """A paper's pages cannot be drawn; its words say why."""


class Papers(Protocol):
    """Who knows what patients have sent."""

    async def listed(self, session: AsyncSession, lead_id: uuid.UUID) -> Sequence[Paper]:
        """All of it, oldest first."""

    def pages(
        self, context: ProcessContext, practice_id: uuid.UUID, key: bytes, paper: Paper
    ) -> AsyncGenerator[bytes, None]:
        """Its pages upright, as PNG, one at a time. Raises `Unopenable`."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it is enclosed."""

    jpeg: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Enclosure:
    """One paper with its pages. `lacks`: what is missing of it, and why."""

    title: str
    sent_at: datetime
    pages: tuple[Page, ...]
    lacks: str | None = None


def small(png: bytes) -> Page:
    """The page in grey, no larger than it is read."""
    with Image.open(io.BytesIO(png), formats=("PNG",)) as picture:
        page = picture.convert("L")
    page.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    page.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Page(out.getvalue(), page.width, page.height)
