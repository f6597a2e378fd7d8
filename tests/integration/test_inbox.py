"""The inbox: lists and search, mentions, typing, filled templates, the linter, verdicts before the first text."""

from typing import Any

import asyncpg
import httpx
import pytest

from backend.core.context import ProcessContext
from backend.core.database import Database
from backend.identity import service as identity
from backend.leads import service as leads
from backend.leads.service import NewLead
from backend.messaging import replies
from backend.messaging.lines import add_line
from backend.messaging.models import PhoneLine
from backend.messaging.ports import InboundText
from backend.patients import service as patients
from backend.patients.schemas import PatientFacts
from tests.conftest import PASSWORD, SamplePractice, make_practice

KEY = b"k" * 32
PHONE = "+12175550142"
NO_FIRST_TEXT = "INSERT INTO messaging_policies (practice_id, first_text) VALUES ($1, 'off')"
SECRETS = {"account_sid": "AC0", "auth_token": "secret"}


@pytest.fixture
async def line(database: Database, practice: SamplePractice, admin: "asyncpg.Connection") -> PhoneLine:
    """A number of the practice, which texts nobody by itself."""
    await admin.execute(NO_FIRST_TEXT, practice.id)
    async with database.transaction(practice.id) as session:
        return await add_line(session, KEY, account_key="a" * 32, number="+12175550110", secrets=SECRETS)


async def patient_writes(
    database: Database, practice: SamplePractice, line: PhoneLine, body: str, phone: str = PHONE, sid: str = "SM1"
) -> None:
    """A text comes in."""
    async with database.transaction(practice.id) as session:
        await replies.take_in(session, line, InboundText(sid, phone, line.number, body, None, None))


async def a_lead(database: Database, practice: SamplePractice, first: str = "Ada", phone: str | None = PHONE) -> str:
    """A patient with a phone, and their lead."""
    async with database.transaction(practice.id) as session:
        patient = await patients.create(session, PatientFacts(first_name=first, last_name="Sample", phone=phone))
        return str((await leads.open_lead(session, NewLead(patient.id, "fax"))).id)


async def listed(client: httpx.AsyncClient, wanted: str, **query: Any) -> list[dict[str, Any]]:
    answer = await client.get("/api/v1/conversations", params={"filter": wanted, **query})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def colleague(database: Database, practice: SamplePractice, name: str, role: str = "front_desk") -> str:
    async with database.transaction(practice.id) as session:
        made = await identity.create_user(
            session, email=f"{name.lower()}@northside.example.org", name=name, password=PASSWORD, role=role
        )
        return str(made.id)


async def signed_in_as(client: httpx.AsyncClient, email: str) -> None:
    answer = await client.post("/api/v1/session", json={"email": email, "password": PASSWORD})
    client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]


async def test_each_list_holds_what_it_says(
    client: httpx.AsyncClient,
    database: Database,
    practice: SamplePractice,
    line: PhoneLine,
    admin: "asyncpg.Connection",
) -> None:
    await a_lead(database, practice)
    await patient_writes(database, practice, line, "Tues after 3 or Thurs morning")
    await patient_writes(database, practice, line, "hello?", "+12175550143", "SM2")
    known, stranger = (await listed(client, "all"))[::-1]
    assert known["people"][0]["display_name"] == "Ada Sample"
    assert [item["id"] for item in await listed(client, "waiting")] == [stranger["id"], known["id"]]
    assert len(await listed(client, "unassigned")) == 2
    assert await listed(client, "mine") == []
    owner = {"kind": "user", "id": str(practice.user_id)}
    await client.post(f"/api/v1/conversations/{known['id']}/assign", json={"owner": owner})
    assert [item["id"] for item in await listed(client, "mine")] == [known["id"]]
    assert [item["id"] for item in await listed(client, "unassigned")] == [stranger["id"]]
    await admin.execute("UPDATE conversations SET undeliverable = true WHERE phone = $1", PHONE)
    assert [item["id"] for item in await listed(client, "undeliverable")] == [known["id"]]
    counts = (await client.get("/api/v1/conversations/counts")).json()
    assert counts == {"waiting": 2, "unread": 2, "undeliverable": 1, "mentions_unseen": 0}


