"""Reports: the catalog, figures, the rows behind them, and both for spreadsheets and paper."""

import uuid
from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import StreamingResponse

from backend.audit import service as audit
from backend.core.actor import Actor
from backend.core.context import ProcessContext
from backend.core.pages import Cursor, Limit, decode_cursor, encode_cursor
from backend.core.problems import Invalid
from backend.core.sheets import line, sheet
from backend.identity.access import Allowed, Context, Transaction, transaction_of
from backend.identity.queries import practice
from backend.reporting import answering, freshness, metrics, paper, rows, showing
from backend.reporting.asking import Question
from backend.reporting.metrics.definition import Dimension
from backend.reporting.parameters import only_of
from backend.reporting.rows import Asked, Place, Which
from backend.reporting.schemas import MetricReportOut, ReportCatalogOut, ReportRowOut, ReportRowPage

router = APIRouter(prefix="/api/v1/reports", tags=["reports"])
Reader = Annotated[Actor, Depends(Allowed("reports:read"))]
# Rows of one look when all are exported; each look is on record.
AT_ONCE = 1_000
SPREADSHEET: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "Every row, newest first"}
}
PAPER: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {"text/csv": {"schema": {"type": "string"}}, "application/pdf": {"schema": {"type": "string"}}},
        "description": "The figures",
    }
}
HEAD = tuple(name for name in ReportRowOut.model_fields if name != "lead_id")
Id = Annotated[str | None, Query(pattern=r"^(none|[0-9a-fA-F-]{36})$", description="an id, or none")]
Word = Annotated[str | None, Query(max_length=200, description="a value, or none")]


def _only(
    location_id: Id = None, source: Word = None, referrer_id: Id = None, payer: Word = None, clinician_id: Id = None,
    body_region: Word = None, procedure: Word = None, post_op: Literal["true", "false"] | None = None,
    person_id: Id = None, part: Word = None, instrument: Word = None, point: Word = None,
) -> dict[str, Any]:  # fmt: skip
    return only_of(locals())


Only = Annotated[dict[str, Any], Depends(_only)]
Start = Annotated[date | None, Query(alias="from", description="first day")]
End = Annotated[date | None, Query(alias="to", description="last day")]


def _question(
    metric: str, only: Only, start: Start = None, end: End = None,
    group_by: Annotated[Dimension | None, Query(description="split by this; one of the metric's dimensions")] = None,
) -> Question:  # fmt: skip
    return Question(metrics.named(metric), start, end, group_by, only)


Asking = Annotated[Question, Depends(_question)]


@router.get("", operation_id="listReports", summary="Every metric with its definition")
async def list_reports(_: Reader, session: Transaction) -> ReportCatalogOut:
    """What may be asked, what it means, and how fresh it is."""
    items = [showing.definition(metric) for metric in metrics.METRICS.values()]
    return ReportCatalogOut(as_of=await freshness.as_of(session), items=items)


@router.get("/{metric}", operation_id="getReport", summary="One metric over a period")
async def get_report(_: Reader, session: Transaction, question: Asking) -> MetricReportOut:
    """The value with its n and interval, or why it is withheld; by group where asked; what was left out."""
    return await showing.report(session, await answering.answer(session, question))


@router.get(
    "/{metric}/export", operation_id="exportReport", summary="One metric for a spreadsheet or paper",
    response_class=Response, responses=PAPER,
)  # fmt: skip
async def export_report(
    _: Reader, session: Transaction, question: Asking,
    format: Annotated[Literal["csv", "pdf"], Query(description="csv or pdf")] = "csv",
) -> Response:  # fmt: skip
    """The figures and what they mean; no patient is in them."""
    found = await showing.report(session, await answering.answer(session, question))
    name = f'attachment; filename="{question.metric.key}.{format}"'
    if format == "csv":
        data: str | bytes = "".join(sheet(paper.HEAD, paper.lines(found)))
        return Response(data, media_type="text/csv; charset=utf-8", headers={"Content-Disposition": name})
    data = paper.build((await practice(session)).name, found, showing.parameters(question))
    return Response(data, media_type="application/pdf", headers={"Content-Disposition": name})


def _asked(
    question: Asking,
    which: Annotated[Which, Query(description="those that count, hit, miss, or were left out")] = "counted",
    step: Annotated[int | None, Query(ge=0, le=5, description="of the funnel: got at least this far")] = None,
) -> Asked:
    return Asked(question, which, step)


AskedRows = Annotated[Asked, Depends(_asked)]


@router.get("/{metric}/rows", operation_id="listReportRows", summary="The rows behind a figure")
async def list_report_rows(
    _: Reader, session: Transaction, asked: AskedRows, cursor: Cursor = None, limit: Limit = 50
) -> ReportRowPage:
    """Newest first. Who it is shows with `clinical:read` only; the look is on record either way."""
    after = _place(cursor) if cursor else None
    found = await rows.page(session, asked, after, limit + 1)
    more = len(found.rows) > limit
    await audit.record(session, "report.rows_viewed", f"metric:{asked.question.metric.key}", found.patients)
    place = found.places[limit - 1] if more else None
    return ReportRowPage(items=found.rows[:limit], next_cursor=encode_cursor(place) if place else None)


def _place(cursor: str) -> Place:
    day, row_id = decode_cursor(cursor, 2)
    try:
        return date.fromisoformat(day), uuid.UUID(row_id)
    except (TypeError, ValueError, AttributeError):
        raise Invalid("Use the next_cursor of the page before.", errors=[("query/cursor", "unknown")]) from None


@router.get(
    "/{metric}/rows.csv", operation_id="exportReportRows", summary="All rows behind a figure as CSV",
    response_class=StreamingResponse, responses=SPREADSHEET,
)  # fmt: skip
async def export_report_rows(caller: Reader, context: Context, asked: AskedRows) -> StreamingResponse:
    """Streamed page by page; cells that a spreadsheet would run begin with an apostrophe."""
    headers = {"Content-Disposition": f'attachment; filename="{asked.question.metric.key}-rows.csv"'}
    first = await _lines(context, caller, asked, None)
    return StreamingResponse(
        _stream(context, caller, asked, first), media_type="text/csv; charset=utf-8", headers=headers
    )


async def _lines(
    context: ProcessContext, caller: Actor, asked: Asked, after: Place | None
) -> tuple[list[str], Place | None]:
    """One page in a transaction of its own, and the place after which the next begins."""
    async with transaction_of(context, caller) as session:
        found = await rows.page(session, asked, after, AT_ONCE)
        await audit.record(session, "report.rows_exported", f"metric:{asked.question.metric.key}", found.patients)
    lines = [line(getattr(row, name) for name in HEAD) for row in found.rows]
    return lines, found.places[-1] if len(found.rows) == AT_ONCE else None


async def _stream(
    context: ProcessContext, caller: Actor, asked: Asked, first: tuple[list[str], Place | None]
) -> AsyncIterator[str]:
    lines, after = first
    for each in sheet(HEAD, ()):
        yield each
    yield "".join(lines)
    while after is not None:
        lines, after = await _lines(context, caller, asked, after)
        yield "".join(lines)
