"""How patients are at fixed points of their care, against how they were when it began. Pure but `make`.

The baseline is the first score of a measure, at most two weeks after the evaluation. A score belongs to week w when it
is taken within a week of it; of several the nearest counts. Whose care ended before keeps the score of their discharge.
`final` is that score. A point is over when no score can belong to it any more; without one the patient is lost to
follow-up. One measure per patient is the main one: that which fits what hurts.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.care import service as care
from backend.care.measures.suggesting import suggest
from backend.care.outcomes.models import OutcomeScore
from backend.care.outcomes.queries import between
from backend.core.database import practice_of
from backend.reporting.models import EpisodeFact, OutcomeFact

WEEKS: Final = (2, 4, 6, 8, 12)
WEEK: Final = timedelta(weeks=1)
LATEST_BASELINE: Final = timedelta(weeks=2)
# Around the discharge.
FINAL: Final = timedelta(weeks=2)


@dataclass(frozen=True, slots=True)
class Dated:
    """A score and its day at the clinic."""

    day: date
    row: OutcomeScore


@dataclass(frozen=True, slots=True)
class Point:
    """`score` is None when nothing was measured; `excluded` why the patient is in no figure."""

    name: str
    over_on: date
    baseline: Dated
    score: Dated | None = None
    excluded: str | None = None


def points(scores: Sequence[Dated], started_on: date, ended_on: date | None) -> Iterator[Point]:
    """Every point of one measure, of scores that count, oldest first. None without a score."""
    if not scores:
        return
    baseline, later = scores[0], [one for one in scores[1:] if one.day > scores[0].day]
    late = "late_baseline" if baseline.day > started_on + LATEST_BASELINE else None
    last = _final(later, ended_on)
    for week in WEEKS:
        target = baseline.day + week * WEEK
        near = [one for one in later if abs(one.day - target) <= WEEK]
        found = min(near, key=lambda one: (abs(one.day - target), one.day), default=None)
        if found is None and ended_on is not None and ended_on < target + WEEK:
            found = last
        yield Point(f"week_{week}", target + WEEK, baseline, found, late)
    if ended_on is not None:
        yield Point("final", ended_on + FINAL, baseline, last, late)


def _final(later: Sequence[Dated], ended_on: date | None) -> Dated | None:
    """The last score around the discharge."""
    if ended_on is None:
        return None
    around = [one for one in later if abs(one.day - ended_on) <= FINAL]
    return around[-1] if around else None


async def make(session: AsyncSession, episodes: Collection[uuid.UUID]) -> None:
    """Outcome facts of these episodes, as their scores are now."""
    ids = list(episodes)
    if not ids:
        return
    practice_id = practice_of(session)
    gone = delete(OutcomeFact).where(OutcomeFact.practice_id == practice_id, OutcomeFact.episode_id.in_(ids))
    await session.execute(gone.execution_options(synchronize_session=False))
    of: dict[uuid.UUID, list[OutcomeScore]] = defaultdict(list)
    query = select(OutcomeScore).where(OutcomeScore.practice_id == practice_id, OutcomeScore.episode_id.in_(ids))
    query = query.where(OutcomeScore.superseded_by.is_(None), OutcomeScore.score.is_not(None))
    for score in await session.scalars(query.order_by(OutcomeScore.taken_at, OutcomeScore.id)):
        if score.episode_id is not None:
            of[score.episode_id].append(score)
    found = select(EpisodeFact).where(EpisodeFact.practice_id == practice_id, EpisodeFact.episode_id.in_(list(of)))
    rows = [
        row for fact in await session.scalars(found) for row in await _of_episode(session, fact, of[fact.episode_id])
    ]
    if rows:
        await session.execute(insert(OutcomeFact), rows)


async def _of_episode(session: AsyncSession, fact: EpisodeFact, scores: list[OutcomeScore]) -> list[dict[str, Any]]:
    zone = await care.zone_of(session, fact.location_id)
    by_measure: dict[str, list[Dated]] = defaultdict(list)
    for score in scores:
        by_measure[score.instrument].append(Dated(score.taken_at.astimezone(zone).date(), score))
    fitting = [*suggest(fact.body_region, fact.procedure), *sorted(by_measure)]
    main = next(name for name in fitting if name in by_measure)
    return [
        _row(fact, point) | {"main": name == main}
        for name, dated in by_measure.items()
        for point in points(dated, fact.started_on, fact.ended_on)
    ]


SHARED: Final = (
    "practice_id", "episode_id", "lead_id", "location_id", "clinician_id", "referrer_id", "source", "payer",
    "body_region", "procedure", "post_op",
)  # fmt: skip


def _row(fact: EpisodeFact, point: Point) -> dict[str, Any]:
    change, no_change = between(point.baseline.row, point.score.row) if point.score else (None, None)
    row: dict[str, Any] = {name: getattr(fact, name) for name in SHARED}
    excluded = point.excluded or no_change or (change.no_percent if change else None)
    return row | {
        "instrument": point.baseline.row.instrument, "point": point.name, "over_on": point.over_on,
        "baseline": float(point.baseline.row.score or 0), "excluded": excluded,
        "score": float(point.score.row.score or 0) if point.score else None,
        "improvement": float(change.percent) / 100 if change and change.percent is not None else None,
        "reached": change.reached_mcid if change else None,
    }  # fmt: skip
