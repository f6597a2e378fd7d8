"""Three sentences for a referrer, each only where the data carry it. Pure.

Nothing here may identify a patient: numbers below five are not printed, and a result is never that of a few.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from backend.reporting.figures import Figure

Key = Literal["contact", "visits", "outcome"]
FEWEST: Final = 5
SPELLED: Final = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True, slots=True)
class Sentence:
    """`said`: whether it states a figure. `note` says in smaller type what carries it."""

    key: Key
    metric: str
    said: bool
    text: str
    note: str
    figure: Figure
    only: Mapping[str, str | bool]


def contact(figure: Figure) -> Sentence:
    """How fast the referrals were reached."""
    text, note = f"{_percent(figure.value)} of your referrals were contacted in under 24 hours.", ""
    if figure.value is None:
        few = _few(figure.n).capitalize()
        text = f"{few} {_many(figure.n, 'referral')} in this period: too few to say how fast we reached them."
    else:
        note = (
            f"{figure.n} referrals. Contacted: we spoke or wrote with the patient, in both directions. "
            f"{_between(figure)}"
        )
    return Sentence("contact", "contacted_within_24h", figure.value is not None, text, note, figure, {})


def visits(figure: Figure) -> Sentence:
    """How many visits patients came to."""
    if figure.value is None:
        text = f"Care ended for {_few(figure.n)} of your patients in this period: too few for an average of visits."
        return Sentence("visits", "visits_per_case", False, text, "", figure, {})
    count = round(figure.value)
    text = f"Your patients completed {count} {'visit' if count == 1 else 'visits'} on average."
    note = f"{figure.n} patients whose care ended in this period."
    return Sentence("visits", "visits_per_case", True, text, note, figure, {})


def outcome(found: Mapping[tuple[str | None, bool], Figure]) -> Sentence:
    """How much better patients got by week six: of the largest group that can be told, by region and surgery."""
    told = [item for item in found.items() if item[1].value is not None]
    if told:
        (region, post_op), figure = max(told, key=lambda item: item[1].n)
        who = " ".join(filter(None, ("post-op" if post_op else "", region or "")))
        text = f"Your {f'{who} ' if who else ''}patients {_improved(figure.value)} by week six."
        missing = figure.also.get("lost_share") or 0.0
        note = (
            f"{figure.n} patients measured, {_percent(missing)} lost to follow-up. Middle patient. {_between(figure)}"
        )
        return Sentence("outcome", "outcome_change", True, text, note, figure, _only(region, post_op))
    if not found:
        text = "None of your patients has been measured up to week six in this period."
        return Sentence("outcome", "outcome_change", False, text, "", Figure(0), {})
    (region, post_op), figure = max(found.items(), key=lambda item: item[1].n)
    if figure.withheld and figure.withheld.reason == "lost_to_follow_up":
        lost = _percent(figure.also.get("lost_share"))
        text = f"We say nothing of results: {lost} of your patients have no score in week six, too many are missing."
    else:
        few = _few(figure.n).capitalize()
        text = f"{few} {_many(figure.n, 'patient')} measured in week six: too few to say how much they improved."
    return Sentence("outcome", "outcome_change", False, text, "", figure, _only(region, post_op))


def _only(region: str | None, post_op: bool) -> dict[str, str | bool]:
    return {"body_region": region or "none", "post_op": post_op}


def _improved(value: float | None) -> str:
    change = round((value or 0.0) * 100)
    if change > 0:
        return f"improved {change} %"
    return "did not improve" if change == 0 else f"got worse by {-change} %"


def _percent(value: float | None) -> str:
    return f"{round((value or 0.0) * 100)} %"


def _few(n: int) -> str:
    """Numbers that could single somebody out are not printed."""
    if 0 < n < FEWEST:
        return f"fewer than {SPELLED[FEWEST]}"
    return SPELLED[n] if n < len(SPELLED) else str(n)


def _many(n: int, what: str) -> str:
    return f"of your {what}s" if n == 0 else f"{what}s"


def _between(figure: Figure) -> str:
    interval = figure.interval
    if interval is None or interval.low is None or interval.high is None:
        return ""
    return f"With 95 % certainty between {_percent(interval.low)} and {_percent(interval.high)}."
