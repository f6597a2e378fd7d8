"""What patients rate in numbers of their own: their activities (PSFS) and their pain (NPRS)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from backend.care.measures.answers import Answer, Scored, answered, scored, unscored

FEWEST_ACTIVITIES: Final = 3
MOST_ACTIVITIES: Final = 5


def psfs(items: Sequence[Answer]) -> Scored:
    """The mean of three to five activities, each 0–10. Unrated ones do not count; fewer than three give no score."""
    given = answered(items)
    if len(given) < FEWEST_ACTIVITIES:
        return unscored(items, "too_few_activities")
    return scored(items, Decimal(sum(given)) / len(given))


def nprs(items: Sequence[Answer]) -> Scored:
    """The one rating of 0–10, or the mean of three: now, at its best, at its worst."""
    given = answered(items)
    if len(given) < len(items):
        return unscored(items, "items_missing")
    return scored(items, Decimal(sum(given)) / len(given))
