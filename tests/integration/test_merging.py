"""Two leads of one person become one, with everything they had, and two again exactly as they were."""

import asyncio
import random
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from backend.core.context import ProcessContext
from backend.leads import service as leads
from backend.leads.service import NewLead
from backend.patients import service as patients
from backend.patients.schemas import PatientFacts
from backend.tables import metadata
from backend.wiring.handlers import job_handlers
from backend.worker.runner import JobRunner
from tests.conftest import SamplePractice
from tests.integration.test_leads import cards, open_lead

ADA = {"first_name": "Ada", "last_name": "Sample", "dob": "1961-04-09", "phone": "(312) 555-0142"}
ADA_TOO = {"first_name": "Ada", "last_name": "Sample-Brown", "phone": "(312) 555-0142", "email": "ada@example.org"}


async def work(context: ProcessContext, admin: "asyncpg.Connection") -> None:
    """Run what is due, as a worker would."""
    await admin.execute("UPDATE jobs SET rung_at = NULL WHERE state = 'queued'")
    runner = JobRunner(context.database, job_handlers(context, {}), lease_seconds=30, attempts=3)
    await runner.run_due("default")


async def fresh(client: httpx.AsyncClient, lead: dict[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = (await client.get(f"/api/v1/leads/{lead['id']}")).json()
    return body


async def merge(client: httpx.AsyncClient, lead: dict[str, Any], into: dict[str, Any]) -> httpx.Response:
    lead, into = await fresh(client, lead), await fresh(client, into)
    body = {"into": into["id"], "version": lead["version"], "into_version": into["version"]}
    return await client.post(f"/api/v1/leads/{lead['id']}/merge", json=body)


async def unmerge(client: httpx.AsyncClient, lead: dict[str, Any]) -> httpx.Response:
    version = (await fresh(client, lead))["version"]
    return await client.post(f"/api/v1/leads/{lead['id']}/unmerge", json={"version": version})


async def test_two_leads_become_one_and_two_again(client: httpx.AsyncClient) -> None:
    first = await open_lead(client, order={"body_part": "knee"}, note="prefers mornings")
    second = await open_lead(client, ADA_TOO, order={"body_part": "hip"}, note="prefers evenings")
    joined = await merge(client, second, first)
    assert joined.status_code == 200, joined.json()
    one = joined.json()
    assert {order["body_part"] for order in one["orders"]} == {"knee", "hip"}
    assert one["patient"]["email"] == "ada@example.org" and one["next_step"]
    assert [card["id"] for card in await cards(client, "new")] == [first["id"]]
    assert (await fresh(client, second))["merged_into"] == first["id"]
    told = (await client.get(f"/api/v1/leads/{first['id']}/timeline")).json()["items"]
    assert {"prefers mornings", "prefers evenings"} <= {item["detail"] for item in told}
    back = await unmerge(client, second)
    assert back.status_code == 200, back.json()
    assert [order["body_part"] for order in back.json()["orders"]] == ["hip"]
    assert back.json()["merged_into"] is None and back.json()["next_step"]
    assert (await fresh(client, first))["patient"]["email"] is None
    assert len(await cards(client, "new")) == 2


# Written once and read with the other's, or kept by the work itself.
APPENDED = {
    "audit_events", "audit_heads", "lead_events", "consents", "jobs", "lead_merges", "patient_pairs",
    "idempotency_keys", "sessions", "report_changes",
}  # fmt: skip
# Copies for reports, made again from the history after every change.
FACTS = {"lead_facts", "episode_facts", "visit_facts", "outcome_facts", "fax_facts", "text_days", "staff_days"}
COUNTED = {"version", "attempt", "loss_group", "rung_at"}
Rows = dict[tuple[str, str], dict[str, Any]]


async def rows_of(admin: "asyncpg.Connection") -> Rows:
    """Every row of every table that a merge may change, by table and key."""
    names = await admin.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    found: Rows = {}
    for name in sorted({row["tablename"] for row in names} - APPENDED - FACTS):
        keys = await admin.fetchval(
            "SELECT array_agg(a.attname::text) FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid"
            " AND a.attnum = ANY(i.indkey) WHERE i.indrelid = $1::regclass AND i.indisprimary", name,
        )  # fmt: skip
        for row in await admin.fetch(f'SELECT * FROM "{name}"'):
            values = {column: value for column, value in row.items() if column not in COUNTED}
            found[name, str([row[key] for key in keys or ()])] = values
    return found


async def random_life(client: httpx.AsyncClient, chance: random.Random, lead: dict[str, Any]) -> None:
    """What may happen to a lead before anybody sees that there are two."""
    path = f"/api/v1/leads/{lead['id']}"
    for _ in range(chance.randint(0, 4)):
        match chance.choice(["call", "note", "move", "task", "evaluation", "patient", "lose", "owner"]):
            case "call":
                outcome = chance.choice(["reached", "left_message", "no_answer", "wrong_number"])
                await client.post(f"{path}/calls", json={"outcome": outcome})
            case "note":
                await client.post(f"{path}/notes", json={"text": "words"})
            case "task":
                body = {"lead_id": lead["id"], "title": "Ask for the card", "due_at": "2030-01-01T15:00:00Z"}
                await client.post("/api/v1/tasks", json=body)
            case "evaluation":
                body = {"at": "2030-01-02T15:00:00Z", "version": (await fresh(client, lead))["version"]}
                await client.post(f"{path}/evaluation", json=body)
            case "patient":
                body = {"version": (await fresh(client, lead))["version"], "patient": {"address": "1 Main St"}}
                await client.patch(path, json=body)
            case "owner":
                body = {"version": (await fresh(client, lead))["version"], "urgency": chance.choice(["stat", "urgent"])}
                await client.patch(path, json=body)
            case where:
                stage = "lost" if where == "lose" else chance.choice(["contacted", "scheduled", "intake_sent"])
                version = (await fresh(client, lead))["version"]
                await client.post(f"{path}/move", json={"stage": stage, "version": version, "lost_reason": "Moved"})


@pytest.mark.parametrize("seed", range(12))
async def test_taking_a_merge_back_restores_every_row(
    client: httpx.AsyncClient, context: ProcessContext, admin: "asyncpg.Connection", seed: int
) -> None:
    chance = random.Random(seed)
    same_patient = seed % 4 == 3
    first = await open_lead(client, ADA, order={"body_part": "knee"})
    second = await open_lead(client, ADA if same_patient else ADA_TOO, order={"body_part": "hip"}, separate=True)
    await work(context, admin)
    for lead in (first, second):
        await random_life(client, chance, lead)
    await work(context, admin)
    before = await rows_of(admin)
    answer = await merge(client, second, first)
    assert answer.status_code == 200, answer.json()
    joined = await rows_of(admin)
    for (table, _), row in joined.items():
        if table in {"tasks", "enrollments", "referral_orders", "messages", "calls"}:
            assert str(row["lead_id"]) == first["id"], table
    assert (await unmerge(client, second)).status_code == 200
    after = await rows_of(admin)
    made = after.keys() - before.keys()
    assert all(table == "tasks" for table, _ in made), made
    assert all(after[key]["done_at"] for key in made)
    for key, row in before.items():
        changed = {name: (value, after[key][name]) for name, value in row.items() if after[key][name] != value}
        assert not changed, (key, changed)


async def test_what_came_later_stays_where_it_came(client: httpx.AsyncClient) -> None:
    first, second = await open_lead(client), await open_lead(client, ADA_TOO)
    await merge(client, second, first)
    await client.post(f"/api/v1/leads/{first['id']}/notes", json={"text": "said later"})
    now = await fresh(client, first)
    body = {"version": now["version"], "patient": {"email": "new@example.org"}}
    await client.patch(f"/api/v1/leads/{first['id']}", json=body)
    await unmerge(client, second)
    assert (await fresh(client, first))["patient"]["email"] == "new@example.org"
    assert (await fresh(client, second))["patient"]["email"] == "ada@example.org"
    timelines = [(await client.get(f"/api/v1/leads/{lead['id']}/timeline")).text for lead in (first, second)]
    assert ["said later" in told for told in timelines] == [True, False]


async def test_only_two_unmerged_leads_of_one_practice_can_be_joined(
    client: httpx.AsyncClient, context: ProcessContext, other_practice: SamplePractice
) -> None:
    first, second, third = [await open_lead(client, {**ADA_TOO, "last_name": name}) for name in "ABC"]
    assert (await merge(client, first, first)).status_code == 422
    async with context.database.transaction(other_practice.id) as session:
        patient = await patients.create(session, PatientFacts(first_name="Ada", last_name="Sample"))
        foreign = await leads.open_lead(session, NewLead(patient.id, "phone"))
    body = {"into": str(foreign.id), "version": first["version"], "into_version": 1}
    assert (await client.post(f"/api/v1/leads/{first['id']}/merge", json=body)).status_code == 404
    stale = {"into": second["id"], "version": first["version"], "into_version": second["version"] + 1}
    assert (await client.post(f"/api/v1/leads/{first['id']}/merge", json=stale)).json()["type"] == "stale-version"
    assert (await unmerge(client, first)).status_code == 409
    await merge(client, first, second)
    loop = await merge(client, second, first)
    assert (loop.status_code, loop.json()["merged_into"]) == (409, second["id"])
    note = await client.post(f"/api/v1/leads/{first['id']}/notes", json={"text": "lost?"})
    assert (note.status_code, note.json()["merged_into"]) == (409, second["id"])
    await merge(client, second, third)
    assert (await fresh(client, first))["merged_into"] == third["id"]
    assert (await unmerge(client, first)).status_code == 409  # the later one first
    assert [one["can_undo"] for one in (await fresh(client, third))["merges"]] == [True, False]
    assert [(await unmerge(client, lead)).status_code for lead in (second, first)] == [200, 200]


async def test_of_two_who_merge_the_pair_crosswise_one_wins(client: httpx.AsyncClient) -> None:
    first, second = await open_lead(client), await open_lead(client, ADA_TOO)
    answers = await asyncio.gather(merge(client, first, second), merge(client, second, first))
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_the_one_who_waits_is_not_forgotten(client: httpx.AsyncClient, admin: "asyncpg.Connection") -> None:
    first, second = await open_lead(client), await open_lead(client, ADA_TOO)
    await admin.execute(
        "UPDATE tasks SET kind = 'reply', title = 'Answer the patient''s text', waiting_since = now() - interval '1 h',"
        " due_at = now() - interval '30 min' WHERE lead_id = $1", UUID(second["id"]),
    )  # fmt: skip
    one = (await merge(client, second, first)).json()
    assert (one["next_step"]["kind"], one["overdue"]) == ("reply", True)


async def test_the_further_stage_and_the_booked_evaluation_stay(client: httpx.AsyncClient) -> None:
    first, second = await open_lead(client), await open_lead(client, ADA_TOO)
    at = "2030-01-02T15:00:00Z"
    version = (await fresh(client, second))["version"]
    await client.post(f"/api/v1/leads/{second['id']}/evaluation", json={"at": at, "version": version})
    one = (await merge(client, second, first)).json()
    assert (one["stage"], one["evaluation_state"], one["evaluation_at"]) == ("scheduled", "booked", at)
    await unmerge(client, second)
    assert (await fresh(client, first))["stage"] == "new"


async def test_joining_people_leaves_one_to_find(client: httpx.AsyncClient) -> None:
    first, second = await open_lead(client), await open_lead(client, ADA_TOO)
    await merge(client, second, first)
    found = (await client.get("/api/v1/search", params={"q": "sample brown"})).json()["items"]
    assert [item["lead_id"] for item in found] == [first["id"]]
    again = await client.post("/api/v1/leads", json={"source": "phone", "patient": ADA})
    assert (again.status_code, again.json()["lead_id"]) == (409, first["id"])


async def test_both_people_are_on_record(client: httpx.AsyncClient, admin: "asyncpg.Connection") -> None:
    first, second = await open_lead(client), await open_lead(client, ADA_TOO)
    await merge(client, second, first)
    await unmerge(client, second)
    people = {UUID(lead["patient"]["id"]) for lead in (first, second)}
    rows = await admin.fetch(
        "SELECT action, patient_ids FROM audit_events WHERE action LIKE 'lead.%merged' ORDER BY seq"
    )
    assert [(row["action"], set(row["patient_ids"])) for row in rows] == [
        ("lead.merged", people), ("lead.unmerged", people),
    ]  # fmt: skip


def test_whatever_names_a_lead_or_patient_refers_to_one() -> None:
    """So that nothing stays behind when two are joined."""
    named = {"lead_id": "leads", "patient_id": "patients"}
    for table in metadata.tables.values():
        if table.name in FACTS:
            continue
        for name, target in named.items():
            if name in table.columns:
                assert any(key.column.table.name == target for key in table.columns[name].foreign_keys), table.name
