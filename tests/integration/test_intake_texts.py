"""The form by text, through the emulated carrier: a welcome, one reminder, never a third; and stages that follow."""

import re
import uuid
from datetime import timedelta
from typing import Any

import httpx

from backend.api.app import create_app, serve_with
from backend.core import clock
from backend.leads import evaluations
from tests.calling import PHONE, World, desk, world
from tests.desk_hours import until_desk_hours
from tests.intake import ANSWERS
from tests.patients_phone import enter, make_lead

__all__ = ["desk", "world"]  # fixtures
INTAKE = "/api/v1/public/links/intake"


def phone_of(world: World) -> httpx.AsyncClient:
    """The patient's browser. HTTPS, because its cookie is `Secure`."""
    app = create_app()
    serve_with(app, world.context, {})
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="https://test.example.org")


async def a_lead(world: World) -> uuid.UUID:
    """A patient who may be texted, and has been once."""
    _, lead_id = await make_lead(world.context, world.practice, phone=PHONE, source="web_form")
    await world.work()
    return lead_id


async def booked(world: World, lead_id: uuid.UUID, hours: int = 72) -> None:
    async with world.context.database.transaction(world.practice.id) as session:
        await evaluations.book(session, lead_id, clock.now() + timedelta(hours=hours))


async def stage(world: World) -> str:
    return str(await world.admin.fetchval("SELECT stage FROM leads"))


def links(world: World) -> list[str]:
    """Tokens in texts about the form, oldest first."""
    return [found.group(1) for text in world.sent() if (found := re.search(r"/p#([a-z2-7]{26})", text))]


async def test_a_delivered_link_moves_the_booked_lead_and_the_form_comes_back(
    world: World, desk: httpx.AsyncClient
) -> None:
    lead_id = await a_lead(world)
    await booked(world, lead_id)
    sent = await desk.post(f"/api/v1/leads/{lead_id}/intake", json={})
    assert (sent.status_code, sent.json()["state"]) == (201, "prepared"), sent.text
    await world.work()
    assert await stage(world) == "intake_sent"
    shown = (await desk.get(f"/api/v1/leads/{lead_id}")).json()
    assert shown["intake"] == {"state": "sent", "percent": 0}
    cards = (await desk.get("/api/v1/board/columns/intake_sent/cards")).json()["items"]
    assert {"kind": "intake", "label": "intake sent", "tone": "neutral"} in cards[0]["badges"]
    async with phone_of(world) as phone:
        await enter(phone, links(world)[0])
        begun = await phone.post(f"{INTAKE}/begin", json={"language": "en"})
        half = {"sex": "f", "address": None, "pays": "self"}
        await phone.patch(f"{INTAKE}/answers", json={"revision": begun.json()["revision"], "answers": half})
        cards = (await desk.get("/api/v1/board/columns/intake_sent/cards")).json()["items"]
        assert re.fullmatch(r"intake \d+ %", cards[0]["badges"][0]["label"])
        rest = {**ANSWERS, "address": {"street": "1 Elm", "city": "Chicago", "state": "IL", "zip": "60601"},
                "where": ["front_knee_left"]}  # fmt: skip
        await phone.patch(f"{INTAKE}/answers", json={"revision": 1, "answers": rest})
        assert (await phone.post(f"{INTAKE}/submit", json={})).status_code == 200
    await world.work()
    cards = (await desk.get("/api/v1/board/columns/intake_sent/cards")).json()["items"]
    assert {"kind": "intake", "label": "intake done", "tone": "good"} in cards[0]["badges"]
    assert await world.admin.fetchval("SELECT next_kind FROM leads") == "confirm_visit"


async def test_before_a_visit_is_booked_there_is_still_one_to_book(world: World, desk: httpx.AsyncClient) -> None:
    lead_id = await a_lead(world)
    await desk.post(f"/api/v1/leads/{lead_id}/intake", json={})
    await world.work()
    assert await stage(world) == "contacted"
    assert (await desk.get(f"/api/v1/leads/{lead_id}")).json()["intake"]["state"] == "sent"
    await booked(world, lead_id)
    assert await stage(world) == "intake_sent", "the form is there already"


