"""Opens a document page by page. Runs in the child process only (`decoding.works`)."""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from PIL import Image, JpegImagePlugin, PngImagePlugin, TiffImagePlugin

from backend.faxes.decoding.codes import codes_on
from backend.faxes.decoding.condition import is_blank, upright_tones
from backend.faxes.decoding.formats import HEIC, JPEG, PDF, PNG, TIFF, sniff
from backend.faxes.decoding.frames import Message
from backend.faxes.decoding.limits import Undecodable
from backend.faxes.decoding.pages import lost_page, to_png
from backend.faxes.decoding.pdf import PdfDocument
from backend.faxes.decoding.picture import HeicDocument, PictureDocument
from backend.faxes.decoding.squaring import Resolution, square
from backend.faxes.decoding.tiff import TiffDocument
from backend.faxes.document import DecodedPage

# past this much PNG the rest of a document goes black and white, so that its pages fit the worker's memory
GREY_BYTES = 48 * 1024 * 1024


# with more than this lost nobody can say that a page was empty
_DAMAGED = 0.1
# registered by their import; else Pillow would load its forty other formats with the first page
FORMATS = (JpegImagePlugin, PngImagePlugin, TiffImagePlugin)
PAGE_FACTS = ("number", "width", "height", "damage", "blank", "inverted", "codes")


class Document(Protocol):
    """An open document; pages count from 0."""

    def __init__(self, data: bytes) -> None:
        """Open it. Raises `Undecodable`."""

    def sizes(self) -> list[tuple[int, int]]:
        """Width and height of every page as stored (PDF: as drawn at 200 dpi), found without decoding."""

    def picture(self, index: int) -> tuple[Image.Image, Resolution | None, float]:
        """The page, its stated dots per inch if any, and its damage (0-1). Raises what its library raises."""


_OPENERS: dict[str, type[Document]] = {
    PDF: PdfDocument,
    TIFF: TiffDocument,
    PNG: PictureDocument,
    JPEG: PictureDocument,
    HEIC: HeicDocument,
}


@dataclass(slots=True)
class _Budget:
    page_pixels: int
    grey_bytes: int


def open_pages(request: Message, data: bytes) -> Iterator[tuple[Message, bytes]]:
    """First `{"pages": n}`, then one message and PNG per page from `request["first"]` (counted from 0) on.

    Raises `Undecodable` before the first page when the document breaks a limit or cannot be opened.
    """
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = request["page_pixels"]
    document = _open(data)
    sizes = document.sizes()
    _check(sizes, request)
    yield {"pages": len(sizes)}, b""
    budget = _Budget(request["page_pixels"], GREY_BYTES - request["sent_bytes"])
    for index in range(request["first"], len(sizes)):
        page = _page(document, index, budget)
        yield {name: getattr(page, name) for name in PAGE_FACTS}, page.png


def _open(data: bytes) -> Document:
    media_type = sniff(data)
    if media_type is None:
        raise Undecodable("unsupported_type")
    return _OPENERS[media_type](data)


def _check(sizes: list[tuple[int, int]], request: Message) -> None:
    if not sizes:
        raise Undecodable("no_pages")
    if len(sizes) > request["pages"]:
        raise Undecodable("too_many_pages")
    areas = [width * height for width, height in sizes]
    if max(areas) > request["page_pixels"]:
        raise Undecodable("page_too_large")
    if sum(areas) > request["document_pixels"]:
        raise Undecodable("too_large")


def _page(document: Document, index: int, budget: _Budget) -> DecodedPage:
    try:
        picture, stated, damage = document.picture(index)
        page, inverted = upright_tones(square(picture, stated, budget.page_pixels))
    except (MemoryError, Undecodable):
        raise
    except Exception:
        # libraries raise nearly anything on damaged input; the neighbours are still worth having
        return lost_page(index + 1)
    png = to_png(page, in_grey=budget.grey_bytes > 0)
    budget.grey_bytes -= len(png)
    return DecodedPage(
        number=index + 1,
        width=page.width,
        height=page.height,
        damage=round(damage, 4),
        blank=damage < _DAMAGED and is_blank(page),
        inverted=inverted,
        png=png,
        codes=tuple(codes_on(page)),
    )
