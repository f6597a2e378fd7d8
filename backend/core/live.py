"""Redis as bell and loudspeaker: rings arq after a commit and tells other screens what changed.

Everything here may be lost without harm: jobs are swept, screens load again on reconnect. So every failure is
swallowed after a short timeout.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import asdict
from uuid import UUID

from arq.connections import ArqRedis
from redis.asyncio import Redis
from redis.exceptions import RedisError

from backend.core.database import AfterCommit, LiveEvent
from backend.core.logging import get_logger
from backend.core.metrics import RINGS_LOST

log = get_logger(__name__)
TIMEOUT = 0.5
RESYNC = LiveEvent(type="resync", id="", version=0)


def channel(practice_id: UUID) -> str:
    """The pub/sub channel of a practice."""
    return f"live:{practice_id}"


class Announcer:
    """Announces what a commit left behind."""

    def __init__(self, redis: ArqRedis) -> None:
        self._redis = redis

    async def __call__(self, after: AfterCommit) -> None:
        """Ring for each job and publish each live event; never raises."""
        try:
            async with asyncio.timeout(TIMEOUT):
                for queue, job_id in after.jobs:
                    await ring(self._redis, queue, str(job_id))
                if after.practice_id:
                    for event in after.live:
                        await self._redis.publish(channel(after.practice_id), json.dumps(asdict(event)))
        except (RedisError, OSError, TimeoutError):
            RINGS_LOST.inc(len(after.jobs) + len(after.live))


async def ring(redis: ArqRedis, queue: str, job_id: str) -> None:
    """Ring arq, once for a job: at the commit that wrote it. Whatever happens later is found by the sweep."""
    await redis.enqueue_job("run", job_id, _job_id=job_id, _queue_name=f"frontdesk:{queue}")


async def listen(redis: Redis, practice_id: UUID, ping_seconds: float = 15.0) -> AsyncIterator[LiveEvent | None]:
    """Yield live events of a practice; None as a ping; RESYNC whenever something may have been missed."""
    while True:
        try:
            async with redis.pubsub() as pubsub:
                await pubsub.subscribe(channel(practice_id))
                yield RESYNC
                while True:
                    message = await pubsub.get_message(ignore_subscribe_messages=True, timeout=ping_seconds)
                    yield LiveEvent(**json.loads(message["data"])) if message else None
        except (RedisError, OSError):
            # Without Redis nobody tells us what changed: let the screens load again every few seconds.
            with contextlib.suppress(TimeoutError):
                await asyncio.sleep(3)
            yield RESYNC
