"""PostgreSQL goes down and comes back while a worker works: the job is done, once."""

import asyncio
import signal
import subprocess
import time
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from backend.cli.environment import migrate
from backend.core.context import ProcessContext
from backend.core.jobs import JobRun, later
from backend.core.settings import Settings
from backend.identity import service
from backend.identity.models import SecurityEvent
from backend.launcher import processes
from backend.launcher.services import ensure_services
from backend.wiring.process import open_process
from backend.worker.main import run_worker

JOBS = 60
pytestmark = [pytest.mark.chaos, pytest.mark.timeout(120)]


async def count(run: JobRun) -> None:
    """The effect, in the transaction that finishes the job."""
    async with run.transaction() as session:
        session.add(SecurityEvent(practice_id=run.practice_id, kind="counted", subject=str(run.ref_id)))
        await run.finish(session)


def test_postgresql_restarts_under_a_worker(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("restart")
    services = ensure_services(folder)
    facts = {
        "FRONTDESK_ENVIRONMENT": "test", "FRONTDESK_DATA": folder, "DATABASE_URL": services.database_url,
        "MIGRATIONS_URL": services.migrations_url, "REDIS_URL": services.redis_url, "FRONTDESK_LEASE_SECONDS": 3,
    }  # fmt: skip
    settings = Settings.model_validate(facts)
    migrate(settings)
    postgres, redis = services.started
    again: list[subprocess.Popen[bytes]] = []
    try:
        asyncio.run(_work_through_a_restart(settings, postgres, again))
    finally:
        for process in (*again, redis):
            process.send_signal(signal.SIGINT)
            process.wait(timeout=20)


def restart(postgres: "subprocess.Popen[bytes]", folder: Path) -> "subprocess.Popen[bytes]":
    """The same server on the same port, down for a second."""
    postgres.send_signal(signal.SIGINT)
    postgres.wait(timeout=20)
    time.sleep(1)
    return processes.spawn([str(part) for part in cast(list[str], postgres.args)], folder / "postgres-again.log")


async def _counted(context: ProcessContext) -> int:
    """Effects so far; 0 while the database is away."""
    try:
        async with context.database.system() as session:
            return await session.scalar(select(func.count()).select_from(SecurityEvent)) or 0
    except (SQLAlchemyError, OSError):
        return 0


async def _work_through_a_restart(
    settings: Settings, postgres: "subprocess.Popen[bytes]", again: "list[subprocess.Popen[bytes]]"
) -> None:
    async with open_process(settings) as context:
        async with context.database.system() as session:
            practice = await service.create_practice(
                session, context.keyring, name="Restart", slug="restart", timezone="America/Chicago"
            )
        async with context.database.transaction(practice.id) as session:
            for number in range(JOBS):
                await later(session, "count", practice.id, key=str(number))
        worker = asyncio.create_task(run_worker(context, {"count": count}, "default", 2))
        await asyncio.sleep(0.2)
        again.append(restart(postgres, settings.data))
        async with asyncio.timeout(60):
            while await _counted(context) < JOBS:
                await asyncio.sleep(0.3)
        await asyncio.sleep(1)
        assert await _counted(context) == JOBS
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