async def test_a_teams_conversation_is_mine_too_page_by_page(
    client: httpx.AsyncClient,
    database: Database,
    practice: SamplePractice,
    line: PhoneLine,
    admin: "asyncpg.Connection",
) -> None:
    for number in range(5):
        await patient_writes(database, practice, line, "hello", f"+1217555014{number}", f"SM{number}")
    team = await admin.fetchval("SELECT id FROM teams WHERE practice_id = $1", practice.id)
    await admin.execute("DELETE FROM team_members")
    await admin.execute("INSERT INTO team_members VALUES ($1, $2, $3)", practice.id, team, practice.user_id)
    ids = [item["id"] for item in await listed(client, "all")]
    for position, conversation_id in enumerate(ids[:4]):
        kind, owner = ("team", team) if position % 2 else ("user", practice.user_id)
        body = {"owner": {"kind": kind, "id": str(owner)}}
        await client.post(f"/api/v1/conversations/{conversation_id}/assign", json=body)
    seen, cursor = [], None
    while True:
        query: dict[str, str | int] = {"filter": "mine", "limit": 3, **({"cursor": cursor} if cursor else {})}
        page = (await client.get("/api/v1/conversations", params=query)).json()
        seen += [item["id"] for item in page["items"]]
        assert all(item["mine"] for item in page["items"])
        if not (cursor := page["next_cursor"]):
            break
    assert seen == ids[:4]


@pytest.mark.parametrize(
    ("q", "count"), [("sam", 1), ("ada sample", 1), ("217 555 01", 2), ("(217) 555-0143", 1), ("nobody", 0)]
)
async def test_search_by_name_and_number(
    client: httpx.AsyncClient, database: Database, practice: SamplePractice, line: PhoneLine, q: str, count: int
) -> None:
    await a_lead(database, practice)
    await patient_writes(database, practice, line, "hello")
    await patient_writes(database, practice, line, "hello", "+12175550143", "SM2")
    assert len(await listed(client, "all", q=q)) == count
    assert len(await listed(client, "waiting", q=q)) == count


async def test_ticking_off_clears_the_card_and_the_reply_step(
    client: httpx.AsyncClient,
    database: Database,
    practice: SamplePractice,
    line: PhoneLine,
    admin: "asyncpg.Connection",
) -> None:
    lead = await a_lead(database, practice)
    sibling = await a_lead(database, practice, "Ben")
    await patient_writes(database, practice, line, "Tues after 3 or Thurs morning")
    for one in (lead, sibling):
        reply = (await client.get(f"/api/v1/board/cards/{one}")).json()["reply"]
        assert reply["said"] == "Tue after 3:00 pm · Thu morning"
        assert reply["text"] == "Tues after 3 or Thurs morning"
    conversation = (await listed(client, "waiting"))[0]
    assert len(conversation["people"]) == 2
    answer = await client.post(f"/api/v1/conversations/{conversation['id']}/read", json={"settled": True})
    assert (answer.json()["waiting"], answer.json()["unread"]) == (False, 0)
    for one in (lead, sibling):
        assert (await client.get(f"/api/v1/board/cards/{one}")).json()["reply"] is None
        assert (await client.get(f"/api/v1/leads/{one}")).json()["next_step"]["kind"] == "schedule"


async def test_who_may_not_read_texts_sees_none_on_the_card(
    client: httpx.AsyncClient,
    database: Database,
    practice: SamplePractice,
    line: PhoneLine,
    admin: "asyncpg.Connection",
) -> None:
    lead = await a_lead(database, practice)
    await patient_writes(database, practice, line, "my knee hurts")
    await admin.execute("UPDATE memberships SET role = 'liaison'")
    card = await client.get(f"/api/v1/board/cards/{lead}")
    assert card.json()["reply"] is None and "knee" not in card.text


async def test_a_mention_is_listed_counted_and_seen(
    client: httpx.AsyncClient, database: Database, practice: SamplePractice, line: PhoneLine
) -> None:
    clinician = await colleague(database, practice, "Cleo", "clinician")
    await patient_writes(database, practice, line, "hello")
    path = f"/api/v1/conversations/{(await listed(client, 'all'))[0]['id']}"
    note = {"body": "@Cleo is he allowed to bear weight?", "mentions": [clinician, clinician]}
    key = {"Idempotency-Key": "once"}
    made = [await client.post(f"{path}/notes", json=note, headers=key) for _ in range(2)]
    assert [answer.status_code for answer in made] == [201, 201]
    assert made[0].json()["id"] == made[1].json()["id"], "a double click is one note"
    assert await listed(client, "mentioned") == [], "it names somebody else"
    await signed_in_as(client, "cleo@northside.example.org")
    assert (await client.get("/api/v1/conversations/counts")).json()["mentions_unseen"] == 1
    assert [item["mention"] for item in await listed(client, "mentioned")] == ["unseen"]
    # A clinician may read but not answer.
    assert (await client.post(f"{path}/read", json={})).status_code == 403
    assert (await client.post(f"{path}/mentions/seen")).status_code == 204
    assert (await client.get("/api/v1/conversations/counts")).json()["mentions_unseen"] == 0
    assert [item["mention"] for item in await listed(client, "mentioned")] == ["seen"]


