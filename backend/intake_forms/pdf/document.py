"""Lay out the form: who, every answer in order, the words that were agreed to, the signature."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any, Final
from zoneinfo import ZoneInfo

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import (
    Flowable,
    Image,
    KeepTogether,
    PageBreak,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from backend.intake_forms.pdf import drawing, fonts
from backend.intake_forms.pdf.enclosures import Enclosure, Page
from backend.intake_forms.reading import Line, Part
from backend.intake_forms.schemas import AgreementOut

LINE: Final = HexColor("#d3dbe1")
WIDTHS: Final = (64 * mm, 112 * mm)
# A wide picture, such as a card, leaves room for another below it; a sheet of paper has a page for itself.
WIDE: Final = (176 * mm, 102 * mm)
SHEET: Final = (176 * mm, 228 * mm)


@dataclass(frozen=True, slots=True)
class Filled:
    """Everything the PDF says."""

    lead_id: uuid.UUID
    practice: str
    title: str
    patient: str
    born: str
    form_version: int
    language: str
    submitted_at: datetime
    timezone: str
    intake_id: str
    parts: Sequence[Part]
    agreements: Sequence[AgreementOut]
    enclosures: Sequence[Enclosure] = ()


def _styles() -> dict[str, ParagraphStyle]:
    text, bold = fonts.names()["Text"], fonts.names()["Bold"]
    body = ParagraphStyle("body", fontName=text, fontSize=9, leading=12.5, textColor=drawing.INK)
    return {
        "body": body,
        "label": ParagraphStyle("label", body, textColor=drawing.QUIET),
        "alert": ParagraphStyle("alert", body, fontName=bold, textColor=drawing.MARKED),
        "title": ParagraphStyle("title", body, fontName=bold, fontSize=15, leading=20),
        "part": ParagraphStyle(
            "part", body, fontName=bold, fontSize=11, leading=15, spaceBefore=8, spaceAfter=3, keepWithNext=1
        ),
        "small": ParagraphStyle("small", body, fontSize=7.5, leading=10, textColor=drawing.QUIET),
        "name": ParagraphStyle("name", body, fontName=fonts.names()["Slanted"], fontSize=15, leading=20),
    }


def build(filled: Filled) -> bytes:
    """The PDF."""
    styles, sheet = _styles(), BytesIO()
    canvas = type("Numbered", (drawing.NumberedCanvas,), {"footer": _footer(filled)})
    document = SimpleDocTemplate(
        sheet, pagesize=LETTER, leftMargin=18 * mm, rightMargin=18 * mm, topMargin=16 * mm, bottomMargin=18 * mm,
        title=f"{filled.title}: {filled.patient}", author=filled.practice, lang="en",
    )  # fmt: skip
    document.build(list(_story(filled, styles)), canvasmaker=canvas)
    return sheet.getvalue()


def _footer(filled: Filled) -> str:
    words = f"{filled.patient} · {filled.title} · version {filled.form_version} · {filled.intake_id}"
    return fonts.plain(words if len(words) <= 110 else words[:109] + "…")


def _story(filled: Filled, styles: dict[str, ParagraphStyle]) -> Iterator[Flowable]:
    yield Paragraph(fonts.markup(filled.title), styles["title"])
    yield Paragraph(fonts.markup(filled.practice), styles["label"])
    yield Spacer(1, 6)
    spoken = {"en": "English", "es": "Spanish"}[filled.language]
    facts = (
        ("Patient", filled.patient), ("Date of birth", filled.born),
        ("Handed in", _moment(filled.submitted_at, filled)),
        ("Filled in", f"in {spoken}, form version {filled.form_version}"),
    )  # fmt: skip
    yield _rows([_row(label, [words], styles) for label, words in facts])
    for part in filled.parts:
        yield from _part(part, filled, styles)
    if filled.enclosures:
        yield from _enclosed(filled, styles)


def _moment(at: datetime, filled: Filled) -> str:
    return f"{at.astimezone(ZoneInfo(filled.timezone)):%m/%d/%Y %I:%M %p %Z}"


def _part(part: Part, filled: Filled, styles: dict[str, ParagraphStyle]) -> Iterator[Flowable]:
    yield Paragraph(fonts.markup(part.title), styles["part"])
    signed = {agreement.question_id: agreement for agreement in filled.agreements}
    waiting: list[list[Any]] = []
    for line in part.lines:
        if line.kind in {"agreement", "signature", "body_diagram"} and line.words:
            if waiting:
                yield _rows(waiting)
            waiting = []
            yield from _drawn(line, signed.get(line.question_id), filled, styles)
        else:
            waiting.append(_row(line.label, line.words or ("–",), styles, alert=line.alert))
    if waiting:
        yield _rows(waiting)


def _row(
    label: str, words: Sequence[str], styles: dict[str, ParagraphStyle], *, alert: bool = False
) -> list[Any]:  # fmt: skip
    style = styles["alert" if alert else "body"]
    return [
        Paragraph(fonts.markup(label), styles["label"]),
        [Paragraph(fonts.markup(one) or "&nbsp;", style) for one in words],
    ]


def _rows(rows: list[list[Any]]) -> Table:
    table = Table(rows, colWidths=WIDTHS, splitInRow=1)
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
                ("TOPPADDING", (0, 0), (-1, -1), 2), ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
                ("LEFTPADDING", (0, 0), (0, -1), 0),
            ]
        )
    )  # fmt: skip
    return table


def _drawn(
    line: Line, agreement: AgreementOut | None, filled: Filled, styles: dict[str, ParagraphStyle]
) -> Iterator[Flowable]:
    label = Paragraph(fonts.markup(line.label), styles["label"])
    if line.kind == "body_diagram":
        yield KeepTogether([label, drawing.figure(line.value)])
        yield _rows([_row("Marked", line.words, styles)])
    elif line.kind == "signature":
        ink = (
            drawing.signature(line.value["strokes"])
            if line.value["kind"] == "drawn"
            else Paragraph(fonts.markup(line.value["name"]), styles["name"])
        )
        how = "drawn" if line.value["kind"] == "drawn" else "typed"
        said = f"Signed ({how}) by {line.value['name']}, {_moment(filled.submitted_at, filled)}"
        yield KeepTogether([label, ink, Paragraph(fonts.markup(said), styles["body"]), Spacer(1, 6)])
    elif agreement is not None:
        yield from _agreed(agreement, filled, styles)


def _agreed(agreement: AgreementOut, filled: Filled, styles: dict[str, ParagraphStyle]) -> Iterator[Flowable]:
    head = f"{agreement.title} (version {agreement.agreement_version})"
    said = f"Agreed by {agreement.name_typed}, {_moment(agreement.agreed_at, filled)}"
    words = [Paragraph(fonts.markup(line), styles["body"]) for line in agreement.words.split("\n")]
    title = Paragraph(f"<b>{fonts.markup(head)}</b>", styles["body"])
    yield KeepTogether([title, *words, Paragraph(fonts.markup(said), styles["small"]), Spacer(1, 8)])


def _enclosed(filled: Filled, styles: dict[str, ParagraphStyle]) -> Iterator[Flowable]:
    """What the patient sent along, each with its name above it."""
    yield PageBreak()
    yield Paragraph("Sent by the patient", styles["part"])
    for paper in filled.enclosures:
        said = f"{paper.title}, {_moment(paper.sent_at, filled)}"
        for number, page in enumerate(paper.pages, start=1):
            count = f", page {number} of {len(paper.pages)}" if len(paper.pages) > 1 else ""
            caption = Paragraph(fonts.markup(said + count), styles["label"])
            yield KeepTogether([caption, Spacer(1, 2), _picture(page), Spacer(1, 8)])
        if paper.lacks:
            what = "Not enclosed" if not paper.pages else "Not all of it is enclosed"
            yield Paragraph(fonts.markup(f"{said}. {what}: {paper.lacks}"), styles["alert"])
            yield Spacer(1, 8)


def _picture(page: Page) -> Image:
    width, height = WIDE if page.width > page.height else SHEET
    scale = min(width / page.width, height / page.height)
    return Image(BytesIO(page.jpeg), width=page.width * scale, height=page.height * scale, hAlign="LEFT")
