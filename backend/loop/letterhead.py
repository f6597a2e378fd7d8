"""Draw the head of a sheet: who writes and where to reach them, the logo beside it, a rule below."""

import io
from collections.abc import Iterator
from typing import Final

from PIL import Image as Pixels
from reportlab.lib.colors import black
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import inch, mm
from reportlab.platypus import Flowable, Image, Paragraph, Spacer, Table, TableStyle

from backend.identity.logos import PAPER_DPI
from backend.intake_forms.pdf import fonts
from backend.loop.content import Sender

GAP: Final = 6 * mm
# Beside a wide logo no more letters have room.
IN_A_LINE: Final = 54


def drawn(sender: Sender, width: float) -> Iterator[Flowable]:
    """As wide as the sheet lets it be. The logo is no higher than the words beside it."""
    words = list(_words(sender))
    if sender.logo is None:
        yield from words
    else:
        logo = _logo(sender.logo)
        beside = Table([[words, logo]], colWidths=[width - logo.drawWidth - GAP, logo.drawWidth + GAP])
        look = [
            ("VALIGN", (0, 0), (-1, -1), "TOP"), ("ALIGN", (1, 0), (1, 0), "RIGHT"),
            *((f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")),
        ]  # fmt: skip
        beside.setStyle(TableStyle(look))
        yield beside
    yield Spacer(1, 4)
    yield rule(width)
    yield Spacer(1, 4)


def rule(width: float) -> Table:
    """A line across the sheet."""
    line = Table([[""]], colWidths=[width], rowHeights=[2])
    line.setStyle(TableStyle([("LINEABOVE", (0, 0), (-1, 0), 1.4, black)]))
    return line


def _words(sender: Sender) -> Iterator[Paragraph]:
    text, bold = fonts.names()["Text"], fonts.names()["Bold"]
    small = ParagraphStyle("small", fontName=text, fontSize=11, leading=14.5, textColor=black)
    name = ParagraphStyle("practice", small, fontName=bold, fontSize=17, leading=21)
    yield Paragraph(fonts.markup(sender.practice), name)
    numbers = f"Phone {sender.phone}" if sender.phone else None, f"Fax {sender.fax}" if sender.fax else None
    reached: list[tuple[str | None, ...]] = [(*numbers, sender.website)]
    if len(" · ".join(filter(None, reached[0]))) > IN_A_LINE:
        reached = [numbers, (sender.website,)]
    for line in ((sender.tagline,), (sender.clinic, sender.address), *reached):
        if said := " · ".join(filter(None, line)):
            yield Paragraph(fonts.markup(said), small)


def _logo(png: bytes) -> Image:
    """In its own size: it was drawn for paper."""
    with Pixels.open(io.BytesIO(png)) as pixels:
        width, height = pixels.size
    return Image(io.BytesIO(png), width / PAPER_DPI * inch, height / PAPER_DPI * inch)
