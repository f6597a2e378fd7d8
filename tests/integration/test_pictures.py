"""Pictures and files by text, both ways, over real sockets, with everything that may go wrong."""

import asyncio
import io
import uuid
from dataclasses import replace
from typing import Any

import httpx
import pytest
from PIL import Image
from sqlalchemy import update
from twilio.request_validator import RequestValidator

from backend.core.actor import Grant, act_as
from backend.core.problems import NotFound
from backend.identity import api_keys, permissions, service
from backend.messaging import lines
from backend.messaging.attachment_routes import _of_message
from backend.messaging.models import Conversation
from backend.sandbox.carriers.twilio import new_sid
from tests.conftest import SamplePractice, make_practice
from tests.integration.test_texting import PHONE, World, world

__all__ = ["world"]  # the fixture
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
CARD = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada Sample\r\nEND:VCARD\r\n"
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"0" * 64
PICTURES = "SELECT state, failure, content_type, size FROM message_attachments ORDER BY position"


def png(size: int = 8) -> bytes:
    """A small real picture."""
    out = io.BytesIO()
    Image.new("RGB", (size, size), (30, 90, 160)).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
async def desk(world: World, practice: SamplePractice) -> httpx.AsyncClient:
    """Somebody of the practice."""
    async with world.context.database.transaction(practice.id) as session:
        key = api_keys.create(session, "test", sorted(permissions.ALL))[1]
    world.http.headers["Authorization"] = f"Bearer {key}"
    return world.http


async def send_picture(world: World, *files: tuple[str, bytes, str], body: str = "") -> dict[str, Any]:
    """The patient sends pictures, and the product takes them in."""
    parts = [("files", file) for file in files]
    answer = await world.http.post("/sandbox/mms", data={"from": PHONE, "body": body}, files=parts)
    assert answer.status_code == 201, answer.text
    await world.sandbox.twilio.quiet()
    await world.work()
    made: dict[str, Any] = answer.json()
    return made


async def pictures(world: World) -> list[tuple[str, str | None, str | None]]:
    return [(row["state"], row["failure"], row["content_type"]) for row in await world.admin.fetch(PICTURES)]


async def hurry(world: World, rounds: int = 3) -> None:
    """Let waits between attempts pass."""
    for _ in range(rounds):
        await world.admin.execute("UPDATE jobs SET run_at = now() WHERE state = 'queued' AND kind LIKE 'messages.%'")
        await world.work(1)


async def fault(world: World, name: str, count: int = 1, to: str | None = None) -> None:
    body = {"provider": "twilio", "fault": name, "count": count, "to": to}
    assert (await world.http.post("/sandbox/faults", json=body)).status_code == 200


async def thread(desk: httpx.AsyncClient) -> list[dict[str, Any]]:
    conversation = (await desk.get("/api/v1/conversations")).json()["items"][0]
    found: list[dict[str, Any]] = (await desk.get(f"/api/v1/conversations/{conversation['id']}/messages")).json()[
        "items"
    ]
    return found


async def test_a_picture_without_words_arrives_sealed_and_is_deleted_at_the_carrier(
    world: World, desk: httpx.AsyncClient
) -> None:
    picture = png()
    text = await send_picture(world, ("a.png", picture, "image/png"), ("b.pdf", PDF, "application/pdf"))
    message = (await thread(desk))[0]
    assert (message["body"], message["direction"]) == ("", "in")
    assert [(one["state"], one["content_type"]) for one in message["attachments"]] == [
        ("stored", "image/png"), ("stored", "application/pdf"),
    ]  # fmt: skip
    answer = await desk.get(message["attachments"][0]["url"])
    assert answer.content == picture
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-security-policy"].startswith("sandbox")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"] == 'inline; filename="attachment-1.png"'
    assert not world.sandbox.twilio.memory.media, "the carrier keeps nothing"
    sealed = [file.read_bytes() for file in world.context.settings.data.glob("documents/**/*") if file.is_file()]
    assert sealed and not any(picture in data for data in sealed)
    looked = "SELECT count(*) FROM audit_events WHERE action = 'attachment.viewed'"
    assert await world.admin.fetchval(looked) == 1
    assert (await desk.get("/api/v1/conversations")).json()["items"][0]["last_text"] == "Picture or file"
    phone = (await desk.get("/sandbox/phone", params={"number": PHONE})).json()
    assert [len(one["media"]) for one in phone["texts"]] == [2]
    assert (await desk.get(phone["texts"][0]["media"][0]["url"])).content == picture
    assert text["num_media"] == "2"


