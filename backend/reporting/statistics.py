"""Values with what they can carry: intervals of shares, means and medians; medians of waits that are not over. Pure.

Shares: Wilson score interval. Means: Student's t. Medians of finished things: order statistics (no shape assumed).
Waits that go on are censored, never dropped: Kaplan-Meier, with the interval of Brookmeyer and Crowley on the
log-log scale. All at 95 %.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

Z: Final = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Interval:
    """Where the true value may be; an end is None where the data set no limit."""

    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Survival:
    """How long it took. A quantile is None when too many still wait."""

    n: int
    events: int
    median: float | None
    p90: float | None
    interval: Interval


def wilson(hits: float, tries: float) -> Interval:
    """Of a share. Raises `ValueError` without tries."""
    if tries <= 0:
        raise ValueError("a share needs something it is a share of")
    share, z2 = hits / tries, Z * Z
    middle = (share + z2 / (2 * tries)) / (1 + z2 / tries)
    half = Z / (1 + z2 / tries) * math.sqrt(share * (1 - share) / tries + z2 / (4 * tries * tries))
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def mean_interval(mean: float, deviation: float, n: int) -> Interval | None:
    """Of a mean with its sample standard deviation; None for fewer than two."""
    if n < 2:
        return None
    half = student(n - 1) * deviation / math.sqrt(n)
    return Interval(mean - half, mean + half)


def student(freedom: int) -> float:
    """The 97.5 % point of Student's t (Cornish-Fisher expansion; exact where it is poor)."""
    exact = (12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060)
    if freedom <= len(exact):
        return exact[freedom - 1]
    z, v = Z, freedom
    first = (z**3 + z) / (4 * v)
    second = (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
    return z + first + second + third


def median_ranks(n: int) -> tuple[int, int] | None:
    """Ranks (from 1) of the order statistics that hold the median with at least 95 %; None when even all do not."""
    chance, low = 0.0, 0
    for rank in range(n // 2 + 1) if n <= 100 else ():
        chance += math.comb(n, rank) / 2**n
        if chance > 0.025:
            break
        low = rank + 1
    if n > 100:
        low = math.floor((n + 1) / 2 - Z * math.sqrt(n) / 2)
    return (low, n + 1 - low) if low >= 1 else None


def kaplan_meier(waits: Iterable[tuple[float, int, int]]) -> Survival:
    """`waits`: (how long, how many ended then, how many were still waiting when last seen)."""
    ordered = np.array(sorted(waits, key=lambda wait: (wait[0], -wait[1])), dtype=float).reshape(-1, 3)
    taken, ended, left = ordered[:, 0], ordered[:, 1], ordered[:, 1] + ordered[:, 2]
    n = int(left.sum())
    at_risk = n - np.concatenate(([0.0], np.cumsum(left)[:-1]))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        alive = np.cumprod(1 - ended / at_risk)
        greenwood = np.cumsum(np.where(ended < at_risk, ended / (at_risk * (at_risk - ended)), 0.0))
        # On the log-log scale a band never leaves 0 to 1.
        spread = np.exp(Z * np.sqrt(greenwood) / np.abs(np.log(alive)))
        inside = (alive > 0) & (alive < 1)
        low, high = (np.where(inside, alive**power, alive) for power in (spread, 1 / spread))

    def first(values: Any, level: float) -> float | None:
        reached = np.flatnonzero((ended > 0) & (values <= level + 1e-12))
        return float(taken[reached[0]]) if reached.size else None

    interval = Interval(first(low, 0.5), first(high, 0.5))
    return Survival(n, int(ended.sum()), first(alive, 0.5), first(alive, 0.1), interval)
