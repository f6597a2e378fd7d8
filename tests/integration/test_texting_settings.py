"""Settings of texting over real sockets: texts, policy, lines, a pause and its end, the ledger for an audit."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from backend.core.context import ProcessContext
from backend.core.sheets import cell
from backend.identity import api_keys, permissions
from backend.identity.queries import practice_key
from backend.messaging import alarms, consent, lines, reports, sending
from backend.messaging.models import PhoneLine
from backend.messaging.ports import TextReport
from backend.sandbox.carriers.twilio_numbers import SERVICE_SID
from backend.wiring.text_carriers import text_carriers
from tests.conftest import SamplePractice
from tests.integration.test_texting import PHONE, World, world  # noqa: F401 - the fixture

TEMPLATES = "/api/v1/message-templates"
POLICY = "/api/v1/settings/messaging"
LINES = "/api/v1/settings/phone-lines"
NEW_TOKEN = "f" * 32


async def key_of(context: ProcessContext, practice: SamplePractice) -> dict[str, str]:
    async with context.database.transaction(practice.id) as session:
        _, key = api_keys.create(session, "settings", sorted(permissions.ALL))
    return {"Authorization": f"Bearer {key}"}


@pytest.fixture
async def desk(world: World, context: ProcessContext, practice: SamplePractice) -> AsyncIterator[httpx.AsyncClient]:  # noqa: F811
    """An administrator of the running product."""
    headers = await key_of(context, practice)
    async with httpx.AsyncClient(base_url=world.http.base_url, headers=headers) as client:
        yield client


async def the_line(desk: httpx.AsyncClient) -> dict[str, Any]:
    return (await desk.get(LINES)).json()["items"][0]  # type: ignore[no-any-return]


async def test_a_text_of_ones_own_is_made_changed_and_removed(client: httpx.AsyncClient) -> None:
    made = await client.post(TEMPLATES, json={"name": "Parking", "body": "{practice}: park behind the house."})
    assert made.status_code == 201
    template = made.json()
    assert not template["standard"] and template["standard_body"] is None
    again = await client.post(TEMPLATES, json={"name": "Parking", "body": "{practice}: hello"})
    assert again.status_code == 409
    path = f"{TEMPLATES}/{template['id']}"
    bad = await client.put(path, json={"body": "{practice}: your knee", "version": 1})
    assert (bad.status_code, bad.json()["errors"][0]["pointer"]) == (422, "/body")
    assert "knee" in bad.json()["detail"]
    good = await client.put(path, json={"body": "{practice}: park in front.", "name": "Cars", "version": 1})
    assert (good.json()["name"], good.json()["version"]) == ("Cars", 2)
    stale = await client.put(path, json={"body": "{practice}: x", "version": 1})
    assert (stale.status_code, stale.json()["current_version"]) == (409, 2)
    assert (await client.delete(path, params={"version": 1})).status_code == 409
    assert (await client.delete(path, params={"version": 2})).status_code == 204
    assert (await client.delete(path, params={"version": 2})).status_code == 404


async def test_standard_texts_stay_and_can_be_reset(client: httpx.AsyncClient) -> None:
    first = next(one for one in (await client.get(TEMPLATES)).json()["items"] if one["id"] == "first_text")
    assert first["standard"] and first["first"] and first["body"] == first["standard_body"]
    assert (await client.delete(f"{TEMPLATES}/first_text", params={"version": 1})).status_code == 409
    renamed = await client.put(f"{TEMPLATES}/first_text", json={"body": first["body"], "name": "X!", "version": 1})
    assert renamed.status_code == 422
    without_stop = {"body": "{practice}: hi {first_name}", "version": 1}
    assert "STOP" in (await client.put(f"{TEMPLATES}/first_text", json=without_stop)).json()["detail"]
    changed = {"body": "{practice}: hello. Reply STOP to opt out.", "version": 1}
    assert (await client.put(f"{TEMPLATES}/first_text", json=changed)).status_code == 200
    reset = {"body": first["standard_body"], "version": 2}
    assert (await client.put(f"{TEMPLATES}/first_text", json=reset)).json()["body"] == first["body"]


async def test_the_linter_answers_while_one_types(client: httpx.AsyncClient) -> None:
    said = (await client.post(f"{TEMPLATES}/check", json={"key": "first_text", "body": "{clinic}: we’re here"})).json()
    assert {item["level"] for item in said["problems"]} == {"error", "warning"}
    assert said["encoding"] == "UCS-2"
    assert said["preview"] == "North: we’re here"
    assert said["segments"] == 1
    assert (await client.post(f"{TEMPLATES}/check", json={"body": ""})).json()["problems"] == []
    assert (await client.post(f"{TEMPLATES}/check", json={"body": "x" * 1601})).status_code == 422


async def test_texting_unasked_needs_an_agreement_kept_word_by_word(client: httpx.AsyncClient) -> None:
    policy = (await client.get(POLICY)).json()
    assert (policy["first_text"], policy["version"], policy["last_change"]) == ("consent_first", 0, None)
    wanted = {"first_text": "send", "opens": "09:00", "closes": "20:00", "sundays": False, "per_day": 1, "per_week": 3}
    refused = await client.put(POLICY, json={**wanted, "version": 0})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/agreed_to")
    agreement = next(one["agreement"] for one in policy["choices"] if one["first_text"] == "send")
    chosen = (await client.put(POLICY, json={**wanted, "version": 0, "agreed_to": agreement["id"]})).json()
    assert chosen["last_change"]["by"] == "Dana Desk"
    assert chosen["last_change"]["agreed_to"] == agreement["text"]
    later = (await client.put(POLICY, json={**wanted, "sundays": True, "version": 1})).json()
    assert later["last_change"]["agreed_to"] is None, "already chosen: nothing to agree to again"
    assert later["last_agreement"]["agreed_to"] == agreement["text"]
    assert (await client.put(POLICY, json={**wanted, "version": 1})).status_code == 409


async def test_the_record_of_policies_cannot_be_changed(client: httpx.AsyncClient, context: ProcessContext) -> None:
    wanted = {"first_text": "off", "opens": "09:00", "closes": "20:00", "sundays": False, "per_day": 1, "per_week": 3}
    await client.put(POLICY, json={**wanted, "version": 0})
    async with context.database.system() as session:
        connection = await session.connection()
        with pytest.raises(Exception, match="permission denied"):
            await connection.exec_driver_sql("UPDATE messaging_policy_changes SET by = 'x'")


async def test_a_line_is_added_edited_and_taken_out_of_use(client: httpx.AsyncClient, practice: SamplePractice) -> None:
    secrets = {"account_sid": "AC" + "a" * 32, "auth_token": "b" * 32}
    body = {"number": "+12175550177", "secrets": secrets, "location_id": str(practice.location_id)}
    made = await client.post(LINES, json=body)
    line = made.json()
    assert (made.status_code, line["account_sid"], line["version"]) == (201, "…aaaa", 1)
    assert "b" * 32 not in made.text and "a" * 32 not in made.text
    assert (await client.post(LINES, json=body)).status_code == 409
    foreign = {"location_id": "0199f3a2-6c1e-7c7a-9f0e-3d2b1a6f5e4d", "version": 1}
    path = f"{LINES}/{line['id']}"
    assert (await client.patch(path, json=foreign)).status_code == 422
    changes = {"location_id": None, "active": False, "messaging_service_sid": SERVICE_SID, "version": 1}
    changed = (await client.patch(path, json=changes)).json()
    assert (changed["location_id"], changed["active"], changed["messaging_service_sid"]) == (None, False, SERVICE_SID)
    assert (await client.patch(path, json={"active": True, "version": 1})).status_code == 409
    kept = (await client.patch(path, json={"active": True, "version": 2})).json()
    assert kept["messaging_service_sid"] == SERVICE_SID, "what is not named stays"
    assert (await client.post(f"{path}/resume", json={"version": 3})).status_code == 409
    assert (await client.post(f"{path}/rotate/finish", json={"version": 3})).status_code == 409


async def test_another_practice_sees_nothing(
    client: httpx.AsyncClient, context: ProcessContext, other_practice: SamplePractice
) -> None:
    secrets = {"account_sid": "AC1", "auth_token": "token-of-ours"}
    line = (await client.post(LINES, json={"number": "+12175550177", "secrets": secrets})).json()
    template = (await client.post(TEMPLATES, json={"name": "Ours", "body": "{practice}: ours"})).json()
    async with context.database.transaction(other_practice.id) as session:
        await consent.record(session, PHONE, "granted", "verbal", evidence="theirs")
    theirs = await key_of(context, other_practice)
    client.cookies.clear()
    path = f"{LINES}/{line['id']}"
    assert (await client.get(LINES, headers=theirs)).json()["items"] == []
    for call in ("check", "resume", "rotate/finish"):
        assert (await client.post(f"{path}/{call}", json={"version": 1}, headers=theirs)).status_code == 404
    rotate = {"auth_token": NEW_TOKEN, "version": 1}
    assert (await client.post(f"{path}/rotate", json=rotate, headers=theirs)).status_code == 404
    assert (await client.patch(path, json={"active": False, "version": 1}, headers=theirs)).status_code == 404
    one = f"{TEMPLATES}/{template['id']}"
    assert (await client.put(one, json={"body": "{practice}", "version": 1}, headers=theirs)).status_code == 404
    assert (await client.delete(one, params={"version": 1}, headers=theirs)).status_code == 404
    assert template["id"] not in (await client.get(TEMPLATES, headers=theirs)).text
    ours = await client.get("/api/v1/settings/consents.csv", headers=theirs)
    assert "theirs" in ours.text


async def test_while_a_token_is_rotated_callbacks_verify_with_either(
    world: World, desk: httpx.AsyncClient  # noqa: F811
) -> None:  # fmt: skip
    account = world.sandbox.twilio.account
    old, path = account.credentials["auth_token"], lines.sms_path(account.account_key)

    async def brought(token: str, sid: str) -> int:
        form = {
            "MessageSid": sid, "From": PHONE, "To": account.number, "Body": "Is Monday possible?", "NumMedia": "0",
            "AccountSid": account.credentials["account_sid"],
        }  # fmt: skip
        url = f"{world.context.settings.base_url}{path}"
        signed = {"X-Twilio-Signature": RequestValidator(token).compute_signature(url, form)}
        return (await world.http.post(path, data=form, headers=signed)).status_code

    assert [await brought(old, "SM1"), await brought(NEW_TOKEN, "SM2")] == [200, 403]
    line = await the_line(desk)
    rotated = await desk.post(f"{LINES}/{line['id']}/rotate", json={"auth_token": NEW_TOKEN, "version": 1})
    assert rotated.json()["rotating_since"] is not None
    assert [await brought(NEW_TOKEN, "SM3"), await brought(old, "SM4"), await brought("e" * 32, "SM5")] == [
        200,
        200,
        403,
    ]
    finished = await desk.post(f"{LINES}/{line['id']}/rotate/finish", json={"version": 2})
    assert finished.json()["rotating_since"] is None
    assert await brought(NEW_TOKEN, "SM6") == 200
    world_lines = [row["sealed_secrets"] for row in await world.admin.fetch("SELECT sealed_secrets FROM phone_lines")]
    assert all(NEW_TOKEN.encode() not in bytes(sealed) for sealed in world_lines)
    async with world.context.database.transaction(world.practice.id) as session:
        row = await session.get_one(PhoneLine, (world.practice.id, line["id"]))
        known = lines.open_account(row, await practice_key(session, world.context)).secrets
    assert known["auth_token"] == NEW_TOKEN and old not in known.values()


async def test_a_line_out_of_use_sends_nothing_and_loses_nothing(world: World, desk: httpx.AsyncClient) -> None:  # noqa: F811
    line = await the_line(desk)
    await desk.patch(f"{LINES}/{line['id']}", json={"active": False, "version": 1})
    await world.open_lead("web_form")
    await world.write("Is Monday possible?")
    assert world.sent() == []
    assert await world.admin.fetchval("SELECT count(*) FROM messages WHERE direction = 'in'") == 1


async def test_the_check_says_what_the_carrier_knows(world: World, desk: httpx.AsyncClient) -> None:  # noqa: F811
    line = await the_line(desk)
    path = f"{LINES}/{line['id']}"

    async def levels() -> dict[str, list[str]]:
        answer = await desk.post(f"{path}/check")
        assert answer.status_code == 200
        found: dict[str, list[str]] = {"ok": [], "warning": [], "error": []}
        for item in answer.json()["findings"]:
            found[item["level"]].append(item["title"])
        return found

    first = await levels()
    assert first["error"] == [] and len(first["ok"]) == 4 and "Messaging Service" in first["warning"][0]
    await desk.patch(path, json={"messaging_service_sid": SERVICE_SID, "version": 1})
    assert (await levels())["warning"] == []
    await world.http.post("/sandbox/twilio/number", json={"in_pool": False, "sms_url": "https://old.example.org"})
    wrong = (await levels())["error"]
    assert len(wrong) == 2 and "sender pool" in wrong[0] and "another address" in wrong[1]
    await world.http.post("/sandbox/twilio/number", json={"owned": False})
    assert "does not belong" in (await levels())["error"][0]
    await desk.post(f"{path}/rotate", json={"auth_token": NEW_TOKEN, "version": 2})
    assert "does not accept the credentials" in (await levels())["error"][0]
    assert await world.admin.fetchval("SELECT count(*) FROM audit_events WHERE action = 'phone_line.checked'") == 5


async def refuse(world: World, code: str) -> None:  # noqa: F811
    """The carrier reports a failure of the newest text of ours."""
    carrier = text_carriers(world.context.settings)["twilio"]
    async with world.context.database.transaction(world.practice.id) as session:
        newest = "SELECT id FROM messages WHERE direction = 'out' ORDER BY created_at DESC LIMIT 1"
        found = await sending.locked(session, await world.admin.fetchval(newest))
        assert found is not None
        found[0].status = "sent"
        await reports.apply(session, *found, TextReport(found[0].external_id or "", "undelivered", code), carrier)


async def test_a_missing_registration_pauses_and_resuming_sends_what_waited(
    world: World, desk: httpx.AsyncClient  # noqa: F811
) -> None:  # fmt: skip
    await world.open_lead("web_form")
    await world.work()
    assert len(world.sent()) == 1
    await refuse(world, "30034")
    line = await the_line(desk)
    assert line["paused"]["code"] == "30034" and "registered" in line["paused"]["title"]
    assert await world.statuses() == [("held", "line_paused")], "it reached nobody, so it waits"
    assert line["paused"]["waiting"] == 1
    version = (await the_line(desk))["version"]
    assert (await desk.post(f"{LINES}/{line['id']}/resume", json={"version": version - 1})).status_code == 409
    resumed = await desk.post(f"{LINES}/{line['id']}/resume", json={"version": version})
    assert resumed.json()["paused"] is None
    await world.work()
    assert len(world.sent()) == 2
    await world.admin.execute("UPDATE jobs SET run_at = now() WHERE kind = $1", alarms.RESUME)
    await world.work()
    assert len(world.sent()) == 2, "looking again doubles nothing"


async def test_a_person_may_still_try_while_paused(world: World, desk: httpx.AsyncClient) -> None:  # noqa: F811
    await world.open_lead("web_form")
    await world.work()
    await refuse(world, "30034")
    await world.write("Is Monday possible?")
    conversation = (await desk.get("/api/v1/conversations")).json()["items"][0]
    opened = (await desk.get(f"/api/v1/conversations/{conversation['id']}")).json()
    assert (opened["verdict"]["action"], opened["verdict"]["warning"]) == ("send", "line_paused")
    by_hand = await desk.post(f"/api/v1/conversations/{conversation['id']}/messages", json={"body": "Monday at 3?"})
    assert by_hand.json()["status"] == "queued"
    await world.work()
    assert len(world.sent()) == 2
    assert (await the_line(desk))["paused"]["waiting"] == 0, "the patient wrote: the first text is no longer wanted"


async def test_a_stop_while_paused_wins_over_resuming(world: World, desk: httpx.AsyncClient) -> None:  # noqa: F811
    await world.open_lead("web_form")
    await world.work()
    await refuse(world, "30034")
    await world.write("STOP")
    line = await the_line(desk)
    assert line["paused"]["waiting"] == 0
    await desk.post(f"{LINES}/{line['id']}/resume", json={"version": line["version"]})
    await world.work()
    assert len(world.sent()) == 1


async def test_one_filtered_text_stops_nobody_three_do(world: World, desk: httpx.AsyncClient) -> None:  # noqa: F811
    await world.open_lead("web_form")
    await world.work()
    await world.write("Is Monday possible?")
    conversation = (await desk.get("/api/v1/conversations")).json()["items"][0]
    for count in (1, 2, 3):
        await desk.post(f"/api/v1/conversations/{conversation['id']}/messages", json={"body": f"Text {count}"})
        await world.work()
        await refuse(world, "30007")
        assert ((await the_line(desk))["paused"] is not None) == (count == 3)
    line = await the_line(desk)
    await desk.post(f"{LINES}/{line['id']}/resume", json={"version": line["version"]})
    await desk.post(f"/api/v1/conversations/{conversation['id']}/messages", json={"body": "Text 4"})
    await world.work()
    await refuse(world, "30007")
    assert (await the_line(desk))["paused"] is None, "what was settled counts no more"


async def test_many_refusals_at_once_are_one_pause(world: World, desk: httpx.AsyncClient) -> None:  # noqa: F811
    line = await the_line(desk)

    async def one(code: str) -> None:
        async with world.context.database.transaction(world.practice.id) as session:
            row = await session.get_one(PhoneLine, (world.practice.id, line["id"]))
            assert await alarms.refused(session, row.id, code)

    await asyncio.gather(*(one(code) for code in ("30034", "20003", "21606", "30034", "21703")))
    assert (await the_line(desk))["version"] == 2


async def test_the_ledger_is_shown_with_its_evidence(world: World, desk: httpx.AsyncClient) -> None:  # noqa: F811
    await world.open_lead("web_form")
    await world.work()
    lead_id = await world.admin.fetchval("SELECT id FROM leads")
    shown = (await desk.get(f"/api/v1/leads/{lead_id}/consents")).json()
    assert [(row["status"], row["method"]) for row in shown["items"]] == [("granted", "given_number")]
    conversation = (await desk.get("/api/v1/conversations")).json()["items"][0]
    path = f"/api/v1/conversations/{conversation['id']}"
    noted = {"status": "revoked", "method": "verbal", "scope": "marketing", "note": "wants no offers"}
    assert (await desk.post(f"{path}/consent", json=noted)).json()["consent"] == "granted"
    await world.write("STOP")
    page = (await desk.get(f"{path}/consents", params={"limit": 2})).json()
    assert [row["status"] for row in page["items"]] == ["revoked", "revoked"]
    assert page["items"][0]["evidence"] == "STOP" and page["items"][1]["scope"] == "marketing"
    assert page["states"] == {"care": "revoked", "scheduling": "revoked", "feedback": "revoked", "marketing": "revoked"}
    rest = (await desk.get(f"{path}/consents", params={"cursor": page["next_cursor"]})).json()
    assert [row["status"] for row in rest["items"]] == ["granted"]
    looks = await world.admin.fetchval("SELECT count(*) FROM audit_events WHERE action = 'consent.viewed'")
    assert looks == 3


async def test_the_export_holds_no_formula(client: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice,
                                           admin: Any) -> None:  # fmt: skip
    evil = ['=HYPERLINK("http://x","y")', "+1+1", "-2", "@SUM(A1)", "\t=1", " =1", 'a"b,c\nd', "sí, por favor"]
    async with context.database.transaction(practice.id) as session:
        for evidence in evil:
            await consent.record(session, PHONE, "granted", "verbal", evidence=evidence)
    answer = await client.get("/api/v1/settings/consents.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row["evidence"].removeprefix("'") for row in rows] == evil
    assert not any(
        value.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for value in row.values()
    )
    assert await admin.fetchval("SELECT count(*) FROM audit_events WHERE action = 'consent.exported'") == 1
    none = await client.get("/api/v1/settings/consents.csv", params={"to": "2001-01-01"})
    assert len(none.text.splitlines()) == 1
    wrong = await client.get("/api/v1/settings/consents.csv", params={"from": "2026-02-02", "to": "2026-02-01"})
    assert wrong.status_code == 422
    await admin.execute("UPDATE memberships SET role = 'front_desk'")
    assert (await client.get("/api/v1/settings/consents.csv")).status_code == 403


@given(st.text(max_size=40))
def test_no_cell_begins_like_a_formula(text: str) -> None:
    written = cell(text)
    assert not written.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert text.replace("\0", "") in {written, written.removeprefix("'")}


async def test_who_writes_spanish_is_answered_in_spanish(world: World) -> None:  # noqa: F811
    await world.open_lead("fax")
    await world.work()
    await world.write("Sí")
    assert "por ejemplo" in world.sent()[1]
    await world.write("no quiero más mensajes")
    assert "no le enviaremos otros mensajes" in world.sent()[2]
    assert await world.admin.fetchval("SELECT status FROM consents ORDER BY at DESC, id DESC LIMIT 1") == "revoked"
