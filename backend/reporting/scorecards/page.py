"""Draw a scorecard: one sheet in large, plain type that survives a fax."""

import io
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from reportlab.lib.colors import black
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Frame, KeepInFrame, Paragraph, Spacer, Table, TableStyle

from backend.intake_forms.pdf import fonts
from backend.loop import letterhead
from backend.loop.content import Sender
from backend.reporting.scorecards.schemas import ScorecardCountOut, ScorecardOut

WIDTH, HEIGHT = LETTER
LEFT: Final = 22 * mm
# The receiving machine prints its own line at the top.
TOP: Final = 18 * mm
FOOT: Final = 20 * mm
DEFINITIONS: Final = (
    "Contacted counts contact in both directions. Visits are those patients came to, of care that ended in this "
    "period. Improvement is the change of the measure that fits the complaint, in per cent of its first score; week "
    "six counts from there. Figures that few patients carry are left out, and no patient can be told from this page."
)


def build(card: ScorecardOut, sender: Sender | None = None) -> bytes:
    """The PDF, always one page: what would be too long is set smaller."""
    sheet = io.BytesIO()
    canvas = Canvas(sheet, pagesize=LETTER, pageCompression=1, invariant=1)
    canvas.setTitle("How your patients are doing")
    canvas.setAuthor(fonts.plain(card.practice))
    room = WIDTH - 2 * LEFT, HEIGHT - TOP - FOOT
    frame = Frame(LEFT, FOOT, *room, 0, 0, 0, 0)
    frame.addFromList(
        [
            KeepInFrame(
                *room, list(_story(card, sender or Sender(card.practice, None, None, None, None))), mode="shrink"
            )
        ],
        canvas,
    )
    canvas.showPage()
    canvas.save()
    return sheet.getvalue()


def _styles() -> dict[str, ParagraphStyle]:
    text, bold = fonts.names()["Text"], fonts.names()["Bold"]
    body = ParagraphStyle("body", fontName=text, fontSize=12, leading=17, textColor=black)
    return {
        "body": body,
        "label": ParagraphStyle("label", body, fontName=bold),
        "title": ParagraphStyle("title", body, fontName=bold, fontSize=20, leading=27, spaceBefore=14, spaceAfter=4),
        "said": ParagraphStyle("said", body, fontName=bold, fontSize=17, leading=23),
        "unsaid": ParagraphStyle("unsaid", body, fontSize=13, leading=18),
        "note": ParagraphStyle("note", body, fontSize=11.5, leading=15.5),
    }


def _story(card: ScorecardOut, sender: Sender) -> Iterator[Flowable]:
    styles = _styles()
    yield from letterhead.drawn(sender, WIDTH - 2 * LEFT)
    yield Paragraph("How your patients are doing", styles["title"])
    whom = ", ".join(filter(None, (card.referrer, card.office)))
    yield Paragraph(fonts.markup(f"For {whom}"), styles["label"])
    yield Paragraph(f"{said_day(card.start)} to {said_day(card.to)}", styles["body"])
    yield Spacer(1, 16)
    for sentence in card.sentences:
        yield Paragraph(fonts.markup(sentence.text), styles["said" if sentence.said else "unsaid"])
        if sentence.note:
            yield Paragraph(fonts.markup(sentence.note), styles["note"])
        yield Spacer(1, 14)
    if card.counts:
        yield _counts(card.counts, styles)
    yield Spacer(1, 16)
    yield Paragraph(fonts.markup(DEFINITIONS), styles["note"])
    if card.as_of is not None:
        yield Spacer(1, 6)
        yield Paragraph(f"As of {said_day(card.as_of.date())}.", styles["note"])


def said_day(day: date) -> str:
    """`March 4, 2026`."""
    return f"{day:%B} {day.day}, {day.year}"


def _counts(counts: Sequence[ScorecardCountOut], styles: dict[str, ParagraphStyle]) -> Table:
    head = [Paragraph("Your referrals of this period", styles["label"]), ""]
    rows = [[Paragraph(count.label, styles["body"]), Paragraph(count.text, styles["body"])] for count in counts]
    table = Table([head, *rows], colWidths=[90 * mm, 60 * mm], hAlign="LEFT")
    look = [
        ("LINEBELOW", (0, 0), (-1, -1), 0.9, black), ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 3), ("BOTTOMPADDING", (0, 0), (-1, -1), 4), ("SPAN", (0, 0), (-1, 0)),
    ]  # fmt: skip
    table.setStyle(TableStyle(look))
    return table
