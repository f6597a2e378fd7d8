"""Texts with links, through the emulated carrier: real addresses on the phone, "[link]" for everybody else."""

import re
import uuid
from typing import Any

import httpx
import pytest

from backend.core.problems import Invalid
from backend.messaging import service
from backend.messaging.service import NewText
from backend.patient_links import events, marks
from backend.patient_links import service as links
from tests.conftest import PASSWORD
from tests.integration.test_texting import PHONE, World, world  # noqa: F401
from tests.patients_phone import make_lead, open_link

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/p#([a-z2-7]{26})")


async def desk(world: World) -> httpx.AsyncClient:  # noqa: F811
    answer = await world.http.post("/api/v1/session", json={"email": world.practice.email, "password": PASSWORD})
    assert answer.status_code == 200
    cookie = answer.headers["set-cookie"].split(";")[0]
    world.http.headers.update({"X-CSRF-Token": answer.json()["csrf_token"], "Cookie": cookie})
    return world.http


async def a_lead(world: World) -> uuid.UUID:  # noqa: F811
    _, lead_id = await make_lead(world.context, world.practice, phone=PHONE, source="web_form")
    await world.work()
    return lead_id


async def test_a_link_reaches_the_phone_and_nobody_else(world: World) -> None:  # noqa: F811
    lead_id = await a_lead(world)
    client = await desk(world)
    sent = await client.post(f"/api/v1/leads/{lead_id}/messages", json={"template_id": "upload_link"})
    assert sent.status_code == 201, sent.text
    assert "[link]" in sent.json()["body"]
    await world.work()
    text = world.sent()[-1]
    found = ADDRESS.search(text)
    assert found, text
    token = found.group(1)
    stored = await world.admin.fetchrow("SELECT * FROM messages ORDER BY created_at DESC LIMIT 1")
    assert token not in str(dict(stored))
    assert marks.MARK.search(stored["body"])
    assert stored["status"] == "delivered"
    conversation = sent.json()["conversation_id"]
    thread = await client.get(f"/api/v1/conversations/{conversation}/messages")
    listed = await client.get("/api/v1/conversations")
    for shown in (thread.text, listed.text):
        assert "[link]" in shown
        assert token not in shown
        assert "{link:" not in shown
    assert await world.admin.fetchval("SELECT delivered_at IS NOT NULL FROM patient_links")
    async with httpx.AsyncClient(base_url=world.context.settings.base_url) as phone:
        assert (await open_link(phone, token)).json()["purpose"] == "upload"


async def test_a_person_may_put_a_link_into_their_own_words(world: World) -> None:  # noqa: F811
    lead_id = await a_lead(world)
    client = await desk(world)
    words = "Northside: here you go {upload_link} and {this} stays"
    conversation = (await client.get(f"/api/v1/leads/{lead_id}/conversation")).json()["id"]
    checked = await client.post(f"/api/v1/conversations/{conversation}/check", json={"body": words})
    assert "{this}" in str(checked.json()["problems"])
    assert "upload_link" not in str(checked.json()["problems"])
    sent = await client.post(f"/api/v1/leads/{lead_id}/messages", json={"body": words})
    assert sent.json()["body"] == "Northside: here you go [link] and {this} stays"
    await world.work()
    assert ADDRESS.search(world.sent()[-1])


async def test_templates_cost_what_their_links_cost(world: World) -> None:  # noqa: F811
    lead_id = await a_lead(world)
    client = await desk(world)
    conversation = (await client.get(f"/api/v1/leads/{lead_id}/conversation")).json()["id"]
    listed = (await client.get(f"/api/v1/conversations/{conversation}/templates")).json()["items"]
    offered = {item["id"]: item for item in listed}
    assert "{upload_link}" in offered["upload_link"]["body"]
    assert offered["upload_link"]["problems"] == []
    assert offered["upload_link"]["segments"] == 2
    assert await world.admin.fetchval("SELECT count(*) FROM patient_links") == 0, "looking makes no links"


