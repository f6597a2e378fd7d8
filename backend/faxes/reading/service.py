"""Reads every page: text layer first, then OCR for the rest, one child process per page."""

import asyncio
import os
import time
from contextlib import aclosing
from typing import Any

from backend.core.logging import get_logger
from backend.faxes.decoding.children import ChildFailed, run
from backend.faxes.decoding.formats import PDF, sniff
from backend.faxes.decoding.limits import MIB
from backend.faxes.document import DecodedPage, PageText, Word
from backend.faxes.reading.checkboxes import among
from backend.faxes.reading.order import in_reading_order

log = get_logger(__name__)
_MEMORY_BYTES = 512 * MIB
# Address space, of which libraries and models take half; measured resident at most: 330 MB.
_OCR_MEMORY_BYTES = 1024 * MIB
_TEXT_LAYER_SECONDS = 20
_PAGE_SECONDS = 15
# a document may use this and a bit per page before the rest of its pages are left to a person
_DOCUMENT_SECONDS = 30.0
_SECONDS_PER_PAGE = 1.0
_LOST = 1.0


async def read(data: bytes, pages: list[DecodedPage]) -> list[PageText]:
    """The words of each page, in the order of `pages`. `data` is the original document.

    A page on which nothing could be read (blank, lost, too slow) has no words and confidence 0.
    """
    layers = await _text_layers(data, len(pages)) if sniff(data) == PDF else {}
    ends_at = time.monotonic() + _DOCUMENT_SECONDS + _SECONDS_PER_PAGE * len(pages)
    at_once = asyncio.Semaphore(os.cpu_count() or 1)

    async def read_one(page: DecodedPage) -> PageText:
        if words := layers.get(page.number):
            async with at_once:
                boxes = await _boxes(page)
            message = {"rotation": 0, "confidence": 1.0, "words": words, "boxes": boxes}
            return _page_text(page.number, "text", message)
        async with at_once:
            if page.blank or page.damage >= _LOST or time.monotonic() > ends_at:
                return PageText(page.number, "ocr", 0, 0.0, ())
            return await _by_ocr(page)

    return await asyncio.gather(*(read_one(page) for page in pages))


async def _text_layers(data: bytes, pages: int) -> dict[int, list[list[Any]]]:
    """Usable text layers by page number."""
    layers: dict[int, list[list[Any]]] = {}
    number = 0
    try:
        async with aclosing(
            run(
                "text_layer",
                data,
                cpu_seconds=_TEXT_LAYER_SECONDS,
                memory_bytes=_MEMORY_BYTES,
                pages=pages,
            )
        ) as answers:
            async for message, _ in answers:
                number += 1
                layers[number] = message["words"] or []
    except ChildFailed:
        return layers  # OCR reads the others from what is drawn
    return layers


async def _boxes(page: DecodedPage) -> list[list[float]]:
    """Check boxes of a page with a text layer: they are drawn, not written."""
    try:
        async with aclosing(
            run("checkboxes", page.png, cpu_seconds=_PAGE_SECONDS, memory_bytes=_MEMORY_BYTES)
        ) as answers:
            async for message, _ in answers:
                return list(message["boxes"])
    except ChildFailed:
        pass  # without them the words are still good
    return []


async def _by_ocr(page: DecodedPage) -> PageText:
    try:
        async with aclosing(
            run(
                "ocr",
                page.png,
                cpu_seconds=_PAGE_SECONDS,
                memory_bytes=_OCR_MEMORY_BYTES,
            )
        ) as answers:
            async for message, _ in answers:
                return _page_text(page.number, "ocr", message)
    except ChildFailed as failure:
        # one page that cannot be read must not cost its neighbours
        log.warning("page_unread", code=failure.code)
    return PageText(page.number, "ocr", 0, 0.0, ())


def _page_text(number: int, source: Any, message: dict[str, Any]) -> PageText:
    read_words = [
        Word(text=text, box=(x0, y0, x1, y1), confidence=confidence)
        for text, confidence, x0, y0, x1, y1 in message["words"]
    ]
    words = in_reading_order(among(read_words, message["boxes"])) if read_words else []
    confidence = message["confidence"] if words else 0.0
    return PageText(number, source, message["rotation"], confidence, tuple(words))
