"""Who may be one person: found with an explanation, shown on the board, ruled out by a person, remembered."""

from typing import Any

import asyncpg
import httpx
import pytest

from backend.core.context import ProcessContext
from tests.conftest import ROOT
from tests.integration.test_leads import cards, open_lead
from tests.integration.test_merging import ADA, ADA_TOO, fresh, merge, unmerge, work

PAGE = (ROOT / "docs" / "duplicates.md").read_text()


@pytest.fixture
async def pair(
    client: httpx.AsyncClient, context: ProcessContext, admin: "asyncpg.Connection"
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two leads of who may be one person, and a third of somebody else."""
    leads = (await open_lead(client), await open_lead(client, ADA_TOO))
    await open_lead(client, {"first_name": "Bo", "last_name": "Other", "phone": "(312) 555-0142"})
    await work(context, admin)
    return leads


async def listed(client: httpx.AsyncClient, lead: dict[str, Any]) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await client.get(f"/api/v1/leads/{lead['id']}/duplicates")).json()["items"]
    return items


async def marked(client: httpx.AsyncClient) -> set[str]:
    """Leads whose card says so; the filter must agree."""
    shown = {card["id"] for card in await cards(client, "new") if any(b["kind"] == "duplicate" for b in card["badges"])}
    assert {card["id"] for card in await cards(client, "new", duplicates=True)} == shown
    board = (await client.get("/api/v1/board", params={"duplicates": True})).json()
    assert sum(column["count"] for column in board["columns"]) == len(shown)
    return shown


async def test_a_possible_duplicate_is_found_and_explained(
    client: httpx.AsyncClient, pair: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    first, second = pair
    (other,) = await listed(client, first)
    assert (other["lead_id"], other["version"]) == (second["id"], (await fresh(client, second))["version"])
    assert other["score"]["verdict"] == "possible"
    assert [fact["fact"] for fact in other["score"]["agrees"]] == ["name_alike", "phone"]
    assert other["score"]["words"].startswith("same name, written another way and phone, but ")
    assert await marked(client) == {first["id"], second["id"]}


async def test_what_was_ruled_out_stays_so_until_it_is_taken_back(
    client: httpx.AsyncClient, context: ProcessContext, admin: "asyncpg.Connection",
    pair: tuple[dict[str, Any], dict[str, Any]],
) -> None:  # fmt: skip
    first, second = pair
    path = f"/api/v1/leads/{second['id']}/duplicates/{first['id']}/dismissal"
    assert (await client.put(path)).status_code == 204
    assert await marked(client) == set()
    change = {"version": (await fresh(client, first))["version"], "patient": {"email": "a@example.org"}}
    await client.patch(f"/api/v1/leads/{first['id']}", json=change)
    await work(context, admin)
    assert await marked(client) == set()
    assert [item["dismissed_by"] for item in await listed(client, first)] == ["Dana Desk"]
    assert (await client.delete(path)).status_code == 204
    assert await marked(client) == {first["id"], second["id"]}
    assert (await client.put(path.replace(first["id"], second["id"]))).status_code == 422


async def test_merging_takes_the_mark_away_and_parting_brings_it_back(
    client: httpx.AsyncClient, context: ProcessContext, admin: "asyncpg.Connection",
    pair: tuple[dict[str, Any], dict[str, Any]],
) -> None:  # fmt: skip
    first, second = pair
    assert (await merge(client, second, first)).status_code == 200
    assert await marked(client) == set() and await listed(client, first) == []
    await work(context, admin)
    assert await marked(client) == set()
    await unmerge(client, second)
    await work(context, admin)
    assert await marked(client) == {first["id"], second["id"]}


async def test_a_new_lead_answers_with_who_it_may_be_too(client: httpx.AsyncClient) -> None:
    first = await open_lead(client)
    second = await open_lead(client, ADA_TOO)
    assert [item["lead_id"] for item in second["possible_duplicates"]] == [first["id"]]
    assert first["possible_duplicates"] == []


async def test_while_typing_people_are_found_by_name_or_phone(
    client: httpx.AsyncClient, admin: "asyncpg.Connection"
) -> None:
    first = await open_lead(client)
    for somebody in ({"first_name": "ada", "last_name": "sample"}, {"phone": "312 555 0142"}):
        found = (await client.post("/api/v1/leads/duplicates", json=somebody)).json()["items"]
        assert [item["lead_id"] for item in found] == [first["id"]]
    none = await client.post("/api/v1/leads/duplicates", json={"first_name": "Ada"})
    assert none.json() == {"items": []}
    looks = await admin.fetchval("SELECT count(*) FROM audit_events WHERE action = 'duplicates.searched'")
    assert looks == 2


async def test_the_table_is_published(client: httpx.AsyncClient) -> None:
    table = (await client.get("/api/v1/leads/duplicates/table")).json()
    worth = {fact["fact"]: fact["value"] for fact in table["worth"]}
    for fact in (*table["worth"], *table["at_most"]):
        assert f"| {fact['words']} | {fact['value']:.2f} |" in PAGE
    assert worth["dob"] < table["possible"] < table["same"]


async def test_another_leads_of_the_same_patient_is_listed_without_a_mark(client: httpx.AsyncClient) -> None:
    first = await open_lead(client, ADA)
    second = await open_lead(client, ADA, separate=True)
    assert [(item["lead_id"], item["score"]) for item in await listed(client, first)] == [(second["id"], None)]
    assert await marked(client) == set()