async def test_what_is_no_picture_is_a_download(world: World, desk: httpx.AsyncClient) -> None:
    await send_picture(world, ("a.heic", HEIC, "image/jpeg"), ("b.vcf", CARD, "image/png"))
    files = (await thread(desk))[0]["attachments"]
    assert [one["content_type"] for one in files] == ["image/heic", "text/vcard"]
    for one in files:
        assert (await desk.get(one["url"])).headers["content-disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    ("name", "count", "failure"),
    [
        ("media_redirect_inner", 1, "redirect_refused"),
        ("media_wrong_type", 1, "unknown_type"),
        ("media_404", 9, "not_ready"),
    ],
)
async def test_a_picture_that_does_not_come_says_why_and_can_be_asked_for_again(
    world: World, desk: httpx.AsyncClient, name: str, count: int, failure: str
) -> None:
    await fault(world, name, count)
    await send_picture(world, ("a.png", png(), "image/png"), body="my card")
    await hurry(world, 5)
    assert await pictures(world) == [("failed", failure, None)]
    message = (await thread(desk))[0]
    one = message["attachments"][0]
    assert (one["state"], one["failure"], one["url"]) == ("failed", failure, None)
    world.sandbox.twilio.faults._asked.clear()
    path = f"/api/v1/messages/{message['id']}/attachments/{one['id']}"
    assert (await desk.get(path)).status_code == 404
    assert (await desk.post(f"{path}/retry")).json()["state"] == "pending"
    assert (await desk.post(f"{path}/retry")).status_code == 409
    await world.work()
    assert await pictures(world) == [("stored", None, "image/png")]


async def test_an_early_404_only_means_not_yet(world: World) -> None:
    await fault(world, "media_404", 2)
    await send_picture(world, ("a.png", png(), "image/png"))
    assert (await pictures(world))[0][0] == "pending"
    await hurry(world)
    assert await pictures(world) == [("stored", None, "image/png")]


async def test_too_large_is_refused_while_it_streams(world: World) -> None:
    await send_picture(world, ("a.png", png() + b"0" * (5 * 1024 * 1024), "image/png"))
    assert await pictures(world) == [("failed", "too_large", None)]


async def test_a_script_is_never_kept(world: World) -> None:
    page = b"<!doctype html><script>alert(1)</script>"
    await send_picture(world, ("a.png", page, "image/png"), ("b.svg", b"<svg onload='x'/>", "image/svg+xml"))
    assert [row[1] for row in await pictures(world)] == ["unknown_type", "unknown_type"]
    assert await world.admin.fetchval("SELECT count(*) FROM documents") == 0


def signed(world: World, said: dict[str, str]) -> tuple[str, dict[str, str], dict[str, str]]:
    """A callback as Twilio would sign it."""
    carrier = world.sandbox.twilio
    path = lines.sms_path(carrier.account.account_key)
    form = {
        "MessageSid": new_sid("MM"), "From": PHONE, "To": carrier.account.number, "Body": "",
        "AccountSid": carrier.account.credentials["account_sid"], **said,
    }  # fmt: skip
    validator = RequestValidator(carrier.account.credentials["auth_token"])
    signature = validator.compute_signature(world.context.settings.base_url + path, form)
    return path, form, {"X-Twilio-Signature": signature}


async def test_the_count_may_lie(world: World) -> None:
    """It says three and gives one: one arrives, and two are shown as missing."""
    carrier = world.sandbox.twilio
    await fault(world, "inbound_lost")
    text = carrier.bring(PHONE, "", [(png(), "image/png")])
    url = f"https://api.twilio.com/2010-04-01/Accounts/AC0/Messages/{text.sid}/Media/{text.media[0]}"
    path, form, headers = signed(world, {"MessageSid": text.sid, "NumMedia": "3", "MediaUrl0": url})
    assert (await world.http.post(path, data=form, headers=headers)).status_code == 200
    await world.work()
    await hurry(world, 5)
    assert await pictures(world) == [
        ("stored", None, "image/png"), ("failed", "missing", None), ("failed", "missing", None),
    ]  # fmt: skip


@pytest.mark.parametrize("claimed", ["-1", "x", "", "0", "99999999999999999999", "1e3", "\u0663"])
async def test_a_nonsense_count_loses_no_text(world: World, claimed: str) -> None:
    path, form, headers = signed(world, {"NumMedia": claimed, "Body": "Is Monday possible?"})
    assert (await world.http.post(path, data=form, headers=headers)).status_code == 200
    await world.work(1)
    assert await world.admin.fetchval("SELECT count(*) FROM messages") == 1
    assert await world.admin.fetchval("SELECT count(*) FROM message_attachments") <= 10


