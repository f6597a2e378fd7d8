"""Sequences over the API: read, written, ordered, previewed; a lead's own; evaluations and rules."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from backend.core.context import ProcessContext
from backend.core.jobs import JobHandler
from backend.wiring.handlers import job_handlers
from backend.worker.runner import JobRunner
from tests.conftest import SamplePractice

STEPS = [
    {"kind": "text", "template": "first_text"},
    {"kind": "call", "after": {"amount": 2, "unit": "hours"}, "title": "Call", "within_hours": 1},
    {"kind": "close", "after": {"amount": 3, "unit": "days"}, "reason": "No response"},
]
NEW = {
    "name": "Post-op",
    "trigger": "lead_opened",
    "conditions": {"sources": ["fax"], "payers": ["Aetna"]},
    "steps": STEPS,
}


async def created(client: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    answer = await client.post("/api/v1/sequences", json={**NEW, **changes})
    assert answer.status_code == 201, answer.json()
    body: dict[str, Any] = answer.json()
    return body


async def opened(client: httpx.AsyncClient) -> dict[str, Any]:
    patient = {"first_name": "Ada", "last_name": "Sample", "phone": "(312) 555-0142"}
    answer = await client.post("/api/v1/leads", json={"source": "phone", "patient": patient})
    body: dict[str, Any] = answer.json()
    return body


async def work(context: ProcessContext, admin: Any) -> None:
    handlers: dict[str, JobHandler] = job_handlers(context, {})
    runner = JobRunner(context.database, handlers, lease_seconds=30, attempts=4)
    for _ in range(4):
        for row in await admin.fetch("SELECT id FROM jobs WHERE state = 'queued' AND run_at <= now() ORDER BY id"):
            await runner.run(row["id"])


async def test_a_practice_begins_with_sequences_it_can_read(client: httpx.AsyncClient) -> None:
    items = (await client.get("/api/v1/sequences")).json()["items"]
    assert [item["name"] for item in items] == ["New referral", "Unreachable", "Missed evaluation", "Last attempt"]
    assert items[0]["sentences"][:3] == [
        "At once: text “First text”.",
        "At once: call task “Call the patient”, as fast as the lead is urgent.",
        "5 working hours later: call task “Call again”, within 3 working hours.",
    ]
    assert items[0]["for_whom"] == "Every new lead"


async def test_a_sequence_is_written_changed_ordered_and_deleted(client: httpx.AsyncClient) -> None:
    made = await created(client)
    assert made["for_whom"] == "Every new lead, that came by fax, paid by Aetna"
    assert (await client.post("/api/v1/sequences", json={**NEW, "name": "POST-OP"})).status_code == 409
    path = f"/api/v1/sequences/{made['id']}"
    changed = await client.put(path, json={**NEW, "version": 1, "active": False})
    assert (changed.json()["active"], changed.json()["version"]) == (False, 2)
    stale = await client.put(path, json={**NEW, "version": 1})
    assert (stale.status_code, stale.json()["current_version"]) == (409, 2)
    ids = [item["id"] for item in (await client.get("/api/v1/sequences")).json()["items"]]
    ordered = await client.post("/api/v1/sequences/order", json={"ids": [ids[-1], *ids[:-1]]})
    assert ordered.json()["items"][0]["id"] == made["id"]
    assert (await client.post("/api/v1/sequences/order", json={"ids": ids[:2]})).status_code == 422
    assert (await client.delete(path)).status_code == 204
    assert (await client.get(path)).status_code == 404


@pytest.mark.parametrize(
    "steps",
    [
        [],
        [{"kind": "text", "template": "no_such_text"}],
        [{"kind": "text", "template": "stopped"}],
        [STEPS[2], STEPS[0]],
        [{"kind": "call", "title": ""}],
        [{"kind": "fly"}],
        [{"kind": "call", "title": "Call", "after": {"amount": -1}}],
    ],
)
async def test_what_makes_no_sense_is_refused(client: httpx.AsyncClient, steps: list[Any]) -> None:
    assert (await client.post("/api/v1/sequences", json={**NEW, "steps": steps})).status_code == 422


async def test_a_plan_shows_its_dates(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/v1/sequences/preview", json={"steps": STEPS})
    planned = answer.json()["steps"]
    assert [step["kind"] for step in planned] == ["text", "call", "close"]
    times = [datetime.fromisoformat(step["at"]) for step in planned]
    assert times == sorted(times)
    assert planned[0]["due_at"] is None
    assert datetime.fromisoformat(planned[1]["due_at"]) > times[1]
    made = await created(client)
    lead = await opened(client)
    answer = await client.post(f"/api/v1/sequences/{made['id']}/preview", json={"lead_id": lead["id"]})
    assert answer.status_code == 200


async def test_a_lead_shows_its_follow_up_and_a_person_steers_it(
    client: httpx.AsyncClient, context: ProcessContext, admin: Any
) -> None:
    lead = await opened(client)
    path = f"/api/v1/leads/{lead['id']}/sequence"
    assert (await client.get(path)).json() == {"enrollment": None}
    assert (await client.post(f"{path}/stop")).status_code == 409
    await work(context, admin)
    shown = (await client.get(path)).json()["enrollment"]
    assert (shown["name"], shown["state"]) == ("New referral", "active")
    assert shown["done"][0]["reason"] == "this practice has no number for texts"
    assert len(shown["done"]) + len(shown["coming"]) == 7
    until = (datetime.now(UTC) + timedelta(days=30)).isoformat()
    snoozed = (await client.post(f"{path}/snooze", json={"until": until})).json()["enrollment"]
    assert snoozed["state"] == "snoozed"
    assert (await client.post(f"{path}/snooze", json={"until": "2020-01-01T00:00:00Z"})).status_code == 422
    assert (await client.post(f"{path}/resume")).json()["enrollment"]["state"] == "active"
    made = await created(client)
    started = (await client.post(f"{path}/start", json={"sequence_id": made["id"]})).json()["enrollment"]
    assert (started["name"], started["state"]) == ("Post-op", "active")
    assert await admin.fetchval("SELECT stop_reason FROM enrollments WHERE name = 'New referral'") == "superseded"
    assert (await client.get(f"/api/v1/sequences/{made['id']}")).json()["running"] == 1
    await client.delete(f"/api/v1/sequences/{made['id']}", params={"stop_running": True})
    ended = (await client.get(path)).json()["enrollment"]
    assert (ended["state"], ended["why"]) == ("stopped", "the sequence was deleted")


async def test_the_desk_notes_an_evaluation(client: httpx.AsyncClient) -> None:
    lead = await opened(client)
    path = f"/api/v1/leads/{lead['id']}/evaluation"
    at = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    assert (await client.post(f"{path}/missed", json={"version": lead["version"]})).status_code == 409
    booked = (await client.post(path, json={"at": at, "version": lead["version"]})).json()
    assert (booked["stage"], booked["evaluation_state"]) == ("scheduled", "booked")
    stale = await client.post(f"{path}/attended", json={"version": lead["version"]})
    assert stale.status_code == 409
    missed = (await client.post(f"{path}/missed", json={"version": booked["version"]})).json()
    assert (missed["stage"], missed["evaluation_state"], missed["next_step"]["kind"]) == ("contacted", "missed", "call")
    attended = (await client.post(f"{path}/attended", json={"version": missed["version"]})).json()
    assert (attended["group"], attended["evaluation_state"]) == ("won", "attended")
    assert "Evaluation attended" in (await client.get(f"/api/v1/leads/{lead['id']}/timeline")).text


async def test_rules_are_chosen_knowingly(client: httpx.AsyncClient) -> None:
    path = "/api/v1/settings/follow-up"
    rules = (await client.get(path)).json()
    assert (rules["version"], rules["inactivity_days"], rules["texts_per_hour"]) == (0, 15, 30)
    rules.pop("waiting")
    window = {"opens": "12:00", "closes": "13:00", "per_hour": 5}
    changed = await client.put(path, json={**rules, "texts_per_hour": None, "text_windows": [window]})
    assert (changed.json()["version"], changed.json()["texts_per_hour"]) == (1, None)
    assert changed.json()["text_windows"][0]["per_hour"] == 5
    assert (await client.put(path, json=rules)).status_code == 409
    for wrong in ({"attended_stage": "lost"}, {"inactivity_days": 0}, {"scheduled_stage": "nowhere"},
                  {"text_windows": [{**window, "closes": "11:00"}]}):  # fmt: skip
        assert (await client.put(path, json={**rules, "version": 1, **wrong})).status_code == 422


async def test_other_practices_sequences_do_not_exist(
    client: httpx.AsyncClient, other_practice: SamplePractice, admin: Any
) -> None:
    theirs = await admin.fetchval("SELECT id FROM sequences WHERE practice_id = $1 LIMIT 1", other_practice.id)
    lead = await opened(client)
    assert theirs is not None
    assert (await client.get(f"/api/v1/sequences/{theirs}")).status_code == 404
    assert (await client.put(f"/api/v1/sequences/{theirs}", json={**NEW, "version": 1})).status_code == 404
    started = await client.post(f"/api/v1/leads/{lead['id']}/sequence/start", json={"sequence_id": str(theirs)})
    assert started.status_code == 404
