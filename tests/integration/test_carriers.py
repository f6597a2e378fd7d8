"""Faxes through the emulated carriers: webhook to card, twice, out of order, spoilt, missed, with the database away."""

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI

from backend.api.app import serve_with
from backend.core.context import ProcessContext
from backend.core.jobs import QUEUES
from backend.faxes import lines, receiving
from backend.faxes.ports import FaxProvider
from backend.identity.queries import practice_key
from backend.operations.service import replay_delivery
from backend.sandbox.app import Sandbox, create_sandbox
from backend.wiring.fax_providers import fax_providers
from backend.wiring.handlers import job_handlers
from backend.worker.runner import JobRunner
from tests.conftest import SamplePractice, beside
from tests.unit.faxes import papers

BASE = "https://test.example.org"


class World:
    """The product, the carriers, and a worker to be called by hand."""

    def __init__(self, app: FastAPI, context: ProcessContext, sandbox: Sandbox, providers: dict[str, FaxProvider],
                 http: httpx.AsyncClient, admin: "asyncpg.Connection") -> None:  # fmt: skip
        self.app, self.context, self.sandbox, self.http, self.admin = app, context, sandbox, http, admin
        self._runner = JobRunner(context.database, job_handlers(context, providers), lease_seconds=30, attempts=4)

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


@pytest.fixture
async def world(
    app: FastAPI,
    context: ProcessContext,
    practice: SamplePractice,
    admin: "asyncpg.Connection",
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[World]:
    """Carriers and product in this process, joined without a network."""
    sandbox = Sandbox(tmp_path / "sandbox", BASE, f"{BASE}/sandbox", time_scale=0.00001)
    both = beside(app, create_sandbox(sandbox))
    transport = httpx.ASGITransport(app=both, raise_app_exceptions=False)
    plain = httpx.AsyncClient
    monkeypatch.setattr("backend.sandbox.delivery.httpx.AsyncClient", lambda **kw: plain(transport=transport, **kw))
    settings = context.settings.model_copy(update={"sandbox": True})
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


@pytest.mark.parametrize("provider", ["telnyx", "documo", "sinch"])
async def test_a_webhook_becomes_a_card(world: World, provider: str) -> None:
    await world.send(provider)
    await world.work()
    assert await world.faxes() == [("filed", provider)]
    assert await world.admin.fetchval("SELECT count(*) FROM leads") == 1
    assert await world.admin.fetchval("SELECT count(*) FROM webhook_deliveries WHERE state = 'pending'") == 0


async def test_srfax_is_polled_and_marked_viewed_afterwards(world: World) -> None:
    external_id = await world.send("srfax")
    await world.work(reconcile=True)
    assert await world.faxes() == [("filed", "srfax")]
    assert world.sandbox.carriers.store.faxes[external_id].viewed


@pytest.mark.parametrize("provider", ["telnyx", "documo", "sinch"])
@pytest.mark.parametrize("fault", ["duplicate", "out_of_order"])
async def test_twice_or_out_of_order_is_one_fax(world: World, provider: str, fault: str) -> None:
    await world.send(provider, fault)
    await world.work()
    assert await world.faxes() == [("filed", provider)]
    assert await world.admin.fetchval("SELECT count(*) FROM tasks WHERE done_at IS NULL") == 1


@pytest.mark.parametrize(
    ("provider", "fault"),
    [
        ("telnyx", "tampered"),
        ("telnyx", "unsigned"),
        ("telnyx", "stale"),
        ("documo", "unsigned"),
        ("sinch", "unsigned"),
    ],
)
async def test_unproven_webhooks_store_only_a_security_event(world: World, provider: str, fault: str) -> None:
    await world.send(provider, fault, 99)
    assert await world.admin.fetchval("SELECT count(*) FROM webhook_deliveries") == 0
    assert await world.faxes() == []
    assert await world.admin.fetchval("SELECT count(*) FROM security_events WHERE kind = 'webhook_bad_signature'") > 0


@pytest.mark.parametrize("provider", ["telnyx", "documo", "sinch"])
async def test_a_missed_webhook_is_found_on_the_providers_list(world: World, provider: str) -> None:
    await world.send(provider, "drop")
    await world.work(reconcile=True)
    assert await world.faxes() == [("filed", provider)]
    await world.work(reconcile=True)
    assert len(await world.faxes()) == 1


@pytest.mark.parametrize("fault", ["api_500", "api_429"])
async def test_a_provider_in_trouble_is_asked_again(world: World, fault: str) -> None:
    await world.send("telnyx", fault, 2)
    await world.work(rounds=6)
    assert await world.faxes() == [("filed", "telnyx")]


async def test_a_document_that_is_gone_is_shown_to_a_person(world: World) -> None:
    await world.send("documo", "media_404", 9)
    await world.work()
    assert await world.faxes() == [("failed", "documo")]
    assert await world.admin.fetchval("SELECT kind FROM tasks WHERE done_at IS NULL") == "failed_fax"


async def test_a_truncated_document_ends_with_a_reason(world: World) -> None:
    await world.send("sinch", "truncated_document")
    await world.work()
    assert (await world.faxes())[0][0] in {"failed", "needs_review"}


async def test_a_replayed_event_changes_nothing(world: World, practice: SamplePractice) -> None:
    await world.send("telnyx")
    await world.work()
    deliveries = await world.admin.fetch("SELECT id FROM webhook_deliveries")
    for row in deliveries:
        async with world.context.database.transaction(practice.id) as session:
            await replay_delivery(session, row["id"])
    await world.work()
    assert await world.faxes() == [("filed", "telnyx")]


async def test_redis_may_vanish_between_webhook_and_work(world: World) -> None:
    await world.send("telnyx")
    await world.context.redis.flushall()
    await world.work()
    assert await world.faxes() == [("filed", "telnyx")]


async def test_without_the_database_the_answer_is_503(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    account = next(found for found in world.sandbox.accounts if found.provider == "telnyx")
    body = json.dumps({"data": {"event_type": "fax.received", "id": "e", "payload": {"fax_id": "f"}}}).encode()
    key = Ed25519PrivateKey.from_private_bytes(base64.b64decode(account.credentials["private_key"]))
    seconds = str(int(time.time()))
    headers = {
        "telnyx-timestamp": seconds,
        "telnyx-signature-ed25519": base64.b64encode(key.sign(seconds.encode() + b"|" + body)).decode(),
    }
    inbox = world.context.inbox
    assert inbox is not None

    async def away(*_: Any, **__: Any) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(inbox, "_pool", type("Pool", (), {"fetch": staticmethod(away)}))
    answer = await world.http.post(f"/webhooks/fax/telnyx/{account.account_key}", content=body, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (503, "unavailable")


async def test_an_unknown_line_is_not_found(world: World) -> None:
    assert (await world.http.post("/webhooks/fax/telnyx/nobody", content=b"{}")).status_code == 404
    account = world.sandbox.accounts[0]
    assert (await world.http.post(f"/webhooks/fax/telnyx/{account.account_key}", content=b"{}")).status_code == 404
