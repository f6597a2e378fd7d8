"""Letters of the PDF: DejaVu where the host has it, else what ReportLab brings; a name is never left as empty boxes."""

import unicodedata
from functools import cache
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

DEJAVU: Final = Path("/usr/share/fonts/truetype/dejavu")
FILES: Final = {
    "Text": ("DejaVuSans.ttf", "Vera.ttf"),
    "Bold": ("DejaVuSans-Bold.ttf", "VeraBd.ttf"),
    "Slanted": ("DejaVuSans-Oblique.ttf", "VeraIt.ttf"),
}


@cache
def names() -> dict[str, str]:
    """Fonts by use, registered once per process."""
    for name, (better, bundled) in FILES.items():
        path = DEJAVU / better
        pdfmetrics.registerFont(TTFont(f"Form{name}", str(path) if path.is_file() else bundled))
    pdfmetrics.registerFontFamily("FormText", normal="FormText", bold="FormBold", italic="FormSlanted")
    return {name: f"Form{name}" for name in FILES}


@cache
def _drawable() -> frozenset[int]:
    names()
    return frozenset(pdfmetrics.getFont("FormText").face.charToGlyph)


def plain(text: str) -> str:
    """Text with letters the font lacks replaced by their base letter, else by a question mark."""
    return "".join(sign if ord(sign) in _drawable() else _nearest(sign) for sign in text)


def _nearest(sign: str) -> str:
    base = unicodedata.normalize("NFKD", sign)[0]
    return base if ord(base) in _drawable() else "?"


def markup(text: str) -> str:
    """The same for ReportLab's paragraphs, in which a patient's `<` must stay a `<`."""
    return escape(plain(text))
