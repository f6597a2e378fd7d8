"""Scorecards: of one referrer, and of all of them once a month."""

import uuid
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Query, Response
from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core import idempotency
from backend.core.actor import Actor
from backend.core.database import practice_of
from backend.core.pages import Cursor, Limit, cut, decode_cursor, encode_cursor, moment_of
from backend.core.problems import Invalid
from backend.identity.access import Allowed, Context, Transaction, transaction_of
from backend.identity.queries import practice_key
from backend.loop.facts import sender_at
from backend.reporting import asking
from backend.reporting.saved_models import ScorecardBatch, ScorecardRow
from backend.reporting.scorecards import batches, content, page
from backend.reporting.scorecards.schemas import (
    BatchSend,
    CardChoice,
    ScorecardBatchOut,
    ScorecardBatchPage,
    ScorecardItemOut,
    ScorecardItemPage,
    ScorecardOut,
    ScorecardPeriodIn,
    ScorecardSentOut,
)
from backend.reporting.scorecards.showing import shown

router = APIRouter(prefix="/api/v1", tags=["scorecards"])
Reader = Annotated[Actor, Depends(Allowed("reports:read"))]
Writer = Annotated[Actor, Depends(Allowed("reports:write"))]
Sender = Annotated[Actor, Depends(Allowed("letters:write"))]
Key = Annotated[str | None, Header()]
PDF: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/pdf": {"schema": {"type": "string"}}}, "description": "One page"}
}


async def _period(session: AsyncSession, start: date | None, end: date | None) -> tuple[date, date]:
    if (start is None) != (end is None):
        raise Invalid("Give both from and to, or neither.", errors=[("query/from", "with to")])
    if start is not None and end is not None:
        return start, end
    return content.usual_period(await asking.today(session))


@router.get(
    "/referrers/{referrer_id}/scorecard", operation_id="getScorecard",
    summary="What a referrer is told of their patients", response_model=ScorecardOut, responses=PDF,
)  # fmt: skip
async def get_scorecard(
    referrer_id: uuid.UUID, _: Reader, session: Transaction,
    start: Annotated[date | None, Query(alias="from", description="first day; with `to`")] = None,
    end: Annotated[date | None, Query(alias="to", description="last day; default: the last twelve months")] = None,
    format: Annotated[Literal["json", "pdf"] | None, Query(description="json (or as `Accept` says) or pdf")] = None,
    accept: Annotated[str, Header()] = "",
) -> Any:  # fmt: skip
    """Three sentences from data, each with its rows, or why it cannot be said. No patient can be told from it."""
    found = shown(await content.of(session, referrer_id, *(await _period(session, start, end))))
    if format == "json" or (format is None and "application/pdf" not in accept):
        return found
    headers = {"Content-Disposition": 'inline; filename="scorecard.pdf"'}
    return Response(page.build(found, await sender_at(session, None)), media_type="application/pdf", headers=headers)


@router.post(
    "/referrers/{referrer_id}/scorecard/send", operation_id="sendScorecard", summary="Send a referrer their scorecard",
    status_code=201,
)  # fmt: skip
async def send_scorecard(
    referrer_id: uuid.UUID, body: ScorecardPeriodIn, caller: Sender, context: Context, idempotency_key: Key = None
) -> ScorecardSentOut:
    """As they prefer to hear. 409 when the data carry none of the sentences."""
    async with transaction_of(context, caller) as session:
        start, end = await _period(session, body.start, body.to)

        async def create() -> uuid.UUID:
            return (await batches.single(session, referrer_id, start, end)).id

        request = f"scorecard:{referrer_id}:{start}:{end}".encode()
        scorecard_id, _ = await idempotency.once(session, caller.id, idempotency_key, request, create)
        row, key = await batches.card(session, scorecard_id), await practice_key(session, context)
        sender = await sender_at(session, None)
    stored = await batches.draw(context, caller.practice_id, key, row, sender)
    async with transaction_of(context, caller) as session:
        letter = await batches.write(session, scorecard_id, stored)
        await audit.record(session, "scorecard.sent", f"referrer:{referrer_id}")
        return ScorecardSentOut(scorecard_id=scorecard_id, letter_id=letter.id, letter_state=letter.state)


@router.get("/scorecard-batches", operation_id="listScorecardBatches", summary="Batches of scorecards")
async def list_batches(_: Reader, session: Transaction, cursor: Cursor = None, limit: Limit = 50) -> ScorecardBatchPage:
    """Newest first; one a month is made by itself."""
    before = moment_of(cursor)
    query = select(ScorecardBatch).where(ScorecardBatch.practice_id == practice_of(session))
    if before:
        query = query.where(tuple_(ScorecardBatch.made_at, ScorecardBatch.id) < before)
    query = query.order_by(ScorecardBatch.made_at.desc(), ScorecardBatch.id.desc()).limit(limit + 1)
    rows, more = cut((await session.scalars(query)).all(), limit)
    next_cursor = encode_cursor([rows[-1].made_at.isoformat(), rows[-1].id]) if more else None
    return ScorecardBatchPage(items=await _batches(session, list(rows)), next_cursor=next_cursor)


