"""Answers in, score out."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from backend.care.measures import joints, lower_limb, own_words, shoulder, spine, upper_limb
from backend.care.measures.answers import Answer, Scored, filled
from backend.care.measures.catalog import INSTRUMENTS, Key

_RULES: Final[Mapping[Key, Callable[[Sequence[Answer]], Scored]]] = MappingProxyType(
    {
        "lefs": lower_limb.lefs,
        "dash": upper_limb.dash,
        "quickdash": upper_limb.quickdash,
        "odi": spine.disability_index,
        "ndi": spine.disability_index,
        "psfs": own_words.psfs,
        "nprs": own_words.nprs,
        "spadi": shoulder.spadi,
        "koos_jr": joints.koos_jr,
        "hoos_jr": joints.hoos_jr,
    }
)


def problems(key: Key, items: Sequence[Answer]) -> list[tuple[int | None, str]]:
    """What is wrong with these answers: (index, or None for all of them; what is accepted)."""
    one = INSTRUMENTS[key]
    if not items or len(items) > one.most_items:
        return [(None, f"{one.name} has {_counts(one.items)} items; null where there is no answer.")]
    if key == "nprs" and len(items) not in one.items:
        return [(None, "One rating, or three: now, at its best, at its worst.")]
    return [
        (index, f"A whole number from {one.lowest} to {one.highest}, or null.")
        for index, item in enumerate(items)
        if item is not None and not one.lowest <= item <= one.highest
    ]


def _counts(counts: Sequence[int]) -> str:
    return " or ".join(str(count) for count in counts) if len(counts) < 3 else f"{counts[0]} to {counts[-1]}"


def score(key: Key, items: Sequence[Answer]) -> Scored:
    """The score by the published rule. Answers left out at the end are unanswered. Raises ValueError out of range."""
    if problems(key, items):
        raise ValueError(f"not answers to {key}")
    one = INSTRUMENTS[key]
    return _RULES[key](filled(items, min(count for count in one.items if count >= len(items))))
