"""From a fax to a card on the board: filed by itself, or by a person who confirms, corrects, attaches or rejects."""

from typing import Any

import asyncpg
import httpx
import pytest

from backend.core.context import ProcessContext
from tests.conftest import SamplePractice
from tests.integration.test_faxes import upload, work
from tests.unit.faxes import papers


@pytest.fixture
async def read(client: httpx.AsyncClient, context: ProcessContext, admin: "asyncpg.Connection") -> Any:
    """Upload a document and let the workers read it."""

    async def reader(data: bytes) -> dict[str, Any]:
        made = await upload(client, data)
        await work(context, admin)
        fax: dict[str, Any] = (await client.get(f"/api/v1/faxes/{made.json()['id']}")).json()
        return fax

    return reader


async def cards(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await client.get("/api/v1/board/columns/new/cards")).json()["items"]
    return items


async def verb(client: httpx.AsyncClient, fax: dict[str, Any], name: str, **body: Any) -> httpx.Response:
    return await client.post(f"/api/v1/faxes/{fax['id']}/{name}", json=body)


async def test_a_clear_fax_becomes_a_card_by_itself(client: httpx.AsyncClient, read: Any) -> None:
    fax = await read(papers.pdf())
    assert (fax["status"], fax["segments"][0]["hold_reasons"]) == ("filed", [])
    (card,) = await cards(client)
    assert (card["patient"]["display_name"], card["headline"]) == ("Ada Sample", "Right shoulder")
    assert (card["fax_id"], card["source"], card["next_step"]["kind"]) == (fax["id"], "fax", "call")
    lead = (await client.get(f"/api/v1/leads/{card['id']}")).json()
    order = lead["orders"][0]
    assert (order["icd10_codes"], order["frequency_per_week"], order["duration_weeks"]) == (["M25.511"], 2, 6)
    assert (lead["patient"]["dob"], lead["patient"]["phone"]) == ("1961-04-12", "+13125550142")
    assert lead["story"].startswith("Faxed ")
    listed = (await client.get("/api/v1/faxes", params={"lead_id": lead["id"]})).json()["items"]
    assert [item["id"] for item in listed] == [fax["id"]]


async def test_a_scanned_fax_waits_for_a_person_with_a_task(client: httpx.AsyncClient, read: Any) -> None:
    fax = await read(papers.tiff(papers.page()))
    assert fax["status"] == "needs_review" and fax["segments"][0]["hold_reasons"]
    tasks = (await client.get("/api/v1/tasks")).json()["items"]
    assert [(task["kind"], task["fax_id"]) for task in tasks] == [("review_fax", fax["id"])]
    assert await cards(client) == []
    assert (await client.get("/api/v1/faxes/counts")).json()["needs_review"] == 1


async def test_confirming_files_with_the_corrections(client: httpx.AsyncClient, read: Any) -> None:
    fax = await read(papers.tiff(papers.page()))
    correction = {"index": 0, "fields": {"patient_last_name": "Sampler", "patient_dob": "1962-04-12", "notes": None}}
    answer = await verb(client, fax, "confirm", version=fax["version"], segments=[correction])
    filed = answer.json()
    assert (answer.status_code, filed["status"]) == (200, "filed"), filed
    name = filed["segments"][0]["fields"]["patient_last_name"]
    assert (name["normal"], name["source"], name["confidence"]) == ("Sampler", "person", 1.0)
    assert name["candidates"][0]["normal"] == "Sample"
    assert [card["patient"]["display_name"] for card in await cards(client)] == ["Ada Sampler"]
    assert [task["kind"] for task in (await client.get("/api/v1/tasks")).json()["items"]] == ["call"]
    again = await verb(client, filed, "confirm", version=filed["version"], segments=[])
    assert again.status_code == 409


async def test_a_stale_or_wrong_confirmation_changes_nothing(client: httpx.AsyncClient, read: Any) -> None:
    fax = await read(papers.tiff(papers.page()))
    stale = await verb(client, fax, "confirm", version=fax["version"] - 1, segments=[])
    assert (stale.status_code, stale.json()["current_version"]) == (409, fax["version"])
    bad = [{"index": 0, "fields": {"patient_dob": "12/12/1961", "favourite": "x"}}]
    wrong = await verb(client, fax, "confirm", version=fax["version"], segments=bad)
    assert wrong.status_code == 422
    assert {error["pointer"] for error in wrong.json()["errors"]} == {
        "/segments/0/fields/patient_dob", "/segments/0/fields/?"
    }  # fmt: skip
    unnamed = [{"index": 0, "fields": {"patient_last_name": None}}]
    assert (await verb(client, fax, "confirm", version=fax["version"], segments=unnamed)).status_code == 422
    assert await cards(client) == []


async def test_the_same_patient_again_adds_to_the_open_lead(client: httpx.AsyncClient, read: Any) -> None:
    first = await read(papers.pdf())
    second = await read(papers.pdf(2))
    assert (first["status"], second["status"]) == ("filed", "filed")
    assert first["segments"][0]["lead_id"] == second["segments"][0]["lead_id"]
    (card,) = await cards(client)
    assert len((await client.get(f"/api/v1/leads/{card['id']}")).json()["orders"]) == 2


