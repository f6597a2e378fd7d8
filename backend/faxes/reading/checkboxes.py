"""Check boxes, which no OCR reads: small squares with four straight sides, and whether something is drawn inside.

Runs of black to the right and downwards give every top-left corner at once; letters fail at the other two sides.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from backend.faxes.decoding.frames import Message
from backend.faxes.document import Box, Word

EMPTY, MARKED = "☐", "☑"
# Side of a box in pixels on a page 1728 pixels (8.47 inches) wide.
SMALLEST, LARGEST = 15, 44
PAGE_WIDTH = 1728
INK = 0.1
MOST = 200
SURE = 0.8


@dataclass(frozen=True, slots=True)
class CheckBox:
    """A box on the page, in fractions, and whether it is marked."""

    box: Box
    marked: bool


def find(grey: NDArray[np.uint8]) -> list[CheckBox]:
    """Every check box of an upright page."""
    black = grey < 128
    pooled = _pooled(black)
    height, width = pooled.shape
    scale = width / PAGE_WIDTH
    found: list[CheckBox] = []
    taken: list[tuple[int, int, int]] = []
    for top, left, side in _squares(pooled, int(SMALLEST * scale), int(LARGEST * scale))[:MOST]:
        if any(abs(left - x) < size and abs(top - y) < size for y, x, size in taken):
            continue
        taken.append((top, left, side))
        inset = max(3, 2 * side // 5)
        inside = black[2 * top + inset : 2 * (top + side) - inset, 2 * left + inset : 2 * (left + side) - inset]
        box = (left / width, top / height, (left + side) / width, (top + side) / height)
        found.append(CheckBox(box, bool(inside.size and inside.mean() > INK)))
    return found


def _pooled(black: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Half the size, black where any of four pixels is: quick, and gaps of a noisy line close."""
    height, width = black.shape[0] // 2 * 2, black.shape[1] // 2 * 2
    even = black[:height, :width]
    return even[::2, ::2] | even[1::2, ::2] | even[::2, 1::2] | even[1::2, 1::2]


def _squares(black: NDArray[np.bool_], smallest: int, largest: int) -> list[tuple[int, int, int]]:
    """(top, left, side). A tick may run through one corner, so squares are looked for from every corner."""
    height, width = black.shape
    found = _corners(black, smallest, largest)
    found += [(height - y - side, x, side) for y, x, side in _corners(black[::-1], smallest, largest)]
    found += [(y, width - x - side, side) for y, x, side in _corners(black[:, ::-1], smallest, largest)]
    return found


def _runs(black: NDArray[np.bool_]) -> NDArray[np.int32]:
    """How far black goes on to the right from every pixel."""
    places = np.arange(black.shape[1], dtype=np.int32)
    white = np.where(black, np.int32(black.shape[1]), places)
    following = np.minimum.accumulate(white[:, ::-1], axis=1)[:, ::-1]
    return (following - places).astype(np.int32)


def _corners(black: NDArray[np.bool_], smallest: int, largest: int) -> list[tuple[int, int, int]]:
    """(y, x, side) of every square."""
    right = _runs(black)
    down = _runs(np.ascontiguousarray(black.T)).T
    likely = (right >= smallest) & (right <= largest) & (down >= smallest) & (down <= largest)
    likely[1:] &= ~black[:-1]
    likely[:, 1:] &= ~black[:, :-1]
    found = []
    for y, x in zip(*np.nonzero(likely), strict=True):
        wide, tall = int(right[y, x]), int(down[y, x])
        side = min(wide, tall)
        if abs(wide - tall) > 0.35 * side:
            continue
        last_row, last_column = y + side - 1, x + side - 1
        if last_row >= black.shape[0] or last_column >= black.shape[1]:
            continue
        if right[last_row, x] >= 0.8 * side and down[y, last_column] >= 0.8 * side:
            found.append((int(y), int(x), side))
    return found


def page_boxes(request: Message, png: bytes) -> Iterator[tuple[Message, bytes]]:
    """One message `{"boxes": [[marked, x0, y0, x1, y1]]}` for a page that lies upright. Runs in the child process."""
    with Image.open(io.BytesIO(png), formats=("PNG",)) as image:
        yield {"boxes": listed(image.convert("L"))}, b""


def listed(page: Image.Image) -> list[list[float]]:
    """The boxes of an upright page as a message carries them."""
    return [[float(found.marked), *found.box] for found in find(np.asarray(page))]


def among(words: Sequence[Word], boxes: Sequence[Sequence[float]]) -> list[Word]:
    """The words with boxes among them as ☐ and ☑. What OCR made of a box goes; a "box" within a word is a letter."""
    kept = [Word(MARKED if marked else EMPTY, (x0, y0, x1, y1), 1.0) for marked, x0, y0, x1, y1 in boxes]
    kept = [box for box in kept if not any(_clear(word) and _within(box, word) for word in words)]
    read = [word for word in words if len(word.text) > 3 or not any(_within(word, box) for box in kept)]
    return [*read, *kept]


def _clear(word: Word) -> bool:
    """Whether this is a word, not what OCR makes of a box: `[`, `O`, `[J`, unsurely read."""
    return sum(letter.isalnum() for letter in word.text) > 2 or word.confidence >= SURE


def _within(inner: Word, outer: Word) -> bool:
    """Whether the middle of one lies in the other."""
    x, y = (inner.box[0] + inner.box[2]) / 2, (inner.box[1] + inner.box[3]) / 2
    return outer.box[0] <= x <= outer.box[2] and outer.box[1] <= y <= outer.box[3]
