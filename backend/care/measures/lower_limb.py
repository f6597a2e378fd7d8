"""Lower Extremity Functional Scale: twenty items of 0–4, added up."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from backend.care.measures.answers import Answer, Scored, answered, scored, unscored

ITEMS: Final = 20


def lefs(items: Sequence[Answer]) -> Scored:
    """The sum, 0–80. Its authors publish no rule for missing items, so all are needed."""
    given = answered(items)
    if len(given) < ITEMS:
        return unscored(items, "items_missing")
    return scored(items, Decimal(sum(given)))
