"""Colleagues named in a note: who may be, who was, who has seen it."""

import uuid
from collections.abc import Sequence

from sqlalchemy import Select, func, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import actor_of, within
from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.problems import Invalid
from backend.identity.models import Membership, User
from backend.identity.permissions import ROLES
from backend.messaging.models import Conversation, Mention, Message

READERS = sorted(role for role, permissions in ROLES.items() if "messages:read" in permissions)


async def add(session: AsyncSession, conversation: Conversation, note: Message, user_ids: Sequence[uuid.UUID]) -> None:
    """Name these colleagues. Raises `Invalid` for anyone who could not open the conversation."""
    named = dict.fromkeys(user_ids)
    if not named:
        return
    known = set(await session.scalars(_readers(session, conversation).where(User.id.in_(named))))
    if known != set(named):
        raise Invalid("Name colleagues who may read this conversation.", errors=[("/mentions", "unknown")])
    session.add_all(
        Mention(
            practice_id=note.practice_id, message_id=note.id, user_id=user_id, conversation_id=conversation.id,
            seen_at=None,
        )
        for user_id in named
    )  # fmt: skip
    await session.flush()


def _readers(session: AsyncSession, conversation: Conversation) -> Select[uuid.UUID]:
    # A conversation of no clinic yet is everyone's.
    place = conversation.location_id
    here = true() if place is None else or_(Membership.location_id.is_(None), Membership.location_id == place)
    return (
        select(User.id)
        .join(Membership, (Membership.practice_id == User.practice_id) & (Membership.user_id == User.id))
        .where(User.practice_id == practice_of(session), User.active, Membership.role.in_(READERS), here)
    )


def naming_me(session: AsyncSession) -> Select[uuid.UUID]:
    """Ids of the conversations whose notes name the caller."""
    return select(Mention.conversation_id).where(
        Mention.practice_id == practice_of(session), Mention.user_id == actor_of(session).user_id
    )


async def see(session: AsyncSession, conversation_id: uuid.UUID) -> None:
    """The caller reads the conversation: what names them there is seen."""
    await session.execute(
        update(Mention)
        .where(Mention.practice_id == practice_of(session), Mention.user_id == actor_of(session).user_id)
        .where(Mention.conversation_id == conversation_id, Mention.seen_at.is_(None))
        .values(seen_at=now())
    )


async def unseen(session: AsyncSession) -> int:
    """How many conversations name the caller and were not opened since."""
    query = (
        select(func.count(Mention.conversation_id.distinct()))
        .join(
            Conversation,
            (Conversation.practice_id == Mention.practice_id) & (Conversation.id == Mention.conversation_id),
        )
        .where(Mention.practice_id == practice_of(session), Mention.user_id == actor_of(session).user_id)
        .where(Mention.seen_at.is_(None), within(session, "messages:read", Conversation.location_id))
    )
    return await session.scalar(query) or 0


async def of_caller(session: AsyncSession, conversation_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, bool]:
    """Of these conversations, those that name the caller: whether all of it was seen."""
    rows = await session.execute(
        select(Mention.conversation_id, func.bool_and(Mention.seen_at.is_not(None)))
        .where(Mention.practice_id == practice_of(session), Mention.user_id == actor_of(session).user_id)
        .where(Mention.conversation_id.in_(conversation_ids))
        .group_by(Mention.conversation_id)
    )
    return {row[0]: row[1] for row in rows}
