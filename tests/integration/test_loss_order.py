"""My day in the order of what is lost first: the same in SQL as in words, page by page, and fast at 100,000 tasks."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from backend.core.context import ProcessContext
from backend.core.database import publish
from backend.followup import service as tasks
from backend.leads import service as leads
from backend.messaging.events import TextReceived
from tests.conftest import SamplePractice
from tests.integration.desk_clock import Desk

TASKS = 100_000
BUSY = 4.0


@pytest.fixture
def desk(context: ProcessContext, practice: SamplePractice, admin: "asyncpg.Connection") -> Iterator[Desk]:
    """Tuesday at ten."""
    with Desk(context, practice, admin).turned() as turned:
        yield turned


async def listed(client: httpx.AsyncClient, headers: dict[str, str], limit: int = 50) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    query: dict[str, Any] = {"order": "loss", "limit": limit}
    while True:
        page = (await client.get("/api/v1/tasks", params=query, headers=headers)).json()
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        query["cursor"] = page["next_cursor"]


async def test_what_is_lost_first_comes_first(desk: Desk, anonymous: httpx.AsyncClient) -> None:
    names = ("Old", "Asks", "Stat", "New", "Later", "Snoozed")
    old, asks, later, snoozed = [await desk.lead(name) for name in ("Old", "Asks", "Later", "Snoozed")]
    await desk.acts(leads.log_call, old, "no_answer", None)
    await desk.acts(leads.log_call, later, "left_message", None)
    await desk.work(hours=26)
    await desk.acts(publish, TextReceived(snoozed, None))
    row = await desk.admin.fetchrow("SELECT id, version FROM tasks WHERE kind = 'reply' AND done_at IS NULL")
    assert row is not None
    await desk.acts(tasks.snooze, row["id"], row["version"], desk.at + timedelta(days=3))
    await desk.lead("Stat", urgency="stat")
    await desk.lead("New")
    await desk.acts(publish, TextReceived(asks, None))
    headers = await desk.key()
    found = await listed(anonymous, headers)
    told = [(item["patient_display_name"].split()[0], item["group"], item["why"]) for item in found]
    assert told == [
        ("Asks", "now", "Waiting 1 min for an answer"),
        ("Stat", "now", "First call within 30 min"),
        ("Old", "now", "Overdue by 9 h; its owner before did not act"),
        ("Later", "now", "Overdue by 2 h; its owner before did not act"),
        ("New", "today", "First call within 2 h"),
        ("Snoozed", "later", "Due Saturday"),
    ]  # fmt: skip
    assert {name for name, _, _ in told} == set(names)
    by_ones = await listed(anonymous, headers, limit=1)
    assert [item["id"] for item in by_ones] == [item["id"] for item in found]
    due = (await anonymous.get("/api/v1/tasks", headers=headers)).json()["items"]
    assert [item["due_at"] for item in due] == sorted(item["due_at"] for item in due)


@pytest.mark.parametrize("cursor", ["made up", "WzAsMV0", "WzksIjIwMjYtMTEtMjQiLCIyMDI2LTExLTI0IiwieCJd"])
async def test_a_cursor_that_is_not_ours_is_refused(client: httpx.AsyncClient, cursor: str) -> None:
    answer = await client.get("/api/v1/tasks", params={"order": "loss", "cursor": cursor})
    assert answer.status_code == 422


@pytest.fixture
async def many(admin: "asyncpg.Connection", practice: SamplePractice) -> None:
    """A hundred thousand open leads with a task each: some waited for, some untried, most due sooner or later."""
    team = await admin.fetchval("SELECT id FROM teams WHERE practice_id = $1", practice.id)
    async with admin.transaction():
        await admin.execute("SET LOCAL session_replication_role = replica")
        await admin.execute(
            "INSERT INTO patients (practice_id, id, first_name, last_name) "
            "SELECT $1, gen_random_uuid(), 'First' || n, 'Last' || n FROM generate_series(1, $2::int) n",
            practice.id, TASKS,
        )  # fmt: skip
        await admin.execute(
            "INSERT INTO leads (practice_id, id, patient_id, stage, open, rank, owner_team_id, source, location_id) "
            "SELECT practice_id, gen_random_uuid(), id, 'new', true, 'a', $1, 'fax', $2 FROM patients",
            team, practice.location_id,
        )  # fmt: skip
        await admin.execute(
            "INSERT INTO tasks (practice_id, id, lead_id, kind, title, due_at, owner_team_id, owner_user_id, "
            "loss_group, waiting_since) SELECT practice_id, gen_random_uuid(), id, 'call', 'Call', "
            "now() + (random() * 40 - 10) * interval '1 day', CASE WHEN r < 0.99 THEN owner_team_id END, "
            "CASE WHEN r < 0.99 THEN NULL ELSE $1::uuid END, "
            "CASE WHEN r < 0.002 THEN 0 WHEN r < 0.2 THEN 1 ELSE 2 END, CASE WHEN r < 0.002 THEN now() END "
            "FROM (SELECT *, random() AS r FROM leads) l",
            practice.user_id,
        )  # fmt: skip
    await admin.execute("ANALYZE")


async def test_my_day_is_fast_at_a_hundred_thousand(
    client: httpx.AsyncClient, many: None, practice: SamplePractice
) -> None:
    measured = {}
    asked: dict[str, dict[str, str]] = {
        "everyone's": {}, "mine": {"owner": "me"}, "one person's": {"owner": str(practice.user_id)},
        "count": {"owner": "me"},
    }  # fmt: skip
    for name, query in asked.items():
        times = []
        path = "/api/v1/tasks/count" if name == "count" else "/api/v1/tasks"
        cursor = None
        for _ in range(20):
            params: dict[str, Any] = query if name == "count" else {**query, "order": "loss", "limit": 100}
            begun = time.perf_counter()
            answer = await client.get(path, params={**params, **({"cursor": cursor} if cursor else {})})
            times.append(1000 * (time.perf_counter() - begun))
            assert answer.status_code == 200
            cursor = answer.json().get("next_cursor")
        measured[name] = sorted(times)[18]
    assert all(value < 75 * BUSY for value in measured.values()), measured
