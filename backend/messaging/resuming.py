"""The job that follows `alarms.resume`: texts that waited for their line are put before the gate again."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.core.jobs import JobRun
from backend.messaging import service
from backend.messaging.models import Conversation, Message
from backend.messaging.sending import locked


async def resume(run: JobRun) -> None:
    """Put every text that waits for this line before the gate again, each under its conversation's lock."""
    async with run.transaction() as session:
        waiting = await _waiting(session, run.ref_id)
    for message_id in waiting:
        async with run.transaction() as session:
            found = await locked(session, message_id)
            if found is None or (found[0].status, found[0].reason) != ("held", "line_paused"):
                continue
            message = found[0]
            message.status, message.reason, message.hold_until = "queued", None, None
            message.version += 1
            await service.dispatch(session, message)
            service.touch(session, found[1], new=False)
    async with run.transaction() as session:
        await run.finish(session)


async def _waiting(session: AsyncSession, line_id: uuid.UUID) -> Sequence[uuid.UUID]:
    query = (
        select(Message.id)
        .join(
            Conversation,
            (Conversation.practice_id == Message.practice_id) & (Conversation.id == Message.conversation_id),
        )
        .where(Message.practice_id == practice_of(session), Conversation.line_id == line_id)
        .where(Message.status == "held", Message.reason == "line_paused")
        .order_by(Message.created_at, Message.id)
    )
    return (await session.scalars(query)).all()