async def _batches(session: AsyncSession, rows: list[ScorecardBatch]) -> list[ScorecardBatchOut]:
    counts = await batches.counts(session, [row.id for row in rows])
    found = []
    for row in rows:
        cards, chosen, sent = counts.get(row.id, (0, 0, 0))
        facts = {name: getattr(row, name) for name in ScorecardBatchOut.model_fields if hasattr(row, name)}
        found.append(ScorecardBatchOut(**facts, to=row.ends, cards=cards, chosen=chosen, sent=sent))
    return found


@router.post(
    "/scorecard-batches", operation_id="createScorecardBatch", summary="Prepare all scorecards", status_code=201
)
async def create_batch(
    body: ScorecardPeriodIn, caller: Writer, session: Transaction, idempotency_key: Key = None
) -> ScorecardBatchOut:  # fmt: skip
    """Of every referrer of the period, in the background; nothing is sent before somebody has looked."""
    start, end = await _period(session, body.start, body.to)

    async def create() -> uuid.UUID:
        made = await batches.begin(session, start, end)
        assert made is not None
        return made

    request = f"scorecards:{start}:{end}".encode()
    batch_id, _ = await idempotency.once(session, caller.id, idempotency_key, request, create)
    await audit.record(session, "scorecards.prepared", f"scorecard_batch:{batch_id}")
    return (await _batches(session, [await batches.one(session, batch_id)]))[0]


@router.get("/scorecard-batches/{batch_id}", operation_id="getScorecardBatch", summary="One batch of scorecards")
async def get_batch(batch_id: uuid.UUID, _: Reader, session: Transaction) -> ScorecardBatchOut:
    """How far it is, and what would be sent."""
    return (await _batches(session, [await batches.one(session, batch_id)]))[0]


@router.get(
    "/scorecard-batches/{batch_id}/scorecards", operation_id="listScorecards", summary="The scorecards of a batch"
)
async def list_scorecards(
    batch_id: uuid.UUID, _: Reader, session: Transaction, cursor: Cursor = None, limit: Limit = 50
) -> ScorecardItemPage:
    """Those that say most first."""
    await batches.one(session, batch_id)
    query = select(ScorecardRow).where(
        ScorecardRow.practice_id == practice_of(session), ScorecardRow.batch_id == batch_id
    )
    if cursor:
        query = query.where(tuple_(-ScorecardRow.said, ScorecardRow.id) > _place(cursor))
    query = query.order_by(-ScorecardRow.said, ScorecardRow.id).limit(limit + 1)
    rows, more = cut((await session.scalars(query)).all(), limit)
    next_cursor = encode_cursor([-rows[-1].said, rows[-1].id]) if more else None
    return ScorecardItemPage(items=[_card(row) for row in rows], next_cursor=next_cursor)


def _place(cursor: str) -> tuple[int, uuid.UUID]:
    said, row_id = decode_cursor(cursor, 2)
    try:
        return int(said), uuid.UUID(row_id)
    except (TypeError, ValueError, AttributeError):
        raise Invalid("Use the next_cursor of the page before.", errors=[("query/cursor", "unknown")]) from None


def _card(row: ScorecardRow) -> ScorecardItemOut:
    facts = {name: getattr(row, name) for name in ScorecardItemOut.model_fields if name != "content"}
    return ScorecardItemOut(**facts, content=ScorecardOut.model_validate(row.content))


@router.patch(
    "/scorecards/{scorecard_id}", operation_id="chooseScorecard", summary="Send a scorecard with its batch, or not"
)
async def choose_scorecard(
    scorecard_id: uuid.UUID, body: CardChoice, _: Writer, session: Transaction
) -> ScorecardItemOut:
    """Stale versions get 409, and so does a batch that was sent."""
    row = await batches.choose(session, scorecard_id, body.version, chosen=body.chosen)
    await audit.record(session, "scorecard.chosen", f"scorecard:{scorecard_id}")
    return _card(row)


@router.get(
    "/scorecards/{scorecard_id}/document", operation_id="getScorecardDocument", summary="The page as it is sent",
    response_class=Response, responses=PDF,
)  # fmt: skip
async def get_document(scorecard_id: uuid.UUID, _: Reader, session: Transaction) -> Response:
    """A PDF of one page."""
    row = await batches.card(session, scorecard_id)
    data = page.build(ScorecardOut.model_validate(row.content), await sender_at(session, None))
    headers = {"Content-Disposition": 'inline; filename="scorecard.pdf"'}
    return Response(data, media_type="application/pdf", headers=headers)


@router.post("/scorecard-batches/{batch_id}/send", operation_id="sendScorecards", summary="Send the scorecards chosen")
async def send_batch(
    batch_id: uuid.UUID, body: BatchSend, caller: Writer, session: Transaction, idempotency_key: Key = None
) -> ScorecardBatchOut:
    """Each as its referrer prefers, in the background. Stale versions get 409."""

    async def send() -> uuid.UUID:
        return (await batches.send(session, batch_id, body.version)).id

    await idempotency.once(session, caller.id, idempotency_key, f"send:{batch_id}:{body.version}".encode(), send)
    await audit.record(session, "scorecards.sent", f"scorecard_batch:{batch_id}")
    return (await _batches(session, [await batches.one(session, batch_id)]))[0]
