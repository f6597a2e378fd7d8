"""How often one address may try. Counted in Redis; without it nothing is counted, and the links' own limits hold."""

import asyncio
from typing import Final

from fastapi import Request
from redis.exceptions import RedisError

from backend.core.context import ProcessContext
from backend.core.live import TIMEOUT
from backend.core.problems import SlowDown

WINDOW: Final = 60
UNREACHABLE: Final = (RedisError, OSError, TimeoutError)


async def limit(context: ProcessContext, request: Request, what: str, most: int) -> None:
    """Count one try of this address. Raises `SlowDown` beyond `most` a minute."""
    await count(context, request, what)
    await refuse(context, request, what, most + 1)


async def count(context: ProcessContext, request: Request, what: str) -> None:
    """One try more within this minute."""
    key = _key(request, what)
    try:
        async with asyncio.timeout(TIMEOUT):
            tries = await context.redis.incr(key)
            # Whoever counted first may have died before setting the end.
            if tries == 1 or await context.redis.ttl(key) < 0:
                await context.redis.expire(key, WINDOW)
    except UNREACHABLE:
        return


async def refuse(context: ProcessContext, request: Request, what: str, tries: int) -> None:
    """Raises `SlowDown` for an address of which so many tries were counted."""
    key = _key(request, what)
    try:
        async with asyncio.timeout(TIMEOUT):
            counted = int(await context.redis.get(key) or 0)
            wait = await context.redis.ttl(key) if counted >= tries else 0
    except UNREACHABLE:
        return
    if counted >= tries:
        raise SlowDown("Too many tries. Wait a minute, then open the link again.", max(wait, 1))


def _key(request: Request, what: str) -> str:
    host = request.client.host if request.client else "unknown"
    return f"rate:{what}:{host}"
