"""What patients wrote and nobody has answered yet, for their cards: one query for a page of cards."""

import uuid
from collections.abc import Sequence
from typing import Final

from sqlalchemy import and_, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from backend.board.schemas import Reply
from backend.core.actor import within
from backend.core.database import practice_of
from backend.messaging.models import Conversation, ConversationPatient, Message
from backend.messaging.queries import WORDLESS
from backend.messaging.wording import in_words

PREVIEW: Final = 160


async def unanswered(session: AsyncSession, patient_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Reply]:
    """By patient, the newest text of a conversation that waits for us."""
    practice_id = practice_of(session)
    last = (
        select(func.left(Message.body, PREVIEW).label("body"), Message.understood, Message.created_at)
        .where(Message.practice_id == Conversation.practice_id, Message.conversation_id == Conversation.id)
        .where(Message.direction == "in")
        .order_by(Message.created_at.desc(), Message.id.desc())
        .limit(1)
        .lateral()
    )
    link = ConversationPatient
    rows = await session.execute(
        select(link.patient_id, last.c.body, last.c.understood, last.c.created_at)
        .join(Conversation, and_(Conversation.practice_id == link.practice_id, Conversation.id == link.conversation_id))
        .join(last, true())
        .where(link.practice_id == practice_id, link.patient_id.in_(patient_ids))
        .where(Conversation.waiting, within(session, "messages:read", Conversation.location_id))
        .order_by(last.c.created_at)
    )
    return {
        patient_id: Reply(said=" · ".join(in_words(understood)) if understood else None, text=body or WORDLESS, at=at)
        for patient_id, body, understood, at in rows
    }
