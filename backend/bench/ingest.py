"""Ingest: signed webhooks against bare asyncpg inserts and a bare endpoint, in the same run."""

import asyncio
import base64
import json
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import uvicorn
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI, Request

from backend.api.app import create_app, serve_with
from backend.bench.ground import at, make_desk, servers
from backend.core.context import ProcessContext
from backend.core.settings import Settings
from backend.faxes import lines
from backend.identity.queries import practice_key
from backend.wiring.fax_providers import open_fax_providers
from backend.wiring.process import open_process

CALLS, AT_ONCE = 2000, 32
KEY = Ed25519PrivateKey.generate()


def measure() -> dict[str, Any]:
    """Same servers, same machine, same minute: bare inserts, bare endpoint, webhooks."""
    with servers() as ground:
        return asyncio.run(_measure(ground.settings, ground.admin_url))


async def _measure(settings: Settings, admin_url: str) -> dict[str, Any]:
    async with open_process(settings) as context, open_fax_providers(settings) as providers:
        return await _compare(context, providers, admin_url)


async def _compare(context: ProcessContext, providers: Any, admin_url: str) -> dict[str, Any]:
    path = await _line(context)
    async with asyncpg.create_pool(admin_url, min_size=4, max_size=4) as pool:
        await pool.execute("CREATE TABLE bare (id uuid PRIMARY KEY, body bytea)")
        raw, _ = await _run(lambda body: pool.execute("INSERT INTO bare VALUES ($1, $2)", uuid.uuid4(), body))
        bare, bare_times = await _over_http(_bare(pool), "/bare")
    app = create_app()
    serve_with(app, context, providers)
    ours, times = await _over_http(app, path)
    return {
        "webhooks / bare asyncpg inserts": round(ours / raw, 3),
        "webhooks / bare FastAPI with one insert": round(ours / bare, 3),
        "webhooks per second": round(ours),
        "bare FastAPI per second": round(bare),
        "bare inserts per second": round(raw),
        "webhook p50, ms": at(times, 0.5),
        "webhook p99, ms": at(times, 0.99),
        "bare FastAPI p99, ms": at(bare_times, 0.99),
    }


async def _line(context: ProcessContext) -> str:
    """A Telnyx line; returns its webhook path."""
    desk = await make_desk(context)
    public = base64.b64encode(KEY.public_key().public_bytes_raw()).decode()
    async with context.database.transaction(desk.practice_id) as session:
        line = await lines.add_line(
            session, await practice_key(session, context), provider="telnyx", account_key=uuid.uuid4().hex,
            number="+12175550103", secrets={"api_key": "x", "public_key": public},
        )  # fmt: skip
    return f"/webhooks/fax/telnyx/{line.account_key}"


def _bare(pool: "asyncpg.Pool") -> FastAPI:
    app = FastAPI()

    @app.post("/bare")
    async def bare(request: Request) -> dict[str, bool]:
        await pool.execute("INSERT INTO bare VALUES ($1, $2)", uuid.uuid4(), await request.body())
        return {"received": True}

    return app


def _body() -> bytes:
    payload = {"fax_id": str(uuid.uuid4()), "direction": "inbound", "from": "+13125550142", "to": "+12175550103"}
    return json.dumps({"data": {"event_type": "fax.received", "id": str(uuid.uuid4()), "payload": payload}}).encode()


BODIES = [_body() for _ in range(CALLS)]


def _signed(body: bytes) -> dict[str, str]:
    seconds = str(int(time.time()))
    signature = base64.b64encode(KEY.sign(seconds.encode() + b"|" + body)).decode()
    return {"telnyx-timestamp": seconds, "telnyx-signature-ed25519": signature, "content-type": "application/json"}


async def _over_http(app: FastAPI, path: str) -> tuple[float, list[float]]:
    """Over real sockets. The client writes ready-made requests, so that it costs as little as it can."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, access_log=False, lifespan="off"))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    connections = asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]]()
    for _ in range(AT_ONCE):
        connections.put_nowait(await asyncio.open_connection("127.0.0.1", port))
    requests = {body: _request(path, body) for body in BODIES}

    async def send(body: bytes) -> None:
        reader, writer = await connections.get()
        writer.write(requests[body])
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head[:40]
        await reader.readexactly(int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]))
        connections.put_nowait((reader, writer))

    try:
        return await _run(send)
    finally:
        while not connections.empty():
            connections.get_nowait()[1].close()
        server.should_exit = True
        await serving


def _request(path: str, body: bytes) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "host: bench.example.org", f"content-length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in _signed(body).items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def _run(send: Callable[[bytes], Awaitable[Any]]) -> tuple[float, list[float]]:
    """(calls per second, seconds of each call)."""
    bodies = list(BODIES)
    times: list[float] = []

    async def worker() -> None:
        while bodies:
            begun = time.perf_counter()
            await send(bodies.pop())
            times.append(time.perf_counter() - begun)

    begun = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
    return CALLS / (time.perf_counter() - begun), sorted(times)
