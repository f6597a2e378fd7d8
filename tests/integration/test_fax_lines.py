"""Fax lines in the settings: what a provider needs to receive, and what it needs beyond that to send."""

from typing import Any

import httpx

from backend.core.context import ProcessContext
from backend.faxes import lines
from backend.identity.queries import practice_key
from tests.conftest import SamplePractice

PATH = "/api/v1/settings/fax-accounts"
SECRETS = {"api_key": "KEY0", "public_key": "cGs="}
TELNYX = {"provider": "telnyx", "number": "+13125550142", "secrets": SECRETS}


async def secrets_of(context: ProcessContext, practice: SamplePractice, key: str) -> dict[str, str]:
    async with context.database.transaction(practice.id) as session:
        line = await lines.line_by_key(session, key)
        return dict(lines.open_account(line, await practice_key(session, context)).secrets)


async def test_a_line_receives_first_and_sends_once_it_may(
    client: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, admin: Any
) -> None:
    made = await client.post(PATH, json=TELNYX)
    assert made.status_code == 201, made.text
    line = made.json()
    assert "KEY0" not in made.text and line["webhook_url"].endswith(line["account_key"])
    change = {"active": True, "secrets": {"connection_id": "1494", "api_key": "KEY1"}}
    changed = await client.patch(f"{PATH}/{line['id']}", json=change)
    assert changed.status_code == 200 and "1494" not in changed.text
    known = await secrets_of(context, practice, line["account_key"])
    assert known == {"api_key": "KEY1", "public_key": "cGs=", "connection_id": "1494"}
    sealed = await admin.fetchval("SELECT sealed_secrets FROM fax_lines")
    assert b"KEY1" not in sealed


async def test_what_is_missing_or_unknown_is_said_without_repeating_it(client: httpx.AsyncClient) -> None:
    for secrets in ({"api_key": "KEY0"}, SECRETS | {"password": "hunter2"}, SECRETS | {"api_key": ""}):
        refused = await client.post(PATH, json={**TELNYX, "secrets": secrets})
        assert refused.status_code == 422 and "connection_id" in refused.json()["detail"]
        assert "hunter2" not in refused.text
    line = (await client.post(PATH, json=TELNYX)).json()
    change = {"active": True, "secrets": {"sender_email": "desk@example.org"}}
    unknown = await client.patch(f"{PATH}/{line['id']}", json=change)
    assert unknown.status_code == 422
