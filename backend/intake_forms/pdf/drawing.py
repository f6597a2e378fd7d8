"""What is drawn and not written: the body with its marked areas, the signature, the line at the foot of each page."""

from collections.abc import Collection, Sequence
from typing import Any, Final

from reportlab.graphics.shapes import Drawing, Polygon, PolyLine, String
from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from backend.intake_forms import body
from backend.intake_forms.pdf import fonts

INK, QUIET, MARKED, SKIN = HexColor("#17212b"), HexColor("#4a5763"), HexColor("#b42318"), HexColor("#f2f5f7")
BODY_HEIGHT: Final = 78 * mm
SIGNED: Final = (1000, 300)
SIGNATURE_WIDTH: Final = 80 * mm


def figure(marked: Collection[str]) -> Drawing:
    """Front and back side by side."""
    scale = BODY_HEIGHT / body.HEIGHT
    drawing = Drawing(2 * body.WIDTH * scale, BODY_HEIGHT + 4 * mm)
    for area in body.AREAS.values():
        shift = 0 if area.view == "front" else body.WIDTH
        points = [part for x, y in area.points for part in ((x + shift) * scale, (body.HEIGHT - y) * scale)]
        hit = area.id in marked
        drawing.add(Polygon(points, fillColor=MARKED if hit else SKIN, strokeColor=QUIET, strokeWidth=0.4))
    for place, words in enumerate(("Front", "Back")):
        x = (place + 0.5) * body.WIDTH * scale
        drawing.add(
            String(x, BODY_HEIGHT + 1, words, textAnchor="middle", fontName=fonts.names()["Text"], fontSize=7,
                   fillColor=QUIET)
        )  # fmt: skip
    return drawing


def signature(strokes: Sequence[Sequence[Sequence[int]]]) -> Drawing:
    """As it was drawn."""
    scale = SIGNATURE_WIDTH / SIGNED[0]
    drawing = Drawing(SIGNATURE_WIDTH, SIGNED[1] * scale)
    for stroke in strokes:
        points = [part for x, y in stroke for part in (x * scale, (SIGNED[1] - y) * scale)]
        if len(points) == 2:
            points += points  # a dot
        if points:
            drawing.add(PolyLine(points, strokeColor=INK, strokeWidth=1.2, strokeLineCap=1, strokeLineJoin=1))
    return drawing


class NumberedCanvas(Canvas):  # type: ignore[misc]  # ReportLab has no types
    """Holds pages back until their number is known, then writes whose form this is and `Page 1 of 3` on each."""

    footer = ""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._held: list[dict[str, Any]] = []

    def showPage(self) -> None:
        """A page is full."""
        self._held.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """All pages are there."""
        for number, page in enumerate(self._held, start=1):
            self.__dict__.update(page)
            self.setFont(fonts.names()["Text"], 7.5)
            self.setFillColor(QUIET)
            self.drawString(18 * mm, 10 * mm, self.footer)
            self.drawRightString(self._pagesize[0] - 18 * mm, 10 * mm, f"Page {number} of {len(self._held)}")
            super().showPage()
        super().save()
