"""The product beside the emulated fax carriers, in this process, with a worker to be called by hand."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from backend.api.app import serve_with
from backend.core.context import ProcessContext
from backend.core.jobs import QUEUES
from backend.faxes import lines, receiving
from backend.faxes.ports import FaxProvider
from backend.identity.queries import practice_key
from backend.sandbox.app import Sandbox, create_sandbox
from backend.wiring.fax_providers import fax_providers
from backend.wiring.handlers import job_handlers
from backend.worker.runner import JobRunner
from tests.conftest import SamplePractice, beside
from tests.ports import free_port
from tests.unit.faxes import papers

BASE = "https://test.example.org"
# Where the doctors' mail server of these tests listens.
MAIL_TO_SANDBOX = {"sandbox": True, "port": free_port()}


class World:
    """The product, the carriers, and a worker to be called by hand."""

    def __init__(self, app: FastAPI, context: ProcessContext, sandbox: Sandbox, providers: dict[str, FaxProvider],
                 http: httpx.AsyncClient, admin: "asyncpg.Connection") -> None:  # fmt: skip
        working = replace(context, settings=context.settings.model_copy(update=MAIL_TO_SANDBOX))
        self.app, self.context, self.sandbox, self.http, self.admin = app, context, sandbox, http, admin
        self._runner = JobRunner(context.database, job_handlers(working, providers), lease_seconds=30, attempts=4)

    async def send(self, provider: str, fault: str | None = None, count: int = 1) -> str:
        """A fax arrives at a carrier, which tells the product; returns its id there."""
        if fault is not None:
            await self.http.post("/sandbox/faults", json={"provider": provider, "fault": fault, "count": count})
        form = {"provider": provider, "from": "+13125550142"}
        files = {"file": ("fax.pdf", papers.pdf())}
        sent = (await self.http.post("/sandbox/faxes", data=form, files=files)).json()
        async with asyncio.timeout(10):
            while not self.sandbox.carriers.store.faxes[sent["id"]].told:
                await asyncio.sleep(0.01)
        return str(sent["id"])

    async def work(self, rounds: int = 4, reconcile: bool = False) -> None:
        """Run due jobs of both queues; comparisons with providers' lists only when asked for."""
        for _ in range(rounds):
            which = "" if reconcile else "AND kind <> 'faxes.reconcile'"
            await self.admin.execute(f"UPDATE jobs SET rung_at = NULL, run_at = now() WHERE state = 'queued' {which}")
            for queue in QUEUES:
                await self._runner.run_due(queue)
            reconcile = False

    async def faxes(self) -> list[tuple[str, str]]:
        """(status, channel) of every fax."""
        rows = await self.admin.fetch("SELECT status, channel FROM faxes ORDER BY id")
        return [(row["status"], row["channel"]) for row in rows]


@asynccontextmanager
async def open_world(
    app: FastAPI,
    context: ProcessContext,
    practice: SamplePractice,
    admin: "asyncpg.Connection",
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[World]:
    """Carriers and product joined without a network."""
    settings = context.settings.model_copy(update=MAIL_TO_SANDBOX)
    sandbox = Sandbox(folder, BASE, f"{BASE}/sandbox", 0.00001, settings.sandbox_mail_port)
    both = beside(app, create_sandbox(sandbox))
    transport = httpx.ASGITransport(app=both, raise_app_exceptions=False)
    plain = httpx.AsyncClient
    monkeypatch.setattr("backend.sandbox.delivery.httpx.AsyncClient", lambda **kw: plain(transport=transport, **kw))
    async with plain(transport=transport, base_url=BASE) as http:
        providers = dict(fax_providers(http, settings))
        for provider in providers.values():
            _point(provider, settings.sandbox_url, f"{BASE}/sandbox")
        serve_with(app, context, providers)
        async with context.database.transaction(practice.id) as session:
            key = await practice_key(session, context)
            for account in sandbox.accounts:
                line = await lines.add_line(
                    session, key, provider=account.provider, account_key=account.account_key, number=account.number,
                    secrets=account.secrets,
                )  # fmt: skip
                await receiving.plan_reconcile(session, context, line)
        yield World(app, context, sandbox, providers, http, admin)
        await sandbox.deliveries.stop()


def _point(provider: Any, old: str, new: str) -> None:
    for name in ("_base", "_url"):
        if hasattr(provider, name):
            setattr(provider, name, getattr(provider, name).replace(old, new))
