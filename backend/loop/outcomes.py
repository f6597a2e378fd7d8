"""Results of care as a letter states them: the scores, what became of them, and whether that matters."""

from collections.abc import Sequence
from typing import Final

from backend.care.outcomes.schemas import OutcomeMeasureOut

NO_RESULT: Final = "No measure was taken twice, so we state no result."


def stated(measures: Sequence[OutcomeMeasureOut]) -> tuple[tuple[str, str], ...]:
    """(measure, what became of it) of every measure that was scored at all."""
    return tuple((_name(one), _words(one)) for one in measures if one.n > 0)


def compared(measures: Sequence[OutcomeMeasureOut]) -> bool:
    """Whether any change can be stated."""
    return any(one.change for one in measures)


def _name(one: OutcomeMeasureOut) -> str:
    better = "higher" if one.instrument.higher_better else "lower"
    return f"{one.instrument.name} ({better} is better)"


def _words(one: OutcomeMeasureOut) -> str:
    scores = {score.id: score.score for score in one.scores}
    first = scores.get(one.baseline_id) if one.baseline_id else None
    last = scores.get(one.latest_id) if one.latest_id else None
    if one.change is None or first is None or last is None:
        return f"{number(first)} at first" + (f"; {one.no_change_explained}" if one.no_change_explained else "")
    change = one.change
    moved = f"from {number(first)} to {number(last)}"
    if change.result == "unchanged":
        return f"{moved}: unchanged"
    size = number(abs(change.improvement))
    share = f", {number(abs(change.percent))} %" if change.percent is not None else ""
    said = f"{moved}: {'better' if change.result == 'improved' else 'worse'} by {size}{share}"
    return said + (_weight(one) if change.result == "improved" else "")


def _weight(one: OutcomeMeasureOut) -> str:
    assert one.change is not None
    least = one.instrument.mcid
    if least is None or one.change.reached_mcid is None:
        return ""
    if one.change.reached_mcid:
        return f", which patients notice (at least {number(least.value)})"
    return f", less than patients notice ({number(least.value)})"


def number(value: float | None) -> str:
    """`12`, `12.5`."""
    return "–" if value is None else f"{value:.1f}".removesuffix(".0")
