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
    host = request.client.host if request.client else "unknown"
    key = f"rate:{what}:{host}"
    try:
        async with asyncio.timeout(TIMEOUT):
            tries = await context.redis.incr(key)
            if tries == 1:
                await context.redis.expire(key, WINDOW)
            wait = await context.redis.ttl(key) if tries > most else 0
            if wait < 0:
                # Whoever counted first died before setting the end.
                await context.redis.expire(key, WINDOW)
    except UNREACHABLE:
        return
    if tries > most:
        raise SlowDown("Too many tries. Wait a minute, then open the link again.", max(wait, 1))