async def test_strangers_and_the_unauthorized_cannot_be_mentioned(
    client: httpx.AsyncClient, context: ProcessContext, database: Database, practice: SamplePractice, line: PhoneLine,
    other_practice: SamplePractice, admin: "asyncpg.Connection",
) -> None:  # fmt: skip
    liaison = await colleague(database, practice, "Liam", "liaison")
    await patient_writes(database, practice, line, "hello")
    path = f"/api/v1/conversations/{(await listed(client, 'all'))[0]['id']}"
    for nobody in (str(other_practice.user_id), liaison):
        answer = await client.post(f"{path}/notes", json={"body": "@x look", "mentions": [nobody]})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "/mentions"
    assert await admin.fetchval("SELECT count(*) FROM messages WHERE direction = 'note'") == 0


async def test_another_practice_reaches_nothing(
    client: httpx.AsyncClient, context: ProcessContext, database: Database, practice: SamplePractice, line: PhoneLine
) -> None:
    lead = await a_lead(database, practice)
    await patient_writes(database, practice, line, "hello")
    conversation = (await listed(client, "all"))[0]["id"]
    other = await make_practice(context, "lakeview")
    await signed_in_as(client, other.email)
    path = f"/api/v1/conversations/{conversation}"
    for method, url, body in (
        ("GET", f"{path}/templates", None),
        ("GET", f"{path}/typing", None),
        ("POST", f"{path}/typing", {}),
        ("POST", f"{path}/check", {"body": "hi"}),
        ("POST", f"{path}/mentions/seen", None),
        ("POST", f"{path}/notes", {"body": "hi"}),
        ("GET", f"/api/v1/leads/{lead}/messages/verdict", None),
        ("POST", f"/api/v1/leads/{lead}/messages/check", {"body": "hi"}),
    ):
        assert (await client.request(method, url, json=body)).status_code == 404, url
    assert await listed(client, "all", q="sample") == []


async def test_typing_is_seen_by_colleagues_and_ends(
    client: httpx.AsyncClient, database: Database, practice: SamplePractice, line: PhoneLine
) -> None:
    await colleague(database, practice, "Olivia")
    await patient_writes(database, practice, line, "hello")
    path = f"/api/v1/conversations/{(await listed(client, 'all'))[0]['id']}/typing"
    assert (await client.post(path, json={"active": True})).status_code == 204
    assert (await client.get(path)).json() == {"names": []}, "not oneself"
    await signed_in_as(client, "olivia@northside.example.org")
    assert (await client.get(path)).json() == {"names": ["Dana Desk"]}
    await client.post(path, json={"active": True})
    await signed_in_as(client, practice.email)
    assert (await client.get(path)).json() == {"names": ["Olivia"]}
    await client.post(path, json={"active": False})
    await signed_in_as(client, "olivia@northside.example.org")
    assert (await client.get(path)).json() == {"names": []}


async def test_templates_are_filled_for_this_conversation(
    client: httpx.AsyncClient, database: Database, practice: SamplePractice, line: PhoneLine
) -> None:
    lead = await a_lead(database, practice)
    before = (await client.get(f"/api/v1/leads/{lead}/messages/verdict")).json()
    await patient_writes(database, practice, line, "hello")
    path = f"/api/v1/conversations/{(await listed(client, 'all'))[0]['id']}/templates"
    filled = {item["id"]: item for item in (await client.get(path)).json()["items"]}
    assert filled["first_text"]["body"].startswith("Northside: hi Ada, we're ready")
    assert "(217) 555-0110" in filled["first_text"]["body"]
    assert filled["first_text"]["problems"] == []
    assert "stopped" not in filled and "wrong_person" not in filled
    assert {item["id"]: item["body"] for item in before["templates"]} == {
        key: item["body"] for key, item in filled.items()
    }


async def test_a_standard_text_newer_than_the_practice_can_be_picked(
    client: httpx.AsyncClient,
    database: Database,
    practice: SamplePractice,
    line: PhoneLine,
    admin: "asyncpg.Connection",
) -> None:
    await a_lead(database, practice)
    await patient_writes(database, practice, line, "hello")
    path = f"/api/v1/conversations/{(await listed(client, 'all'))[0]['id']}/templates"
    own = "UPDATE message_templates SET body = 'Our own words' WHERE key = 'first_text'"
    await admin.execute(f"DELETE FROM message_templates WHERE key = 'second_text'; {own}")
    filled = {item["id"]: item["body"] for item in (await client.get(path)).json()["items"]}
    assert filled["second_text"] and filled["first_text"] == "Our own words"


