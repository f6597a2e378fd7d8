"""The product with an emulated carrier on one event loop; the simulation turns its clock and its job list by hand."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import asyncpg
import httpx
import uvicorn

from backend.api.app import create_app, serve_with
from backend.bench.month.people import CLINICS
from backend.core import clock
from backend.core.context import ProcessContext
from backend.core.ids import new_id
from backend.core.jobs import JobRun
from backend.core.problems import is_outage
from backend.identity import api_keys, service
from backend.identity.permissions import ALL
from backend.identity.queries import practice_key
from backend.launcher.processes import free_port
from backend.messaging import lines, receiving
from backend.sandbox.app import Sandbox, create_sandbox
from backend.wiring.handlers import job_handlers
from backend.worker.runner import JobRunner

AT_ONCE = 12
# Whatever is due before this moment was written in the machine's time, not the simulation's.
VIRTUAL_FROM = "2030-01-01"


class World:
    """A practice at `at`, the simulated time."""

    def __init__(self, context: ProcessContext, sandbox: Sandbox, admin: "asyncpg.Connection", at: datetime) -> None:
        self.context, self.sandbox, self.admin, self.at = context, sandbox, admin, at
        self.runner = JobRunner(context.database, job_handlers(context, {}), lease_seconds=30, attempts=12)
        self.clinics: list[str] = []
        self.http: httpx.AsyncClient
        self.kills = self.jobs = 0

    async def next_due(self) -> datetime | None:
        """When the next job is due, in simulated time."""
        due = await self.admin.fetchval(
            "SELECT min(CASE WHEN run_at < $1::text::timestamptz THEN $2::timestamptz ELSE run_at END) FROM jobs "
            "WHERE state = 'queued' AND queue = 'default'",
            VIRTUAL_FROM, self.at,
        )  # fmt: skip
        return due if isinstance(due, datetime) else None

    async def work(self, dice: random.Random, kill: float = 0.0) -> None:
        """Run everything due now, and what follows from it at once. `kill` is the share of jobs whose worker dies."""
        while True:
            await self._make_due()
            try:
                runs = await self.runner.claim_due("default", AT_ONCE)
            except Exception as error:
                # A connection was cut: the next look finds the same.
                if not is_outage(error):
                    raise
                continue
            if not runs:
                return
            self.jobs += len(runs)
            await asyncio.gather(*(self._one(run, dice, kill) for run in runs))
            # Nobody works on anything now: what is still leased belongs to a worker that died.
            await self.admin.execute("UPDATE jobs SET lease_until = now() - interval '1 s' WHERE state = 'leased'")
            await self.sandbox.twilio.quiet()

    async def _one(self, run: JobRun, dice: random.Random, kill: float) -> None:
        task = asyncio.create_task(self.runner.work(run))
        if dice.random() < kill:
            # The worker dies at whatever point it has reached; its lease runs out, and another takes over.
            self.kills += 1
            await asyncio.wait([task], timeout=dice.uniform(0, 0.06))
            task.cancel()
            await asyncio.wait([task])
        else:
            await asyncio.wait([task])

    async def _make_due(self) -> None:
        """Times by the machine's clock (a retry's wait) become simulated ones; what is due is due for the runner."""
        await self.admin.execute(
            "UPDATE jobs SET run_at = $1::timestamptz + (run_at - now()) "
            "WHERE state = 'queued' AND run_at < $2::text::timestamptz AND run_at > now()",
            self.at, VIRTUAL_FROM,
        )  # fmt: skip
        await self.admin.execute(
            "UPDATE jobs SET run_at = now() "
            "WHERE state = 'queued' AND run_at <= $1::timestamptz AND run_at >= $2::text::timestamptz",
            self.at, VIRTUAL_FROM,
        )  # fmt: skip


@asynccontextmanager
async def open_world(context: ProcessContext, admin_url: str, folder: Path, begin: datetime) -> AsyncIterator[World]:
    """A practice with two clinics in two zones and a number for texts."""
    port = free_port()
    rarely = dict.fromkeys(("reconcile_seconds", "report_seconds"), 3 * 3600.0)
    changes = {"port": port, "sandbox": True, **rarely}
    settings = context.settings.model_copy(update=changes)
    ours = replace(context, settings=settings)
    sandbox = Sandbox(folder, settings.base_url, settings.sandbox_url, time_scale=0.00001)
    admin = await asyncpg.connect(admin_url)
    world = World(ours, sandbox, admin, begin)
    clock.follow(lambda: world.at)
    app = create_app()
    app.mount("/sandbox", create_sandbox(sandbox))
    serve_with(app, ours, {})
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.02)
    key = await _practice(ours, world)
    async with httpx.AsyncClient(
        base_url=settings.base_url, headers={"Authorization": f"Bearer {key}"}, timeout=30
    ) as world.http:
        try:
            yield world
        finally:
            server.should_exit = True
            await serving
            await admin.close()
            clock.shift_by(timedelta(0))


async def _practice(context: ProcessContext, world: World) -> str:
    async with context.database.system() as session:
        practice = await service.create_practice(
            session, context.keyring, name="Northside Physical Therapy", slug=f"month-{new_id().hex[-8:]}",
            timezone=CLINICS[0][1],
        )  # fmt: skip
    account, key = world.sandbox.twilio.account, f"fd_live_{new_id().hex}"
    async with context.database.transaction(practice.id) as session:
        for name, zone in CLINICS:
            world.clinics.append(str((await service.create_location(session, name=name, timezone=zone)).id))
        line = await lines.add_line(
            session, await practice_key(session, context), account_key=account.account_key, number=account.number,
            secrets=account.credentials,
        )  # fmt: skip
        await receiving.plan_reconcile(session, context, line)
        api_keys.create(session, "month", sorted(ALL), key)
    return key
