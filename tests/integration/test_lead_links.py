"""The desk sees what became of a patient's links, never a token, and closes those that went astray."""

from datetime import datetime
from typing import Any

import httpx
import pytest

from backend.core.context import ProcessContext
from backend.identity import service
from backend.messaging import link_texts
from backend.patient_links import marks
from backend.patient_links import service as links
from tests.conftest import SamplePractice
from tests.patients_phone import LINKS, SampleLink, enter, make_lead, make_link, open_link


@pytest.fixture
async def phone(anonymous: httpx.AsyncClient) -> httpx.AsyncClient:
    """The patient's own browser."""
    return httpx.AsyncClient(transport=anonymous._transport, base_url="https://test.example.org")


@pytest.fixture
async def link(context: ProcessContext, practice: SamplePractice) -> SampleLink:
    """One that was sent, to send papers with."""
    return await make_link(context, practice)


async def listed(client: httpx.AsyncClient, lead_id: object) -> list[dict[str, Any]]:
    answer = await client.get(f"/api/v1/leads/{lead_id}/links")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_the_desk_sees_how_far_a_link_came_and_no_token(
    client: httpx.AsyncClient, phone: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, admin: Any,
    link: SampleLink,
) -> None:  # fmt: skip
    async with context.database.transaction(practice.id) as session:
        made = await links.create(session, "schedule", patient_id=link.patient_id, lead_id=link.lead_id)
    before = await listed(client, link.lead_id)
    assert [(one["purpose"], one["state"], one["sent_at"] is None) for one in before] == [
        ("schedule", "waiting", True), ("upload", "open", False),
    ]  # fmt: skip
    assert abs_seconds(before[1]["sent_at"], before[1]["created_at"]) < 5
    await enter(phone, link.token)
    async with context.database.transaction(practice.id) as session:
        await links.delivered(session, [link.id])
        await links.use(session, link.id)
    after = {one["id"]: one for one in await listed(client, link.lead_id)}[str(link.id)]
    assert after["state"] == "used"
    assert all(after[name] for name in ("sent_at", "delivered_at", "opened_at", "used_at"))
    answer = await client.get(f"/api/v1/leads/{link.lead_id}/links")
    key = bytes(await admin.fetchval("SELECT token_hash FROM patient_links WHERE id = $1", link.id))
    assert link.token not in answer.text and key.hex() not in answer.text and str(made.id) in answer.text
    row = await admin.fetchrow("SELECT action, patient_ids FROM audit_events WHERE action = 'link.listed' LIMIT 1")
    assert row["patient_ids"] == [link.patient_id]


def abs_seconds(one: str, other: str) -> float:
    return abs((datetime.fromisoformat(one) - datetime.fromisoformat(other)).total_seconds())


async def test_a_forwarded_link_is_closed_and_says_so_plainly(
    client: httpx.AsyncClient, phone: httpx.AsyncClient, link: SampleLink, admin: Any
) -> None:
    await enter(phone, link.token)
    answer = await client.post(f"/api/v1/links/{link.id}/revoke")
    assert answer.status_code == 200, answer.text
    assert answer.json()["items"][0]["state"] == "revoked"
    page = await phone.get(f"{LINKS}/session")
    assert (page.status_code, page.json()["type"]) == (404, "link-not-usable"), "a page that is open closes"
    again = await open_link(phone, link.token)
    assert again.status_code == 404
    assert again.json()["detail"].startswith("This link does not work any more. Call the clinic that sent it")
    version = await admin.fetchval("SELECT version FROM leads")
    twice = await client.post(f"/api/v1/links/{link.id}/revoke")
    assert twice.json() == answer.json() and await admin.fetchval("SELECT version FROM leads") == version
    timeline = (await client.get(f"/api/v1/leads/{link.lead_id}/timeline")).json()["items"]
    told = [(item["title"], item["detail"]) for item in timeline if item["kind"] == "links_revoked"]
    assert told == [("Links to the patient’s pages closed", "send papers")]
    assert await admin.fetchval("SELECT count(*) FROM audit_events WHERE action = 'link.revoked'") == 2


async def test_all_links_of_a_lead_are_closed_and_nobody_elses(
    client: httpx.AsyncClient, phone: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice,
    link: SampleLink,
) -> None:  # fmt: skip
    of = (link.patient_id, link.lead_id)
    more = [await make_link(context, practice, "schedule", of=of), await make_link(context, practice, "visit", of=of)]
    other = await make_link(context, practice, first_name="Ben")
    answer = await client.post(f"/api/v1/leads/{link.lead_id}/links/revoke")
    assert {one["state"] for one in answer.json()["items"]} == {"revoked"}
    for one in (link, *more):
        assert (await open_link(phone, one.token)).status_code == 404
    assert (await open_link(phone, other.token)).status_code == 200
    assert [one["state"] for one in await listed(client, other.lead_id)] == ["open"]


async def test_a_text_that_waits_with_a_closed_link_is_pointless(
    client: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    made = await make_lead(context, practice)
    async with context.database.transaction(practice.id) as session:
        waiting = await links.create(session, "schedule", patient_id=made[0], lead_id=made[1])
        body = f"Choose a time: {marks.mark(waiting.id)}"
        assert not await link_texts.pointless(session, body)
    await client.post(f"/api/v1/links/{waiting.id}/revoke")
    async with context.database.transaction(practice.id) as session:
        assert await link_texts.pointless(session, body)


async def test_who_may_not_write_texts_may_not_close_links(
    client: httpx.AsyncClient, link: SampleLink, admin: Any
) -> None:
    for role, seen in (("auditor", 200), ("liaison", 403)):
        await admin.execute("UPDATE memberships SET role = $1", role)
        assert (await client.get(f"/api/v1/leads/{link.lead_id}/links")).status_code == seen
        assert (await client.post(f"/api/v1/links/{link.id}/revoke")).status_code == 403
        assert (await client.post(f"/api/v1/leads/{link.lead_id}/links/revoke")).status_code == 403


async def test_links_of_another_clinic_do_not_exist(
    client: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, link: SampleLink, admin: Any
) -> None:
    async with context.database.transaction(practice.id) as session:
        other = await service.create_location(session, name="South", timezone="America/Chicago")
    await admin.execute("UPDATE leads SET location_id = $1", other.id)
    await admin.execute("UPDATE memberships SET location_id = $1", practice.location_id)
    assert (await client.get(f"/api/v1/leads/{link.lead_id}/links")).status_code == 404
    assert (await client.post(f"/api/v1/links/{link.id}/revoke")).status_code == 404
    assert (await client.post(f"/api/v1/leads/{link.lead_id}/links/revoke")).status_code == 404
    assert await admin.fetchval("SELECT revoked_at FROM patient_links") is None
