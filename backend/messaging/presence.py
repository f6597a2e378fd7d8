"""Who is typing where: kept in Redis for a few seconds. Without Redis nobody seems to type, and nothing is lost."""

import asyncio
import uuid
from typing import Final

from redis.exceptions import RedisError

from backend.core.actor import Actor
from backend.core.context import ProcessContext
from backend.core.database import AfterCommit, LiveEvent
from backend.core.live import TIMEOUT, Announcer

LASTS: Final = 6
UNREACHABLE: Final = (RedisError, OSError, TimeoutError)


def _key(caller: Actor, conversation_id: uuid.UUID) -> str:
    return f"typing:{caller.practice_id}:{conversation_id}"


async def note(context: ProcessContext, caller: Actor, conversation_id: uuid.UUID, *, active: bool) -> None:
    """The caller types there now, or has stopped; others are told to look."""
    if caller.user_id is None:
        return
    key, at = _key(caller, conversation_id), context.clock().timestamp()
    try:
        async with asyncio.timeout(TIMEOUT):
            if active:
                await context.redis.zadd(key, {caller.id: at})
                await context.redis.expire(key, LASTS)
            else:
                await context.redis.zrem(key, caller.id)
    except UNREACHABLE:
        return
    event = LiveEvent("conversation.typing", str(conversation_id), 0, caller.mutation_id)
    await Announcer(context.redis)(AfterCommit(caller.practice_id, live=[event]))


async def others(context: ProcessContext, caller: Actor, conversation_id: uuid.UUID) -> list[uuid.UUID]:
    """Colleagues who type there now."""
    since = context.clock().timestamp() - LASTS
    try:
        async with asyncio.timeout(TIMEOUT):
            found = await context.redis.zrangebyscore(_key(caller, conversation_id), since, "+inf")
    except UNREACHABLE:
        return []
    return [uuid.UUID(bytes(member).decode()) for member in found if bytes(member).decode() != caller.id]
