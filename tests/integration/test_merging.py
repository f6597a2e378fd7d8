"""Two leads of one person become one, with everything they had, and two again exactly as they were."""

from typing import Any

import httpx

from tests.integration.test_leads import cards, open_lead

ADA = {"first_name": "Ada", "last_name": "Sample", "dob": "1961-04-09", "phone": "(312) 555-0142"}
ADA_TOO = {"first_name": "Ada", "last_name": "Sample-Brown", "phone": "(312) 555-0142", "email": "ada@example.org"}


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
