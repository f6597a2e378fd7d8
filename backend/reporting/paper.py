"""A report for a spreadsheet, and on a sheet of paper."""

import io
from collections.abc import Iterator, Mapping
from typing import Any, Final

from reportlab.lib.colors import black
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from backend.intake_forms.pdf import fonts
from backend.reporting import wording
from backend.reporting.dimensions import TITLES
from backend.reporting.schemas import FigureOut, MetricReportOut

HEAD: Final = ("metric", "version", "group", "part", "n", "value", "low", "high", "withheld", "unit", "as_of")
WIDTHS: Final = (72 * mm, 22 * mm, 44 * mm, 38 * mm)
Line = tuple[Any, ...]


def lines(report: MetricReportOut) -> Iterator[Line]:
    """The whole, then its groups; parts below what they are parts of."""
    for label, figure in (("", report), *((group.label, group) for group in report.groups)):
        yield _line(report, label, "", figure.n, figure.value, figure)
        for part in figure.parts:
            yield _line(report, label, part.label, part.n, part.value, part)


def _line(report: MetricReportOut, group: str, part: str, n: int, value: float | None, figure: Any) -> Line:
    interval, withheld = figure.interval, getattr(figure, "withheld", None)
    return (
        report.metric, report.definition.version, group, part, n, value, interval.low if interval else None,
        interval.high if interval else None, withheld.text if withheld else "", report.definition.unit, report.as_of,
    )  # fmt: skip


def build(practice: str, report: MetricReportOut, asked: Mapping[str, str]) -> bytes:
    """The PDF: what was asked, the figures, what they mean."""
    sheet = io.BytesIO()
    document = SimpleDocTemplate(
        sheet, pagesize=LETTER, leftMargin=18 * mm, rightMargin=18 * mm, topMargin=16 * mm, bottomMargin=16 * mm,
        title=fonts.plain(report.definition.title), author=fonts.plain(practice), lang="en",
    )  # fmt: skip
    document.build(list(_story(practice, report, asked)))
    return sheet.getvalue()


def _styles() -> dict[str, ParagraphStyle]:
    text, bold = fonts.names()["Text"], fonts.names()["Bold"]
    body = ParagraphStyle("body", fontName=text, fontSize=9.5, leading=13, textColor=black)
    return {
        "body": body,
        "head": ParagraphStyle("head", body, fontName=bold),
        "title": ParagraphStyle("title", body, fontName=bold, fontSize=16, leading=21),
        "value": ParagraphStyle("value", body, fontName=bold, fontSize=20, leading=28),
    }


def _story(practice: str, report: MetricReportOut, asked: Mapping[str, str]) -> Iterator[Flowable]:
    styles, definition = _styles(), report.definition
    yield Paragraph(fonts.markup(definition.title), styles["title"])
    yield Paragraph(fonts.markup(" · ".join((practice, *_period(report, asked)))), styles["body"])
    yield Spacer(1, 8)
    yield Paragraph(fonts.markup(wording.value_of(report, definition.unit)), styles["value"])
    yield Paragraph(fonts.markup(_carried(report, definition.unit)), styles["body"])
    yield Spacer(1, 8)
    if report.parts:
        yield _table("Step", [(part.label, part) for part in report.parts], definition.unit, styles)
        yield Spacer(1, 8)
    if report.groups:
        title = TITLES.get(report.group_by or "", "")
        yield _table(title, [(group.label, group) for group in report.groups], definition.unit, styles)
        yield Spacer(1, 8)
    yield Paragraph("What this is", styles["head"])
    words = (
        definition.words, f"Formula: {definition.formula}.", f"Counted: {definition.cohort}.",
        f"Left out: {'; '.join(definition.exclusions) or 'nothing'}.", f"Definition {definition.view}.",
    )  # fmt: skip
    for each in words:
        yield Paragraph(fonts.markup(each), styles["body"])
    if report.excluded:
        told = ", ".join(f"{each.n} {wording.REASONS.get(each.reason, each.reason)}" for each in report.excluded)
        yield Paragraph(fonts.markup(f"In this period left out: {told}."), styles["body"])


def _period(report: MetricReportOut, asked: Mapping[str, str]) -> Iterator[str]:
    start, end = asked.get("from"), asked.get("to")
    if start or end:
        yield f"{start or 'the beginning'} to {end or 'today'}"
    if len(asked) > sum(name in asked for name in ("from", "to")):
        yield "a selection"
    if report.as_of:
        yield f"as of {report.as_of:%Y-%m-%d %H:%M} UTC"


def _carried(figure: FigureOut, unit: str) -> str:
    return f"n = {figure.n}, 95 % interval {wording.interval(figure.interval, unit)}"


def _table(title: str, rows: list[tuple[str, Any]], unit: str, styles: dict[str, ParagraphStyle]) -> Table:
    head = [Paragraph(fonts.markup(each), styles["head"]) for each in (title, "n", "Value", "95 % interval")]
    cells = [
        [
            Paragraph(fonts.markup(label), styles["body"]), Paragraph(str(each.n), styles["body"]),
            Paragraph(fonts.markup(_said(each, unit)), styles["body"]),
            Paragraph(fonts.markup(wording.interval(each.interval, unit)), styles["body"]),
        ]
        for label, each in rows
    ]  # fmt: skip
    table = Table([head, *cells], colWidths=WIDTHS, repeatRows=1)
    look = [("LINEBELOW", (0, 0), (-1, -1), 0.4, black), ("VALIGN", (0, 0), (-1, -1), "TOP")]
    table.setStyle(TableStyle([*look, ("LEFTPADDING", (0, 0), (0, -1), 0)]))
    return table


def _said(each: Any, unit: str) -> str:
    withheld = getattr(each, "withheld", None)
    return "too few" if withheld and withheld.reason == "too_few" else (
        withheld.text if withheld else wording.said(each.value, unit)
    )  # fmt: skip