async def test_a_welcome_and_one_reminder_are_enough(world: World, desk: httpx.AsyncClient) -> None:
    lead_id = await a_lead(world)
    intake = (await desk.post(f"/api/v1/leads/{lead_id}/intake", json={})).json()
    await world.work()
    assert len(links(world)) == 1
    assert (await desk.post(f"/api/v1/intake/{intake['id']}/resend")).status_code == 200
    await world.work()
    assert len(links(world)) == 2
    assert "not finished yet" in world.sent()[-1]
    third = await desk.post(f"/api/v1/intake/{intake['id']}/resend")
    assert third.status_code == 409
    await _reminder_due(world)
    assert len(links(world)) == 2, "a person has reminded already"
    async with phone_of(world) as phone:
        for token in links(world):
            await enter(phone, token)


async def test_the_reminder_goes_by_itself_and_once(world: World, desk: httpx.AsyncClient) -> None:
    lead_id = await a_lead(world)
    await desk.post(f"/api/v1/leads/{lead_id}/intake", json={})
    await world.work()
    await _reminder_due(world)
    assert len(links(world)) == 1, "it was not due yet and waits"
    clock.shift_by(until_desk_hours() + timedelta(days=7))
    await _reminder_due(world)
    assert len(links(world)) == 2
    await _reminder_due(world)
    assert len(links(world)) == 2


async def test_no_reminder_once_it_is_done_or_the_visit_is_off(world: World, desk: httpx.AsyncClient) -> None:
    lead_id = await a_lead(world)
    await booked(world, lead_id, hours=24 * 30)
    await desk.post(f"/api/v1/leads/{lead_id}/intake", json={})
    await world.work()
    async with world.context.database.transaction(world.practice.id) as session:
        await evaluations.cancel(session, lead_id)
    clock.shift_by(until_desk_hours() + timedelta(days=7))
    await _reminder_due(world)
    assert len(links(world)) == 1


async def test_a_text_that_waits_is_not_sent_once_the_form_is_done(world: World, desk: httpx.AsyncClient) -> None:
    lead_id = await a_lead(world)
    intake = (await desk.post(f"/api/v1/leads/{lead_id}/intake", json={"by": "desk"})).json()
    code = (await desk.post(f"/api/v1/intake/{intake['id']}/qr")).json()["url"]
    clock.shift_by(until_desk_hours() + timedelta(hours=12))
    held = (await desk.post(f"/api/v1/intake/{intake['id']}/resend")).json()["welcome"]
    assert (held["status"], held["reason"]) == ("held", "quiet_hours")
    async with phone_of(world) as phone:
        await enter(phone, code.split("#")[1])
        await phone.post(f"{INTAKE}/begin", json={"language": "en"})
        rest = {**ANSWERS, "address": {"street": "1 Elm", "city": "Chicago", "state": "IL", "zip": "60601"},
                "where": ["front_knee_left"], "sex": "f", "pays": "self"}  # fmt: skip
        await phone.patch(f"{INTAKE}/answers", json={"revision": 1, "answers": rest})
        assert (await phone.post(f"{INTAKE}/submit", json={})).status_code == 200
    clock.shift_by(until_desk_hours() + timedelta(days=7))
    await world.admin.execute("UPDATE jobs SET run_at = now() WHERE state = 'queued' AND kind = 'messages.send'")
    await world.work()
    assert links(world) == []
    assert await world.admin.fetchval("SELECT status FROM messages WHERE body LIKE '%{link:%'") == "canceled"


async def test_who_said_stop_gets_no_form_by_text(world: World, desk: httpx.AsyncClient) -> None:
    lead_id = await a_lead(world)
    await world.write("STOP")
    sent = (await desk.post(f"/api/v1/leads/{lead_id}/intake", json={})).json()
    assert (sent["welcome"]["status"], sent["welcome"]["reason"]) == ("blocked", "opted_out")
    assert (await desk.get(f"/api/v1/leads/{lead_id}")).json()["intake"]["state"] == "none"
    assert links(world) == []


async def test_a_template_with_the_link_prepares_the_form(world: World, desk: httpx.AsyncClient) -> None:
    lead_id = await a_lead(world)
    await desk.post(f"/api/v1/leads/{lead_id}/messages", json={"template_id": "intake_link"})
    await world.work()
    listed: list[dict[str, Any]] = (await desk.get(f"/api/v1/leads/{lead_id}/intake")).json()["items"]
    assert [one["state"] for one in listed] == ["sent"]
    async with phone_of(world) as phone:
        await enter(phone, links(world)[0])
        assert (await phone.post(f"{INTAKE}/begin", json={"language": "es"})).status_code == 200


async def _reminder_due(world: World) -> None:
    await world.admin.execute("UPDATE jobs SET run_at = now() WHERE kind = 'intake.remind' AND state = 'queued'")
    await world.work()
