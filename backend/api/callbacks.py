"""What every provider's callback goes through: a bounded body, the inbox before the 2xx, a trace of a refusal."""

import uuid

from fastapi import Request

from backend.core.context import ProcessContext
from backend.core.inbox import Delivery
from backend.core.logging import get_logger
from backend.core.metrics import WEBHOOKS
from backend.core.problems import TooLarge, Unavailable
from backend.identity.models import SecurityEvent

log = get_logger(__name__)
# A line looked up for a callback is remembered this long: a burst costs one lookup.
REMEMBER_SECONDS = 10.0


async def body_of(request: Request, most: int) -> bytes:
    """The body. Raises `TooLarge` as soon as it is."""
    size = 0
    parts: list[bytes] = []
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise TooLarge(f"A callback may hold at most {most // 1024} kB.")
        parts.append(part)
    return b"".join(parts)


async def keep(context: ProcessContext, delivery: Delivery) -> None:
    """Durable when this returns; a repeat changes nothing. Raises `Unavailable`, so that the provider tries again."""
    assert context.inbox is not None
    try:
        new = await context.inbox.record(delivery)
    except Exception as error:
        log.error("inbox_unavailable", error=type(error).__name__, provider=delivery.provider)
        WEBHOOKS.labels(delivery.provider, "unavailable").inc()
        raise Unavailable from None
    WEBHOOKS.labels(delivery.provider, "new" if new else "repeat").inc()


async def refuse(context: ProcessContext, practice_id: str, provider: str) -> None:
    """Nothing of a callback that proves nothing is kept, but that it came."""
    WEBHOOKS.labels(provider, "bad_signature").inc()
    async with context.database.system() as session:
        session.add(SecurityEvent(practice_id=uuid.UUID(practice_id), kind="webhook_bad_signature", subject=provider))
