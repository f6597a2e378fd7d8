"""Ask the database and make figures of what it says: the whole, and by group. One statement where sums do."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    ColumnElement,
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
    true,
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
# Shown one after the other, however few rows they have.
IN_ORDER: Final = frozenset({"month", "week", "point"})
# Up to so many minutes a wait is told in steps of so many; beyond, in hours.
ROUNDED: Final = ((4 * 60, 1.0), (2 * 24 * 60, 10.0))
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
    if question.group_by in IN_ORDER:
        return (str(key),)
    return (key is None, -figure.n, str(key))


def _key(question: Question, view: FromClause) -> ColumnElement[Any]:
    """What the rows are split by; nothing when they are not."""
    return asking.key_of(question, view) if question.group_by else cast(None, String)


def _text(key: Any) -> str | None:
    """A key as it is told: the day a month begins, `true`, an id."""
    if isinstance(key, datetime):
        return str(key.date())
    return None if key is None else str(key).lower() if isinstance(key, bool) else str(key)


async def _rows(
    session: AsyncSession, question: Question, at: Moment, view: FromClause, by: Sequence[Any], *sums: Any
) -> list[tuple[Any, ...]]:
    """Sums by the split and `by`; in one plain grouping, which the database shares among its workers."""
    key = _key(question, view).label("key")
    columns = [key, *by] if question.group_by else list(by)
    where = asking.counted(session, question, view, at)
    query = select(*columns, *sums).where(where).group_by(*columns)
    found = (await session.execute(query)).all()
    return [(_text(row[0]), *row[1:]) if question.group_by else (WHOLE, *row) for row in found]


async def _share(session: AsyncSession, question: Question, at: Moment) -> Figures:
    view = asking.source(session, question)
    counts = [view.c.tries, asking.hits_of(question, view, at), view.c.lost if "lost" in view.c else literal(0)]
    sums = [cast(func.coalesce(func.sum(each), 0), Integer) for each in counts]
    rows = await _rows(session, question, at, view, (), *sums)
    whole = [sum(row[place] for row in rows) for place in (1, 2, 3)]
    return {row[0]: figures.share(question.metric, *row[1:]) for row in rows} | {
        WHOLE: figures.share(question.metric, *whole)
    }


async def _mean(session: AsyncSession, question: Question, at: Moment) -> Figures:
    view = asking.source(session, question)
    rows = await _rows(session, question, at, view, (view.c.value,), func.count())
    found: dict[Any, Counter[float]] = defaultdict(Counter)
    for key, value, count in rows:
        for group in {key, WHOLE}:
            found[group][value] += count
    return {key: figures.mean(question.metric, found[key]) for key in [WHOLE, *found]}


async def _median(session: AsyncSession, question: Question, at: Moment) -> Figures:
    found = await _middles(session, replace(question, group_by=None), at)
    if question.group_by:
        found = await _middles(session, question, at) | found
    return {WHOLE: figures.median(question.metric, Middle(0, 0, None, None, None, None))} | found


async def _middles(session: AsyncSession, question: Question, at: Moment) -> Figures:
    """The middle of each group's sorted values, and those at the ranks around it."""
    view = asking.source(session, question)
    key, value = _key(question, view).label("key"), view.c.value
    in_order = func.array_agg(aggregate_order_by(value, value), type_=ARRAY(Float)).filter(value.is_not(None))
    seen = (
        select(
            key, func.count(value).label("n"), (func.count() - func.count(value)).label("missing"),
            in_order.label("in_order"), cast(func.avg(value), Float).label("mean"),
            cast(RANKS, ARRAY(Integer)).label("ranks"),
        )
        .where(asking.counted(session, question, view, at))
        .group_by(*([key] if question.group_by else []))
        .subquery()
    )  # fmt: skip
    far = cast(func.floor((seen.c.n + 1) / 2.0 - Z * func.sqrt(seen.c.n) / 2), Integer)
    low = case((seen.c.n <= len(RANKS), seen.c.ranks[seen.c.n]), else_=far).label("low")
    ranked = select(seen, low).subquery()
    n, values = ranked.c.n, ranked.c.in_order
    high = case((ranked.c.low > 0, n + 1 - ranked.c.low), else_=0)
    middle = (values[(n + 1) // 2] + values[(n + 2) // 2]) / 2
    query = select(ranked.c.key, n, ranked.c.missing, middle, values[ranked.c.low], values[high], ranked.c.mean)
    rows = (await session.execute(query)).all()
    names = [_text(row[0]) if question.group_by else WHOLE for row in rows]
    return {name: figures.median(question.metric, Middle(*row[1:7])) for name, row in zip(names, rows, strict=True)}


async def _funnel(session: AsyncSession, question: Question, at: Moment) -> Figures:
    view = asking.source(session, question)
    steps: dict[Any, Counter[int]] = defaultdict(Counter)
    for key, step, count in await _rows(session, question, at, view, (view.c.step,), func.count()):
        for group in {key, WHOLE}:
            steps[group][step] += count
    return {key: figures.funnel(question.metric, STEPS, steps[key]) for key in [WHOLE, *steps]}


async def _parts(session: AsyncSession, question: Question, at: Moment) -> Figures:
    view = asking.source(session, question)
    tries: Counter[Any] = Counter()
    hits: dict[Any, Counter[str]] = defaultdict(Counter)
    sums = func.sum(view.c.tries), func.sum(view.c.hits)
    for key, part, all_of, hit in await _rows(session, question, at, view, (view.c.part.label("part"),), *sums):
        for group in {key, WHOLE}:
            tries[group] += all_of
            if part is not None:
                hits[group][part] += hit
    return {key: figures.of_parts(question.metric, tries[key], hits[key]) for key in [WHOLE, *tries]}


async def _wait(session: AsyncSession, question: Question, at: Moment) -> Figures:
    waits: dict[Any, list[tuple[float, int, int]]] = defaultdict(list)
    view = asking.source(session, question)
    # Those whose working minutes are not counted yet still wait; they are looked at below.
    known = view.c.minutes.is_not(None) if question.metric.calendar else true()
    where = and_(asking.counted(session, question, view, at), known)
    in_order = question.group_by in IN_ORDER
    # Every month is told, so the months together are the whole; of clinics or senders only the largest are.
    for split in (True,) if in_order else (False, True) if question.group_by else (False,):
        key = asking.key_of(question, view) if split else cast(None, String)
        fewer = await _largest(session, key, where) if split and not in_order else true()
        for found, taken, ended, going_on in await session.execute(_waits(question, at, view, key, and_(where, fewer))):
            for group in {_text(found), WHOLE} if in_order else {_text(found) if split else WHOLE}:
                waits[group].append((taken, ended, going_on))
    if question.metric.calendar:
        await _still_waiting(session, question, at, view, waits)
    return {key: figures.wait(question.metric, waits[key]) for key in [WHOLE, *waits]}


def _waits(question: Question, at: Moment, view: FromClause, key: Any, where: Any) -> Any:
    """How many rows of a key waited so long, and how many of them still do."""
    end = func.coalesce(view.c.ended_at, view.c.stopped_at, at.as_of)
    clock = func.floor(func.date_part("epoch", end - view.c.began_at) / 60.0, type_=Float)
    taken = func.greatest(cast(view.c.minutes, Float) if question.metric.calendar else clock, 0.0)
    each = select(key.label("key"), taken.label("taken"), view.c.ended_at.is_not(None).label("ended")).where(where)
    one = each.subquery()
    steps = [(one.c.taken <= most, func.ceil(one.c.taken / minutes) * minutes) for most, minutes in ROUNDED]
    rounded = cast(case(*steps, else_=func.ceil(one.c.taken / 60.0) * 60), Integer).label("taken")
    counts = func.count().filter(one.c.ended), func.count().filter(~one.c.ended)
    return select(one.c.key, rounded, *counts).group_by(one.c.key, rounded)


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
    query = select(_key(question, view).label("key"), view.c.location_id, view.c.began_at).where(
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
        key = _text(row.key)
        if question.group_by and (key in groups or len(groups) <= MOST_WAITING_GROUPS):
            waits[key].append((waited, 0, 1))


async def _excluded(session: AsyncSession, question: Question, at: Moment) -> tuple[tuple[str, int], ...]:
    """What the period holds beside: rows that are none, and rows too young."""
    if question.metric.rolled_up:
        return ()
    view = asking.rows(question.metric)
    chosen, why = asking.chosen(session, question, view), view.c.excluded
    query = select(why, func.count()).where(chosen, why.is_not(None)).group_by(why).order_by(why)
    found = [(reason, count) for reason, count in (await session.execute(query)).all()]
    if question.metric.matured_days:
        young = view.c.on_day > asking.last_day(question.metric, at)
        count = await session.scalar(select(func.count()).select_from(view).where(chosen, why.is_(None), young))
        found += [("too_young", count)] if count else []
    return tuple(found)


How = Callable[[AsyncSession, Question, Moment], Any]
HOW: Final[dict[str, How]] = {
    "share": _share, "mean": _mean, "median": _median, "funnel": _funnel, "parts": _parts, "wait": _wait,
}  # fmt: skip
