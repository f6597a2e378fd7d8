"""Somebody has dealt with a caller: what waited for them goes no further."""

from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import practice_of
from backend.messaging.calls.models import Call
from backend.messaging.calls.states import ANSWERED, UNANSWERED
from backend.messaging.models import Message
from backend.messaging.states import NOT_SENT


async def settle(session: AsyncSession, phone: str) -> None:
    """They were reached, or a person texts them: "sorry we missed your call" would be late now."""
    await take_back(session, phone)
    await mark(session, phone)


async def settle_until(session: AsyncSession, phone: str, answered_at: datetime) -> bool:
    """The desk took a call of then. False when they have called again since and still wait."""
    later = await session.scalar(
        select(Call.id).where(*_unhandled(session, phone), Call.started_at > answered_at).limit(1)
    )
    if later is None:
        await settle(session, phone)
        return True
    await session.execute(
        update(Call).where(*_unhandled(session, phone), Call.started_at <= answered_at).values(handled_at=now())
    )
    return False


async def answered_since(session: AsyncSession, phone: str, called_at: datetime) -> bool:
    """Whether the desk has talked with them after that call: news of it come late."""
    query = select(Call.id).where(
        Call.practice_id == practice_of(session), Call.phone == phone, Call.outcome == ANSWERED,
        Call.started_at > called_at,
    )  # fmt: skip
    return await session.scalar(query.limit(1)) is not None


async def mark(session: AsyncSession, phone: str) -> None:
    """Their calls have been answered to."""
    await session.execute(update(Call).where(*_unhandled(session, phone)).values(handled_at=now()))


def _unhandled(session: AsyncSession, phone: str) -> tuple[ColumnElement[bool], ...]:
    ours = (Call.practice_id == practice_of(session)) & (Call.phone == phone)
    return ours, Call.outcome.in_(UNANSWERED), Call.handled_at.is_(None)


async def take_back(session: AsyncSession, phone: str) -> None:
    """Cancel the text-backs that have not gone out."""
    practice_id = practice_of(session)
    ours = select(Call.text_back_id).where(Call.practice_id == practice_id, Call.phone == phone)
    await session.execute(
        update(Message)
        .where(Message.practice_id == practice_id, Message.id.in_(ours), Message.status.in_(NOT_SENT))
        .values(status="canceled", reason=None, hold_until=None, version=Message.version + 1)
    )
