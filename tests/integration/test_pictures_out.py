"""Pictures and files we send: uploaded, sealed, fetched by the carrier while the text is on its way, never sent twice."""

from typing import Any

import httpx
import pytest

from backend.sandbox.carriers.twilio import new_sid
from tests.integration.test_pictures import HEIC, PDF, desk, fault, hurry, png
from tests.integration.test_texting import World, world

__all__ = ["desk", "world"]  # the fixtures


async def begin(world: World, desk: httpx.AsyncClient) -> str:
    """A conversation with somebody who may be texted; returns its id."""
    await world.open_lead("web_form")
    await world.write("Hi, it's Ada")
    found: str = (await desk.get("/api/v1/conversations")).json()["items"][0]["id"]
    return found


async def upload(desk: httpx.AsyncClient, conversation: str, data: bytes, **more: Any) -> httpx.Response:
    path = f"/api/v1/conversations/{conversation}/attachments"
    return await desk.post(path, files={"file": ("scan", data, "application/octet-stream")}, **more)


async def lead_of(world: World) -> str:
    return str(await world.admin.fetchval("SELECT id FROM leads"))


async def test_a_picture_goes_out_and_its_address_ends(world: World, desk: httpx.AsyncClient) -> None:
    conversation, picture = await begin(world, desk), png()
    ids = [(await upload(desk, conversation, data)).json()["id"] for data in (picture, PDF)]
    sent = await desk.post(f"/api/v1/leads/{await lead_of(world)}/messages", json={"attachment_ids": ids})
    assert sent.status_code == 201, sent.text
    assert sent.json()["status"] == "queued"
    assert [one["content_type"] for one in sent.json()["attachments"]] == ["image/png", "application/pdf"]
    await world.work()
    text = list(world.sandbox.twilio.texts.values())[-1]
    assert (text.status, text.sid[:2], len(text.media)) == ("delivered", "MM", 2)
    assert world.sandbox.twilio.memory.read(text.media[0]) == picture
    for url in text.media_urls:
        assert (await httpx.AsyncClient().get(url)).status_code == 404, "the text has arrived; nobody needs it any more"
        token = url.rpartition("/")[2].encode()
        assert len(token) == 43
        assert await world.admin.fetchval("SELECT count(*) FROM media_links WHERE token_hash = $1", token) == 0
    again = {"attachment_ids": ids}
    assert (await desk.post(f"/api/v1/leads/{await lead_of(world)}/messages", json=again)).status_code == 422


async def test_the_address_lives_while_the_text_is_on_its_way(world: World, desk: httpx.AsyncClient) -> None:
    conversation = await begin(world, desk)
    attachment = (await upload(desk, conversation, png())).json()["id"]
    await fault(world, "lost_callbacks")
    await desk.post(
        f"/api/v1/leads/{await lead_of(world)}/messages", json={"body": "map", "attachment_ids": [attachment]}
    )
    await world.work()
    url = list(world.sandbox.twilio.texts.values())[-1].media_urls[0]
    async with httpx.AsyncClient() as stranger:
        answer = await stranger.get(url)
        assert (answer.status_code, answer.content) == (200, png())
        assert "noindex" in answer.headers["x-robots-tag"]
        assert answer.headers["cache-control"] == "no-store"
        assert (await stranger.head(url)).status_code == 200
        assert (await stranger.post(url)).status_code == 405
        assert (await stranger.get(url[:-1] + ("A" if url[-1] != "A" else "B"))).status_code == 404
        await world.admin.execute("UPDATE media_links SET expires_at = now() - interval '1 year'")
        assert (await stranger.get(url)).status_code == 404


async def test_only_what_can_be_sent_is_taken(world: World, desk: httpx.AsyncClient, other_practice: Any) -> None:
    conversation = await begin(world, desk)
    for data in (HEIC, b"<svg/>", b"MZ\x90\x00", b""):
        assert (await upload(desk, conversation, data)).status_code == 422
    assert (await upload(desk, conversation, png() + b"0" * 5 * 1024 * 1024)).status_code == 413
    assert (await upload(desk, new_sid("")[:32], png())).status_code == 404
    one = await upload(desk, conversation, png(), headers={"Idempotency-Key": "k"})
    assert (await upload(desk, conversation, png(), headers={"Idempotency-Key": "k"})).json() == one.json()
    path = f"/api/v1/leads/{await lead_of(world)}/messages"
    for wrong in (
        {}, {"body": ""}, {"body": "x", "attachment_ids": [str(other_practice.id)]},
        {"attachment_ids": [one.json()["id"]] * 2}, {"attachment_ids": [str(other_practice.id)] * 11},
    ):  # fmt: skip
        assert (await desk.post(path, json=wrong)).status_code == 422, wrong


async def test_an_upload_nobody_sends_is_not_kept(world: World, desk: httpx.AsyncClient) -> None:
    conversation = await begin(world, desk)
    sent, unsent = [(await upload(desk, conversation, data)).json()["id"] for data in (png(), PDF)]
    await desk.post(f"/api/v1/leads/{await lead_of(world)}/messages", json={"attachment_ids": [sent]})
    await world.admin.execute("UPDATE jobs SET run_at = now() WHERE kind = 'messages.tidy_upload'")
    await world.work()
    assert [str(row["id"]) for row in await world.admin.fetch("SELECT id FROM message_attachments")] == [sent]
    kept = await world.admin.fetch("SELECT practice_id, id FROM documents")
    folder = world.context.settings.data / "documents"
    assert [(folder / str(row["practice_id"]) / str(row["id"])).is_file() for row in kept] == [True]
    assert unsent != sent


@pytest.mark.parametrize("body", ["", "here is the map"])
async def test_a_lost_answer_never_sends_a_picture_twice(
    world: World, desk: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    """Not even when the last text was a picture without words too, which looks just like it."""
    conversation = await begin(world, desk)
    path = f"/api/v1/leads/{await lead_of(world)}/messages"
    for _ in range(2):
        attachment = (await upload(desk, conversation, png())).json()["id"]
        await desk.post(path, json={"body": body, "attachment_ids": [attachment]})
        await world.work()
    before = len(world.sent())
    monkeypatch.setattr("backend.integrations.sms_twilio.TIMEOUT_SECONDS", 1)
    world.sandbox.twilio.hang_seconds = 2.0
    await fault(world, "timeout")
    await fault(world, "lost_callbacks")
    attachment = (await upload(desk, conversation, png())).json()["id"]
    await desk.post(path, json={"body": body, "attachment_ids": [attachment]})
    await world.work(1)
    assert (await world.statuses())[-1] == ("unknown", None)
    await hurry(world)
    assert len(world.sent()) == before + 1, "taken once, and never sent again"
    found = await world.admin.fetch("SELECT DISTINCT external_id FROM messages WHERE direction = 'out'")
    assert len(found) == before + 1, "each of ours is another text at the carrier"
