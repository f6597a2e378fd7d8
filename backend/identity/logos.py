"""A practice's logo: taken from a file that may be anything, drawn anew for screens and for paper. Pure."""

import io
import warnings
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageChops, ImageFilter, ImageOps

from backend.core.problems import Invalid

MOST_BYTES: Final = 2 * 1024 * 1024
MOST_ACROSS: Final = 6000
MOST_PIXELS: Final = 16_000_000
LEAST: Final = 24
# On a screen twice as large as shown, for those with small dots.
SCREEN: Final = (640, 200)
# On paper, in millimetres and in dots to the inch; a fax draws half as many.
PAPER_MM: Final = (55.0, 15.0)
PAPER_DPI: Final = 408
# Lighter than this is paper.
WHITE: Final = 248
STAIN: Final = 8
# Inks this far apart, the rarer one of this share, are told apart by dots; others become black.
APART: Final = 60
SHARE: Final = 0.08
# Every dot is two of a fax machine's, so that it arrives.
DOT: Final = 4
RIM: Final = 5
# Ink spreads on a fax: what is between is drawn lighter than it is.
GAMMA: Final = 0.7
BAYER: Final = (0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5)
MAGIC: Final = {b"\x89PNG\r\n\x1a\n": "PNG", b"\xff\xd8\xff": "JPEG"}


class UnusableLogo(Invalid):
    """Not a picture that can head a letter."""

    type = "unusable-logo"
    title = "Choose another picture"

    def __init__(self, why: str, short: str) -> None:
        super().__init__(why, errors=[("/file", short)])


@dataclass(frozen=True, slots=True)
class Logo:
    """Two PNGs: as it is, and in black and white."""

    screen: bytes
    paper: bytes


