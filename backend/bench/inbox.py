"""Inbox: the conversation list over HTTP at a hundred thousand conversations, each filter, audit included."""

import asyncio
from datetime import timedelta
from typing import Any

import asyncpg
import httpx

from backend.api.app import create_app, serve_with
from backend.bench.ground import Desk, Ground, at, make_desk, repeated, servers
from backend.core.clock import now
from backend.core.context import ProcessContext
from backend.core.ids import new_id
from backend.identity import api_keys
from backend.identity.permissions import ROLES
from backend.wiring.process import open_process

CONVERSATIONS, TEXTS_EACH, CALLS = 100_000, 5, 40
FILTERS = ("all", "waiting", "mine", "unassigned", "undeliverable")
COLUMNS = {
    "patients": ("practice_id", "id", "first_name", "last_name", "phone"),
    "conversations": (
        "practice_id", "id", "line_id", "phone", "location_id", "owner_user_id", "last_at", "waiting", "unread",
        "undeliverable",
    ),
    "conversation_patients": ("practice_id", "conversation_id", "patient_id"),
    "leads": ("practice_id", "id", "patient_id", "stage", "open", "rank", "owner_user_id", "source"),
    "messages": ("practice_id", "id", "conversation_id", "direction", "body", "status", "author", "created_at"),
}  # fmt: skip


def measure() -> dict[str, Any]:
    """p50 and p95 of a page of 50, by filter."""
    with servers() as ground:
        return asyncio.run(_measure(ground))


async def _measure(ground: Ground) -> dict[str, Any]:
    async with open_process(ground.settings) as context:
        desk = await make_desk(context)
        await fill(ground.admin_url, desk)
        figures: dict[str, Any] = {"conversations": CONVERSATIONS}
        async with await client_of(context, desk) as http:
            for name in FILTERS:

                async def ask(wanted: str = name) -> None:
                    answer = await http.get("/api/v1/conversations", params={"filter": wanted})
                    assert answer.status_code == 200, answer.text

                await ask()
                times = await repeated(CALLS, ask)
                figures[f"{name}: p50, ms"] = at(times, 0.5)
                figures[f"{name}: p95, ms"] = at(times, 0.95)
        return figures


async def client_of(context: ProcessContext, desk: Desk) -> httpx.AsyncClient:
    """A front desk's program, in this process."""
    key = f"fd_live_{new_id().hex}"
    async with context.database.transaction(desk.practice_id) as session:
        api_keys.create(session, "bench", sorted(ROLES["front_desk"]), key)
    app = create_app()
    serve_with(app, context, {})
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://bench", headers={"Authorization": f"Bearer {key}"}
    )


async def fill(admin_url: str, desk: Desk) -> None:
    """A practice of many years, written behind the application's back."""
    rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in COLUMNS}
    practice, line, user, latest = desk.practice_id, new_id(), desk.actor.user_id, now()
    for number in range(CONVERSATIONS):
        patient, conversation, phone = new_id(), new_id(), f"+1312{5550000 + number:07d}"
        last = latest - timedelta(seconds=30 * number)
        rows["patients"].append((practice, patient, f"First{number}", f"Last{number}", phone))
        rows["conversations"].append((
            practice, conversation, line, phone, desk.location_id, user if number % 50 == 0 else None, last,
            number % 20 == 0, int(number % 20 == 0), number % 100 == 0,
        ))  # fmt: skip
        rows["conversation_patients"].append((practice, conversation, patient))
        rows["leads"].append((practice, new_id(), patient, "contacted", True, f"a{number:08d}", user, "fax"))
        rows["messages"] += [
            (
                practice, new_id(), conversation, ("out", "in")[text % 2], f"text {text} of {number}", "delivered",
                "x", last - timedelta(minutes=5 - text),
            )
            for text in range(TEXTS_EACH)
        ]  # fmt: skip
    connection = await asyncpg.connect(admin_url)
    await connection.execute("SET session_replication_role = replica")
    await connection.execute(
        "INSERT INTO phone_lines (practice_id, id, provider, account_key, number, sealed_secrets) "
        "VALUES ($1, $2, 'twilio', $3, '+12175550110', 'x')", practice, line, line.hex,
    )  # fmt: skip
    for table, columns in COLUMNS.items():
        await connection.copy_records_to_table(table, records=rows[table], columns=columns)
    await connection.execute("ANALYZE")
    await connection.close()
