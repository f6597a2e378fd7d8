"""Reading order: words into lines, lines from top to bottom."""

from collections.abc import Iterable

from backend.faxes.document import Word

# a word belongs to a line when their middles differ by less than this share of the word's height
_SAME_LINE = 0.6


def lines_of(words: Iterable[Word]) -> list[list[Word]]:
    """Words line by line, left to right.

    Each line grows from its left end, comparing only with its latest word: lines of a skewed page stay whole.
    """
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.box[0]):
        line = min(lines, key=lambda line: _offset(line[-1], word), default=None)
        if line is not None and _offset(line[-1], word) < _SAME_LINE:
            line.append(word)
        else:
            lines.append([word])
    lines.sort(key=lambda line: _middle(line[0]))
    return lines


def in_reading_order(words: Iterable[Word]) -> list[Word]:
    """The same words, from the first line's first to the last line's last."""
    return [word for line in lines_of(words) for word in line]


def _offset(latest: Word, word: Word) -> float:
    height = max(min(latest.box[3] - latest.box[1], word.box[3] - word.box[1]), 1e-6)
    return abs(_middle(latest) - _middle(word)) / height


def _middle(word: Word) -> float:
    return (word.box[1] + word.box[3]) / 2
