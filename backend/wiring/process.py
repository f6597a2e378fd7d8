"""Open and close what a process needs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import asyncpg
from arq.connections import ArqRedis
from redis.asyncio import ConnectionPool

from backend import tables
from backend.core import clock
from backend.core.context import ProcessContext
from backend.core.crypto import Keyring
from backend.core.database import Database
from backend.core.documents import DocumentStore
from backend.core.inbox import Inbox
from backend.core.live import Announcer
from backend.core.settings import Settings
from backend.faxes import own_letters
from backend.integrations.object_store import open_objects
from backend.loop import returning
from backend.messaging import answering
from backend.scheduling import answering as visits
from backend.wiring import placeholders
from backend.wiring.subscribers import subscribers


@asynccontextmanager
async def open_process(settings: Settings) -> AsyncIterator[ProcessContext]:
    """Connections of one api or worker process. DATABASE_URL and REDIS_URL must be set by now."""
    tables.resolve()
    placeholders.provide()
    answering.provide(visits.settle)
    own_letters.provide(returning.find)
    clock.shift_by(timedelta(hours=settings.clock_shift_hours))
    redis = ArqRedis(pool_or_conn=ConnectionPool.from_url(settings.redis_url, socket_connect_timeout=1))
    announcer = Announcer(redis)
    database = Database(
        settings.database_url, pool_size=settings.database_pool, subscribers=subscribers(), announce=announcer
    )
    pool = await asyncpg.create_pool(
        settings.database_url.replace("postgresql+asyncpg://", "postgresql://"),
        min_size=1,
        max_size=4,
        server_settings={"app.system": "on", "application_name": "frontdesk-inbox"},
    )
    try:
        yield ProcessContext(
            settings=settings,
            database=database,
            redis=redis,
            keyring=Keyring(settings.root_key_bytes()),
            documents=DocumentStore(open_objects(settings.documents_url, settings.data / "documents")),
            inbox=Inbox(pool, announcer),
            clock=clock.now,
        )
    finally:
        await pool.close()
        await database.close()
        await redis.aclose()
