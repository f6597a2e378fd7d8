"""Sessions, CSRF, delays, API keys."""

import asyncpg
import httpx
import pytest

from backend.core.database import Database
from backend.identity import api_keys
from backend.identity.service import wait_after
from tests.conftest import PASSWORD, SamplePractice


async def test_signing_in_sets_a_host_cookie(anonymous: httpx.AsyncClient, practice: SamplePractice) -> None:
    answer = await anonymous.post("/api/v1/session", json={"email": practice.email.upper(), "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert answer.status_code == 200
    assert cookie.startswith("__Host-frontdesk=")
    assert all(part in cookie for part in ("HttpOnly", "Secure", "Path=/", "SameSite=lax"))
    assert "Domain" not in cookie


async def test_wrong_password_and_unknown_mail_look_alike(
    anonymous: httpx.AsyncClient, practice: SamplePractice
) -> None:
    bodies = []
    for email in (practice.email, "nobody@example.org"):
        answer = await anonymous.post("/api/v1/session", json={"email": email, "password": "wrong"})
        body = answer.json()
        bodies.append((answer.status_code, body["type"], body["detail"]))
    assert bodies == [(401, "bad-credentials", "E-mail or password is not right.")] * 2


async def test_failures_slow_the_account_down(anonymous: httpx.AsyncClient, practice: SamplePractice) -> None:
    for _ in range(3):
        await anonymous.post("/api/v1/session", json={"email": practice.email, "password": "wrong"})
    answer = await anonymous.post("/api/v1/session", json={"email": practice.email, "password": PASSWORD})
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["retry-after"]) <= 3


def test_waiting_grows_to_a_quarter_of_an_hour() -> None:
    waits = [wait_after(failures).total_seconds() for failures in range(30)]
    assert waits[:6] == [0, 0, 0, 2, 4, 8]
    assert waits == sorted(waits)
    assert waits[-1] == 900


async def test_signing_out_ends_the_session_on_the_server(client: httpx.AsyncClient) -> None:
    token = client.cookies["__Host-frontdesk"]
    assert (await client.delete("/api/v1/session")).status_code == 204
    client.cookies.set("__Host-frontdesk", token)
    assert (await client.get("/api/v1/session")).status_code == 401


async def test_an_idle_session_has_ended(client: httpx.AsyncClient, admin: "asyncpg.Connection") -> None:
    await admin.execute("UPDATE sessions SET last_seen_at = now() - interval '16 minutes'")
    answer = await client.get("/api/v1/session")
    assert (answer.status_code, answer.json()["type"]) == (401, "unauthenticated")


@pytest.mark.parametrize(
    "headers",
    [
        {"X-CSRF-Token": "wrong"},
        {"Origin": "https://evil.example.org"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
async def test_another_site_cannot_act_for_the_browser(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    answer = await client.post(
        "/api/v1/settings/api-keys", json={"name": "x", "scopes": ["leads:read"]}, headers=headers
    )
    assert answer.status_code == 403


async def test_an_api_key_works_until_it_is_revoked(client: httpx.AsyncClient) -> None:
    made = await client.post("/api/v1/settings/api-keys", json={"name": "EMR", "scopes": ["directory:read"]})
    bearer = {"Authorization": f"Bearer {made.json()['secret']}"}
    client.cookies.clear()
    assert (await client.get("/api/v1/users", headers=bearer)).status_code == 200
    assert (await client.get("/api/v1/audit", headers=bearer)).status_code == 403


async def test_keys_are_kept_as_hashes(
    database: Database, practice: SamplePractice, admin: "asyncpg.Connection"
) -> None:
    async with database.transaction(practice.id) as session:
        _, key = api_keys.create(session, "EMR", ["leads:read"])
    dump = str(await admin.fetch("SELECT * FROM api_keys"))
    assert key not in dump
    assert key.removeprefix("fd_live_") not in dump


async def test_a_refused_body_is_not_echoed(anonymous: httpx.AsyncClient, practice: SamplePractice) -> None:
    answer = await anonymous.post(
        "/api/v1/session", json={"email": {"ssn": "secret-1"}, "password": "p", "dob": "secret-2"}
    )
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert "secret" not in answer.text
