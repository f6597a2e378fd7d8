"""DASH and QuickDASH: the mean of items of 1–5, moved to 0–100 (the sheet of the Institute for Work & Health)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from backend.care.measures.answers import Answer, Scored, answered, scored, unscored

DASH_ITEMS: Final = 30
DASH_NEEDED: Final = 27
QUICKDASH_ITEMS: Final = 11
QUICKDASH_NEEDED: Final = 10


def dash(items: Sequence[Answer]) -> Scored:
    """(mean − 1) × 25, with at most three items missing."""
    return _score(items, DASH_NEEDED)


def quickdash(items: Sequence[Answer]) -> Scored:
    """(mean − 1) × 25, with at most one item missing."""
    return _score(items, QUICKDASH_NEEDED)


def _score(items: Sequence[Answer], needed: int) -> Scored:
    given = answered(items)
    if len(given) < needed:
        return unscored(items, "too_many_missing")
    # One division at the end keeps it exact: (sum / n − 1) × 25.
    return scored(items, Decimal(25 * (sum(given) - len(given))) / len(given))
