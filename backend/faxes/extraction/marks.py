"""What is ticked on a form: the words to the right of a marked box."""

import re
from collections.abc import Iterator

from backend.faxes.document import Word
from backend.faxes.extraction import clinical, normal
from backend.faxes.extraction.found import Found
from backend.faxes.extraction.lines import MARKED, WIDE_GAP, Line, PageModel, Span

NEAR = 0.03
LONGEST = 5
SIDES = {"right": "right", "left": "left", "bilateral": "bilateral", "both": "bilateral", "r": "right", "l": "left"}
WORTH = 0.9


def ticked(found: Found, page: PageModel) -> None:
    """Body part, side, frequency, urgency and evaluate-and-treat from marked boxes."""
    for box in page.boxes:
        if box.text != MARKED:
            continue
        for words in _beside(page, box):
            _one(found, Span(page.number, page.source, words))


def _one(found: Found, span: Span) -> None:
    text = " ".join(re.findall(r"[A-Za-z0-9/&]+", span.text)).lower()
    if text in SIDES:
        found.add("side", SIDES[text], WORTH, span)
    elif text in clinical.URGENCIES:
        found.add("urgency", clinical.URGENCIES[text], WORTH, span)
    elif clinical.EVALUATE.search(text) or text in {"evaluate", "eval and treat"}:
        found.add("evaluate_and_treat", True, WORTH, span)
    elif match := clinical.FREQUENCY.search(text) or re.match(r"(\d)\s?x\b", text):
        if number := normal.number(match.group(1)):
            found.add("frequency_per_week", number, WORTH, span)
    elif len(text.split()) <= 2 and (part := clinical.part_in(text)) and part != "gait":
        found.add("body_part", part, WORTH, span)


def _beside(page: PageModel, box: Word) -> Iterator[tuple[Word, ...]]:
    """The words right of the box, up to the next box or a wide gap."""
    right = min(
        (other.box[0] for other in page.boxes if _same_row(other, box) and other.box[0] > box.box[2]), default=1.0
    )
    for line in page.lines:
        words = _following(line, box, right)
        if words:
            yield words
            return


def _following(line: Line, box: Word, right: float) -> tuple[Word, ...]:
    words: list[Word] = []
    for word in line.words:
        if not _same_row(word, box) or word.box[0] < box.box[2] - 0.004 or word.box[0] >= right - 0.002:
            continue
        gap = word.box[0] - (words[-1].box[2] if words else box.box[2])
        if gap > (WIDE_GAP if words else NEAR) or len(words) == LONGEST:
            break
        words.append(word)
    return tuple(words)


def _same_row(one: Word, other: Word) -> bool:
    middle = (one.box[1] + one.box[3]) / 2
    return other.box[1] - 0.004 <= middle <= other.box[3] + 0.004
