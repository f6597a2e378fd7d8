"""The text after a missed call: once per call, seldom per phone, through the gate like every other."""

from datetime import timedelta
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import practice_of
from backend.messaging import consent, facts, service, standard
from backend.messaging.calls.models import Call
from backend.messaging.models import Conversation, Message, PhoneLine
from backend.messaging.service import NewText
from backend.messaging.states import NOT_SENT

TEMPLATE: Final = "missed_call"
# One text-back to a phone in this time, and none about a call that was longer ago.
QUIET: Final = timedelta(hours=4)


async def offer(session: AsyncSession, line: PhoneLine, conversation: Conversation, call: Call) -> None:
    """Write it where it may be written. The conversation is locked, and so is the phone."""
    if not line.text_back or call.text_back_id is not None or now() - call.started_at > QUIET:
        return
    if await _recent(session, conversation.phone):
        return
    await _agreed(session, conversation.phone)
    verdict = await facts.verdict(session, conversation, "care")
    if verdict.action == "block":
        return
    body = await standard.text(session, TEMPLATE, conversation)
    message = await service.write(session, conversation, NewText(body, "care", call.lead_id, automatic=True))
    call.text_back_id = message.id
    await session.flush()
    await service.release(session, conversation.phone)


async def _recent(session: AsyncSession, phone: str) -> bool:
    """Whether one was written lately, or still waits for the morning."""
    practice_id = practice_of(session)
    lately = or_(Message.status.in_(NOT_SENT), func.coalesce(Message.sent_at, Message.created_at) > now() - QUIET)
    query = (
        select(Message.id)
        .join(Call, (Call.practice_id == Message.practice_id) & (Call.text_back_id == Message.id))
        .where(Message.practice_id == practice_id, Call.phone == phone, Message.status != "canceled", lately)
        .limit(1)
    )
    return await session.scalar(query) is not None


async def _agreed(session: AsyncSession, phone: str) -> None:
    """Who calls us may be answered about it; only START undoes a STOP, and a stranger has agreed to nothing."""
    if await consent.is_stranger(session, phone):
        return
    if await consent.state(session, phone) in {"none", "asked"}:
        await consent.record(session, phone, "granted", "given_number", evidence="called us")
