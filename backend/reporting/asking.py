"""From a question to the rows that answer it: which view, which period, which of them count."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    FromClause,
    Integer,
    and_,
    cast,
    column,
    func,
    or_,
    select,
    table,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import within
from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.problems import Invalid
from backend.identity.queries import practice
from backend.reporting import freshness
from backend.reporting.metrics.definition import COLUMNS, Dimension, Metric

READ: Final = "reports:read"
USUAL_POINT: Final = "week_6"
LONGEST_BY_WEEK: Final = timedelta(days=400)
OF_KIND: Final[dict[str, tuple[str, ...]]] = {
    "share": ("tries", "hits"),
    "parts": ("tries", "hits", "part"),
    "wait": ("began_at", "ended_at", "stopped_at", "minutes"),
    "mean": ("value",),
    "median": ("value",),
    "funnel": ("step",),
}


@dataclass(frozen=True, slots=True)
class Question:
    """A metric over a period, split by one dimension, for some of the rows. `start` and `end` are whole days."""

    metric: Metric
    start: date | None = None
    end: date | None = None
    group_by: Dimension | None = None
    # By dimension; None asks for those of whom it is not known.
    only: dict[str, str | uuid.UUID | bool | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Moment:
    """When it is asked: the facts' freshness, and the day it is in the practice."""

    as_of: datetime
    today: date


async def moment(session: AsyncSession) -> Moment | None:
    """None while the practice has no facts yet."""
    as_of = await freshness.as_of(session)
    return None if as_of is None else Moment(as_of, await today(session, as_of))


async def today(session: AsyncSession, at: datetime | None = None) -> date:
    """The day it is in the practice, now or at a time."""
    return (at or now()).astimezone(ZoneInfo((await practice(session)).timezone)).date()


def settled(question: Question) -> Question:
    """Outcomes are of one point in care; without a word, of week six."""
    if "point" in question.metric.dimensions and question.group_by != "point" and "point" not in question.only:
        return replace(question, only={**question.only, "point": USUAL_POINT})
    return question


def check(question: Question) -> None:
    """Raises `Invalid` for what the metric cannot be asked."""
    metric = question.metric
    wrong = [name for name in question.only if name not in metric.dimensions]
    if wrong:
        errors = [(f"query/{name}", "not for this metric") for name in wrong]
        raise Invalid("This metric cannot be filtered by that; see its dimensions in /reports.", errors=errors)
    if question.group_by and question.group_by not in metric.dimensions:
        raise Invalid("Choose one of the metric's dimensions.", errors=[("query/group_by", "not for this metric")])
    if question.start and question.end and question.end < question.start:
        raise Invalid("The last day must not be before the first.", errors=[("query/to", "before from")])
    if question.group_by == "week" and not _short(question):
        raise Invalid("By week, ask for at most 400 days.", errors=[("query/from", "too long a period by week")])


def _short(question: Question) -> bool:
    return bool(question.start and question.end and question.end - question.start <= LONGEST_BY_WEEK)


def last_day(metric: Metric, at: Moment) -> date:
    """The youngest day whose rows are old enough to count."""
    return at.today - timedelta(days=metric.matured_days)


def names_of(metric: Metric) -> list[str]:
    """The columns of its view."""
    counted = OF_KIND[metric.kind]
    if metric.lapse_days is not None:
        counted = ("tries", metric.lapse)
    if metric.subject == "score":
        counted = (
            *counted,
            "main",
            "episode_id",
            *(["lost"] if metric.kind == "share" and metric.lost_at_most else []),
        )
    splits = {COLUMNS[name] for name in metric.dimensions if name in COLUMNS} - set(counted)
    return sorted({"practice_id", "row_id", "lead_id", "on_day", "excluded", "location_id", *splits, *counted})


