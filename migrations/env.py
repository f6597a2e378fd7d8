"""Alembic environment: async engine, owner role, a lock timeout so that a migration never blocks the desk."""

import asyncio
import os

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from backend.tables import metadata

LOCK_TIMEOUT = "4s"


def _include(_object: object, name: str | None, kind: str, reflected: bool, _against: object) -> bool:
    # Triggers' helper indexes written by hand in a migration are not in the models.
    return not (kind == "index" and reflected and (name or "").startswith("rule_"))


def _migrate(connection: Connection) -> None:
    connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_type=True,
        include_object=_include,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def _run(url: str) -> None:
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(_migrate)
    await engine.dispose()


def main() -> None:
    """Migrate the database named by the config's `sqlalchemy.url` or MIGRATIONS_URL."""
    url = context.config.get_main_option("sqlalchemy.url") or os.environ["MIGRATIONS_URL"]
    asyncio.run(_run(url))


main()
