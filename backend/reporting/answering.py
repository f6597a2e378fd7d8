"""Ask the database and make figures of what it says: the whole, and by group. One statement where sums do."""

import uuid
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    Float,
    FromClause,
    Integer,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    select,
    text,
    tuple_,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from backend.identity.calendars import calendar_of
from backend.reporting import asking, figures
from backend.reporting.asking import Moment, Question
from backend.reporting.figures import Figure, Middle
from backend.reporting.metrics.conversion import STEPS
from backend.reporting.statistics import Z, median_ranks
from backend.reporting.worked import Worked

MOST_GROUPS: Final = 200
# Waits are fetched by length: of fewer groups.
MOST_WAITING_GROUPS: Final = 60
WHOLE: Final = object()
FINE_MINUTES: Final = 2 * 24 * 60
# From this many on, ranks come from a formula.
RANKS: Final = [(ranks[0] if (ranks := median_ranks(n)) else 0) for n in range(1, 101)]
TUNED = text("SELECT set_config('work_mem', '96MB', true), set_config('jit', 'off', true)")
Figures = dict[Any, Figure]


@dataclass(frozen=True, slots=True)
class Answer:
    """The figure as a whole and by group (largest first), what was left out, how far the days go."""

    question: Question
    at: Moment | None
    whole: Figure
    groups: tuple[tuple[str | None, Figure], ...] = ()
    excluded: tuple[tuple[str, int], ...] = ()
    counted_until: date | None = None
    more_groups: bool = False


NOT_READY: Final = Figure(
    0, withheld=figures.Withheld("not_ready", "The figures are being prepared. Look again in a few minutes.")
)


async def answer(session: AsyncSession, question: Question) -> Answer:
    """Raises `Invalid` for what the metric cannot be asked."""
    asking.check(question)
    question = asking.settled(question)
    at = await asking.moment(session)
    if at is None:
        return Answer(question, None, NOT_READY)
    await session.execute(TUNED)
    found = await figures_of(session, question, at)
    whole = found.pop(WHOLE)
    ordered = sorted(found.items(), key=lambda item: _order(question, *item))
    return Answer(
        question, at, whole, tuple(ordered[:MOST_GROUPS]), await _excluded(session, question, at),
        asking.last_day(question.metric, at), len(ordered) > MOST_GROUPS,
    )  # fmt: skip


async def figures_of(session: AsyncSession, question: Question, at: Moment) -> Figures:
    """By group, and `WHOLE`: for who asks often and needs no list of what was left out."""
    found: Figures = await HOW[question.metric.kind](session, asking.settled(question), at)
    return found


def _order(question: Question, key: str | None, figure: Figure) -> tuple[Any, ...]:
    if question.group_by in {"month", "week", "point"}:
        return (str(key),)
    return (key is None, -figure.n, str(key))


def _grouped(question: Question, view: FromClause, *extra: Any) -> tuple[list[Any], Any]:
    """Columns that say which group a row is, and how to group: by each and, in one pass, over all."""
    if question.group_by is None:
        return [literal(1).label("whole"), cast(None, String).label("key")], list(extra)
    key = asking.key_of(question, view).label("key")
    sets = (
        func.grouping_sets(tuple_(key, *extra), tuple_(*extra)) if extra else func.grouping_sets(tuple_(key), tuple_())
    )
    return [func.grouping(key).label("whole"), key], [sets]


def _key(row: Any) -> Any:
    return WHOLE if row.whole else row.key


async def _share(session: AsyncSession, question: Question, at: Moment) -> Figures:
    view = asking.source(session, question)
    which, groups = _grouped(question, view)
    counts = [view.c.tries, asking.hits_of(question, view, at), view.c.lost if "lost" in view.c else literal(0)]
    sums = [cast(func.coalesce(func.sum(each), 0), Integer) for each in counts]
    query = select(*which, *sums).where(asking.counted(session, question, view, at)).group_by(*groups)
    found = {_key(row): figures.share(question.metric, *row[2:]) for row in await session.execute(query)}
    return {WHOLE: figures.share(question.metric, 0, 0)} | found


async def _mean(session: AsyncSession, question: Question, at: Moment) -> Figures:
    view = asking.source(session, question)
    which, groups = _grouped(question, view)
    value = view.c.value
    query = select(
        *which, func.count(value), cast(func.avg(value), Float), cast(func.stddev_samp(value), Float),
        func.percentile_cont(0.5).within_group(value),
    ).where(asking.counted(session, question, view, at)).group_by(*groups)  # fmt: skip
    found = {_key(row): figures.mean(question.metric, *row[2:6]) for row in await session.execute(query)}
    return {WHOLE: figures.mean(question.metric, 0, None, None, None)} | found


