"""What goes into scoring and what comes out. An unanswered item is None, and never becomes a number by guessing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal

Answer = int | None
NullReason = Literal["items_missing", "too_many_missing", "subscale_empty", "too_few_activities", "nothing_answered"]

REASONS: Final[Mapping[NullReason, str]] = {
    "items_missing": "This measure is scored only when every item is answered.",
    "too_many_missing": "More items are unanswered than its scoring rule allows.",
    "subscale_empty": "One of its two parts has no answer at all.",
    "too_few_activities": "At least three of the patient's activities need a rating.",
    "nothing_answered": "No item is answered.",
}


@dataclass(frozen=True, slots=True)
class Scored:
    """A score, unrounded, or the reason why there is none. `parts` are what it was made of: raw sums, subscales."""

    score: Decimal | None
    null_reason: NullReason | None
    answered: int
    expected: int
    parts: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def completeness(self) -> Decimal:
        """The share of items that were answered."""
        return Decimal(self.answered) / Decimal(self.expected)


def answered(items: Sequence[Answer]) -> list[int]:
    """The items that have an answer."""
    return [item for item in items if item is not None]


def filled(items: Sequence[Answer], length: int) -> list[Answer]:
    """As many items as the measure has: who stops early has left the rest unanswered."""
    return [*items, *[None] * (length - len(items))]


def scored(items: Sequence[Answer], score: Decimal, **parts: Decimal) -> Scored:
    """This score."""
    return Scored(score, None, len(answered(items)), len(items), parts)


def unscored(items: Sequence[Answer], reason: NullReason) -> Scored:
    """No score, for this reason. With no answer at all, that is the reason."""
    given = len(answered(items))
    return Scored(None, reason if given else "nothing_answered", given, len(items))
