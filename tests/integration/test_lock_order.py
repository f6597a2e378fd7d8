"""What the desk does to a lead and its thread never waits for the one while it holds the other: news lock them too."""

import asyncio
from typing import Any

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from backend.core import problems
from backend.core.database import Database
from backend.messaging import service as messaging
from tests.calling import World, desk, known_patient, world
from tests.conftest import SamplePractice

__all__ = ["desk", "world"]  # fixtures
WAITS = """SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()"""
ACTS = [
    ("messages", {"body": "When would suit you?"}),
    ("consent", {"status": "granted", "method": "verbal", "note": "on the phone"}),
    ("calls", {"outcome": "reached"}),
    ("calls", {"outcome": "left_message"}),
    ("calls", {"outcome": "wrong_number"}),
]


@pytest.mark.parametrize(("path", "body"), ACTS)
async def test_news_of_a_thread_get_the_lead_while_the_desk_acts_on_it(
    world: World, desk: httpx.AsyncClient, path: str, body: dict[str, Any]
) -> None:
    await known_patient(world)
    lead_id = await world.admin.fetchval("SELECT id FROM leads")
    if path == "calls":
        await world.admin.execute("UPDATE conversations SET waiting = true")
    async with world.context.database.transaction(world.practice.id) as news:
        thread = await world.admin.fetchval("SELECT id FROM conversations")
        await messaging.locked(news, thread, "messages:write")
        acting = asyncio.create_task(desk.post(f"/api/v1/leads/{lead_id}/{path}", json=body, timeout=20))
        await _waits(world.admin)
        # Fails at once where the request holds the lead and waits for the thread: each would wait for the other.
        await news.execute(text("SELECT id FROM leads WHERE id = :id FOR UPDATE NOWAIT"), {"id": lead_id})
    assert (await acting).status_code in {200, 201}


async def _waits(admin: "asyncpg.Connection") -> None:
    for _ in range(200):
        if await admin.fetchval(WAITS):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the request waits for nothing")


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("40P01", 503, "try-again"),
        ("40001", 503, "try-again"),
        ("57P01", 503, "unavailable"),
        ("22012", 500, "internal"),
    ],
)
async def test_who_gave_way_to_another_is_told_to_try_again(
    database: Database, practice: SamplePractice, code: str, status: int, kind: str
) -> None:
    app = FastAPI()
    problems.install(app)

    @app.post("/change")
    async def change() -> None:
        async with database.transaction(practice.id) as session:
            await session.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'Ada Sample' USING ERRCODE = '{code}'; END $$"))

    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="https://test.example.org") as client:
        answer = await client.post("/change")
    assert (answer.status_code, answer.json()["type"]) == (status, kind)
    assert answer.headers["content-type"] == "application/problem+json" and "Ada" not in answer.text
    if kind == "try-again":
        assert answer.headers["retry-after"] == "1" and "try again" in answer.json()["detail"]


async def test_a_real_deadlock_is_one_of_them(database: Database, practice: SamplePractice) -> None:
    """Two transactions that each hold what the other wants."""
    first, second = "SELECT pg_advisory_xact_lock(1)", "SELECT pg_advisory_xact_lock(2)"
    both = asyncio.Barrier(2)

    async def cross(one: str, other: str) -> bool:
        try:
            async with database.transaction(practice.id) as session:
                await session.execute(text(one))
                await both.wait()
                await session.execute(text(other))
        except Exception as error:
            return problems.gave_way(error)
        return False

    assert sorted(await asyncio.gather(cross(first, second), cross(second, first))) == [False, True]
