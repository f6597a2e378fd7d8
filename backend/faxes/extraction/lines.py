"""The document as lines of words and as running text, each character knowing its word.

Lines are chained from left to right with the page's skew taken out, so a page scanned at two degrees still has
one line per line.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from backend.faxes.document import Box, PageText, Source, Word

WIDE_GAP = 0.022
# Check boxes as the reader puts them among the words: empty and marked.
EMPTY, MARKED = "☐", "☑"
BOXES = (EMPTY, MARKED)
# The line a fax machine prints on top: `04/18/2026 09:43 FROM:MESA CLINIC 4805550125 TO:4805550151 P.001/001`.
BANNER = re.compile(r"FR[O0]M\s?:.{0,60}\bT[O0]\s?:|\bP[.,]?\s?\d{1,3}\s?/\s?\d{1,3}\s*$|\bPAGE \d+ ?/ ?\d+$", re.I)


@dataclass(frozen=True)
class Line:
    """Words of one line, left to right."""

    page: int
    source: Source
    words: tuple[Word, ...]

    @property
    def top(self) -> float:
        """Upper edge."""
        return min(word.box[1] for word in self.words)

    @property
    def bottom(self) -> float:
        """Lower edge."""
        return max(word.box[3] for word in self.words)

    @property
    def height(self) -> float:
        """Typical height of its words."""
        return median(word.box[3] - word.box[1] for word in self.words)

    @cached_property
    def text(self) -> str:
        """Words joined by single spaces."""
        return " ".join(word.text for word in self.words)

    def cells(self) -> list[tuple[Word, ...]]:
        """Groups of words with wide gaps between."""
        edges = [index for index in range(len(self.words)) if self.starts_cell(index)]
        return [self.words[start:end] for start, end in zip(edges, [*edges[1:], len(self.words)], strict=True)]

    def starts_cell(self, index: int) -> bool:
        """Whether a wide gap (or nothing) lies before the word."""
        return index == 0 or self.words[index].box[0] - self.words[index - 1].box[2] > WIDE_GAP


@dataclass(frozen=True)
class Span:
    """A stretch of words on one page."""

    page: int
    source: Source
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """As read."""
        return " ".join(word.text for word in self.words)

    @property
    def box(self) -> Box | None:
        """Around all words."""
        if not self.words:
            return None
        boxes = [word.box for word in self.words]
        return (
            min(box[0] for box in boxes), min(box[1] for box in boxes), max(box[2] for box in boxes),
            max(box[3] for box in boxes),
        )  # fmt: skip

    @property
    def sure(self) -> float:
        """Mean reading confidence of its words, 0-1."""
        return sum(word.confidence for word in self.words) / len(self.words) if self.words else 0.0


class PageModel:
    """One page: its lines from top to bottom, its running text; check `boxes` and the sender's `banner` apart."""

    def __init__(self, page: PageText) -> None:
        self.number, self.source = page.number, page.source
        lines = _lines([word for word in page.words if word.text not in BOXES], page)
        self.boxes = [word for word in page.words if word.text in BOXES]
        self.banner = next((line for line in lines[:2] if BANNER.search(line.text)), None)
        self.lines = [line for line in lines if line is not self.banner]
        self._marks: list[tuple[int, int, Word]] = []
        parts, at = [], 0
        for line in self.lines:
            for word in line.words:
                parts.append(word.text)
                self._marks.append((at, at + len(word.text), word))
                at += len(word.text) + 1
        self.text = " ".join(parts)

    def span(self, start: int, end: int) -> Span:
        """The words under a stretch of the running text."""
        words = tuple(word for left, right, word in self._marks if left < end and right > start)
        return Span(self.number, self.source, words)


def _lines(all_words: Sequence[Word], page: PageText) -> list[Line]:
    words = [word for word in all_words if word.text.strip()]
    chains = _chain(words, 0.0)
    slope = _slope(chains)
    if abs(slope) > 0.002:
        chains = _chain(words, slope)
    found = [Line(page.number, page.source, tuple(chain)) for chain in chains]
    return sorted(found, key=lambda line: _middle(line.words[0], slope))


def _middle(word: Word, slope: float) -> float:
    return (word.box[1] + word.box[3]) / 2 - slope * (word.box[0] + word.box[2]) / 2


def _chain(words: Sequence[Word], slope: float) -> list[list[Word]]:
    chains: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.box[0]):
        height = word.box[3] - word.box[1]
        best, distance = None, 1.0
        for chain in chains:
            last = chain[-1]
            apart = abs(_middle(word, slope) - _middle(last, slope))
            allowed = 0.55 * max(min(height, last.box[3] - last.box[1]), 0.006)
            overlapping = last.box[2] - word.box[0] > 0.5 * (last.box[2] - last.box[0])
            if apart < allowed and apart < distance and not overlapping:
                best, distance = chain, apart
        if best is None:
            chains.append([word])
        else:
            best.append(word)
    return chains


def _slope(chains: Sequence[Sequence[Word]]) -> float:
    slopes = [
        (_middle(chain[-1], 0.0) - _middle(chain[0], 0.0)) / (chain[-1].box[0] - chain[0].box[0])
        for chain in chains
        if len(chain) >= 4 and chain[-1].box[0] - chain[0].box[0] > 0.2
    ]
    return median(slopes) if slopes else 0.0
