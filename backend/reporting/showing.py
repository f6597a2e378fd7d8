"""Answers as the API shows them, each figure with the address of its rows."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.ext.asyncio import AsyncSession

from backend.reporting import dimensions
from backend.reporting.answering import Answer
from backend.reporting.asking import Question
from backend.reporting.figures import METHODS, Figure, Part
from backend.reporting.metrics.definition import Metric
from backend.reporting.parameters import NAMES, NONE
from backend.reporting.schemas import (
    ExcludedOut,
    FigureGroupOut,
    FigureOut,
    FigurePartOut,
    IntervalOut,
    MetricDefinitionOut,
    MetricReportOut,
    WithheldOut,
)
from backend.reporting.statistics import Interval


def definition(metric: Metric) -> MetricDefinitionOut:
    """What a metric means."""
    own = {name: getattr(metric, name) for name in MetricDefinitionOut.model_fields}
    return MetricDefinitionOut.model_validate(own | {"exclusions": list(metric.exclusions)})


async def report(session: AsyncSession, answer: Answer) -> MetricReportOut:
    """A whole answer."""
    question = answer.question
    labels = await dimensions.labels(session, question.group_by, [key for key, _ in answer.groups])
    groups = [
        FigureGroupOut(key=key, label=labels.get(key) or str(key), **_figure(question, figure, of_group(question, key)))
        for key, figure in answer.groups
    ]
    return MetricReportOut(
        metric=question.metric.key, definition=definition(question.metric),
        as_of=answer.at.as_of if answer.at else None,
        counted_until=answer.counted_until, group_by=question.group_by, groups=groups,
        more_groups=answer.more_groups,
        excluded=[ExcludedOut(reason=reason, n=n) for reason, n in answer.excluded],
        **_figure(question, answer.whole, {}),
    )  # fmt: skip


def _figure(question: Question, figure: Figure, group: Mapping[str, str]) -> dict[str, Any]:
    shown = FigureOut(
        value=figure.value, n=figure.n, interval=_interval(question, figure.interval), also=figure.also,
        withheld=WithheldOut.model_validate(figure.withheld) if figure.withheld else None,
        parts=[_part(question, part, group) for part in figure.parts], rows_url=rows_url(question, group),
    )  # fmt: skip
    return {name: getattr(shown, name) for name in FigureOut.model_fields}


def _part(question: Question, part: Part, group: Mapping[str, str]) -> FigurePartOut:
    which = {"step": part.key} if question.metric.kind == "funnel" else {"part": part.key}
    return FigurePartOut(
        key=part.key, label=part.label, n=part.n, value=part.value, interval=_interval(question, part.interval),
        rows_url=rows_url(question, {**group, **which}),
    )  # fmt: skip


def _interval(question: Question, found: Interval | None) -> IntervalOut | None:
    return IntervalOut(low=found.low, high=found.high, method=METHODS[question.metric.kind]) if found else None


def of_group(question: Question, key: str | None) -> dict[str, str]:
    """What asks for the rows of one group: a filter, or the days of its month or week."""
    name = question.group_by
    if name in {"month", "week"} and key is not None:
        first = date.fromisoformat(key)
        after = (first.replace(day=28) + timedelta(days=4)).replace(day=1) if name == "month" else first + timedelta(7)
        last = after - timedelta(days=1)
        first, last = max(first, question.start or first), min(last, question.end or last)
        return {"from": first.isoformat(), "to": last.isoformat()}
    return {NAMES.get(str(name), str(name)): NONE if key is None else key} if name else {}


def parameters(question: Question) -> dict[str, str]:
    """The question as an address asks it, without its split."""
    asked = {"from": question.start, "to": question.end} | {
        NAMES.get(name, name): NONE if value is None else value for name, value in question.only.items()
    }
    return {name: str(value).lower() if value is True or value is False else str(value)
            for name, value in asked.items() if value is not None}  # fmt: skip


def rows_url(question: Question, group: Mapping[str, str]) -> str:
    """Where the rows are."""
    asked = urlencode({**parameters(question), **group})
    path = f"/api/v1/reports/{question.metric.key}/rows"
    return f"{path}?{asked}" if asked else path
