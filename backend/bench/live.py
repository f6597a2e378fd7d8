"""Live: a move on one screen until another shows it; a patient's text until staff can read it; a lead's first text.

Against the whole product as a process, over HTTP and SSE, as browsers do it.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx

from backend.bench.ground import Product, at, product, until

MOVES, TEXTS, LEADS = 60, 40, 20
STAGES = ("contacted", "new")


def measure() -> dict[str, Any]:
    """p50 and p95 of each way."""
    with product() as running:
        return asyncio.run(_measure(running))


async def _measure(running: Product) -> dict[str, Any]:
    async with running.client() as mover, running.client() as watcher:
        moves = await _moves(mover, watcher)
        firsts = await _first_texts(mover)
        texts = await _texts(mover, watcher)
    return {
        "move → card read on another screen, p50, ms": at(moves, 0.5),
        "move → card read on another screen, p95, ms": at(moves, 0.95),
        "lead opened → first text at the carrier, p50, ms": at(firsts, 0.5),
        "lead opened → first text at the carrier, p95, ms": at(firsts, 0.95),
        "patient's text → read by staff, p50, ms": at(texts, 0.5),
        "patient's text → read by staff, p95, ms": at(texts, 0.95),
    }


async def _moves(mover: httpx.AsyncClient, watcher: httpx.AsyncClient) -> list[float]:
    card = (await mover.get("/api/v1/board/columns/new/cards", params={"limit": 1})).json()["items"][0]
    times, version = [], card["version"]
    async with watcher.stream("GET", "/api/v1/events", timeout=None) as stream:
        events = _events(stream)
        await anext(events)
        for number in range(MOVES):
            begun = time.perf_counter()
            said = {"stage": STAGES[number % 2], "version": version}
            moving = asyncio.create_task(mover.post(f"/api/v1/leads/{card['id']}/move", json=said))
            async for event in events:
                if event["id"] == card["id"] and event["version"] > version:
                    break
            seen = (await watcher.get(f"/api/v1/leads/{card['id']}")).json()
            times.append(time.perf_counter() - begun)
            assert seen["stage"] == STAGES[number % 2]
            version = (await moving).json()["version"]
    return times


async def _first_texts(http: httpx.AsyncClient) -> list[float]:
    times = []
    for number in range(LEADS):
        phone = f"+1312555{7000 + number}"
        person = {"first_name": "Ada", "last_name": "Bench", "phone": phone}
        begun = time.perf_counter()
        (await http.post("/api/v1/leads", json={"source": "web_form", "patient": person})).raise_for_status()

        async def arrived(to: str = phone) -> Any:
            return (await http.get("/sandbox/sms", params={"to": to})).json()

        await until(arrived)
        times.append(time.perf_counter() - begun)
    return times


async def _texts(writer: httpx.AsyncClient, watcher: httpx.AsyncClient) -> list[float]:
    phone, times = "+13125557000", []
    async with watcher.stream("GET", "/api/v1/events", timeout=None) as stream:
        events = _events(stream)
        await anext(events)
        for number in range(TEXTS):
            words = f"Is day {number} possible?"
            begun = time.perf_counter()
            sent = asyncio.create_task(writer.post("/sandbox/sms", json={"from": phone, "body": words}))
            async for event in events:
                if event["type"] == "conversation.changed":
                    page = {"limit": 1}
                    newest = (await watcher.get(f"/api/v1/conversations/{event['id']}/messages", params=page)).json()
                    if newest["items"] and newest["items"][0]["body"] == words:
                        break
            times.append(time.perf_counter() - begun)
            await sent
    return times


async def _events(stream: httpx.Response) -> AsyncIterator[dict[str, Any]]:
    async for line in stream.aiter_lines():
        if line.startswith("data: "):
            yield json.loads(line.removeprefix("data: "))
