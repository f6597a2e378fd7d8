"""Two leads of one person that both have a form, a card and a visit: what there may be only one of is settled."""

from typing import Any

import asyncpg
import httpx
import pytest

from backend.core.context import ProcessContext
from tests.integration.test_leads import open_lead
from tests.integration.test_merging import ADA_TOO, fresh, merge, rows_of, unmerge, work


async def with_form(client: httpx.AsyncClient, lead: dict[str, Any]) -> str:
    answer = await client.post(f"/api/v1/leads/{lead['id']}/intake", json={"by": "desk", "language": "en"})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def with_card(admin: "asyncpg.Connection", lead: dict[str, Any], member: str) -> None:
    await admin.execute(
        """INSERT INTO card_readings (practice_id, id, lead_id, patient_id, candidates, member_id, version)
        SELECT practice_id, gen_random_uuid(), id, patient_id, '{}', $2, 1 FROM leads WHERE id = $1""",
        lead["id"], member,
    )  # fmt: skip


async def waits(client: httpx.AsyncClient, lead: dict[str, Any], kind: str) -> None:
    answer = await client.post("/api/v1/waitlist", json={"lead_id": lead["id"], "appointment_type_id": kind})
    assert answer.status_code == 201, answer.text


@pytest.fixture
async def both(
    client: httpx.AsyncClient, admin: "asyncpg.Connection", context: ProcessContext
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two leads that both have everything."""
    first, second = await open_lead(client), await open_lead(client, ADA_TOO)
    await work(context, admin)
    kind = (await client.post("/api/v1/appointment-types", json={
        "name": "Evaluation", "kind": "evaluation", "minutes": 60})).json()["id"]  # fmt: skip
    for lead, member in ((first, "A1"), (second, "B2")):
        await with_form(client, lead)
        await with_card(admin, lead, member)
        await waits(client, lead, kind)
        coverage = {"rank": "primary", "payer_name": "Medicare", "member_id": member}
        made = await client.post(f"/api/v1/leads/{lead['id']}/coverages", json=coverage)
        assert made.status_code == 201, made.text
        asked = {"coverage_id": made.json()["coverages"][0]["id"], "state": "requested"}
        made = await client.post(f"/api/v1/leads/{lead['id']}/authorizations", json=asked)
        assert made.status_code == 201, made.text
    await work(context, admin)
    return first, second


async def test_one_form_and_one_card_are_left(
    client: httpx.AsyncClient, admin: "asyncpg.Connection", both: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    first, second = both
    before = await rows_of(admin)
    joined = await merge(client, second, first)
    assert joined.status_code == 200, joined.text
    forms = (await client.get(f"/api/v1/leads/{first['id']}/intake")).json()["items"]
    assert sorted(form["state"] for form in forms) == ["canceled", "prepared"]
    assert await admin.fetchval("SELECT member_id FROM card_readings WHERE lead_id = $1", first["id"]) == "A1"
    back = await unmerge(client, second)
    assert back.status_code == 200, back.text
    after = await rows_of(admin)
    made = after.keys() - before.keys()
    assert all(table == "tasks" for table, _ in made), made
    for key, row in before.items():
        changed = {name: (value, after[key][name]) for name, value in row.items() if after[key][name] != value}
        assert not changed, (key, changed)
    assert (await fresh(client, second))["merged_into"] is None
