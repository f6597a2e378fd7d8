"""Somebody has dealt with a caller: what waited for them goes no further."""

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import practice_of
from backend.messaging.calls.models import Call
from backend.messaging.calls.states import UNANSWERED
from backend.messaging.models import Message
from backend.messaging.states import NOT_SENT


async def settle(session: AsyncSession, phone: str) -> None:
    """They were reached, or a person texts them: "sorry we missed your call" would be late now."""
    await take_back(session, phone)
    await mark(session, phone)


async def mark(session: AsyncSession, phone: str) -> None:
    """Their calls have been answered to."""
    await session.execute(
        update(Call)
        .where(Call.practice_id == practice_of(session), Call.phone == phone)
        .where(Call.outcome.in_(UNANSWERED), Call.handled_at.is_(None))
        .values(handled_at=now())
    )


async def take_back(session: AsyncSession, phone: str) -> None:
    """Cancel the text-backs that have not gone out."""
    practice_id = practice_of(session)
    ours = select(Call.text_back_id).where(Call.practice_id == practice_id, Call.phone == phone)
    await session.execute(
        update(Message)
        .where(Message.practice_id == practice_id, Message.id.in_(ours), Message.status.in_(NOT_SENT))
        .values(status="canceled", reason=None, hold_until=None, version=Message.version + 1)
    )
