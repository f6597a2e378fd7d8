"""Mailboxes without passwords: a token endpoint and IMAP XOAUTH2 over real sockets, and what goes wrong."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from backend.core.clock import now
from backend.core.context import ProcessContext
from backend.integrations.oauth_tokens import OAuthTokens
from backend.lead_capture.mail.ports import Grant, Granted
from backend.sandbox.mailbox.server import MailServer
from backend.sandbox.mailbox.tokens import TokenServer, router
from tests.integration.test_leads import cards
from tests.integration.test_mail import Post
from tests.ports import free_port
from tests.scheduling import at

PATH = "/api/v1/settings/mailboxes"


class Provider(Post):
    """A mailbox whose provider gives tokens over HTTP."""

    port = 0

    @property
    def tokens(self) -> TokenServer:
        return self.server.tokens

    def oauth(self, **changed: Any) -> dict[str, Any]:
        app = self.tokens.app
        return {
            "provider": "other", "client_id": app.client_id, "client_secret": app.client_secret,
            "refresh_token": app.refresh_token, "token_url": f"http://127.0.0.1:{self.port}/oauth/token", **changed,
        }  # fmt: skip

    def by_token(self, version: int = 0, changed: dict[str, Any] | None = None, **box: Any) -> dict[str, Any]:
        body = self.settings(version=version, oauth=self.oauth(**(changed or {})), **box)
        return {**body, "password": None}

    async def change(self, client: httpx.AsyncClient, changed: dict[str, Any], **box: Any) -> httpx.Response:
        known = await self.box()
        return await client.put(f"{PATH}/{known['id']}", json=self.by_token(known["version"], changed, **box))

    async def failure(self) -> str:
        return str((await self.box())["failure"])


@pytest.fixture
async def post(
    context: ProcessContext, admin: "asyncpg.Connection", client: httpx.AsyncClient, tmp_path: Path
) -> AsyncIterator[Provider]:
    """A mailbox that is read by token."""
    mail = MailServer(tmp_path)
    await mail.start()
    found = Provider(context, admin, mail, client)
    found.port = free_port()
    web = FastAPI()
    web.include_router(router(mail.tokens))
    server = uvicorn.Server(uvicorn.Config(web, port=found.port, log_level="critical", lifespan="off"))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    made = await client.post(PATH, json=found.by_token())
    assert made.status_code == 201, made.text
    yield found
    server.should_exit = True
    await serving
    await mail.stop()


async def test_mails_come_in_by_token_which_is_fetched_once(post: Provider, client: httpx.AsyncClient) -> None:
    post.send()
    await post.work()
    post.send("My shoulder hurts, 312 555 0143", sender="Bo Other <bo@example.org>")
    await post.work()
    assert {card["patient"]["display_name"] for card in await cards(client, "new")} == {"Ada Sample", "Bo Other"}
    assert post.tokens.asked == ["refresh_token"] and (await post.box())["failure"] is None


async def test_a_token_is_fetched_anew_shortly_before_it_ends(post: Provider) -> None:
    await post.work()
    with at(now() + timedelta(minutes=54)):
        await post.work()
        assert len(post.tokens.asked) == 1
    with at(now() + timedelta(minutes=56)):
        await post.work()
        assert len(post.tokens.asked) == 2
    assert await post.admin.fetchval("SELECT failure FROM mailboxes") is None


async def test_a_token_revoked_before_its_time_is_fetched_anew_at_once(
    post: Provider, client: httpx.AsyncClient
) -> None:
    await post.work()
    post.tokens.fail("access")
    post.send()
    await post.work()
    assert len(await cards(client, "new")) == 1
    assert len(post.tokens.asked) == 2 and (await post.box())["failure"] is None


async def test_a_refresh_token_that_is_replaced_is_kept(post: Provider) -> None:
    post.tokens.fail("rotate")
    for _ in range(3):
        post.tokens.fail("access")
        await post.work()
        assert (await post.box())["failure"] is None
    assert len(post.tokens.asked) > 2


async def test_the_app_itself_signs_in_without_a_refresh_token(post: Provider, client: httpx.AsyncClient) -> None:
    changed = {"flow": "client_credentials", "refresh_token": None, "scope": "https://outlook.office365.com/.default"}
    answer = await post.change(client, changed)
    assert answer.status_code == 200, answer.text
    post.send()
    await post.work()
    assert len(await cards(client, "new")) == 1 and post.tokens.asked[-1] == "client_credentials"
    assert (await post.change(client, {**changed, "scope": "x"})).status_code == 200
    post.tokens.fail("access")
    await post.work()
    assert "Check the scope" in await post.failure()


@pytest.mark.parametrize(
    ("what", "words"), [("refresh", "Consent once more"), ("client", "make a new one"), ("down", "We try again")]
)
async def test_what_the_provider_refuses_is_said_with_what_to_do(
    post: Provider, client: httpx.AsyncClient, what: Any, words: str
) -> None:
    for _ in range(2):
        post.tokens.fail(what)
    await post.work()
    assert words in await post.failure() and "Ada" not in await post.failure()
    post.send()
    if what != "down":
        answer = await post.change(client, {})
        assert answer.status_code == 200, answer.text
    await post.work()
    assert (await post.box())["failure"] is None and len(await cards(client, "new")) == 1


@pytest.mark.parametrize(
    ("changed", "box", "words"),
    [
        ({"token_url": "http://127.0.0.1:{free}/oauth/token"}, {}, "cannot be reached"),
        ({"token_url": "http://127.0.0.1:{port}/nothing"}, {}, "Check the address"),
        ({"token_url": "http://127.0.0.1:{port}/oauth/faults"}, {}, "scope"),
        ({}, {"username": "other@northside.example.org"}, "own address"),
        ({"token_url": "https://localhost.localdomain.invalid/token"}, {}, "cannot be reached"),
    ],
    ids=["away", "nothing there", "something else there", "another mailbox", "no such name"],
)
async def test_what_is_wrong_with_the_settings_is_said_in_words(
    post: Provider, client: httpx.AsyncClient, changed: dict[str, str], box: dict[str, str], words: str
) -> None:
    told = {name: value.format(free=free_port(), port=post.port) for name, value in changed.items()}
    assert (await post.change(client, told, **box)).status_code == 200
    await post.work()
    assert words in await post.failure()


async def test_an_address_inside_is_not_gone_to(
    post: Provider, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A name anybody may register, which leads into our network.
    async def inside(*_: Any, **__: Any) -> list[Any]:
        return [(2, 1, 6, "", ("127.0.0.1", post.port)), (2, 1, 6, "", ("10.0.0.8", post.port))]

    assert (await post.change(client, {"token_url": f"https://tokens.example.org:{post.port}/t"})).status_code == 200
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", inside)
    asked = len(post.tokens.asked)
    await post.work()
    monkeypatch.undo()
    assert "private network" in await post.failure() and len(post.tokens.asked) == asked


@pytest.mark.parametrize(
    "wrong",
    [
        {"token_url": "http://tokens.example.org/token"},
        {"token_url": "https://10.0.0.1/token"},
        {"token_url": "https://[::1]/token"},
        {"token_url": "https://user:word@tokens.example.org/token"},
        {"token_url": "https://localhost/token"},
        {"token_url": None},
        {"provider": "google"},
        {"provider": "google", "token_url": None, "flow": "client_credentials"},
        {"provider": "google", "token_url": None, "client_secret": None},
        {"provider": "microsoft", "token_url": None},
        {"provider": "microsoft", "token_url": None, "tenant": "../x"},
        {"provider": "microsoft", "token_url": None, "tenant": "common", "flow": "client_credentials"},
        {"refresh_token": None},
        {"client_id": "a b"},
    ],
)
async def test_settings_that_cannot_be_right_are_refused(
    post: Provider, client: httpx.AsyncClient, wrong: dict[str, Any]
) -> None:
    answer = await client.post(PATH, json=post.by_token(0, wrong, folder="Other"))
    assert answer.status_code == 422, answer.text
    assert post.tokens.app.client_secret not in answer.text and post.tokens.app.refresh_token not in answer.text


@pytest.mark.parametrize(
    ("changed", "url", "scope"),
    [
        ({"provider": "google", "token_url": None}, "https://oauth2.googleapis.com/token", ""),
        (
            {"provider": "microsoft", "token_url": None, "tenant": "northside.example.org"},
            "https://login.microsoftonline.com/northside.example.org/oauth2/v2.0/token",
            "https://outlook.office.com/IMAP.AccessAsUser.All offline_access",
        ),
        (
            {"provider": "microsoft", "token_url": None, "tenant": "b1", "flow": "client_credentials"},
            "https://login.microsoftonline.com/b1/oauth2/v2.0/token",
            "https://outlook.office365.com/.default",
        ),
    ],
)
async def test_google_and_microsoft_are_known(
    post: Provider, client: httpx.AsyncClient, changed: dict[str, Any], url: str, scope: str
) -> None:
    box = {"host": "imap.example.org", "security": "tls", "port": 993, "active": False}
    made = await client.post(PATH, json=post.by_token(0, changed, **box))
    assert made.status_code == 201, made.text
    assert (made.json()["oauth"]["token_url"], made.json()["oauth"]["scope"]) == (url, scope)


async def test_secrets_are_sealed_never_shown_and_never_sent_elsewhere(
    post: Provider, client: httpx.AsyncClient
) -> None:
    app = post.tokens.app
    await post.work()
    hidden = (app.client_secret, app.refresh_token, next(iter(post.tokens.given)))
    shown = (await client.get(PATH)).text
    row = await post.admin.fetchrow("SELECT sealed_password, sealed_oauth, sealed_access, oauth FROM mailboxes")
    assert row["sealed_password"] is None
    assert json.loads(row["oauth"]).keys() == {"provider", "flow", "client_id", "tenant", "token_url", "scope"}
    for secret in hidden:
        assert secret not in shown and secret not in row["oauth"]
        assert secret.encode() not in row["sealed_oauth"] + row["sealed_access"]
    kept = {"client_secret": None, "refresh_token": None}
    assert (await post.change(client, kept)).status_code == 200
    await post.work()
    assert (await post.box())["failure"] is None
    elsewhere = f"http://127.0.0.1:{free_port()}/oauth/token"
    for changed, box in (
        ({"token_url": elsewhere}, {}),
        ({"client_id": "another"}, {}),
        ({}, {"host": "localhost"}),
        ({}, {"username": "other@northside.example.org"}),
    ):
        answer = await post.change(client, {**kept, **changed}, **box)
        assert answer.status_code == 422 and "/oauth/refresh_token" in answer.text, (changed, box)


async def test_from_a_password_to_tokens_and_back(post: Provider, client: httpx.AsyncClient) -> None:
    box = await post.box()
    path = f"{PATH}/{box['id']}"
    without = post.settings(version=box["version"], password=None)
    assert (await client.put(path, json=without)).status_code == 422
    back = await client.put(path, json=post.settings(version=box["version"]))
    assert back.json()["oauth"] is None
    post.tokens.fail("access")
    await post.work()
    assert (await post.box())["failure"] is None and post.tokens.asked == []
    assert await post.admin.fetchval("SELECT sealed_oauth IS NULL AND sealed_access IS NULL FROM mailboxes")
    assert (await post.change(client, {"client_secret": None})).status_code == 200
    await post.work()
    assert "make a new one" in await post.failure()


async def test_a_token_of_settings_that_were_changed_meanwhile_is_not_kept(
    post: Provider, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = OAuthTokens.fetch

    async def fetch(tokens: OAuthTokens, grant: Grant) -> Granted:
        granted = await real(tokens, grant)
        assert (await post.change(client, {"client_secret": "another"}, active=False)).status_code == 200
        return granted

    monkeypatch.setattr(OAuthTokens, "fetch", fetch)
    await post.work()
    row = await post.admin.fetchrow("SELECT sealed_access, access_until, active FROM mailboxes")
    assert tuple(row) == (None, None, False)
