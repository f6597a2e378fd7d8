"""A finished page: its PNG, and the sheet that stands for one that was lost."""

import io

from PIL import Image

from backend.faxes.decoding.squaring import DPI
from backend.faxes.document import DecodedPage

# zlib strategy Z_RLE: pages are mostly runs of paper, so it is both smaller and faster
_RUN_LENGTHS = 3
LETTER = (round(8.5 * DPI), 11 * DPI)
_BLACK_BELOW = 160
# 16 greys look the same and halve the file
_SIXTEEN_GREYS = [tone // 16 * 17 for tone in range(256)]
_BLACK_AND_WHITE = [255 * (tone >= _BLACK_BELOW) for tone in range(256)]


def to_png(page: Image.Image, *, in_grey: bool = True) -> bytes:
    """An 8-bit grey or 1-bit page as PNG; quick rather than small."""
    if page.mode == "L":
        page = page.point(_SIXTEEN_GREYS) if in_grey else page.point(_BLACK_AND_WHITE, "1")
    out = io.BytesIO()
    page.save(out, "PNG", compress_level=1, compress_type=_RUN_LENGTHS)
    return out.getvalue()


def lost_page(number: int) -> DecodedPage:
    """An empty sheet in place of a page that could not be decoded. Not `blank`: what was on it is unknown."""
    width, height = LETTER
    return DecodedPage(
        number=number,
        width=width,
        height=height,
        damage=1.0,
        blank=False,
        inverted=False,
        png=to_png(Image.new("1", LETTER, 1)),
    )
