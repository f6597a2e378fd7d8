"""Opens a document in a limited child process and gathers its pages."""

import time
from contextlib import aclosing
from dataclasses import dataclass, field

from backend.faxes.decoding.children import ChildFailed, run
from backend.faxes.decoding.formats import sniff
from backend.faxes.decoding.limits import DEFAULT_LIMITS, Limits, Undecodable
from backend.faxes.decoding.pages import lost_page
from backend.faxes.document import DecodedPage

# leaves the pipeline time to record the outcome before anyone waiting gives up
_SHARE_OF_TIME = 0.9
_MOST_ATTEMPTS = 20
_LOST = 1.0


@dataclass(slots=True)
class _Gathered:
    """`expected` is how many pages the document says it has, None until it was opened."""

    expected: int | None = None
    pages: list[DecodedPage] = field(default_factory=list)


async def decode(data: bytes, limits: Limits = DEFAULT_LIMITS) -> list[DecodedPage]:
    """Every page of a PDF, TIFF, PNG, JPEG or HEIC at 200 dpi, black on white, not yet turned upright.

    A page that cannot be decoded is a white sheet of `damage` 1.0 among its neighbours.
    Raises `Undecodable` when no page can be shown or a limit is broken.
    """
    _refuse_at_sight(data, limits)
    gathered = _Gathered()
    failure = await _gather(data, limits, gathered)
    if gathered.expected is None:
        raise Undecodable(failure or "no_pages")
    gathered.pages += [lost_page(number + 1) for number in range(len(gathered.pages), gathered.expected)]
    if all(page.damage >= _LOST for page in gathered.pages):
        raise Undecodable(failure or "damaged")
    return gathered.pages


def _refuse_at_sight(data: bytes, limits: Limits) -> None:
    if not data:
        raise Undecodable("empty_file")
    if len(data) > limits.bytes:
        raise Undecodable("too_large")
    if sniff(data) is None:
        raise Undecodable("unsupported_type")


async def _gather(data: bytes, limits: Limits, gathered: _Gathered) -> str | None:
    """Fill `gathered`, skipping each page that ends its child. Returns the last failure."""
    ends_at = time.monotonic() + limits.cpu_seconds * _SHARE_OF_TIME
    failure = None
    for _ in range(_MOST_ATTEMPTS):
        seconds = round(ends_at - time.monotonic())
        if seconds < 1:
            return failure or "took_too_long"
        try:
            await _attempt(data, limits, seconds, gathered)
        except ChildFailed as error:
            failure = error.code
        else:
            return failure
        if gathered.expected is None or len(gathered.pages) + 1 >= gathered.expected:
            return failure
        gathered.pages.append(lost_page(len(gathered.pages) + 1))
    return failure


async def _attempt(data: bytes, limits: Limits, seconds: int, gathered: _Gathered) -> None:
    pages = run(
        "decode",
        data,
        cpu_seconds=seconds,
        memory_bytes=limits.memory_bytes,
        pages=limits.pages,
        page_pixels=limits.page_pixels,
        document_pixels=limits.document_pixels,
        first=len(gathered.pages),
        sent_bytes=sum(len(page.png) for page in gathered.pages),
    )
    async with aclosing(pages):
        async for message, png in pages:
            if "pages" in message:
                gathered.expected = int(message["pages"])
            else:
                gathered.pages.append(DecodedPage(**message | {"codes": tuple(message["codes"])}, png=png))