async def test_another_order_opens_a_lead_lost_lately_again(client: httpx.AsyncClient, read: Any) -> None:
    lead_id = (await read(papers.pdf(1)))["segments"][0]["lead_id"]
    lead = (await client.get(f"/api/v1/leads/{lead_id}")).json()
    body = {"stage": "lost", "version": lead["version"], "lost_reason": "No response"}
    assert (await client.post(f"/api/v1/leads/{lead_id}/move", json=body)).json()["group"] == "lost"
    assert (await read(papers.pdf(2)))["segments"][0]["lead_id"] == lead_id
    lead = (await client.get(f"/api/v1/leads/{lead_id}")).json()
    assert (lead["group"], lead["next_step"] is not None, len(lead["orders"])) == ("open", True, 2)


async def test_the_very_same_document_is_held(client: httpx.AsyncClient, read: Any) -> None:
    document = papers.pdf()
    await read(document)
    again = await read(document)
    assert (again["status"], again["segments"][0]["hold_reasons"]) == ("needs_review", ["same_fax_again"])


async def test_a_namesake_is_never_matched_silently(client: httpx.AsyncClient, read: Any) -> None:
    person = {"first_name": "Ada", "last_name": "Sample", "dob": "1961-04-21", "phone": "312 555 0142"}
    made = (await client.post("/api/v1/leads", json={"source": "phone", "patient": person})).json()
    fax = await read(papers.pdf())
    assert (fax["status"], fax["segments"][0]["hold_reasons"]) == ("needs_review", ["possible_same_patient"])
    (match,) = (await client.get(f"/api/v1/faxes/{fax['id']}/matches")).json()["items"]
    assert (match["lead_id"], match["certain"]) == (made["id"], False)
    assert "another date of birth" in match["reasons"]
    attached = await verb(client, fax, "attach", lead_id=made["id"], version=fax["version"])
    assert attached.json()["segments"][0]["patient_id"] == made["patient"]["id"]
    lead = (await client.get(f"/api/v1/leads/{made['id']}")).json()
    assert (len(lead["orders"]), lead["patient"]["dob"]) == (1, "1961-04-21")


async def test_rejecting_keeps_the_original_and_the_reason(client: httpx.AsyncClient, read: Any) -> None:
    fax = await read(papers.tiff(papers.page()))
    rejected = (await verb(client, fax, "reject", reason="Advertisement")).json()
    assert (rejected["status"], rejected["reject_reason"], rejected["allowed_actions"]) == (
        "rejected",
        "Advertisement",
        [],
    )
    assert (await client.get("/api/v1/tasks")).json()["items"] == []
    assert (await client.get(f"/api/v1/faxes/{fax['id']}/document")).status_code == 200


async def test_split_and_merge_read_the_groups_anew(
    client: httpx.AsyncClient, read: Any, context: ProcessContext, admin: "asyncpg.Connection"
) -> None:
    fax = await read(papers.tiff(papers.page(), papers.page()))
    assert (await verb(client, fax, "split", segments=[[1]])).status_code == 422
    assert (await verb(client, fax, "split", segments=[[1], [2]])).json()["status"] == "sorted"
    await work(context, admin)
    split = (await client.get(f"/api/v1/faxes/{fax['id']}")).json()
    assert [segment["pages"] for segment in split["segments"]] == [[1], [2]]
    assert all("regrouped" in segment["hold_reasons"] for segment in split["segments"])
    assert all(segment["fields"]["patient_last_name"]["normal"] == "Sample" for segment in split["segments"])
    await verb(client, split, "merge")
    await work(context, admin)
    merged = (await client.get(f"/api/v1/faxes/{fax['id']}")).json()
    assert [segment["pages"] for segment in merged["segments"]] == [[1, 2]]
    assert [task["kind"] for task in (await client.get("/api/v1/tasks")).json()["items"]] == ["review_fax"]


async def test_a_failed_fax_can_be_tried_again(
    client: httpx.AsyncClient, read: Any, context: ProcessContext, admin: "asyncpg.Connection"
) -> None:
    fax = await read(b"not a fax")
    assert (fax["status"], fax["allowed_actions"]) == ("failed", ["retry", "reject"])
    assert (await verb(client, fax, "retry")).json()["status"] == "received"
    await work(context, admin)
    assert (await client.get(f"/api/v1/faxes/{fax['id']}")).json()["status"] == "failed"
    assert [task["kind"] for task in (await client.get("/api/v1/tasks")).json()["items"]] == ["failed_fax"]


async def test_the_queue_filters(client: httpx.AsyncClient, read: Any, practice: SamplePractice) -> None:
    filed = await read(papers.pdf())
    held = await read(papers.tiff(papers.page()))
    for query, wanted in (
        ({"status": "filed"}, [filed["id"]]), ({"status": "in_progress"}, []),
        ({"q": "samp"}, [held["id"], filed["id"]]),
        ({"q": "nobody"}, []), ({"kind": "referral_order"}, [held["id"], filed["id"]]),
        ({"location_id": str(practice.location_id)}, []),
    ):  # fmt: skip
        items = (await client.get("/api/v1/faxes", params=query)).json()["items"]
        assert [item["id"] for item in items] == wanted, query
