"""Oswestry and Neck Disability Index: ten sections of 0–5, as per cent of what the answered ones could give."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from backend.care.measures.answers import Answer, Scored, answered, scored, unscored

ITEMS: Final = 10
HIGHEST: Final = 5
# Manuals differ on more than one missing section (often sex life, often driving); we do not score then.
MOST_MISSING: Final = 1


def disability_index(items: Sequence[Answer]) -> Scored:
    """Sum ÷ (5 × answered) × 100; with one section missing the maximum is 45. `raw` is the sum, `maximum` what of."""
    given = answered(items)
    if len(given) < ITEMS - MOST_MISSING:
        return unscored(items, "too_many_missing")
    most = HIGHEST * len(given)
    return scored(items, Decimal(100 * sum(given)) / most, raw=Decimal(sum(given)), maximum=Decimal(most))
