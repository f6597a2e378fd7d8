"""Media at Twilio: credentials go to the API only, redirects only to known hosts, sizes are capped."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse

from backend.core.callbacks import MediaGone, ProviderUnavailable
from backend.integrations.twilio_media import CDN_HOSTS, fetch, forget
from tests.ports import free_port

API = "https://api.twilio.com"
PATH = "/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1"
CDN = "https://mms.twiliocdn.com/AC1/abc?Expires=1"
PICTURE = b"\x89PNG\r\n\x1a\n" + b"0" * 100
Answer = Callable[[httpx.Request], httpx.Response]


async def ask(answer: Answer, api: str = API, path: str = PATH, most_bytes: int = 1000) -> tuple[bytes, str]:
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        return await fetch(
            http, api=api, path=path, account_sid="AC1", auth_token="token", hosts=CDN_HOSTS, most_bytes=most_bytes
        )


def to(location: str) -> Answer:
    return lambda _: httpx.Response(307, headers={"Location": location})


async def test_credentials_stay_at_the_api() -> None:
    seen: list[tuple[str, bool]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append((request.url.host, "authorization" in request.headers))
        if request.url.host == "api.twilio.com":
            return httpx.Response(307, headers={"Location": CDN})
        return httpx.Response(200, content=PICTURE, headers={"Content-Type": "Image/PNG; charset=x"})

    assert await ask(answer) == (PICTURE, "image/png")
    assert seen == [("api.twilio.com", True), ("mms.twiliocdn.com", False)]


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data", "https://169.254.169.254/", "http://127.0.0.1:5432/",
        "https://127.0.0.1/", "https://10.0.0.5/", "https://[::1]/", "http://localhost/", "https://evil.example.org/",
        "http://mms.twiliocdn.com/x", "https://mms.twiliocdn.com:8443/x", "https://mms.twiliocdn.com.evil.example.org/",
        "https://user:pass@mms.twiliocdn.com/", "https://mms.twiliocdn.com@evil.example.org/", "file:///etc/passwd",
        "//evil.example.org/x", "https://2130706433/", "https://mms.twiliocdn.com:99999/", "",
    ],
)  # fmt: skip
async def test_redirects_elsewhere_are_refused_and_never_followed(location: str) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(307, headers={"Location": location})

    with pytest.raises(MediaGone):
        await ask(answer)
    assert set(asked) <= {"api.twilio.com"}


@pytest.mark.parametrize("path", [".evil.example.org/x", "@evil.example.org/x", ":8443/x"])
async def test_an_address_never_leaves_the_api(path: str) -> None:
    with pytest.raises(MediaGone):
        await ask(lambda _: httpx.Response(200, content=b"x"), path=path)


async def test_a_known_host_that_redirects_forever_is_given_up() -> None:
    with pytest.raises(MediaGone) as gone:
        await ask(to(CDN))
    assert gone.value.code == "too_many_redirects"


@pytest.mark.parametrize(
    ("status", "code"),
    [(404, "not_ready"), (429, "rate_limited"), (500, "status_500"), (401, "unauthorized"), (403, "unauthorized")],
)
async def test_what_may_pass_is_tried_again(status: int, code: str) -> None:
    with pytest.raises(ProviderUnavailable) as busy:
        await ask(lambda _: httpx.Response(status))
    assert busy.value.code == code


@pytest.mark.parametrize(("status", "code"), [(410, "status_410"), (400, "status_400"), (200, "empty")])
async def test_what_will_not_pass_is_given_up(status: int, code: str) -> None:
    with pytest.raises(MediaGone) as gone:
        await ask(lambda _: httpx.Response(status))
    assert gone.value.code == code


async def test_an_expired_address_at_the_cdn_begins_again() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return to(CDN)(request) if request.url.host == "api.twilio.com" else httpx.Response(403)

    with pytest.raises(ProviderUnavailable) as busy:
        await ask(answer)
    assert busy.value.code == "expired"


async def test_a_broken_connection_is_tried_again() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("gone", request=request)

    with pytest.raises(ProviderUnavailable):
        await ask(answer)


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[str]:
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, lifespan="off"))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    await task


async def test_over_real_sockets() -> None:
    """A sandbox on this machine: 404, then 200; too large while streaming; another port of it is another host."""
    app, other = FastAPI(), FastAPI()
    heard: list[str] = []
    tries = iter([404, 307])

    @app.get(PATH)
    async def media() -> Response:
        status = next(tries)
        return Response(status_code=404) if status == 404 else RedirectResponse("/cdn/ME1", 307)

    @app.get("/cdn/ME1")
    async def cdn(request: Request) -> Response:
        heard.append(request.headers.get("authorization", ""))
        return Response(PICTURE, media_type="image/png")

    @app.get("/huge")
    async def huge() -> Response:
        async def parts() -> AsyncIterator[bytes]:
            for _ in range(100):
                yield b"0" * 1000
                await asyncio.sleep(0)

        return StreamingResponse(parts())

    @app.delete(PATH)
    async def delete(request: Request) -> Response:
        return Response(status_code=204 if request.headers.get("authorization") else 401)

    @other.get("/{path:path}")
    async def stolen(request: Request) -> Response:
        heard.append("stolen")
        return Response(b"secret")

    async with serving(app) as api, serving(other) as elsewhere, httpx.AsyncClient() as http:
        facts: dict[str, Any] = {"api": api, "account_sid": "AC1", "auth_token": "token"}
        with pytest.raises(ProviderUnavailable) as early:
            await fetch(http, path=PATH, hosts=CDN_HOSTS, **facts)
        assert early.value.code == "not_ready"
        assert await fetch(http, path=PATH, hosts=CDN_HOSTS, **facts) == (PICTURE, "image/png")
        assert heard == [""]
        with pytest.raises(MediaGone) as large:
            await fetch(http, path="/huge", hosts=CDN_HOSTS, most_bytes=10_000, **facts)
        assert large.value.code == "too_large"

        @app.get("/away")
        async def away() -> Response:
            return RedirectResponse(f"{elsewhere}/x", 307)

        with pytest.raises(MediaGone) as refused:
            await fetch(http, path="/away", hosts=CDN_HOSTS, **facts)
        assert refused.value.code == "redirect_refused"
        assert heard == [""]
        await forget(http, path=PATH, **facts)
        await forget(http, path="/not/there", **facts)