async def _median(session: AsyncSession, question: Question, at: Moment) -> Figures:
    view = asking.source(session, question)
    which, groups = _grouped(question, view)
    value = view.c.value
    in_order = func.array_agg(aggregate_order_by(value, value), type_=ARRAY(Float)).filter(value.is_not(None))
    seen = (
        select(
            *which, func.count(value).label("n"), (func.count() - func.count(value)).label("missing"),
            in_order.label("in_order"), cast(func.avg(value), Float).label("mean"),
            cast(RANKS, ARRAY(Integer)).label("ranks"),
        )
        .where(asking.counted(session, question, view, at))
        .group_by(*groups)
        .subquery()
    )  # fmt: skip
    far = cast(func.floor((seen.c.n + 1) / 2.0 - Z * func.sqrt(seen.c.n) / 2), Integer)
    low = case((seen.c.n <= len(RANKS), seen.c.ranks[seen.c.n]), else_=far).label("low")
    ranked = select(seen, low).subquery()
    n, values = ranked.c.n, ranked.c.in_order
    high = case((ranked.c.low > 0, n + 1 - ranked.c.low), else_=0)
    middle = (values[(n + 1) // 2] + values[(n + 2) // 2]) / 2
    query = select(
        ranked.c.whole, ranked.c.key, n, ranked.c.missing, middle, values[ranked.c.low], values[high], ranked.c.mean
    )
    found = {_key(row): figures.median(question.metric, Middle(*row[2:8])) for row in await session.execute(query)}
    return {WHOLE: figures.median(question.metric, Middle(0, 0, None, None, None, None))} | found


async def _funnel(session: AsyncSession, question: Question, at: Moment) -> Figures:
    view = asking.source(session, question)
    which, groups = _grouped(question, view, view.c.step)
    query = select(*which, view.c.step, func.count()).where(asking.counted(session, question, view, at))
    steps: dict[Any, dict[int, int]] = defaultdict(dict)
    for row in await session.execute(query.group_by(*groups)):
        steps[_key(row)][row[2]] = row[3]
    return {key: figures.funnel(question.metric, STEPS, steps[key]) for key in [WHOLE, *steps]}


async def _parts(session: AsyncSession, question: Question, at: Moment) -> Figures:
    view = asking.source(session, question)
    which, groups = _grouped(question, view, view.c.part)
    query = select(*which, view.c.part, func.sum(view.c.tries), func.sum(view.c.hits))
    tries: dict[Any, int] = defaultdict(int)
    hits: dict[Any, dict[str, int]] = defaultdict(dict)
    for row in await session.execute(query.where(asking.counted(session, question, view, at)).group_by(*groups)):
        tries[_key(row)] += row[3]
        if row.part is not None:
            hits[_key(row)][row.part] = row[4]
    return {key: figures.of_parts(question.metric, tries[key], hits[key]) for key in [WHOLE, *tries]}


async def _wait(session: AsyncSession, question: Question, at: Moment) -> Figures:
    waits: dict[Any, list[tuple[float, int, int]]] = defaultdict(list)
    view = asking.source(session, question)
    waited = view.c.ended_at.is_not(None)
    # Those whose working minutes are not counted yet still wait; they are looked at below.
    known = view.c.minutes.is_not(None) if question.metric.calendar else literal(True)
    end = func.coalesce(view.c.ended_at, view.c.stopped_at, at.as_of)
    clock = func.floor(func.extract("epoch", end - view.c.began_at) / 60)
    taken = func.greatest(func.coalesce(view.c.minutes, clock) if question.metric.calendar else clock, 0)
    rounded = cast(case((taken <= FINE_MINUTES, taken), else_=func.ceil(taken / 60.0) * 60), Integer)
    for split in (False, True) if question.group_by else (False,):
        key = asking.key_of(question, view) if split else cast(None, String)
        where = and_(asking.counted(session, question, view, at), known)
        if split and question.group_by not in {"month", "week", "point"}:
            where = and_(where, await _largest(session, key, where))
        columns = key.label("key"), rounded.label("taken")
        query = select(*columns, func.count().filter(waited), func.count().filter(~waited)).where(where)
        for row in await session.execute(query.group_by(*columns)):
            waits[row.key if split else WHOLE].append((row.taken, row[2], row[3]))
    if question.metric.calendar:
        await _still_waiting(session, question, at, view, waits)
    return {key: figures.wait(question.metric, waits[key]) for key in [WHOLE, *waits]}


async def _largest(session: AsyncSession, key: Any, where: Any) -> Any:
    """Only the groups with the most rows."""
    ranked = select(key).where(where).group_by(key).order_by(func.count().desc()).limit(MOST_WAITING_GROUPS)
    found = list(await session.scalars(ranked))
    names = key.in_([each for each in found if each is not None])
    return names | key.is_(None) if None in found else names


async def _still_waiting(
    session: AsyncSession, question: Question, at: Moment, view: FromClause, waits: dict[Any, list[Any]]
) -> None:
    """Open leads have waited, so far, what their clinic has worked since."""
    key = asking.key_of(question, view) if question.group_by else cast(None, String)
    query = select(key.label("key"), view.c.location_id, view.c.began_at).where(
        asking.counted(session, question, view, at), view.c.minutes.is_(None)
    )
    rows, groups, worked = (await session.execute(query)).all(), set(waits), dict[Any, Worked]()
    first = min((row.began_at for row in rows), default=at.as_of).date() - timedelta(days=1)
    for row in rows:
        if row.location_id not in worked:
            place = uuid.UUID(str(row.location_id)) if row.location_id else None
            worked[row.location_id] = Worked(await calendar_of(session, place), first, at.as_of)
        waited = worked[row.location_id].since(row.began_at)
        waits[WHOLE].append((waited, 0, 1))
        if question.group_by and (row.key in groups or len(groups) <= MOST_WAITING_GROUPS):
            waits[row.key].append((waited, 0, 1))


async def _excluded(session: AsyncSession, question: Question, at: Moment) -> tuple[tuple[str, int], ...]:
    """What the period holds beside: rows that are none, and rows too young."""
    view = asking.rows(question.metric)
    young = view.c.on_day > asking.last_day(question.metric, at) if question.metric.matured_days else literal(False)
    why = case((view.c.excluded.is_not(None), view.c.excluded), (young, "too_young"))
    query = select(why, func.count()).where(asking.chosen(session, question, view), why.is_not(None)).group_by(why)
    if question.metric.rolled_up:
        return ()
    return tuple((reason, count) for reason, count in (await session.execute(query.order_by(why))).all())


How = Callable[[AsyncSession, Question, Moment], Any]
HOW: Final[dict[str, How]] = {
    "share": _share, "mean": _mean, "median": _median, "funnel": _funnel, "parts": _parts, "wait": _wait,
}  # fmt: skip
