"""What an office writes on its page is answered: they read it there, are told as they prefer, and nobody waits on."""

import re
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from backend.core.context import ProcessContext
from backend.identity import service as identity
from tests.conftest import PASSWORD, SamplePractice, make_practice
from tests.fax_carriers import World, open_world
from tests.integration.test_letters import go, only
from tests.integration.test_referrer_portal import HERS, OWN, Office, browser, link_for, office
from tests.referrers import enter, npi, refer, referrer_of

__all__ = ["browser", "office"]  # fixtures
URL = "/api/v1/referrer-messages"
EMAIL = "emily@lakeside.example.org"
ASKED, TOLD = "Please hold strengthening.", "It waits until the MRI is back."


@pytest.fixture
async def world(
    app: FastAPI, context: ProcessContext, practice: SamplePractice, admin: "asyncpg.Connection", tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[World]:  # fmt: skip
    """Carriers and product in this process."""
    async with open_world(app, context, practice, admin, tmp_path / "sandbox", monkeypatch) as found:
        yield found


async def write(office: Office, text: str = ASKED, **more: Any) -> None:
    body = {"lead_id": office.lead_id, "text": text} | more
    assert (await office.browser.post(f"{OWN}/messages", json=body)).status_code == 201


async def listed(client: httpx.AsyncClient, **which: Any) -> list[dict[str, Any]]:
    answer = await client.get(URL, params=which)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def answer(client: httpx.AsyncClient, message: dict[str, Any], text: str = TOLD, **headers: str) -> Any:
    return await client.post(f"{URL}/{message['id']}/answers", json={"text": text}, headers=headers)


async def own(office: Office) -> list[dict[str, Any]]:
    return list((await office.browser.get(f"{OWN}/messages")).json()["items"])


async def prefer(client: httpx.AsyncClient, office: Office, **wish: Any) -> None:
    url = f"/api/v1/referrers/{office.referrer_id}"
    version = (await client.get(url)).json()["version"]
    assert (await client.patch(url, json={"version": version} | wish)).status_code == 200


async def tasks(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    found = (await client.get("/api/v1/tasks")).json()["items"]
    return [task for task in found if task["kind"] == "answer_referrer"]


async def test_an_answer_is_read_where_it_was_asked_and_nobody_waits_on(
    client: httpx.AsyncClient, office: Office
) -> None:
    await office.enter()
    await write(office)
    await write(office, "And call me.")
    (second, first) = await listed(client, waiting=True)
    assert (first["text"], first["patient_name"], first["referrer"]["name"]) == (ASKED, "Ida Sample", HERS)
    assert (await client.get(f"{URL}/counts")).json() == {"waiting": 2}
    answered = (await answer(client, first)).json()
    assert [(said["text"], said["by"], said["told"]) for said in answered["answers"]] == [
        (TOLD, "Dana Desk", "waiting")
    ]
    assert answered["settled_by"] == "Dana Desk"
    assert [row["id"] for row in await listed(client, waiting=True)] == [second["id"]]
    assert len(await tasks(client)) == 1, "somebody still waits"
    seen = await own(office)
    assert [[said["text"] for said in message["answers"]] for message in seen] == [[], [TOLD]]
    assert (await client.post(f"{URL}/{second['id']}/settle")).json()["settled_by"] == "Dana Desk"
    assert (await tasks(client), (await client.get(f"{URL}/counts")).json()) == ([], {"waiting": 0})
    again = (await answer(client, first, "They may begin.")).json()
    assert [said["text"] for said in again["answers"]] == [TOLD, "They may begin."]
    timeline = (await client.get(f"/api/v1/leads/{office.lead_id}/timeline")).json()["items"]
    assert [item["detail"] for item in timeline if item["kind"] == "referrer_answered"] == ["They may begin.", TOLD]
    moments = (await client.get(f"/api/v1/referrers/{office.referrer_id}/timeline")).json()["items"]
    titles = [moment["title"] for moment in moments if moment["kind"] == "message"]
    assert (titles.count("Answered on their page"), titles.count("Wrote on their page")) == (2, 2)
    lead = (await client.get(f"/api/v1/leads/{office.lead_id}")).json()
    assert lead["next_step"] is not None, "an open lead is never without a next step"


async def test_it_is_answered_once_however_often_it_is_sent(client: httpx.AsyncClient, office: Office) -> None:
    await office.enter()
    await write(office, lead_id=None)
    (message,) = await listed(client, referrer_id=office.referrer_id)
    headers = {"Idempotency-Key": "once"}
    for _ in range(2):
        assert (await answer(client, message, **headers)).status_code == 201
    assert (await answer(client, message, "Else", **headers)).status_code == 422
    (seen,) = await own(office)
    assert len(seen["answers"]) == 1
    assert await tasks(client) == [], "about no patient in particular"


async def test_by_e_mail_goes_a_link_and_no_word_of_it(
    client: httpx.AsyncClient, office: Office, world: World, practice: SamplePractice
) -> None:
    await prefer(client, office, email=EMAIL, hear_by="email")
    await office.enter()
    await write(office)
    (message,) = await listed(client)
    assert (await answer(client, message)).status_code == 201
    world.sandbox.mail.start()
    try:
        await go(world)
    finally:
        world.sandbox.mail.stop()
    found = (await world.http.get("/sandbox/mails", params={"to": EMAIL})).json()
    (mail,) = [mail for mail in found if mail["subject"].startswith("An answer")]
    whole = f"{mail['subject']} {mail['body']}"
    assert not any(word in whole for word in ("Ida", "Sample", "strengthening", "MRI"))
    (token,) = re.findall(r"/r#([a-z2-7]+)", whole)
    office.link["address"] = f"x#{token}"
    opened = await office.open()
    assert (opened.status_code, opened.json()["purpose"], opened.json()["show"]) == (200, "message", None)
    assert (await office.check()).json()["verified"]
    (seen,) = await own(office)
    assert (seen["text"], [said["text"] for said in seen["answers"]]) == (ASKED, [TOLD])
    (shown,) = await listed(client)
    assert (shown["answers"][0]["told"], shown["answers"][0]["way"]) == ("sent", "email")


async def test_by_fax_goes_the_answer_itself(
    client: httpx.AsyncClient, office: Office, world: World, practice: SamplePractice
) -> None:
    await only(world, practice, "telnyx")
    await office.enter()
    await write(office)
    (message,) = await listed(client)
    await answer(client, message)
    await go(world)
    (shown,) = await listed(client)
    assert (shown["answers"][0]["told"], shown["answers"][0]["way"]) == ("sent", "fax")
    pdf = await client.get(f"/api/v1/letters/{shown['answers'][0]['letter_id']}/document")
    assert (pdf.status_code, pdf.headers["content-type"]) == (200, "application/pdf")


@pytest.mark.parametrize(("hear_by", "reason"), [("portal", "prefers_portal"), ("none", "prefers_none")])
async def test_who_wants_no_letters_gets_none_and_reads_it_all_the_same(
    client: httpx.AsyncClient, office: Office, hear_by: str, reason: str
) -> None:
    await prefer(client, office, hear_by=hear_by, hear_of=[])
    await office.enter()
    await write(office)
    (message,) = await listed(client)
    (said,) = (await answer(client, message)).json()["answers"]
    assert (said["told"], said["reason"]) == ("not_sent", reason)
    assert len((await own(office))[0]["answers"]) == 1


async def test_another_link_of_theirs_shows_only_its_own(client: httpx.AsyncClient, office: Office) -> None:
    await office.enter()
    await write(office)
    (message,) = await listed(client)
    await answer(client, message)
    office.link = await link_for(client, office.referrer_id)
    await office.enter()
    assert await own(office) == []


async def test_nothing_is_told_about_a_patient_who_is_another_referrers_by_now(
    client: httpx.AsyncClient, office: Office, admin: "asyncpg.Connection"
) -> None:
    await office.enter()
    await write(office)
    (message,) = await listed(client)
    other = await enter(client, "Somebody Else", npi=npi(9))
    await admin.execute("UPDATE referral_orders SET referrer_id = $1 WHERE lead_id = $2", other["id"], office.lead_id)
    refused = await answer(client, message)
    assert (refused.status_code, "another referrer" in refused.json()["detail"]) == (409, True)
    assert (await client.post(f"{URL}/{message['id']}/settle")).status_code == 200


@pytest.mark.parametrize("body", [{}, {"text": ""}, {"text": "x" * 2001}, {"text": "x", "to": "me"}])
async def test_what_cannot_be_said_is_refused(client: httpx.AsyncClient, office: Office, body: Any) -> None:
    await office.enter()
    await write(office)
    (message,) = await listed(client)
    assert (await client.post(f"{URL}/{message['id']}/answers", json=body)).status_code == 422


async def test_an_answer_is_no_message_to_answer(
    client: httpx.AsyncClient, office: Office, admin: "asyncpg.Connection"
) -> None:
    await office.enter()
    await write(office)
    (message,) = await listed(client)
    (said,) = (await answer(client, message)).json()["answers"]
    assert (await answer(client, said)).status_code == 404
    assert (await answer(client, {"id": str(uuid.uuid4())})).status_code == 404
    assert len(await listed(client)) == 1


async def test_who_may_not(
    client: httpx.AsyncClient, office: Office, context: ProcessContext, practice: SamplePractice
) -> None:
    await office.enter()
    await write(office)
    (message,) = await listed(client)
    theirs = await make_practice(context, "lakeview")
    async with context.database.transaction(practice.id) as session:
        await identity.create_user(
            session, email="lia@northside.example.org", name="Lia", password=PASSWORD, role="liaison"
        )
    for email, status in ((theirs.email, 404), ("lia@northside.example.org", 403)):
        signed = await client.post("/api/v1/session", json={"email": email, "password": PASSWORD})
        client.headers["X-CSRF-Token"] = signed.json()["csrf_token"]
        assert (await answer(client, message)).status_code == status
        assert (await client.post(f"{URL}/{message['id']}/settle")).status_code == status
        found = await client.get(URL)
        assert found.status_code == 403 or found.json()["items"] == []


async def test_messages_come_in_pages(client: httpx.AsyncClient, office: Office) -> None:
    await office.enter()
    for number in range(5):
        await write(office, f"Number {number}")
    seen: list[str] = []
    cursor = None
    while True:
        page = (await client.get(URL, params={"limit": 2} | ({"cursor": cursor} if cursor else {}))).json()
        seen += [item["text"] for item in page["items"]]
        if (cursor := page["next_cursor"]) is None:
            break
    assert seen == [f"Number {number}" for number in reversed(range(5))]
    other = referrer_of(await refer(client, "Zoe", "Third Person", npi=npi(9)))
    assert await listed(client, referrer_id=other) == []
    assert len(await listed(client, lead_id=office.lead_id)) == 5
