"""Pictures in the PDF of a form: large enough to read, no more of them than one file may hold, broken ones named."""

import io
import os
import uuid
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Any

import pdfplumber
import pytest
from PIL import Image

from backend.intake_forms.pdf import gathering
from backend.intake_forms.pdf.document import Filled, build
from backend.intake_forms.pdf.enclosures import LONGEST_SIDE, MOST_PAGES, TOO_MUCH, Paper, Unopenable, small
from backend.intake_forms.pdf.gathering import BROKEN, Gathering

AT = datetime(2026, 11, 26, 20, 30, tzinfo=UTC)


def png(width: int, height: int, *, noise: bool = False) -> bytes:
    image = (
        Image.frombytes("L", (width, height), os.urandom(width * height))
        if noise
        else Image.new("L", (width, height), 230)
    )
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def paper(title: str, **named: Any) -> Paper:
    return Paper(uuid.uuid4(), title, AT, **named)


class Pile:
    """Papers with these sheets each."""

    def __init__(self, sheets: dict[str, list[bytes | Exception]]) -> None:
        self._sheets = sheets

    async def listed(self, session: Any, lead_id: uuid.UUID) -> list[Paper]:
        return [paper(title) for title in self._sheets]

    async def pages(self, context: Any, practice_id: uuid.UUID, key: bytes, of: Paper) -> AsyncGenerator[bytes, None]:
        for sheet in self._sheets.get(of.title, []):
            if isinstance(sheet, Exception):
                raise sheet
            yield sheet


async def gathered(sheets: dict[str, list[bytes | Exception]], *more: Paper) -> Any:
    pile = Pile(sheets)
    found = [*(await pile.listed(None, uuid.uuid4())), *more]
    return await Gathering(None, pile, uuid.uuid4(), b"").all(found)  # type: ignore[arg-type]


def filled(enclosures: Any) -> Filled:
    return Filled(
        lead_id=uuid.uuid4(), practice="Northside PT", title="New patient form", patient="Ada Sample",
        born="04/09/1961", form_version=1, language="en", submitted_at=AT, timezone="America/Chicago", intake_id="1",
        parts=[], agreements=[], enclosures=enclosures,
    )  # fmt: skip


async def test_cards_share_a_page_and_an_order_fills_one() -> None:
    enclosures = await gathered({
        "Card, front": [png(1400, 900)], "Card, back": [png(1400, 900)], "Order": [png(1700, 2200), png(1700, 2200)],
    })  # fmt: skip
    with pdfplumber.open(io.BytesIO(build(filled(enclosures)))) as document:
        pages = [(page.extract_text(), page.images) for page in document.pages]
    assert [len(images) for _, images in pages] == [0, 2, 1, 1]
    assert "Card, front, 11/26/2026 02:30 PM CST" in pages[1][0] and "Page 2 of 4" in pages[1][0]
    assert "Order, 11/26/2026 02:30 PM CST, page 2 of 2" in pages[3][0]
    # A card of 85.6 mm is shown at 155 mm and more, a letter page at four fifths of its size and more.
    assert pages[1][1][0]["width"] > 155 / 25.4 * 72 and pages[2][1][0]["height"] > 0.8 * 11 * 72


async def test_what_cannot_be_opened_is_named_and_the_rest_is_there() -> None:
    refused = paper("Card, back", refusal="this picture could not be opened: The file is damaged.")
    sheets: dict[str, list[bytes | Exception]] = {
        "Locked": [png(900, 600), Unopenable("this picture could not be opened.")], "Torn": [b"\x89PNG\r\n\x1a\nno"],
        "Card, front": [png(1400, 900)],
    }  # fmt: skip
    enclosures = await gathered(sheets, refused)
    assert [len(one.pages) for one in enclosures] == [1, 0, 1, 0] and enclosures[1].lacks == BROKEN
    with pdfplumber.open(io.BytesIO(build(filled(enclosures)))) as document:
        words = " ".join(" ".join(page.extract_text() for page in document.pages).split())
    assert "Locked, 11/26/2026 02:30 PM CST. Not all of it is enclosed: this picture could not be opened." in words
    assert "Torn, 11/26/2026 02:30 PM CST. Not enclosed: this picture could not be opened" in words
    assert "Card, back, 11/26/2026 02:30 PM CST. Not enclosed: this picture could not be opened: The file" in words


async def test_there_are_no_more_pages_than_one_file_may_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    many = await gathered({"Order": [png(60, 80)] * (MOST_PAGES + 3), "Card": [png(60, 40)]})
    assert [(len(one.pages), one.lacks) for one in many] == [(MOST_PAGES, TOO_MUCH), (0, TOO_MUCH)]
    monkeypatch.setattr(gathering, "MOST_BYTES", 300_000)
    heavy = await gathered({"Order": [png(500, 500, noise=True)] * 5, "Card": [png(60, 40)]})
    assert 1 <= len(heavy[0].pages) < 5 and heavy[0].lacks == TOO_MUCH and len(heavy[1].pages) == 1
    assert sum(len(page.jpeg) for one in heavy for page in one.pages) <= 300_000


def test_a_picture_of_forty_million_points_becomes_a_page() -> None:
    page = small(png(8000, 5000))
    assert (page.width, page.height) == (LONGEST_SIDE, round(LONGEST_SIDE * 5 / 8))