async def test_an_attackers_address_is_never_called(world: World) -> None:
    """Even one with a valid signature: only the id is taken from it, and asked for at the API."""
    called: list[bytes] = []

    async def trap(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        called.append(await reader.read(1000))
        writer.close()

    server = await asyncio.start_server(trap, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    said = {
        "NumMedia": "3", "MediaUrl0": f"http://127.0.0.1:{port}/2010-04-01/Accounts/AC0/Messages/MM1/Media/{new_sid('ME')}",
        "MediaUrl1": f"http://127.0.0.1:{port}/x.png", "MediaUrl2": "file:///etc/passwd",
    }  # fmt: skip
    path, form, headers = signed(world, said)
    assert (await world.http.post(path, data=form, headers=headers)).status_code == 200
    await world.work()
    await hurry(world, 5)
    server.close()
    assert called == []
    assert {row[0] for row in await pictures(world)} == {"failed"}


async def test_tampered_and_forged_pictures_leave_nothing(world: World) -> None:
    path, form, headers = signed(world, {"NumMedia": "1"})
    tampered = form | {"MediaUrl0": "https://evil.example.org/x"}
    assert (await world.http.post(path, data=tampered, headers=headers)).status_code == 403
    assert (await world.http.post(path, data=form, headers={"X-Twilio-Signature": ""})).status_code == 403
    assert await world.admin.fetchval("SELECT count(*) FROM webhook_deliveries") == 0


async def test_fifty_identical_pictures_at_once_and_one_replayed_later_are_one(world: World) -> None:
    await fault(world, "inbound_lost")
    text = world.sandbox.twilio.bring(PHONE, "", [(png(), "image/png")])
    url = f"https://x/Media/{text.media[0]}"
    said = {
        "MessageSid": text.sid,
        "NumMedia": "1",
        "MediaUrl0": url,
        "NewParameter": "x",
        "MessagingServiceSid": "MG0",
    }
    path, form, headers = signed(world, said)
    answers = await asyncio.gather(*(world.http.post(path, data=form, headers=headers) for _ in range(50)))
    assert {answer.status_code for answer in answers} == {200}
    await world.work()
    await world.http.post(path, data=form, headers=headers)
    await world.work()
    assert await world.admin.fetchval("SELECT count(*) FROM messages") == 1
    assert await pictures(world) == [("stored", None, "image/png")]


@pytest.mark.parametrize("body", ["🎉👩‍👩‍👧", "שלום, יום שלישי?", "x" * 1600, "", "a\0b", "\u202egnp.exe"])
async def test_any_body_is_taken_in(world: World, body: str) -> None:
    path, form, headers = signed(world, {"Body": body})
    assert (await world.http.post(path, data=form, headers=headers)).status_code == 200
    await world.work(1)
    assert await world.admin.fetchval("SELECT body FROM messages") == body.replace("\0", "")


async def test_a_lost_callback_is_found_in_the_carriers_list_with_its_picture(world: World) -> None:
    await fault(world, "inbound_lost")
    world.sandbox.twilio.bring(PHONE, "", [(png(), "image/png")])
    await world.work(1)
    assert await world.admin.fetchval("SELECT count(*) FROM messages") == 0
    line = await world.admin.fetchrow("SELECT practice_id, id FROM phone_lines")
    await world.admin.execute(
        "INSERT INTO jobs (id, practice_id, kind, ref_id, key, queue) "
        "VALUES (gen_random_uuid(), $1, 'messages.reconcile', $2, 'now', 'default')", *line,
    )  # fmt: skip
    await world.work()
    assert await pictures(world) == [("stored", None, "image/png")]


async def test_files_of_another_clinic_or_practice_are_not_found(
    world: World, desk: httpx.AsyncClient, practice: SamplePractice
) -> None:
    await send_picture(world, ("a.png", png(), "image/png"))
    url = (await thread(desk))[0]["attachments"][0]["url"]
    other = await make_practice(world.context, "lakeview")
    async with world.context.database.transaction(other.id) as session:
        key = api_keys.create(session, "other", sorted(permissions.ALL))[1]
    assert (await desk.get(url, headers={"Authorization": f"Bearer {key}"})).status_code == 404
    message_id, attachment_id = (uuid.UUID(part) for part in url.split("/")[4::2])
    async with world.context.database.transaction(practice.id) as session:
        north = await service.create_location(session, name="South", timezone="America/Chicago")
        await session.execute(update(Conversation).values(location_id=practice.location_id))
        for place, sees in ((practice.location_id, True), (north.id, False)):
            grant = Grant(place, frozenset({"messages:read"}))
            act_as(session, replace(practice.actor, grants=(grant,)))
            try:
                assert (await _of_message(session, message_id, attachment_id)).id == attachment_id
                assert sees
            except NotFound:
                assert not sees
    async with world.context.database.transaction(practice.id) as session:
        blind = api_keys.create(session, "blind", sorted(permissions.ALL - {"messages:read"}))[1]
    assert (await desk.get(url, headers={"Authorization": f"Bearer {blind}"})).status_code == 403
