"""Ticks and a signature on a page of ours that came back.

We drew the page, so we know where each box and the line to sign on are: in sides of the code in its corner, along the
code's own axes. However the page was fed, scaled, tilted or turned, the code says where to look.
"""

import io
from collections.abc import Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from backend.faxes.decoding.children import ChildFailed, run
from backend.faxes.decoding.codes import found_on
from backend.faxes.decoding.frames import Message
from backend.faxes.decoding.limits import MIB
from backend.faxes.document import Box, DecodedPage

Grey = NDArray[np.uint8]
BLACK_BELOW: Final = 128
SAMPLES: Final = 36
# Of the inside of a box, and of the place where one signs: what a pen leaves. Dust leaves less.
TICKED: Final = 0.07
SIGNED: Final = 0.006
# A box is looked for around its place, in sides of the code: the code is small and far away.
AROUND: Final = tuple(step * 0.011 for step in range(-6, 7))
INSET: Final = 0.22
SECONDS: Final = 10
MEMORY: Final = 512 * MIB


@dataclass(frozen=True, slots=True)
class Places:
    """Where to look, as `(x0, y0, x1, y1)` in sides of the code from its top-left corner."""

    ticks: tuple[Box, ...]
    sign: Box | None


@dataclass(frozen=True, slots=True)
class Marks:
    """What was found there. `signed` is None where there is nothing to sign."""

    ticks: tuple[bool, ...]
    signed: bool | None


async def look(page: DecodedPage, code: str, places: Places) -> Marks | None:
    """Look at one page, in a limited child; None when that was not possible."""
    wanted = {"code": code, "ticks": places.ticks, "sign": places.sign}
    try:
        async with aclosing(run("marks", page.png, cpu_seconds=SECONDS, memory_bytes=MEMORY, **wanted)) as answers:
            async for message, _ in answers:
                signed = message["sign"]
                ticks = tuple(ink > TICKED for ink in message["ticks"])
                return Marks(ticks, None if signed is None else signed > SIGNED)
    except ChildFailed:
        pass  # then a person looks
    return None


def page_marks(request: Message, png: bytes) -> Iterator[tuple[Message, bytes]]:
    """One message `{"ticks": [ink], "sign": ink}`, shares of black 0-1. Runs in the child process."""
    with Image.open(io.BytesIO(png), formats=("PNG",)) as image:
        page = image.convert("L")
    position = next((place for code, place in found_on(page) if code == request["code"]), None)
    if position is not None:
        sheet = _Sheet(np.asarray(page), position)
        ticks = [sheet.ink_in(sheet.settled(box), INSET) for box in request["ticks"]]
        yield {"ticks": ticks, "sign": sheet.ink_in(request["sign"], 0.0) if request["sign"] else None}, b""


class _Sheet:
    """A page in the measures of its code."""

    def __init__(self, grey: Grey, position: Any) -> None:
        self._grey = grey
        corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
        one, two, three, four = (np.array((corner.x, corner.y), dtype=float) for corner in corners)
        # The mean of opposite sides: a corner is known to a dot, and a page is far longer than a code.
        self._right, self._down = (two - one + three - four) / 2, (four - one + three - two) / 2
        self._origin = (one + two + three + four) / 4 - (self._right + self._down) / 2

    def black(self, u: NDArray[np.float64], v: NDArray[np.float64]) -> float:
        """The share of black at these places; 0 off the page."""
        places = np.rint(self._origin + u[..., None] * self._right + v[..., None] * self._down).astype(int)
        height, width = self._grey.shape
        inside = (places >= 0).all(axis=-1) & (places[..., 0] < width) & (places[..., 1] < height)
        there = places[inside]
        return float((self._grey[there[:, 1], there[:, 0]] < BLACK_BELOW).sum() / max(places[..., 0].size, 1))

    def ink_in(self, box: Sequence[float], inset: float) -> float:
        """How black it is inside, away from the edges by this share."""
        x0, y0, x1, y1 = box
        dx, dy = inset * (x1 - x0), inset * (y1 - y0)
        wide, tall = (round(SAMPLES * max(1.0, size * 8)) for size in (x1 - x0, y1 - y0))
        return self.black(*np.meshgrid(np.linspace(x0 + dx, x1 - dx, wide), np.linspace(y0 + dy, y1 - dy, tall)))

    def settled(self, box: Sequence[float]) -> Box:
        """The box where its four lines are really found."""
        x0, y0, x1, y1 = box
        shifts = [(dx, dy) for dy in AROUND for dx in AROUND]
        dx, dy = max(shifts, key=lambda shift: (round(self._frame(box, *shift), 2), -abs(shift[0]) - abs(shift[1])))
        return (x0 + dx, y0 + dy, x1 + dx, y1 + dy)

    def _frame(self, box: Sequence[float], dx: float, dy: float) -> float:
        x0, y0, x1, y1 = box
        along = np.linspace(0, 1, SAMPLES)
        across, tall = x0 + along * (x1 - x0), y0 + along * (y1 - y0)
        edges = ((across, np.full(SAMPLES, y0)), (across, np.full(SAMPLES, y1)), (np.full(SAMPLES, x0), tall),
                 (np.full(SAMPLES, x1), tall))  # fmt: skip
        # The worst of the four counts: a stroke of a pen may look like one line, not like four.
        return min(self.black(u + dx, v + dy) for u, v in edges)
