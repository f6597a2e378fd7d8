"""What benchmarks stand on: servers of their own, a practice, the whole product as a process, percentiles."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from backend.cli.environment import ROOT, migrate
from backend.core import logging
from backend.core.actor import Actor
from backend.core.context import ProcessContext
from backend.core.settings import Settings
from backend.identity import service
from backend.identity.permissions import ROLES
from backend.launcher.processes import free_port
from backend.launcher.services import ensure_services, stop_services

KEY = "fd_live_bench_000000000000000000000000"


@dataclass(frozen=True, slots=True)
class Ground:
    """Settings of a migrated database, and how to reach it as superuser."""

    settings: Settings
    admin_url: str


@contextmanager
def servers() -> Iterator[Ground]:
    """PostgreSQL and Valkey in a folder that goes away."""
    with tempfile.TemporaryDirectory() as folder:
        # As root the servers run as another user, who must be able to pass through here.
        Path(folder).chmod(0o755)
        running = ensure_services(Path(folder))
        try:
            facts = {
                "FRONTDESK_ENVIRONMENT": "test",
                "FRONTDESK_DATA": Path(folder),
                "DATABASE_URL": running.database_url,
                "MIGRATIONS_URL": running.migrations_url,
                "REDIS_URL": running.redis_url,
            }
            settings = Settings.model_validate(facts)
            logging.configure("ERROR", "json")
            migrate(settings)
            yield Ground(settings, running.admin_database_url.replace("+asyncpg", ""))
        finally:
            stop_services(running)


@dataclass(frozen=True, slots=True)
class Desk:
    """A practice with one clinic and one person."""

    practice_id: uuid.UUID
    location_id: uuid.UUID
    actor: Actor


async def make_desk(context: ProcessContext, zone: str = "America/Chicago") -> Desk:
    """A fresh practice."""
    async with context.database.system() as session:
        practice = await service.create_practice(
            session, context.keyring, name="Bench", slug=f"bench-{uuid.uuid4().hex[:8]}", timezone=zone
        )
    async with context.database.transaction(practice.id) as session:
        location = await service.create_location(session, name="North", timezone=zone)
        user = await service.create_user(
            session, email=f"{uuid.uuid4().hex}@example.org", name="Dana Desk", password=uuid.uuid4().hex,
            role="front_desk",
        )  # fmt: skip
    actor = Actor(practice.id, "user", str(user.id), user.name, ROLES["front_desk"])
    return Desk(practice.id, location.id, actor)


@dataclass(frozen=True, slots=True)
class Product:
    """`make run` as a process of its own."""

    url: str
    admin_url: str
    folder: Path

    def client(self) -> httpx.AsyncClient:
        """A program with every permission."""
        return httpx.AsyncClient(base_url=self.url, headers={"Authorization": f"Bearer {KEY}"}, timeout=30)


@contextmanager
def product() -> Iterator[Product]:
    """Api, workers, servers, sandbox and demo, with the clock at a weekday's noon so that texts may go out."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        port = free_port()
        environment = {
            **{name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}},
            "FRONTDESK_DATA": folder,
            "PORT": str(port),
            "FRONTDESK_DEMO_API_KEY": KEY,
            "FRONTDESK_CLOCK_SHIFT_HOURS": str(hours_until_noon()),
            "LOG_LEVEL": "ERROR",
        }
        command = [sys.executable, "-m", "backend.cli", "run"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(url, process)
            yield Product(url, ensure_services(Path(folder)).admin_database_url.replace("+asyncpg", ""), Path(folder))
        finally:
            process.terminate()
            process.wait(timeout=60)


def _wait(url: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(f"{url}/readyz", timeout=2).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.3)
    raise RuntimeError("frontdesk did not start")


def hours_until_noon(zone: str = "America/Chicago") -> float:
    """Hours from now to the next noon from Tuesday to Thursday: lawful for texts in every zone of the mainland."""
    real = datetime.now(UTC)
    noon = real.astimezone(ZoneInfo(zone)).replace(hour=12, minute=0, second=0, microsecond=0)
    while noon < real or not 1 <= noon.weekday() <= 3:
        noon += timedelta(days=1)
    return (noon - real).total_seconds() / 3600


def at(times: Sequence[float], share: float) -> float:
    """A percentile of seconds, in milliseconds."""
    ordered = sorted(times)
    return round(1000 * ordered[min(len(ordered) - 1, int(len(ordered) * share))], 1)


async def repeated(times: int, call: Callable[[], Awaitable[Any]]) -> list[float]:
    """Seconds of each call, one after the other."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        await call()
        taken.append(time.perf_counter() - begun)
    return taken


async def until(found: Callable[[], Awaitable[Any]], seconds: float = 30.0) -> Any:
    """Ask until there is an answer. Raises `TimeoutError`."""
    async with asyncio.timeout(seconds):
        while not (answer := await found()):
            await asyncio.sleep(0.01)
        return answer
