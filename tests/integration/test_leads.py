"""A lead's path over the API: opened, called, moved, lost, opened again; always with a next step."""

import asyncio
from typing import Any

import httpx
import pytest

from backend.core.context import ProcessContext
from backend.core.problems import StaleVersion
from backend.leads import queries, service
from tests.conftest import SamplePractice

ADA = {"first_name": "Ada", "last_name": "Sample", "dob": "1961-04-09", "phone": "(312) 555-0142"}


async def open_lead(client: httpx.AsyncClient, patient: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    answer = await client.post("/api/v1/leads", json={"source": "phone", "patient": patient or ADA, **more})
    assert answer.status_code == 201, answer.json()
    body: dict[str, Any] = answer.json()
    return body


async def cards(client: httpx.AsyncClient, stage: str, **query: Any) -> list[dict[str, Any]]:
    answer = await client.get(f"/api/v1/board/columns/{stage}/cards", params=query)
    assert answer.status_code == 200, answer.json()
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_a_new_lead_has_owner_next_step_and_story(client: httpx.AsyncClient) -> None:
    lead = await open_lead(client, order={"body_part": "knee", "side": "right", "referrer": {"name": "Rowan Ortho"}})
    assert lead["owner"]["name"] == "Front desk"
    assert lead["next_step"]["kind"] == "call"
    assert lead["patient"]["phone"] == "+13125550142"
    assert lead["story"].startswith("Called us ") and "by Rowan Ortho" in lead["story"]
    card = (await cards(client, "new"))[0]
    assert (card["headline"], card["referrer_name"]) == ("Right knee", "Rowan Ortho")
    assert card["next_step"]["task_id"] == lead["next_step"]["task_id"]


async def test_the_same_patient_is_not_opened_twice(client: httpx.AsyncClient) -> None:
    first = await open_lead(client)
    answer = await client.post("/api/v1/leads", json={"source": "phone", "patient": ADA})
    assert (answer.status_code, answer.json()["lead_id"]) == (409, first["id"])
    second = await open_lead(client, separate=True)
    assert second["patient"]["id"] == first["patient"]["id"]


async def test_the_same_key_opens_one_lead(client: httpx.AsyncClient) -> None:
    sent = {"source": "phone", "patient": ADA}
    answers = [await client.post("/api/v1/leads", json=sent, headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert len({answer.json()["id"] for answer in answers}) == 1
    other = await client.post("/api/v1/leads", json={**sent, "note": "x"}, headers={"Idempotency-Key": "k"})
    assert other.status_code == 422


@pytest.mark.parametrize(
    ("outcome", "stage", "step", "contacted"),
    [
        ("reached", "contacted", "schedule", True),
        ("left_message", "contacted", "call", False),
        ("no_answer", "new", "call", False),
        ("wrong_number", "new", "find_number", False),
    ],
)
async def test_a_call_decides_what_comes_next(
    client: httpx.AsyncClient, outcome: str, stage: str, step: str, contacted: bool
) -> None:
    lead = await open_lead(client)
    answer = await client.post(f"/api/v1/leads/{lead['id']}/calls", json={"outcome": outcome, "note": "after 5"})
    called = answer.json()
    assert (called["stage"], called["next_step"]["kind"]) == (stage, step)
    assert (called["first_contact_at"] is not None) is contacted
    assert called["next_step"]["task_id"] != lead["next_step"]["task_id"]


async def test_a_stale_move_is_refused_with_the_current_version(client: httpx.AsyncClient) -> None:
    lead = await open_lead(client)
    move = {"stage": "scheduled", "after_id": None, "version": lead["version"]}
    assert (await client.post(f"/api/v1/leads/{lead['id']}/move", json=move)).status_code == 200
    again = await client.post(f"/api/v1/leads/{lead['id']}/move", json=move)
    assert (again.status_code, again.json()["current_version"]) == (409, lead["version"] + 1)


async def test_of_two_moves_at_once_one_wins(
    client: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    lead = await open_lead(client)

    async def move(stage: str) -> str:
        try:
            async with context.database.transaction(practice.id) as session:
                await service.move(session, lead["id"], stage=stage, version=lead["version"])
        except StaleVersion:
            return "stale"
        return "moved"

    assert sorted(await asyncio.gather(move("contacted"), move("scheduled"))) == ["moved", "stale"]


async def test_cards_keep_the_order_they_are_put_in(client: httpx.AsyncClient) -> None:
    names = ["Ash", "Birch", "Cedar", "Dogwood"]
    leads = {name: await open_lead(client, {"first_name": name, "last_name": "Tree"}) for name in names}
    order = [card["patient"]["display_name"].split()[0] for card in await cards(client, "new")]
    assert order == names[::-1]
    move = {"stage": "new", "after_id": leads["Cedar"]["id"], "version": leads["Ash"]["version"]}
    assert (await client.post(f"/api/v1/leads/{leads['Ash']['id']}/move", json=move)).status_code == 200
    order = [card["patient"]["display_name"].split()[0] for card in await cards(client, "new")]
    assert order == ["Dogwood", "Cedar", "Ash", "Birch"]


async def test_pages_of_a_column_show_every_card_once(client: httpx.AsyncClient) -> None:
    for number in range(7):
        await open_lead(client, {"first_name": f"N{number}", "last_name": "Page"})
    seen, cursor = [], None
    while True:
        query = {"limit": 3, **({"cursor": cursor} if cursor else {})}
        page = (await client.get("/api/v1/board/columns/new/cards", params=query)).json()
        seen += [card["id"] for card in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 7


async def test_lost_needs_a_reason_and_ends_the_work(client: httpx.AsyncClient) -> None:
    lead = await open_lead(client)
    move = {"stage": "lost", "version": lead["version"]}
    assert (await client.post(f"/api/v1/leads/{lead['id']}/move", json=move)).status_code == 422
    move["lost_reason"] = "Went elsewhere"
    lost = (await client.post(f"/api/v1/leads/{lead['id']}/move", json=move)).json()
    assert (lost["group"], lost["next_step"], lost["lost_reason"]) == ("lost", None, "Went elsewhere")
    assert (await client.get("/api/v1/tasks")).json()["items"] == []
    reopened = (await client.post(f"/api/v1/leads/{lead['id']}/reopen", json={"version": lost["version"]})).json()
    assert (reopened["stage"], reopened["next_step"]["kind"]) == ("new", "call")
    kinds = [item["kind"] for item in (await client.get(f"/api/v1/leads/{lead['id']}/timeline")).json()["items"]]
    assert kinds == ["reopened", "lost", "opened"]


async def test_finishing_the_last_task_makes_the_next_step(client: httpx.AsyncClient) -> None:
    lead = await open_lead(client)
    task = (await client.get("/api/v1/tasks", params={"lead_id": lead["id"]})).json()["items"][0]
    done = await client.post(f"/api/v1/tasks/{task['id']}/done", json={"version": task["version"]})
    assert done.json()["done_at"]
    now_open = (await client.get("/api/v1/tasks", params={"lead_id": lead["id"]})).json()["items"]
    assert [found["kind"] for found in now_open] == ["call"] and now_open[0]["id"] != task["id"]


async def test_a_planned_step_replaces_the_usual_one(client: httpx.AsyncClient) -> None:
    lead = await open_lead(client)
    task_id = lead["next_step"]["task_id"]
    following = {"title": "Ask for the report", "due_at": "2030-01-02T15:00:00Z"}
    await client.post(f"/api/v1/tasks/{task_id}/done", json={"version": 1, "next": following})
    shown = (await client.get(f"/api/v1/leads/{lead['id']}")).json()
    assert shown["next_step"]["label"] == "Ask for the report"


async def test_a_snoozed_or_assigned_task_shows_on_the_lead(
    client: httpx.AsyncClient, practice: SamplePractice
) -> None:
    lead = await open_lead(client)
    task_id = lead["next_step"]["task_id"]
    answer = await client.post(f"/api/v1/tasks/{task_id}/snooze", json={"version": 1, "until": "2031-05-05T15:00:00Z"})
    owner = {"kind": "user", "id": str(practice.user_id)}
    answer = await client.post(f"/api/v1/tasks/{task_id}/assign", json={"version": 2, "owner": owner})
    assert answer.json()["owner"]["name"] == "Dana Desk"
    assert (await client.get(f"/api/v1/leads/{lead['id']}")).json()["next_step"]["due_at"] == "2031-05-05T15:00:00Z"


async def test_changing_owner_hands_the_tasks_over(client: httpx.AsyncClient, practice: SamplePractice) -> None:
    lead = await open_lead(client)
    change = {"version": lead["version"], "owner": {"kind": "user", "id": str(practice.user_id)}}
    change["patient"] = {"phone": "312 555 0199"}
    changed = (await client.patch(f"/api/v1/leads/{lead['id']}", json=change)).json()
    assert (changed["owner"]["kind"], changed["patient"]["phone"]) == ("user", "+13125550199")
    mine = (await client.get("/api/v1/tasks", params={"owner": str(practice.user_id)})).json()["items"]
    assert [task["lead_id"] for task in mine] == [lead["id"]]
    assert await cards(client, "new", owner="unassigned") == []
    assert len(await cards(client, "new", owner="me")) == 1


async def test_board_counts_and_filters(client: httpx.AsyncClient, practice: SamplePractice) -> None:
    await open_lead(client, location_id=str(practice.location_id))
    await open_lead(client, {"first_name": "Bo", "last_name": "Elsewhere"})
    task = (await client.get("/api/v1/tasks")).json()["items"][0]
    columns = (await client.get("/api/v1/board")).json()["columns"]
    assert [column["stage"] for column in columns][:2] == ["new", "contacted"]
    assert (columns[0]["count"], columns[0]["overdue_count"]) == (2, 0)
    assert task["patient_display_name"]
    here = (await client.get("/api/v1/board", params={"location_id": str(practice.location_id)})).json()["columns"]
    assert here[0]["count"] == 1
    assert (await client.get("/api/v1/board", params={"source": "fax"})).json()["columns"][0]["count"] == 0
    assert (await client.get("/api/v1/board", params={"owner": "x"})).status_code == 422


@pytest.mark.parametrize(
    "q",
    ["samp", "ada sam", "SAMPLE, Ada", "555-0142", "(312) 555-0142", "4/9/1961", "1961-04-09", "0142", "nun", "Núñez"],
)
async def test_search_finds_by_name_phone_and_birth_date(client: httpx.AsyncClient, q: str) -> None:
    lead = await open_lead(client, {**ADA, "middle_name": "Núñez"})
    await open_lead(client, {"first_name": "Bo", "last_name": "Other", "phone": "312 555 0177", "dob": "1950-01-01"})
    found = (await client.get("/api/v1/search", params={"q": q})).json()["items"]
    assert [item["lead_id"] for item in found] == [lead["id"]]


async def test_another_practice_sees_nothing(
    client: httpx.AsyncClient, context: ProcessContext, other_practice: SamplePractice
) -> None:
    lead = await open_lead(client)

    async with context.database.transaction(other_practice.id) as session:
        with pytest.raises(Exception, match="not-found"):
            await queries.whole(session, lead["id"])


@pytest.mark.parametrize("path", ["/api/v1/tasks", "/api/v1/faxes"])
async def test_an_empty_cursor_is_the_first_page(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path, params={"cursor": ""})).status_code == 200
    assert (await client.get(path, params={"cursor": "made up"})).status_code == 422
