"""Coverage, verification and authorization from the desk's side: one truth, no guesses, no leaks."""

import asyncio
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from backend.core.context import ProcessContext
from backend.core.ids import new_id
from backend.insurance import service
from backend.leads.models import Lead
from backend.operations.checks.insurance import miscounted
from backend.patients import service as patients
from backend.patients.service import CoverageFacts
from tests.conftest import PASSWORD, SamplePractice

ANSWERS = {"active_coverage": "yes", "in_network": "yes", "pt_benefit": "yes", "authorization_required": "no"}


async def open_lead(client: httpx.AsyncClient, first_name: str = "Ada", **facts: Any) -> str:
    body = {"source": "phone", "patient": {"first_name": first_name, "last_name": "Sample"}, **facts}
    answer = await client.post("/api/v1/leads", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def cover(client: httpx.AsyncClient, lead: str, **facts: Any) -> dict[str, Any]:
    body = {"rank": "primary", "payer_name": "Lakeside Mutual", "member_id": "LM12345", **facts}
    return await said(client, "post", f"/api/v1/leads/{lead}/coverages", body)


async def said(client: httpx.AsyncClient, method: str, path: str, body: Any = None) -> dict[str, Any]:
    answer = await client.request(method, path, json=body)
    assert answer.status_code < 300, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def panel(client: httpx.AsyncClient, lead: str) -> dict[str, Any]:
    return await said(client, "get", f"/api/v1/leads/{lead}/insurance")


async def verify(client: httpx.AsyncClient, lead: str, coverage: str, **facts: Any) -> httpx.Response:
    body = {"coverage_id": coverage, "version": 0, "state": "verified", "answers": ANSWERS, **facts}
    return await client.put(f"/api/v1/leads/{lead}/verification", json=body)


async def badges(client: httpx.AsyncClient, kind: str, stage: str = "new") -> list[str]:
    page = await said(client, "get", f"/api/v1/board/columns/{stage}/cards")
    return [badge["label"] for card in page["items"] for badge in card["badges"] if badge["kind"] == kind]


async def tasks(client: httpx.AsyncClient, lead: str) -> set[str]:
    page = await said(client, "get", f"/api/v1/tasks?lead_id={lead}")
    return {task["title"] for task in page["items"]}


async def book(client: httpx.AsyncClient, lead: str) -> None:
    version = (await said(client, "get", f"/api/v1/leads/{lead}"))["version"]
    at = (date.today() + timedelta(days=3)).isoformat() + "T15:00:00Z"
    await said(client, "post", f"/api/v1/leads/{lead}/evaluation", {"at": at, "version": version})


async def test_from_a_new_insurance_to_verified_benefits(client: httpx.AsyncClient) -> None:
    lead = await open_lead(client)
    assert await badges(client, "benefits") == []
    found = await cover(client, lead)
    coverage = found["coverages"][0]
    assert coverage["verification"]["state"] == "not_started"
    assert await badges(client, "benefits") == ["Benefits to verify"]
    answer = await verify(
        client, lead, coverage["id"], answers=ANSWERS | {"copay": "$35"}, told_by="Kim", reference="C-1"
    )
    assert answer.status_code == 200, answer.text
    verified = answer.json()["coverages"][0]["verification"]
    assert verified["state"] == "verified" and verified["answers"]["copay"] == {"value": "35.00", "source": "person"}
    assert (verified["told_by"], verified["reference"], verified["decided_by"]) == ("Kim", "C-1", "Dana Desk")
    assert verified["told_at"] and verified["valid_until"]
    assert await badges(client, "benefits") == ["Benefits verified"]


@pytest.mark.parametrize(
    ("answers", "pointer"),
    [
        ({}, "/answers/active_coverage"),
        (ANSWERS | {"authorization_required": "unknown"}, "/answers/authorization_required"),
        (ANSWERS | {"active_coverage": "no"}, "/answers/active_coverage"),
        (ANSWERS | {"pt_benefit": "no"}, "/answers/pt_benefit"),
        (ANSWERS | {"copay": "thirty"}, "/answers/copay"),
        (ANSWERS | {"shoe_size": "9"}, "/answers/shoe_size"),
    ],
)
async def test_benefits_are_not_verified_by_half_an_answer(
    client: httpx.AsyncClient, answers: dict[str, str], pointer: str
) -> None:
    lead = await open_lead(client)
    coverage = (await cover(client, lead))["coverages"][0]["id"]
    answer = await verify(client, lead, coverage, answers=answers)
    assert answer.status_code == 422
    assert pointer in {error["pointer"] for error in answer.json()["errors"]}
    assert (await panel(client, lead))["coverages"][0]["verification"]["state"] == "not_started"


async def test_another_member_id_must_be_verified_again(client: httpx.AsyncClient) -> None:
    lead = await open_lead(client)
    coverage = (await cover(client, lead))["coverages"][0]
    await verify(client, lead, coverage["id"])
    changed = await said(
        client, "patch", f"/api/v1/leads/{lead}/coverages/{coverage['id']}", {"version": 1, "member_id": "LM99999"}
    )
    verification = changed["coverages"][0]["verification"]
    assert (verification["state"], verification["reason"]) == ("not_started", "coverage_changed")
    assert verification["previous"]["answers"]["active_coverage"]["value"] == "yes"
    assert changed["coverages"][0]["verified_at"] is None
    assert await badges(client, "benefits") == ["Verify benefits again"]


async def test_stale_changes_are_refused(client: httpx.AsyncClient) -> None:
    lead = await open_lead(client)
    coverage = (await cover(client, lead))["coverages"][0]["id"]
    path = f"/api/v1/leads/{lead}/coverages/{coverage}"
    assert (await client.patch(path, json={"version": 1, "plan_name": "Gold"})).status_code == 200
    late = await client.patch(path, json={"version": 1, "plan_name": "Silver"})
    assert (late.status_code, late.json()["current_version"]) == (409, 2)
    assert (await verify(client, lead, coverage)).status_code == 200
    late = await verify(client, lead, coverage, state="problem")
    assert (late.status_code, late.json()["current_version"]) == (409, 1)


async def test_one_active_insurance_in_each_place(client: httpx.AsyncClient) -> None:
    lead = await open_lead(client)
    await cover(client, lead)
    body = {"rank": "primary", "payer_name": "Great Rivers Health"}
    second = await client.post(f"/api/v1/leads/{lead}/coverages", json=body)
    assert (second.status_code, second.json()["type"]) == (409, "rank-taken")
    found = await said(client, "post", f"/api/v1/leads/{lead}/coverages", body | {"replaces": True})
    assert [(one["payer_name"], one["active"]) for one in found["coverages"]] == [
        ("Great Rivers Health", True), ("Lakeside Mutual", False),
    ]  # fmt: skip
    card = (await said(client, "get", "/api/v1/board/columns/new/cards"))["items"][0]
    assert card["payer_name"] == "Great Rivers Health"


async def test_the_same_key_notes_an_insurance_once(client: httpx.AsyncClient) -> None:
    lead = await open_lead(client)
    body = {"rank": "primary", "payer_name": "Lakeside Mutual"}
    for _ in range(2):
        answer = await client.post(f"/api/v1/leads/{lead}/coverages", json=body, headers={"Idempotency-Key": "once"})
        assert answer.status_code == 201
    assert len(answer.json()["coverages"]) == 1


async def test_a_patient_without_insurance_pays(client: httpx.AsyncClient) -> None:
    lead = await open_lead(client)
    found = await said(client, "put", f"/api/v1/leads/{lead}/verification", {"version": 0, "state": "self_pay"})
    assert found["self_pay"]["state"] == "self_pay"
    assert await badges(client, "benefits") == ["Self-pay"]
    refused = await client.put(f"/api/v1/leads/{lead}/verification", json={"version": 1, "state": "verified"})
    assert refused.status_code == 422


async def test_a_payer_is_known_by_its_aliases(client: httpx.AsyncClient) -> None:
    lead = await open_lead(client)
    await cover(client, lead, payer_name="blue cross / blue shield")
    payer = {"name": "Prairie Blue", "aliases": ["BlueCross BlueShield"], "authorization_rule": "ask"}
    made = await said(client, "post", "/api/v1/payers", payer)
    found = (await panel(client, lead))["coverages"][0]
    assert (found["payer_name"], found["payer"]["id"]) == ("Prairie Blue", made["id"])
    assert found["payer_said"] == "blue cross / blue shield"
    taken = await client.post("/api/v1/payers", json={"name": "BLUECROSS-BLUESHIELD"})
    assert taken.status_code == 422


async def test_a_payer_that_always_wants_an_authorization(client: httpx.AsyncClient) -> None:
    await said(client, "post", "/api/v1/payers", {"name": "Lakeside Mutual", "authorization_rule": "always"})
    lead = await open_lead(client)
    found = await cover(client, lead)
    assert [(one["state"], one["source"]) for one in found["authorizations"]] == [("needed", "payer_rule")]
    assert await badges(client, "authorization") == ["Auth needed"]
    row = found["authorizations"][0]
    path = f"/api/v1/leads/{lead}/authorizations/{row['id']}"
    unnumbered = await client.patch(path, json={"version": 1, "state": "approved", "approved": 12})
    assert unnumbered.status_code == 422
    until = (date.today() + timedelta(days=60)).isoformat()
    body = {"version": 1, "state": "approved", "number": "A-1", "approved": 12, "valid_until": until}
    done = (await said(client, "patch", path, body))["authorizations"][0]
    assert (done["state"], done["left"], done["warnings"]) == ("approved", 12, [])
    history = (await said(client, "get", f"{path}/history"))["items"]
    assert [event["kind"] for event in history] == ["changed", "created"]
    assert history[0]["detail"]["state"] == ["needed", "approved"]


async def test_an_authorization_that_is_required_must_be_got(client: httpx.AsyncClient) -> None:
    lead = await open_lead(client)
    coverage = (await cover(client, lead))["coverages"][0]["id"]
    answer = await verify(client, lead, coverage, answers=ANSWERS | {"authorization_required": "yes"})
    assert [row["state"] for row in answer.json()["authorizations"]] == ["needed"]


async def test_tasks_follow_what_is_left_to_do(client: httpx.AsyncClient) -> None:
    lead = await open_lead(client)
    coverage = (await cover(client, lead))["coverages"][0]["id"]
    assert "Verify the benefits" not in await tasks(client, lead)
    await book(client, lead)
    assert "Verify the benefits" in await tasks(client, lead)
    answer = await verify(client, lead, coverage, answers=ANSWERS | {"authorization_required": "yes"})
    found = await tasks(client, lead)
    assert "Verify the benefits" not in found and "Request the authorization" in found
    row = answer.json()["authorizations"][0]
    path = f"/api/v1/leads/{lead}/authorizations/{row['id']}"
    await said(client, "patch", path, {"version": row["version"], "state": "requested"})
    assert "Ask about the authorization" in await tasks(client, lead)
    await said(client, "patch", path, {"version": 2, "state": "approved", "number": "A-1", "approved": 12})
    assert not {title for title in await tasks(client, lead) if "uthorization" in title}


async def patient_of(context: ProcessContext, practice: SamplePractice, lead: str) -> Any:
    async with context.database.transaction(practice.id) as session:
        row = await session.get_one(Lead, (practice.id, lead))
        return row.patient_id


async def test_visits_are_counted_once_and_warn_in_time(
    client: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    lead = await open_lead(client)
    await book(client, lead)
    coverage = (await cover(client, lead))["coverages"][0]["id"]
    body = {"coverage_id": coverage, "state": "approved", "number": "A-1", "approved": 4}
    await said(client, "post", f"/api/v1/leads/{lead}/authorizations", body)
    patient, visits = await patient_of(context, practice, lead), [new_id() for _ in range(5)]
    for visit in (*visits[:2], visits[0]):
        async with context.database.transaction(practice.id) as session:
            await service.count_visit(session, patient, visit, date.today())
    assert await badges(client, "authorization", "scheduled") == ["Auth 2 of 4"]
    assert "Renew the authorization: 2 visits left" in await tasks(client, lead)
    async with context.database.transaction(practice.id) as session:
        await service.uncount_visit(session, patient, visits[1])
    assert await badges(client, "authorization", "scheduled") == ["Auth 1 of 4"]
    for visit in visits[1:]:
        async with context.database.transaction(practice.id) as session:
            await service.count_visit(session, patient, visit, date.today())
    assert await badges(client, "authorization", "scheduled") == ["Auth 5 of 4: used up"]
    assert "Renew the authorization: it is used up" in await tasks(client, lead)


async def test_visits_told_at_once_and_twice_count_once_each(
    client: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    lead = await open_lead(client)
    coverage = (await cover(client, lead))["coverages"][0]["id"]
    patient, visits = await patient_of(context, practice, lead), [new_id() for _ in range(6)]

    async def count(visit: Any) -> None:
        async with context.database.transaction(practice.id) as session:
            await service.count_visit(session, patient, visit, date.today())

    body = {"coverage_id": coverage, "state": "approved", "number": "A-1", "approved": 9}
    note = said(client, "post", f"/api/v1/leads/{lead}/authorizations", body)
    await asyncio.gather(*(count(visit) for visit in visits * 2), note)
    found = await panel(client, lead)
    assert (found["authorizations"][0]["used"], found["uncounted_visits"]) == (6, 0)


async def test_a_counter_that_is_not_its_visits_is_found(
    client: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, admin: Any
) -> None:
    lead = await open_lead(client)
    coverage = (await cover(client, lead))["coverages"][0]["id"]
    body = {"coverage_id": coverage, "state": "approved", "number": "A-1", "approved": 4}
    await said(client, "post", f"/api/v1/leads/{lead}/authorizations", body)
    patient = await patient_of(context, practice, lead)
    async with context.database.transaction(practice.id) as session:
        await service.count_visit(session, patient, new_id(), date.today())
        assert (await miscounted(session)).total == 0
    await admin.execute("UPDATE authorizations SET used = 3")
    async with context.database.transaction(practice.id) as session:
        found = await miscounted(session)
    assert [violation.note for violation in found.violations] == ["counts 3, its visits 1"]


async def test_visits_before_the_paper_count_once_it_comes(
    client: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    lead = await open_lead(client)
    coverage = (await cover(client, lead))["coverages"][0]["id"]
    patient = await patient_of(context, practice, lead)
    async with context.database.transaction(practice.id) as session:
        await service.count_visit(session, patient, new_id(), date.today())
    assert (await panel(client, lead))["uncounted_visits"] == 1
    body = {"coverage_id": coverage, "state": "approved", "number": "A-1", "approved": 10}
    found = await said(client, "post", f"/api/v1/leads/{lead}/authorizations", body)
    assert (found["uncounted_visits"], found["authorizations"][0]["used"]) == (0, 1)


async def test_an_order_that_names_an_authorization_offers_it(
    client: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, admin: Any
) -> None:
    lead = await open_lead(client, order={"body_part": "knee", "visits_authorized": 8})
    await admin.execute("UPDATE referral_orders SET authorization_number = 'PA-77'")
    found = await cover(client, lead)
    offered = found["order_authorization"]
    assert (offered["number"], offered["visits"]) == ("PA-77", 8)
    body = {
        "coverage_id": found["coverages"][0]["id"], "state": "approved", "number": "PA-77", "approved": 8,
        "order_id": offered["order_id"],
    }  # fmt: skip
    found = await said(client, "post", f"/api/v1/leads/{lead}/authorizations", body)
    assert found["order_authorization"] is None and found["authorizations"][0]["source"] == "fax"


async def test_a_fax_never_replaces_what_the_desk_entered(
    client: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    lead = await open_lead(client)
    coverage = (await cover(client, lead))["coverages"][0]["id"]
    await verify(client, lead, coverage)
    patient = await patient_of(context, practice, lead)
    async with context.database.transaction(practice.id) as session:
        await patients.cover(session, patient, [CoverageFacts("primary", "Lakeside-Mutual", None, "G7")])
    assert [one["group_number"] for one in (await panel(client, lead))["coverages"]] == ["G7"]
    async with context.database.transaction(practice.id) as session:
        await patients.cover(session, patient, [CoverageFacts("primary", "Summit Medicare", "S1")])
    found = (await panel(client, lead))["coverages"]
    assert [(one["payer_name"], one["active"], one["source"]) for one in found] == [
        ("Lakeside Mutual", True, "desk"), ("Summit Medicare", False, "fax"),
    ]  # fmt: skip
    assert found[0]["verification"]["reason"] == "coverage_changed"


async def test_a_fax_replaces_what_only_a_fax_said(
    client: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    lead = await open_lead(client)
    patient = await patient_of(context, practice, lead)
    for payer, member in (("Lakeside Mutual", "LM1"), ("Summit Medicare", None)):
        async with context.database.transaction(practice.id) as session:
            await patients.cover(session, patient, [CoverageFacts("primary", payer, member)])
    found = (await panel(client, lead))["coverages"]
    assert [(one["payer_name"], one["member_id"], one["active"]) for one in found] == [
        ("Summit Medicare", None, True), ("Lakeside Mutual", "LM1", False),
    ]  # fmt: skip


async def test_nothing_leaks_to_another_practice(
    client: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, other_practice: SamplePractice
) -> None:
    lead = await open_lead(client)
    coverage = (await cover(client, lead))["coverages"][0]["id"]
    await said(client, "post", "/api/v1/payers", {"name": "Lakeside Mutual"})
    signed = await client.post("/api/v1/session", json={"email": other_practice.email, "password": PASSWORD})
    client.headers["X-CSRF-Token"] = signed.json()["csrf_token"]
    assert (await client.get(f"/api/v1/leads/{lead}/insurance")).status_code == 404
    assert (await verify(client, lead, coverage)).status_code == 404
    assert (await client.get("/api/v1/payers")).json()["items"] == []
    theirs = await open_lead(client, "Bea")
    # A coverage that is named through one's own lead is still somebody else's.
    assert (await verify(client, theirs, coverage)).status_code == 404
    path = f"/api/v1/leads/{theirs}/coverages/{coverage}"
    assert (await client.patch(path, json={"version": 1, "plan_name": "x"})).status_code == 404


async def test_another_patients_coverage_is_not_found(client: httpx.AsyncClient) -> None:
    mine, other = await open_lead(client), await open_lead(client, "Bea")
    coverage = (await cover(client, other))["coverages"][0]["id"]
    assert (await verify(client, mine, coverage)).status_code == 404
    body = {"coverage_id": coverage, "state": "needed"}
    assert (await client.post(f"/api/v1/leads/{mine}/authorizations", json=body)).status_code == 404


async def test_a_liaison_sees_nothing_of_it(client: httpx.AsyncClient, admin: Any) -> None:
    lead = await open_lead(client)
    await cover(client, lead)
    await admin.execute("UPDATE memberships SET role = 'liaison'")
    assert await badges(client, "benefits") == []
    assert (await client.get(f"/api/v1/leads/{lead}/insurance")).status_code == 403


async def test_the_checklist_keeps_what_decides(client: httpx.AsyncClient) -> None:
    rules = await said(client, "get", "/api/v1/settings/insurance")
    assert rules["version"] == 0 and len(rules["items"]) == 10
    items = [{name: item[name] for name in ("key", "label", "kind", "required")} for item in rules["items"]]
    without = [item for item in items if item["key"] != "authorization_required"]
    body = {"version": 0, "reverify": "plan_year", "items": without}
    assert (await client.put("/api/v1/settings/insurance", json=body)).status_code == 422
    body["items"] = [*items, {"key": "shoe_size", "label": "Shoe size", "kind": "text"}]
    saved = await said(client, "put", "/api/v1/settings/insurance", body)
    assert saved["version"] == 1 and saved["items"][-1]["label"] == "Shoe size"
    assert (await client.put("/api/v1/settings/insurance", json=body)).status_code == 409
