"""Faxes through the emulated carriers: webhook to card, twice, out of order, spoilt, missed, with the database away."""

import base64
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI

from backend.core.context import ProcessContext
from backend.operations.service import replay_delivery
from tests.conftest import SamplePractice
from tests.fax_carriers import World, open_world


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
    async with open_world(app, context, practice, admin, tmp_path / "sandbox", monkeypatch) as found:
        yield found


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
