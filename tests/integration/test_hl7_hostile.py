"""Who would do harm by HL7: take another practice's messages, or be in the way of everybody else's."""

import asyncio
from functools import partial

import httpx
import pytest
from fastapi import FastAPI

from backend.integrations.hl7_mllp.server import MOST_PER_PEER, MllpServer
from tests.conftest import PASSWORD, SamplePractice
from tests.integration.test_hl7 import Wire, siu, wire

__all__ = ["wire"]


async def test_nobody_takes_the_messages_of_another_practice(
    wire: Wire, client: httpx.AsyncClient, app: FastAPI, other_practice: SamplePractice
) -> None:
    path = "/api/v1/settings/hl7-senders"
    general = {"version": 0, "name": "All of ours", "facility": "SOUTHSIDE"}
    own = {"version": 0, "name": "Own", "port": 2576, "facility": "SOUTHSIDE"}
    for body in (general, own):
        assert (await client.post(path, json=body)).status_code == 201
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="https://test.example.org") as thief:
        answer = await thief.post("/api/v1/session", json={"email": other_practice.email, "password": PASSWORD})
        thief.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        # More to the point than what the owner named, so theirs would have come first.
        for body in (general | {"application": "PTEMR"}, own | {"application": "PTEMR"}, own | {"facility": "X"}):
            assert (await thief.post(path, json=body)).status_code == 409, body
        quiet = own | {"application": "PTEMR", "active": False}
        closed = await thief.post(path, json=quiet)
        assert closed.status_code == 201
        opened = await thief.put(f"{path}/{closed.json()['id']}", json=quiet | {"version": 1, "active": True})
        assert opened.status_code == 409
    message = siu().replace(b"NORTHSIDE", b"SOUTHSIDE")
    for port in (None, 2576):
        assert (await wire._receive(port, message, "127.0.0.1")).code == "AA"
    assert await wire.admin.fetchval("SELECT count(DISTINCT practice_id) FROM webhook_deliveries") == 1


async def test_one_address_leaves_room_for_the_others(wire: Wire) -> None:
    idle = [await asyncio.open_connection("127.0.0.1", wire.port) for _ in range(MOST_PER_PEER)]
    with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        await wire.talk(siu())
    reader, writer = await asyncio.open_connection("127.0.0.1", wire.port, local_addr=("127.0.0.2", 0))
    writer.write(b"\x0b" + siu() + b"\x1c\r")
    assert b"MSA|AA|" in await asyncio.wait_for(reader.readuntil(b"\x1c\r"), 10)
    for _, each in (*idle, (reader, writer)):
        each.close()


async def test_many_large_messages_at_once_wait_for_room(wire: Wire) -> None:
    await wire.server.stop()
    wire.server = MllpServer(partial(wire._receive, None), most_held=3_000_000)
    wire.port = await wire.server.start("127.0.0.1", 0)
    slow = [await asyncio.open_connection("127.0.0.1", wire.port) for _ in range(2)]
    for _, writer in slow:
        writer.write(b"\x0b" + b"x" * 1_400_000)
        await writer.drain()
    await asyncio.sleep(0.3)
    big = siu(extra="OBX|1|TX|||" + "x" * 1_000_000 + "\r")
    assert await wire.send(big) == ["AE"]
    for _, writer in slow:
        writer.close()
    await asyncio.sleep(0.1)
    assert await wire.send(big) == ["AA"]
