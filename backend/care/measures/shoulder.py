"""Shoulder Pain and Disability Index: five items on pain and eight on disability, each 0–10."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from backend.care.measures.answers import Answer, Scored, answered, scored, unscored

PAIN_ITEMS: Final = 5
DISABILITY_ITEMS: Final = 8
ITEMS: Final = PAIN_ITEMS + DISABILITY_ITEMS
MOST_MISSING: Final = 2


def spadi(items: Sequence[Answer]) -> Scored:
    """The mean of both parts, each in per cent of what its answered items could give.

    The other total in use, the sum of all thirteen over 130, weighs disability more and gives other numbers from the
    same answers (55.5 where this gives 57.5). A score of one kind must never be compared with one of the other.
    """
    pain, disability = answered(items[:PAIN_ITEMS]), answered(items[PAIN_ITEMS:])
    if not pain or not disability:
        return unscored(items, "subscale_empty")
    if len(pain) < PAIN_ITEMS - MOST_MISSING or len(disability) < DISABILITY_ITEMS - MOST_MISSING:
        return unscored(items, "too_many_missing")
    parts = {"pain": _per_cent(pain), "disability": _per_cent(disability)}
    return scored(items, (parts["pain"] + parts["disability"]) / 2, **parts)


def _per_cent(given: Sequence[int]) -> Decimal:
    return Decimal(10 * sum(given)) / len(given)
