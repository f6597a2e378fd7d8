"""What became of a patient between two scores of the same instrument and version.

- **Improvement** is the difference in the direction that is better: positive is better whatever the scale.
- **Result** is `improved`, `worse` or `unchanged` by its sign alone; whether it is more than the error of measurement
  is said by `beyond_error`: at least the MDC, in either direction.
- **Reached MCID**: the improvement is at least the MCID.
- Thresholds are met at two decimals, the precision they are published in: seven points of QuickDASH are 15.909…, and
  the 15.91 of the literature.
- **Own activities** (PSFS) are compared by those rated both times, at least three: one left out at the end would
  otherwise change the mean by itself.
- **Per cent** is improvement ÷ baseline × 100: 60 → 36 on a scale where lower is better is 40 %, and so is 40 → 56
  where higher is better. From a baseline of 0 it cannot be computed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal

from backend.care.measures.answers import Answer
from backend.care.measures.catalog import INSTRUMENTS, Key, Threshold
from backend.care.measures.own_words import FEWEST_ACTIVITIES

Result = Literal["improved", "worse", "unchanged"]
NoChange = Literal["no_score", "other_version", "other_activities", "few_in_common"]
NoPercent = Literal["baseline_zero"]
CENT: Final = Decimal("0.01")

DEFINITION: Final = (
    "Improvement is the difference between two scores in the direction that is better, and its percentage is "
    "improvement ÷ baseline × 100. A baseline of 0 has no percentage. MDC and MCID are compared at two decimals."
)
WHY_NOT: Final[Mapping[NoChange, str]] = {
    "no_score": "One of the two could not be scored.",
    "other_version": "The two are of different versions of the measure.",
    "other_activities": "The two rate different activities.",
    "few_in_common": "Fewer than three activities are rated both times.",
}
WHY_NO_PERCENT: Final[Mapping[NoPercent, str]] = {"baseline_zero": "A change from 0 has no percentage."}


@dataclass(frozen=True, slots=True)
class Change:
    """From the first score to the second. Without thresholds, `beyond_error` and `reached_mcid` are None."""

    improvement: Decimal
    result: Result
    beyond_error: bool | None
    reached_mcid: bool | None
    percent: Decimal | None
    no_percent: NoPercent | None


def change(key: Key, version: str, before: Decimal, after: Decimal) -> Change:
    """What became of the patient."""
    one = INSTRUMENTS[key]
    improvement = after - before if one.higher_better else before - after
    return Change(
        improvement=improvement,
        result="improved" if improvement > 0 else "worse" if improvement < 0 else "unchanged",
        beyond_error=_met(abs(improvement), one.mdc_of(version)),
        reached_mcid=_met(improvement, one.mcid_of(version)),
        percent=improvement * 100 / before if before else None,
        no_percent=None if before else "baseline_zero",
    )


def _met(points: Decimal, threshold: Threshold | None) -> bool | None:
    if threshold is None:
        return None
    return points.quantize(CENT, ROUND_HALF_UP) >= threshold.value


def in_common(before: Sequence[Answer], after: Sequence[Answer]) -> tuple[Decimal, Decimal] | None:
    """The means of the activities rated both times; None where they are too few."""
    both = [(first, last) for first, last in zip(before, after, strict=False) if first is not None and last is not None]
    if len(both) < FEWEST_ACTIVITIES:
        return None
    return Decimal(sum(first for first, _ in both)) / len(both), Decimal(sum(last for _, last in both)) / len(both)