async def test_the_linter_warns_and_the_person_decides(
    client: httpx.AsyncClient, database: Database, practice: SamplePractice, line: PhoneLine
) -> None:
    lead = await a_lead(database, practice)
    first = (await client.post(f"/api/v1/leads/{lead}/messages/check", json={"body": "Hi Ada"})).json()
    assert any("“Northside”" in problem for problem in first["problems"])
    await patient_writes(database, practice, line, "hello")
    path = f"/api/v1/conversations/{(await listed(client, 'all'))[0]['id']}"
    assert (await client.post(f"{path}/check", json={"body": "Tuesday at 3?"})).json()["problems"] == []
    body = "Your knee surgery is bit.ly/x {first_name}"
    problems = " ".join((await client.post(f"{path}/check", json={"body": body})).json()["problems"])
    assert all(word in problems for word in ("knee", "shorteners", "{first_name}"))
    assert (await client.post(f"{path}/messages", json={"body": body})).status_code == 201


async def test_before_the_first_text_the_verdict_begins_nothing(
    client: httpx.AsyncClient,
    database: Database,
    practice: SamplePractice,
    line: PhoneLine,
    admin: "asyncpg.Connection",
) -> None:
    lead = await a_lead(database, practice)
    found = (await client.get(f"/api/v1/leads/{lead}/messages/verdict")).json()
    assert (found["consent"], found["verdict"]["action"], found["verdict"]["reason"]) == ("none", "hold", "no_consent")
    assert await admin.fetchval("SELECT count(*) FROM conversations") == 0
    silent = await a_lead(database, practice, "Ben", phone=None)
    assert (await client.get(f"/api/v1/leads/{silent}/messages/verdict")).status_code == 409
    await admin.execute("UPDATE phone_lines SET active = false")
    found = (await client.get(f"/api/v1/leads/{lead}/messages/verdict")).json()
    assert found["verdict"] == {"action": "block", "reason": "no_line", "until": None, "warning": None}


async def test_a_number_is_asked_for_consent_once(
    client: httpx.AsyncClient,
    database: Database,
    practice: SamplePractice,
    line: PhoneLine,
    admin: "asyncpg.Connection",
) -> None:
    lead = await a_lead(database, practice)
    asked = await client.post(f"/api/v1/leads/{lead}/messages", json={"template_id": "consent_request"})
    assert asked.json()["status"] in {"queued", "held"} and asked.json()["reason"] != "no_consent"
    conversation = (await listed(client, "all"))[0]["id"]
    await client.post(
        f"/api/v1/conversations/{conversation}/consent",
        json={"status": "granted", "method": "verbal", "note": "Said yes"},
    )
    again = await client.post(f"/api/v1/leads/{lead}/messages", json={"template_id": "consent_request"})
    assert again.status_code == 409
    shown = (await client.get(f"/api/v1/conversations/{conversation}")).json()
    assert shown["consent"] == "granted"
    assert (shown["consent_record"]["evidence"], shown["consent_record"]["captured_by"]) == ("Said yes", "Dana Desk")


async def test_consent_is_noted_before_the_first_text(
    client: httpx.AsyncClient, database: Database, practice: SamplePractice, line: PhoneLine
) -> None:
    lead = await a_lead(database, practice)
    body = {"status": "granted", "method": "verbal", "note": "Said on the phone"}
    noted = await client.post(f"/api/v1/leads/{lead}/consent", json=body)
    assert (noted.status_code, noted.json()["consent"], noted.json()["verdict"]["reason"] == "no_consent") == (
        200, "granted", False,
    )  # fmt: skip
    silent = await a_lead(database, practice, "Ben", phone=None)
    assert (await client.post(f"/api/v1/leads/{silent}/consent", json=body)).status_code == 409


async def test_what_was_understood_is_said_in_words(
    client: httpx.AsyncClient, database: Database, practice: SamplePractice, line: PhoneLine
) -> None:
    await patient_writes(database, practice, line, "call me at 5")
    path = f"/api/v1/conversations/{(await listed(client, 'all'))[0]['id']}/messages"
    said = (await client.get(path)).json()["items"][0]["understood"]
    assert (said["kind"], said["at"], said["words"]) == ("callback", "17:00", ["Wants a call at 5:00 pm"])