async def test_where_a_family_shares_a_phone_no_link_goes_to_the_wrong_one(world: World) -> None:  # noqa: F811
    lead_id = await a_lead(world)
    await make_lead(world.context, world.practice, phone=PHONE, first_name="Bea", source="web_form")
    client = await desk(world)
    conversation = (await client.get(f"/api/v1/leads/{lead_id}/conversation")).json()["id"]
    await world.write("hello")
    refused = await client.post(f"/api/v1/conversations/{conversation}/messages", json={"template_id": "upload_link"})
    assert refused.status_code == 422
    assert "right lead" in refused.json()["detail"]
    assert (
        await client.post(f"/api/v1/leads/{lead_id}/messages", json={"template_id": "upload_link"})
    ).status_code == 201


async def test_another_patients_link_is_refused(world: World) -> None:  # noqa: F811
    lead_id = await a_lead(world)
    other_patient, other_lead = await make_lead(world.context, world.practice, first_name="Bea")
    client = await desk(world)
    async with world.context.database.transaction(world.practice.id) as session:
        foreign = await links.create(session, "upload", patient_id=other_patient, lead_id=other_lead)
    for mark in (marks.mark(foreign.id), marks.mark(uuid.uuid4())):
        answer = await client.post(f"/api/v1/leads/{lead_id}/messages", json={"body": f"Northside: {mark}"})
        assert answer.status_code == 422, mark


async def test_a_text_whose_link_was_used_meanwhile_is_not_sent(world: World) -> None:  # noqa: F811
    lead_id = await a_lead(world)
    before = len(world.sent())
    client = await desk(world)
    await client.post(f"/api/v1/leads/{lead_id}/messages", json={"template_id": "schedule_link"})
    async with world.context.database.transaction(world.practice.id) as session:
        link_id = await world.admin.fetchval("SELECT id FROM patient_links")
        assert await links.use(session, link_id)
        assert not await links.use(session, link_id), "noted once"
    await world.work()
    assert len(world.sent()) == before
    assert (await world.statuses())[-1] == ("canceled", None)


async def test_when_a_stranger_has_the_phone_its_links_are_dead(world: World) -> None:  # noqa: F811
    lead_id = await a_lead(world)
    client = await desk(world)
    await client.post(f"/api/v1/leads/{lead_id}/messages", json={"template_id": "upload_link"})
    await world.work()
    found = ADDRESS.search(world.sent()[-1])
    assert found
    await world.write("wrong number")
    async with httpx.AsyncClient(base_url=world.context.settings.base_url) as phone:
        assert (await open_link(phone, found.group(1))).status_code == 404


async def test_delivery_is_told_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    told: list[events.LinkDelivered] = []

    async def listen(_: Any, event: events.LinkDelivered) -> None:
        told.append(event)

    monkeypatch.setitem(world.context.database.subscribers, events.LinkDelivered, [listen])
    lead_id = await a_lead(world)
    client = await desk(world)
    await client.post(f"/api/v1/leads/{lead_id}/messages", json={"template_id": "intake_link"})
    await world.work(6)
    async with world.context.database.transaction(world.practice.id) as session:
        await links.delivered(session, [told[0].link_id])
    assert [(event.purpose, event.lead_id) for event in told] == [("intake", lead_id)]


async def test_a_link_is_written_into_one_conversation_only(world: World) -> None:  # noqa: F811
    """The rule holds below the routes too."""
    lead_id = await a_lead(world)
    async with world.context.database.transaction(world.practice.id) as session:
        other_patient, other_lead = await make_lead(world.context, world.practice, first_name="Bea")
        link = await links.create(session, "visit", patient_id=other_patient, lead_id=other_lead)
        row = await world.admin.fetchval("SELECT id FROM conversations LIMIT 1")
        conversation = await service.locked(session, row, "messages:write")
        with pytest.raises(Invalid):
            await service.write(session, conversation, NewText(marks.mark(link.id), "care", lead_id))
