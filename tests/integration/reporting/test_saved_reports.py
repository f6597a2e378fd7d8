"""Saved reports: kept, asked by themselves as their owner, seen; nobody else's results."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from backend.core.context import ProcessContext
from backend.identity import service as identity
from backend.reporting import saved
from backend.reporting.periods import days_of, next_run
from backend.wiring.handlers import job_handlers
from backend.worker.runner import JobRunner
from tests.conftest import PASSWORD, SamplePractice

QUESTION = {"name": "Mondays", "metric": "contact_rate", "period": "last_90_days", "group_by": "source"}
CHICAGO = ZoneInfo("America/Chicago")


async def run_due(context: ProcessContext, admin: Any) -> None:
    """The saved report's timer, as if its hour had come."""
    await admin.execute("UPDATE saved_reports SET next_at = now() - interval '1 s' WHERE next_at IS NOT NULL")
    await admin.execute("UPDATE jobs SET run_at = now() - interval '1 s' WHERE kind = $1", saved.RUN)
    runner = JobRunner(context.database, job_handlers(context, {}), lease_seconds=30, attempts=2)
    for row in await admin.fetch("SELECT id FROM jobs WHERE kind = $1 AND state = 'queued'", saved.RUN):
        assert await runner.run(row["id"])


async def colleague(context: ProcessContext, practice: SamplePractice, http: httpx.AsyncClient) -> None:
    """Sign somebody else in."""
    async with context.database.transaction(practice.id) as session:
        await identity.create_user(
            session, email="mo@northside.example.org", name="Mo Manager", password=PASSWORD, role="manager"
        )
    answer = await http.post("/api/v1/session", json={"email": "mo@northside.example.org", "password": PASSWORD})
    http.headers["X-CSRF-Token"] = answer.json()["csrf_token"]


async def test_a_schedule_brings_results(client: httpx.AsyncClient, context: ProcessContext, admin: Any) -> None:
    made = await client.post("/api/v1/saved-reports", json={**QUESTION, "schedule": "weekly"})
    assert made.status_code == 201 and made.json()["next_at"], made.text
    path = f"/api/v1/saved-reports/{made.json()['id']}"
    await run_due(context, admin)
    body = (await client.get(path)).json()
    assert body["unseen"] == 1 and body["latest"]["seen_at"] is None
    result = await client.get(f"{path}/results/{body['latest']['id']}")
    assert result.json()["answer"]["metric"] == "contact_rate"
    assert (await client.post(f"{path}/results/{body['latest']['id']}/seen")).status_code == 204
    assert (await client.get(path)).json()["unseen"] == 0
    await run_due(context, admin)
    assert len((await client.get(f"{path}/results")).json()["items"]) == 2
    row = await admin.fetchrow("SELECT state, run_at FROM jobs WHERE kind = $1", saved.RUN)
    assert row["state"] == "queued" and row["run_at"] > datetime.now(UTC)


async def test_it_stops_when_asked(client: httpx.AsyncClient, context: ProcessContext, admin: Any) -> None:
    made = (await client.post("/api/v1/saved-reports", json={**QUESTION, "schedule": "daily"})).json()
    path = f"/api/v1/saved-reports/{made['id']}"
    stale = await client.patch(path, json={"version": 9, "schedule": "none"})
    ended = await client.patch(path, json={"version": made["version"], "schedule": "none", "name": "Never"})
    assert stale.status_code == 409 and ended.json()["next_at"] is None
    await run_due(context, admin)
    assert (await client.get(f"{path}/results")).json()["items"] == []
    assert (await client.delete(path)).status_code == 204
    assert (await client.get(path)).status_code == 404


async def test_who_has_left_is_asked_no_more(client: httpx.AsyncClient, context: ProcessContext, admin: Any) -> None:
    await client.post("/api/v1/saved-reports", json={**QUESTION, "schedule": "daily"})
    await admin.execute("UPDATE users SET active = false")
    await run_due(context, admin)
    assert await admin.fetchval("SELECT count(*) FROM report_results") == 0
    assert await admin.fetchval("SELECT state FROM jobs WHERE kind = $1", saved.RUN) == "queued"


async def test_results_are_their_owners(
    client: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, admin: Any
) -> None:
    """A shared question may be asked by colleagues; what it said to its owner may hold clinics they do not know."""
    shared = {**QUESTION, "shared": True, "schedule": "daily"}
    mine = (await client.post("/api/v1/saved-reports", json=shared)).json()
    own = (await client.post("/api/v1/saved-reports", json={**QUESTION, "name": "Mine"})).json()
    await run_due(context, admin)
    result = (await client.get(f"/api/v1/saved-reports/{mine['id']}")).json()["latest"]["id"]
    await colleague(context, practice, client)
    seen = (await client.get("/api/v1/saved-reports")).json()["items"]
    assert [(item["name"], item["mine"], item["latest"]) for item in seen] == [("Mondays", False, None)]
    assert (await client.get(f"/api/v1/saved-reports/{mine['id']}/report")).status_code == 200
    for path in (f"{mine['id']}/results", f"{mine['id']}/results/{result}", own["id"]):
        assert (await client.get(f"/api/v1/saved-reports/{path}")).status_code == 404
    changed = await client.patch(f"/api/v1/saved-reports/{mine['id']}", json={"version": 1, "name": "Ours"})
    assert changed.status_code == 404


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"metric": "nothing"}, 404), ({"group_by": "person"}, 422), ({"asked": {"location_id": "x"}}, 422),
        ({"asked": {"person_id": "none"}}, 422), ({"period": "ever"}, 422), ({"name": " "}, 422), ({"more": 1}, 422),
    ],
)  # fmt: skip
async def test_what_cannot_be_saved(client: httpx.AsyncClient, change: dict[str, Any], status: int) -> None:
    assert (await client.post("/api/v1/saved-reports", json=QUESTION | change)).status_code == status


async def test_a_name_is_used_once(client: httpx.AsyncClient) -> None:
    assert (await client.post("/api/v1/saved-reports", json=QUESTION)).status_code == 201
    assert (await client.post("/api/v1/saved-reports", json=QUESTION)).status_code == 409


@pytest.mark.parametrize(
    ("period", "start", "end"),
    [
        ("last_7_days", date(2026, 2, 22), date(2026, 2, 28)), ("this_month", date(2026, 3, 1), date(2026, 3, 1)),
        ("last_month", date(2026, 2, 1), date(2026, 2, 28)), ("last_12_months", date(2025, 3, 1), date(2026, 2, 28)),
        ("this_year", date(2026, 1, 1), date(2026, 3, 1)), ("all", None, None),
    ],
)  # fmt: skip
def test_periods(period: Any, start: date | None, end: date | None) -> None:
    assert days_of(period, date(2026, 3, 1)) == (start, end)


def test_six_in_the_morning_stays_six() -> None:
    """Over the night clocks change, and never the same morning twice."""
    saturday = datetime(2026, 10, 31, 6, 0, tzinfo=CHICAGO)
    assert next_run("daily", saturday, CHICAGO) == datetime(2026, 11, 1, 6, 0, tzinfo=CHICAGO)
    assert next_run("weekly", saturday, CHICAGO) == datetime(2026, 11, 2, 6, 0, tzinfo=CHICAGO)
    assert next_run("monthly", saturday, CHICAGO) == datetime(2026, 11, 1, 6, 0, tzinfo=CHICAGO)
    assert next_run("none", saturday, CHICAGO) is None
