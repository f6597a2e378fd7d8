"""What referrers wrote on their page: read and answered at the desk."""

import uuid
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core import idempotency
from backend.core.actor import Actor
from backend.core.pages import Cursor, Limit, cut, encode_cursor, moment_of
from backend.identity.access import Allowed, Transaction
from backend.referrer_portal import answers
from backend.referrer_portal.desk_schemas import AnswerIn, DeskMessageOut, DeskMessagePage, MessageCounts

router = APIRouter(prefix="/api/v1/referrer-messages", tags=["referrers"])
Reader = Annotated[Actor, Depends(Allowed("letters:read"))]
Writer = Annotated[Actor, Depends(Allowed("letters:write"))]


@router.get("", operation_id="listReferrerMessages", summary="What referrers wrote")
async def list_referrer_messages(
    _: Reader, session: Transaction,
    waiting: Annotated[bool, Query(description="only those without an answer")] = False,
    referrer_id: uuid.UUID | None = None, lead_id: uuid.UUID | None = None, cursor: Cursor = None, limit: Limit = 50,
) -> DeskMessagePage:  # fmt: skip
    """Newest first, each with its answers."""
    which = answers.of(session, waiting=waiting, referrer_id=referrer_id, lead_id=lead_id)
    found, people = await answers.page(session, which, moment_of(cursor), limit + 1)
    items, more = cut(found, limit)
    await audit.record(session, "referrer_messages.listed", "referrer_messages", people)
    next_cursor = encode_cursor([items[-1].at.isoformat(), items[-1].id]) if more else None
    return DeskMessagePage(items=list(items), next_cursor=next_cursor)


@router.get("/counts", operation_id="countReferrerMessages", summary="How many messages wait for an answer")
async def count_referrer_messages(_: Reader, session: Transaction) -> MessageCounts:
    """For the menu."""
    return MessageCounts(waiting=await answers.waiting(session))


@router.post(
    "/{message_id}/answers", operation_id="answerReferrerMessage", summary="Answer a referrer", status_code=201
)
async def answer_referrer_message(
    message_id: uuid.UUID, body: AnswerIn, caller: Writer, session: Transaction,
    idempotency_key: Annotated[str | None, Header()] = None,
) -> DeskMessageOut:  # fmt: skip
    """They read it on their page. By e-mail goes only a secure link; who prefers fax gets the answer on paper."""
    answer = partial(answers.answer, session, message_id, body.text)
    asked = f"{message_id}:{body.model_dump_json()}".encode()
    await idempotency.once(session, caller.id, idempotency_key, asked, answer)
    return await _shown(session, "referrer_message.answered", message_id)


@router.post("/{message_id}/settle", operation_id="settleReferrerMessage", summary="A message needs no answer")
async def settle_referrer_message(message_id: uuid.UUID, _: Writer, session: Transaction) -> DeskMessageOut:
    """Nobody waits any more, and its task is done."""
    await answers.settle(session, message_id)
    return await _shown(session, "referrer_message.settled", message_id)


async def _shown(session: AsyncSession, action: str, message_id: uuid.UUID) -> DeskMessageOut:
    shown, people = await answers.one(session, message_id)
    await audit.record(session, action, f"referrer_message:{message_id}", people)
    return shown