def redrawn(data: bytes) -> Logo:
    """The logo, of nothing but its pixels. Raises `UnusableLogo`."""
    picture = _opened(data)
    grey = _on_paper(picture).convert("L")
    # The darker the ink, the more a JPEG stains the paper around it.
    clean = min(WHITE, 255 - (255 - _darkest(grey)) // STAIN)
    box = grey.point([255] * clean + [0] * (256 - clean)).getbbox()
    if box is None:
        raise UnusableLogo("Nothing of this picture shows on white paper. Choose a version for light paper.", "white")
    if min(box[2] - box[0], box[3] - box[1]) < LEAST // 4:
        raise UnusableLogo("This picture is hardly more than a line. Choose another one.", "too thin")
    return Logo(_png(_fitted(picture.crop(box), *SCREEN)), _png(_for_paper(grey.crop(box))))


def _opened(data: bytes) -> Image.Image:
    kind = next((kind for magic, kind in MAGIC.items() if data.startswith(magic)), None)
    if kind is None:
        raise UnusableLogo("Choose a PNG or JPEG file.", "not PNG or JPEG")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            opened = Image.open(io.BytesIO(data), formats=[kind])
            _right_size(*opened.size)
            opened.draft("RGB", (SCREEN[0] * 2, SCREEN[1] * 2))
            opened.load()
            return ImageOps.exif_transpose(opened).convert("RGBA")
    except UnusableLogo:
        raise
    # Pillow raises whatever a broken file leads to; each means the same here.
    except Exception:
        raise UnusableLogo("This file is damaged. Save the logo again as PNG or JPEG.", "damaged") from None


def _darkest(grey: Image.Image) -> int:
    return next(tone for tone, count in enumerate(grey.histogram()) if count)


def _right_size(width: int, height: int) -> None:
    if max(width, height) > MOST_ACROSS or width * height > MOST_PIXELS:
        raise UnusableLogo("The picture may have at most 16 million pixels, 6,000 to a side.", "too many pixels")
    if min(width, height) < LEAST:
        raise UnusableLogo("The picture is too small to be printed: at least 24 pixels to a side.", "too small")


def _on_paper(picture: Image.Image) -> Image.Image:
    paper = Image.new("RGBA", picture.size, "white")
    paper.alpha_composite(picture)
    return paper.convert("RGB")


def _fitted(picture: Image.Image, width: int, height: int) -> Image.Image:
    """As large as it may be, never larger than it is."""
    scale = min(width / picture.width, height / picture.height, 1)
    return picture.resize(_scaled(picture, scale), Image.Resampling.LANCZOS)


def _scaled(picture: Image.Image, scale: float) -> tuple[int, int]:
    return max(1, round(picture.width * scale)), max(1, round(picture.height * scale))


def _for_paper(grey: Image.Image) -> Image.Image:
    """Black and white: one ink as clear lines, several told apart by coarse dots that survive a fax."""
    room = [millimetres / 25.4 * PAPER_DPI for millimetres in PAPER_MM]
    scale = min(room[0] / grey.width, room[1] / grey.height)
    large = grey.resize(_scaled(grey, scale), Image.Resampling.LANCZOS)
    tones = large.histogram()
    edge = _divide(tones, 0, 256)
    inks = _inks(tones, edge)
    if inks is None:
        return large.point([0] * edge + [255] * (256 - edge)).convert("1", dither=Image.Dither.NONE)
    return _dotted(large, *inks)


def _dotted(picture: Image.Image, dark: float, paper: int) -> Image.Image:
    """The dark ink black, lighter ones by dots, and everything with a black rim, so that small letters stay letters."""
    span = paper - dark
    stretched = picture.point([round(255 * (max(0.0, min(tone - dark, span)) / span) ** GAMMA) for tone in range(256)])
    lighter = ImageChops.subtract(stretched, _dots(stretched.size)).point([0] + [255] * 255)
    ink = ImageOps.expand(picture.point([255] * paper + [0] * (256 - paper)), border=RIM, fill=0)
    inner = ImageOps.crop(ink.filter(ImageFilter.MinFilter(2 * RIM + 1)), RIM)
    rim = ImageChops.subtract(ImageOps.crop(ink, RIM), inner)
    return ImageChops.subtract(lighter, rim).convert("1", dither=Image.Dither.NONE)


def _divide(tones: list[int], start: int, end: int) -> int:
    """The tone that divides these best in two: the first of the lighter ones (Otsu 1979)."""
    total = sum(tones[start:end])
    whole = sum(tone * tones[tone] for tone in range(start, end))
    best, found, count, weight = -1.0, end - 1, 0, 0
    for tone in range(start, end - 1):
        count += tones[tone]
        weight += tone * tones[tone]
        if 0 < count < total:
            spread = (weight * total - whole * count) ** 2 / (count * (total - count))
            if spread > best:
                best, found = spread, tone + 1
    return found


def _inks(tones: list[int], edge: int) -> tuple[float, int] | None:
    """(tone of the dark ink, first tone of the paper) where the inks are clearly two or more; else None."""
    end = max(edge, WHITE)
    middle = _divide(tones, 0, end)
    dark, light = tones[:middle], tones[middle:end]
    if not sum(dark) or not sum(light):
        return None
    tone = sum(tone * count for tone, count in enumerate(dark)) / sum(dark)
    apart = sum(tone * count for tone, count in enumerate(light, middle)) / sum(light) - tone
    rarer = min(sum(dark), sum(light)) / (sum(dark) + sum(light))
    return (tone, end) if apart > APART and rarer > SHARE else None


def _dots(size: tuple[int, int]) -> Image.Image:
    """Thresholds in squares of four by four dots (Bayer 1973)."""
    square = Image.new("L", (4, 4))
    square.putdata([place * 15 + 12 for place in BAYER])
    square = square.resize((4 * DOT, 4 * DOT), Image.Resampling.NEAREST)
    sheet = Image.new("L", size)
    for top in range(0, size[1], square.height):
        for left in range(0, size[0], square.width):
            sheet.paste(square, (left, top))
    return sheet


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()
