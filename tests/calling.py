"""Play callers against the product: what the tests of calls and of voicemail share."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from backend.core import clock
from backend.identity import api_keys, permissions
from tests.conftest import SamplePractice
from tests.desk_hours import until_desk_hours
from tests.integration.test_texting import PHONE, World, world

__all__ = ["PHONE", "World", "world"]
DESK = "+12175550199"
STRANGER = "+12175550177"


async def ring_desk(world: World, **settings: object) -> None:
    """The line rings the desk."""
    await world.admin.execute("UPDATE phone_lines SET forward_to = $1", DESK)
    for name, value in settings.items():
        await world.admin.execute(f"UPDATE phone_lines SET {name} = $1", value)


async def call(world: World, outcome: str, sender: str = PHONE, **more: object) -> dict[str, Any]:
    """Somebody calls, and the product takes it in."""
    answer = await world.http.post("/sandbox/calls", json={"from": sender, "outcome": outcome, **more}, timeout=30)
    await world.work()
    made: dict[str, Any] = answer.json()
    return made


async def key_of(world: World, practice: SamplePractice) -> str:
    """A program's key with all scopes: sessions end when the clock is turned."""
    async with world.context.database.transaction(practice.id) as session:
        return f"Bearer {api_keys.create(session, 'test', sorted(permissions.ALL))[1]}"


@pytest.fixture
async def desk(world: World, practice: SamplePractice) -> httpx.AsyncClient:
    """Somebody of the practice."""
    world.http.headers["Authorization"] = await key_of(world, practice)
    return world.http


async def known_patient(world: World) -> None:
    """A patient with an open lead who has been greeted already."""
    await world.open_lead("web_form")
    await world.work()


async def outcomes(world: World) -> list[str]:
    rows = await world.admin.fetch("SELECT outcome FROM calls ORDER BY started_at, id")
    return [row["outcome"] for row in rows]


def text_backs(world: World) -> list[str]:
    return [body for body in world.sent() if "sorry we missed your call" in body]


async def open_tasks(world: World) -> list[str]:
    rows = await world.admin.fetch("SELECT title FROM tasks WHERE done_at IS NULL ORDER BY title")
    return [row["title"] for row in rows]


async def at_night(world: World) -> None:
    """Ten in the evening of a weekday at the clinic."""
    clock.shift_by(until_desk_hours() + timedelta(hours=10))


async def in_time(world: World, times: int = 3) -> None:
    """What a call left to be done later is due, and what that leaves."""
    for _ in range(times):
        await world.admin.execute("UPDATE jobs SET run_at = now() WHERE state = 'queued' AND kind LIKE 'calls.%'")
        await world.work(2)
