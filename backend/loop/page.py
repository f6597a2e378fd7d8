"""Draw a letter: one sheet in large, plain type that survives a fax, with its code in the corner."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import segno
from reportlab.lib.colors import black
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Frame, KeepInFrame, Paragraph, Spacer, Table, TableStyle

from backend.faxes.document import Box
from backend.intake_forms.pdf import fonts
from backend.loop import letterhead
from backend.loop.content import Ask, Content

WIDTH, HEIGHT = LETTER
LEFT: Final = 20 * mm
# The receiving machine prints its own line at the top.
TOP: Final = 14 * mm
FOOT: Final = 42 * mm
CODE_SIDE: Final = 27 * mm
# One signs at the foot, away from everything else.
SIGN_LINE: Final = FOOT + 14 * mm
SIGN_HEIGHT: Final = 36 * mm
BOX: Final = 4.2 * mm
PREFIX: Final = "FD1"


def code_on(code: str, page: int = 1) -> str:
    """What the code in the corner says: nothing of anybody."""
    return f"{PREFIX}-{code}-{page}"


@dataclass(slots=True)
class Sheet:
    """A drawn letter, and where on it something is to be ticked or signed: in sides of the code, from its top left."""

    pdf: bytes = b""
    ticks: list[Box] = field(default_factory=list)
    sign: Box | None = None

    @property
    def places(self) -> dict[str, Any] | None:
        """As the letter keeps them; None where it asks for nothing."""
        return {"ticks": self.ticks, "sign": self.sign} if self.ticks or self.sign else None


def build(content: Content) -> bytes:
    """The PDF alone."""
    return draw(content).pdf


def draw(content: Content) -> Sheet:
    """Always one page: what would be too long is set smaller."""
    drawn = Sheet()
    sheet = io.BytesIO()
    canvas = Canvas(sheet, pagesize=LETTER, pageCompression=1, invariant=1)
    canvas.setTitle(fonts.plain(content.title))
    canvas.setAuthor(fonts.plain(content.sender.practice))
    bottom = FOOT + SIGN_HEIGHT if content.sign else FOOT
    frame = Frame(LEFT, bottom, WIDTH - 2 * LEFT, HEIGHT - TOP - bottom, 0, 0, 0, 0)
    inside = KeepInFrame(WIDTH - 2 * LEFT, HEIGHT - TOP - bottom, list(_story(content, drawn)), mode="shrink")
    frame.addFromList([inside], canvas)
    if content.sign:
        drawn.sign = _signature(canvas, content.sign)
    _foot(canvas, content)
    canvas.showPage()
    canvas.save()
    drawn.pdf = sheet.getvalue()
    return drawn


def in_code_sides(left: float, bottom: float, right: float, top: float) -> Box:
    """A place on the sheet in the measure that comes back with it."""
    x, y = WIDTH - LEFT - CODE_SIDE, FOOT - 6 * mm
    return ((left - x) / CODE_SIDE, (y - top) / CODE_SIDE, (right - x) / CODE_SIDE, (y - bottom) / CODE_SIDE)


def _styles() -> dict[str, ParagraphStyle]:
    text, bold = fonts.names()["Text"], fonts.names()["Bold"]
    body = ParagraphStyle("body", fontName=text, fontSize=12, leading=17, textColor=black)
    return {
        "body": body,
        "label": ParagraphStyle("label", body, fontName=bold),
        "title": ParagraphStyle("title", body, fontName=bold, fontSize=16, leading=21, spaceBefore=10, spaceAfter=6),
    }


def _story(content: Content, drawn: Sheet) -> Iterator[Flowable]:
    styles = _styles()
    yield from letterhead.drawn(content.sender, WIDTH - 2 * LEFT)
    to = ", ".join(filter(None, (content.to, content.to_office)))
    addressed = [("To", to), *([("Fax", content.to_fax)] if content.to_fax else []), ("Date", content.date)]
    yield _rows(addressed, styles)
    yield Paragraph(fonts.markup(content.title), styles["title"])
    yield _rows(content.about, styles)
    yield Spacer(1, 8)
    for words in content.text:
        yield Paragraph(fonts.markup(words), styles["body"])
        yield Spacer(1, 6)
    if content.facts:
        yield _rows(content.facts, styles, ruled=True)
    for ask in content.asks:
        yield Spacer(1, 8)
        yield _ask(ask, styles, drawn)


def _rows(
    rows: Any, styles: dict[str, ParagraphStyle], *, ruled: bool = False
) -> Table:  # fmt: skip
    cells = [
        [Paragraph(fonts.markup(label), styles["label"]), Paragraph(fonts.markup(value), styles["body"])]
        for label, value in rows
    ]
    first = 52 * mm if ruled else 34 * mm
    table = Table(cells, colWidths=[first, WIDTH - 2 * LEFT - first])
    look = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 1 + 2 * ruled), ("BOTTOMPADDING", (0, 0), (-1, -1), 1 + 2 * ruled),
    ]  # fmt: skip
    table.setStyle(TableStyle([*look, *([("LINEBELOW", (0, 0), (-1, -1), 0.8, black)] if ruled else [])]))
    return table


class Tick(Flowable):  # type: ignore[misc]  # ReportLab has no types
    """A box to tick, large enough to be found again on the page that comes back."""

    def __init__(self, drawn: Sheet) -> None:
        super().__init__()
        self.width = self.height = BOX
        self._drawn = drawn

    def draw(self) -> None:
        """Four clear lines; where they are is noted."""
        corners = (*self.canv.absolutePosition(0, 0), *self.canv.absolutePosition(BOX, BOX))
        self._drawn.ticks.append(in_code_sides(*corners))
        self.canv.setLineWidth(1.3)
        self.canv.rect(0, 0, BOX, BOX, stroke=1, fill=0)


def _ask(ask: Ask, styles: dict[str, ParagraphStyle], drawn: Sheet) -> Table:
    whole = WIDTH - 2 * LEFT
    rows: list[list[Any]] = [[Paragraph(fonts.markup(ask.label), styles["label"]), "", "", ""]]
    look: list[tuple[Any, ...]] = [
        ("SPAN", (0, 0), (-1, 0)), ("LEFTPADDING", (0, 0), (-1, -1), 0), ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("TOPPADDING", (0, 0), (-1, -1), 2), ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]  # fmt: skip
    for start in range(0, len(ask.options), 2):
        row: list[Any] = []
        for option in ask.options[start : start + 2]:
            row += [Tick(drawn), Paragraph(fonts.markup(option), styles["body"])]
        rows.append([*row, *[""] * (4 - len(row))])
    if ask.line:
        rows.append([Spacer(1, 20), "", "", ""])
        look += [("SPAN", (0, -1), (-1, -1)), ("LINEBELOW", (0, len(rows) - 1), (-1, len(rows) - 1), 0.9, black)]
    table = Table(rows, colWidths=[9 * mm, whole / 2 - 9 * mm, 9 * mm, whole / 2 - 9 * mm])
    table.setStyle(TableStyle(look))
    return table


def _signature(canvas: Canvas, sign: str) -> Box:
    said = {
        "plan": "I have reviewed this plan of care and certify that these services are needed.",
        "order": "I confirm this referral for physical therapy.",
    }[sign]
    canvas.setFont(fonts.names()["Text"], 12)
    canvas.drawString(LEFT, SIGN_LINE + 17 * mm, said)
    canvas.setLineWidth(1)
    middle, right = LEFT + 0.6 * (WIDTH - 2 * LEFT), WIDTH - LEFT
    canvas.line(LEFT, SIGN_LINE, middle, SIGN_LINE)
    canvas.line(middle + 10 * mm, SIGN_LINE, right, SIGN_LINE)
    canvas.setFont(fonts.names()["Text"], 11)
    canvas.drawString(LEFT, SIGN_LINE - 5 * mm, "Signature and credential")
    canvas.drawString(middle + 10 * mm, SIGN_LINE - 5 * mm, "Date")
    return in_code_sides(LEFT + 2 * mm, SIGN_LINE + 1.5 * mm, middle - 2 * mm, SIGN_LINE + 13 * mm)


def _foot(canvas: Canvas, content: Content) -> None:
    sender, answer = content.sender, content.asks or content.sign
    canvas.setLineWidth(0.9)
    canvas.line(LEFT, FOOT - 3 * mm, WIDTH - LEFT, FOOT - 3 * mm)
    back = f"Please fax this page back{f' to {sender.fax}' if sender.fax else ''}." if answer else None
    call = f" and call us at {sender.phone}" if sender.phone else ""
    lines = [
        back or "To answer, write on this page and fax it back." if content.code and (sender.fax or answer) else None,
        "Confidential health information. If this is not for you,",
        f"please destroy it{call}. Thank you.",
    ]
    place = FOOT - 9 * mm
    for number, words in enumerate(filter(None, lines)):
        canvas.setFont(fonts.names()["Bold" if number == 0 and answer else "Text"], 11)
        canvas.drawString(LEFT, place, fonts.plain(words))
        place -= 15
    if content.code:
        _code(canvas, code_on(content.code))


def _code(canvas: Canvas, words: str) -> None:
    """In squares of about a millimetre, twenty times what a fax can draw."""
    matrix = segno.make(words, error="q", micro=False, boost_error=False).matrix
    side = CODE_SIDE / len(matrix)
    left, bottom = WIDTH - LEFT - CODE_SIDE, FOOT - 6 * mm - CODE_SIDE
    canvas.setFillColor(black)
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            if dark:
                canvas.rect(left + x * side, bottom + CODE_SIDE - (y + 1) * side, side, side, stroke=0, fill=1)
