"""A figure: its value, how many rows carry it, its interval, or why it is withheld. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from backend.reporting.metrics.definition import Metric
from backend.reporting.statistics import Interval, kaplan_meier, mean_interval, wilson

Reason = Literal["nothing", "too_few", "not_reached", "lost_to_follow_up", "not_ready"]
METHODS: Final = {
    "share": "wilson", "parts": "wilson", "funnel": "wilson", "mean": "student", "median": "order_statistics",
    "wait": "brookmeyer_crowley",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Withheld:
    """Why there is no value, in words."""

    reason: Reason
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """One step of a funnel, or one share of a whole."""

    key: str
    label: str
    n: int
    value: float | None
    interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """What is known. `also` holds what goes with the value: median, p90, mean, hits, still waiting."""

    n: int
    value: float | None = None
    interval: Interval | None = None
    withheld: Withheld | None = None
    also: dict[str, float | None] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()


WHAT: Final = {
    "lead": "referrals", "episode": "cases", "visit": "visits", "fax": "faxes", "text": "texts", "person": "days",
    "task": "tasks", "score": "patients",
}  # fmt: skip


def refusal(metric: Metric, n: int) -> Withheld | None:
    """Too little to say anything."""
    what = WHAT[metric.subject]
    if n == 0:
        return Withheld("nothing", f"There are no {what} to count in this period.")
    if n < metric.least:
        return Withheld(
            "too_few", f"Only {n} {what if n > 1 else what[:-1]}: fewer than {metric.least} say too little."
        )
    return None


def share(metric: Metric, tries: int, hits: int, lost: int = 0) -> Figure:
    """A share with Wilson's interval; nothing is said when too many are lost to follow-up."""
    also: dict[str, float | None] = {"hits": hits}
    if metric.lost_at_most is not None:
        also["lost_share"] = lost / (tries + lost) if tries + lost else None
    withheld = _too_many_lost(metric, tries, lost) or refusal(metric, tries)
    if withheld:
        return Figure(tries, withheld=withheld, also=also)
    return Figure(tries, hits / tries, wilson(hits, tries), also=also)


def _too_many_lost(metric: Metric, there: int, lost: int) -> Withheld | None:
    everyone, most = there + lost, metric.lost_at_most
    if most is None or everyone < metric.least or lost / everyone <= most:
        return None
    text = (
        f"{lost} of {everyone} have no score at that time; with more than {most:.0%} missing the others may not stand "
        "for all."
    )
    return Withheld("lost_to_follow_up", text)


def mean(metric: Metric, counted: Mapping[float, int]) -> Figure:
    """A mean of values, each with how often it is there, with Student's interval; the median beside it."""
    n = sum(counted.values())
    withheld = refusal(metric, n)
    if withheld:
        return Figure(n, withheld=withheld)
    average = math.fsum(value * count for value, count in counted.items()) / n
    squares = math.fsum(count * (value - average) ** 2 for value, count in counted.items())
    middle = (_at_rank(counted, (n + 1) // 2) + _at_rank(counted, n // 2 + 1)) / 2
    deviation = math.sqrt(squares / (n - 1)) if n > 1 else 0.0
    return Figure(n, average, mean_interval(average, deviation, n), also={"median": middle})


def _at_rank(counted: Mapping[float, int], rank: int) -> float:
    """The value of this rank, from 1."""
    passed = 0
    for value in sorted(counted):
        passed += counted[value]
        if passed >= rank:
            return value
    raise ValueError("there are not so many")


@dataclass(frozen=True, slots=True)
class Middle:
    """What the database says of sorted values: how many there are, how many are missing, those at the ranks."""

    n: int
    missing: int
    median: float | None
    low: float | None
    high: float | None
    mean: float | None


def median(metric: Metric, found: Middle) -> Figure:
    """The middle of values that are there. Too many missing, and nothing is said."""
    everyone = found.n + found.missing
    also: dict[str, float | None] = {"lost_share": found.missing / everyone if everyone else None}
    withheld = _too_many_lost(metric, found.n, found.missing) or refusal(metric, found.n)
    if withheld:
        return Figure(found.n, withheld=withheld, also=also)
    interval = Interval(found.low, found.high) if found.low is not None else None
    return Figure(found.n, found.median, interval, also=also | {"mean": found.mean})


def wait(metric: Metric, waits: Sequence[tuple[float, int, int]]) -> Figure:
    """The median of waits, some of which go on."""
    found = kaplan_meier(waits)
    withheld = refusal(metric, found.n)
    if withheld:
        return Figure(found.n, withheld=withheld)
    also = {"p90": found.p90, "still_waiting": float(found.n - found.events)}
    if found.median is None:
        return Figure(found.n, withheld=Withheld("not_reached", "More than half are still waiting."), also=also)
    return Figure(found.n, found.median, found.interval, also=also)


def funnel(metric: Metric, labels: Sequence[str], at_step: Mapping[int, int]) -> Figure:
    """How many reached each step or a later one."""
    n = sum(at_step.values())
    withheld = refusal(metric, n)
    parts, left = [], n
    for step, label in enumerate(labels):
        value = None if withheld else left / n
        parts.append(Part(str(step), label, left, value, None if withheld else wilson(left, n)))
        left -= at_step.get(step, 0)
    evaluated = parts[3].value
    return Figure(n, evaluated, parts[3].interval, withheld, parts=tuple(parts))


def of_parts(metric: Metric, tries: int, hits: Mapping[str, int]) -> Figure:
    """Shares of a whole, largest first."""
    whole = share(metric, tries, sum(hits.values()))
    ranked = sorted(hits.items(), key=lambda item: (-item[1], item[0]))
    parts = [
        Part(
            key, key, count, None if whole.withheld else count / tries, None if whole.withheld else wilson(count, tries)
        )
        for key, count in ranked
    ]
    return Figure(whole.n, whole.value, whole.interval, whole.withheld, whole.also, tuple(parts))
