"""The order of cards within a column: a text compared byte by byte, made by the server.

A card put on top gets a key from the clock that falls as time goes on, so ten thousand arrivals need no longer keys.
A card put between two others gets the midpoint, which grows by one letter per six cards put into the same gap;
`TOO_LONG` says when a column deserves fresh keys.
"""

from collections.abc import Sequence
from datetime import datetime

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
WIDTH = 11
LATEST = 62**WIDTH - 1
TOO_LONG = 60


def top(now: datetime, first: str | None) -> str:
    """A rank before `first`, the smallest in the column (None: the column is empty)."""
    key = _fixed(LATEST - int(now.timestamp() * 1_000_000))
    return key if first is None or key < first else between(None, first)


def between(low: str | None, high: str | None) -> str:
    """A rank strictly between two; None means the end of the column. Raises `ValueError` unless low < high."""
    if low is not None and high is not None and low >= high:
        raise ValueError("the lower rank must come first")
    return _midpoint(low or "", high)


def evenly(count: int) -> Sequence[str]:
    """Fresh ranks of equal length for a whole column, in order."""
    step = LATEST // (count + 1)
    return [_fixed(step * (place + 1)) for place in range(count)]


def _fixed(number: int) -> str:
    letters = []
    for _ in range(WIDTH):
        number, digit = divmod(number, 62)
        letters.append(DIGITS[digit])
    text = "".join(reversed(letters)).rstrip("0")
    return text or "0V"


def _midpoint(low: str, high: str | None) -> str:
    """Ranks are base-62 fractions without trailing zeros; this is the shortest one near the middle."""
    if high is not None:
        same = 0
        while same < len(high) and (low[same] if same < len(low) else "0") == high[same]:
            same += 1
        if same:
            return high[:same] + _midpoint(low[same:], high[same:])
    digit_low = DIGITS.index(low[0]) if low else 0
    digit_high = DIGITS.index(high[0]) if high is not None else len(DIGITS)
    if digit_high - digit_low > 1:
        return DIGITS[(digit_low + digit_high) // 2]
    if high is not None and len(high) > 1:
        return high[0]
    return DIGITS[digit_low] + _midpoint(low[1:], None)