def rows(metric: Metric, only: Collection[str] = (), *, one_by_one: bool = False) -> FromClause:
    """Its view, with all columns or those of `only`."""
    name = metric.rows_view if one_by_one else metric.view
    return table(name, *(column(each, TYPES.get(each)) for each in names_of(metric) if not only or each in only))


TYPES: Final[dict[str, Any]] = {"on_day": Date(), "lapse_on": Date(), "main": Boolean()}


def source(session: AsyncSession, question: Question) -> FromClause:
    """The rows to count. Whole months come from sums by month, the days around them one by one."""
    metric = question.metric
    if not metric.by_month:
        return rows(metric)
    # Only what is asked for: then nothing is looked up for the rest.
    names = {"practice_id", "on_day", "excluded", "location_id", "tries", "hits"}
    names |= {COLUMNS[name] for name in (*question.only, question.group_by) if name in COLUMNS}
    single, sums = rows(metric, names, one_by_one=True), rows(metric, names)
    if question.group_by == "week":
        return single
    first, after = _whole_months(question)
    if after is not None and first is not None and first >= after:
        return single
    whole = select(sums).where(_between(sums.c.on_day, first, after))
    edges = []
    if question.start is not None and first is not None and question.start < first:
        edges.append(and_(single.c.on_day >= question.start, single.c.on_day < first))
    if question.end is not None and after is not None and question.end >= after:
        edges.append(and_(single.c.on_day >= after, single.c.on_day <= question.end))
    if not edges:
        return whole.subquery()
    return union_all(whole, select(single).where(single.c.practice_id == practice_of(session), or_(*edges))).subquery()


def _whole_months(question: Question) -> tuple[date | None, date | None]:
    """The first of the first whole month, and of the month after the last."""
    first, after = question.start, question.end + timedelta(days=1) if question.end else None
    if first is not None and first.day > 1:
        first = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return first, after.replace(day=1) if after is not None else None


def _between(day: ColumnElement[date], first: date | None, after: date | None) -> ColumnElement[bool]:
    return and_(True, *([day >= first] if first else []), *([day < after] if after else []))


def chosen(session: AsyncSession, question: Question, view: FromClause) -> ColumnElement[bool]:
    """Rows of the period and the filters, whether or not they count; only of clinics the caller may know."""
    found = [view.c.practice_id == practice_of(session), within(session, READ, view.c.location_id)]
    if question.start:
        found.append(view.c.on_day >= question.start)
    if question.end:
        found.append(view.c.on_day <= question.end)
    if "main" in view.c and "instrument" not in question.only and question.group_by != "instrument":
        found.append(view.c.main)
    for name, value in question.only.items():
        part = view.c[COLUMNS[name]]
        found.append(part.is_(None) if value is None else part == value)
    return and_(*found)


def counted(session: AsyncSession, question: Question, view: FromClause, at: Moment) -> ColumnElement[bool]:
    """Those of them that count: a referral, and old enough."""
    mature = [view.c.on_day <= last_day(question.metric, at)] if question.metric.matured_days else []
    return and_(chosen(session, question, view), view.c.excluded.is_(None), *mature)


def key_of(question: Question, view: FromClause) -> ColumnElement[Any]:
    """What the rows are split by."""
    group_by = question.group_by
    if group_by in {"month", "week"}:
        # A moment without zone: nothing is looked up row by row.
        return func.date_trunc(group_by, cast(view.c.on_day, DateTime))
    part: ColumnElement[Any] = view.c[COLUMNS[str(group_by)]]
    return part


def hits_of(question: Question, view: FromClause, at: Moment) -> ColumnElement[Any]:
    """How often what is asked for is true of a row."""
    metric = question.metric
    if metric.lapse_days is None:
        hits: ColumnElement[Any] = view.c.hits
        return hits
    limit = timedelta(days=metric.lapse_days)
    late = view.c[metric.lapse] < (at.as_of - limit if metric.lapse == "lapse_at" else at.today - limit)
    return cast(func.coalesce(late, False), Integer)
