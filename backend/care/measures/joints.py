"""KOOS, JR and HOOS, JR: the raw sum becomes an interval score by the table of the Hospital for Special Surgery."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from backend.care.measures.answers import Answer, Scored, answered, scored, unscored

KOOS_ITEMS: Final = 7
HOOS_ITEMS: Final = 6
KOOS_TABLE: Final = tuple(
    Decimal(value)
    for value in """
    100.000 91.975 84.600 79.914 76.332 73.342 70.704 68.284 65.994 63.776 61.583 59.381 57.140 54.840 52.465 50.012
    47.487 44.905 42.281 39.625 36.931 34.174 31.307 28.251 24.875 20.941 15.939 8.291 0.000
    """.split()
)
HOOS_TABLE: Final = tuple(
    Decimal(value)
    for value in """
    100.000 92.340 85.257 80.550 76.776 73.472 70.426 67.516 64.664 61.815 58.930 55.985 52.965 49.858 46.652 43.335
    39.902 36.363 32.735 29.009 25.103 20.805 15.633 8.104 0.000
    """.split()
)


def koos_jr(items: Sequence[Answer]) -> Scored:
    """Seven items of 0–4. No rule for missing items is published, so all are needed."""
    return _look_up(items, KOOS_TABLE, KOOS_ITEMS)


def hoos_jr(items: Sequence[Answer]) -> Scored:
    """Six items of 0–4, all needed."""
    return _look_up(items, HOOS_TABLE, HOOS_ITEMS)


def _look_up(items: Sequence[Answer], table: Sequence[Decimal], needed: int) -> Scored:
    given = answered(items)
    if len(given) < needed:
        return unscored(items, "items_missing")
    raw = sum(given)
    return scored(items, table[raw], raw=Decimal(raw))
