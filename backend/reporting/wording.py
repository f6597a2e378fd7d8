"""Figures as people read them."""

from typing import Final

from backend.reporting.schemas import FigureOut, IntervalOut

REASONS: Final = {
    "merged": "part of another lead", "duplicate": "duplicate", "out_of_scope": "not for this practice",
    "too_young": "too young to count", "not_noted": "outcome not noted yet", "no_referrer": "nobody referred them",
    "rejected": "rejected as no referral", "unreadable": "not readable", "late_baseline": "first score too late",
    "baseline_zero": "nothing to improve", "other_version": "another version of the measure",
    "other_activities": "other activities rated", "no_score": "not scored",
    "few_in_common": "too few activities rated both times",
}  # fmt: skip
HOUR: Final = 60
DAY: Final = 24 * HOUR


def said(value: float | None, unit: str) -> str:
    """`54 %`, `2 h 10 min`, `3.4 days`, `11.2`."""
    if value is None:
        return "–"
    if unit == "share":
        return f"{value:.0%}".replace("%", " %")
    if unit in {"minutes", "business_minutes"}:
        return duration(value)
    return f"{value:.1f}"


def duration(minutes: float) -> str:
    """Minutes in the unit they are read in."""
    whole = round(minutes)
    if whole < 2 * HOUR:
        return f"{whole} min"
    if whole < 2 * DAY:
        hours, rest = divmod(whole, HOUR)
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{whole / DAY:.1f} days"


def interval(found: IntervalOut | None, unit: str) -> str:
    """`49 % to 61 %`."""
    return f"{said(found.low, unit)} to {said(found.high, unit)}" if found else "–"


def value_of(figure: FigureOut, unit: str) -> str:
    """The value, or why there is none."""
    return figure.withheld.text if figure.withheld else said(figure.value, unit)
