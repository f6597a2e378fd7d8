"""Every route of the OpenAPI document: nobody without signing in, nobody without its permission, no foreign ids."""

import re
from typing import Any

import httpx
import pytest

from backend.api.app import create_app
from backend.core.context import ProcessContext
from backend.core.ids import new_id
from backend.identity import api_keys, permissions, service
from tests.conftest import SamplePractice

DOCUMENT: dict[str, Any] = create_app().openapi()
OPERATIONS = [
    (method, path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
    if path.startswith("/api/v1")
]
GUARDED = [item for item in OPERATIONS if item[2].get("x-permission") in permissions.ALL]
PATIENTS = [item for item in OPERATIONS if item[2].get("x-permission") in {"patient", "referrer"}]
OPEN = {
    "getLogo",
    "signIn",
    "getSession",
    "signOut",
    "exchangeLink",
    "exchangeReferrerLink",
    "getPublicForm",
    "postWebLead",
}
BODY = {"name": "x"}


def filled(path: str) -> str:
    """The path with ids nobody has."""
    return re.sub(r"\{[a-z_]*(number)\}", "1", re.sub(r"\{stage\}", "new", re.sub(r"\{\w+_id\}", str(new_id()), path)))


def named(item: tuple[str, str, dict[str, Any]]) -> str:
    return str(item[2]["operationId"])


async def with_scopes(context: ProcessContext, practice: SamplePractice, scopes: set[str]) -> dict[str, str]:
    async with context.database.transaction(practice.id) as session:
        _, key = api_keys.create(session, "matrix", sorted(scopes))
    return {"Authorization": f"Bearer {key}"}


def test_every_operation_states_its_permission() -> None:
    unguarded = {named(item) for item in OPERATIONS} - {named(item) for item in [*GUARDED, *PATIENTS]}
    assert unguarded == OPEN


def test_every_operation_has_examples_and_a_name() -> None:
    assert len({named(item) for item in OPERATIONS}) == len(OPERATIONS)
    assert all(item[2].get("summary") for item in OPERATIONS)


@pytest.mark.parametrize("item", [*GUARDED, *PATIENTS], ids=named)
async def test_nobody_without_signing_in(anonymous: httpx.AsyncClient, item: tuple[str, str, dict[str, Any]]) -> None:
    answer = await anonymous.request(item[0], filled(item[1]), json=BODY)
    assert answer.status_code == 401


async def test_nobody_without_the_permission(
    anonymous: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    for method, path, operation in GUARDED:
        others = permissions.ALL - {operation["x-permission"]}
        headers = await with_scopes(context, practice, set(others))
        answer = await anonymous.request(method, filled(path), json=BODY, headers=headers)
        assert answer.status_code in {403, 422}, operation["operationId"]
        if method == "get":
            assert answer.status_code == 403 or "query" in str(answer.json()), operation["operationId"]


async def test_unknown_ids_are_not_found(
    anonymous: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    headers = await with_scopes(context, practice, set(permissions.ALL))
    for method, path, operation in GUARDED:
        if "_id}" in path and method == "get":
            answer = await anonymous.get(filled(path), headers=headers)
            assert answer.status_code == 404, operation["operationId"]


async def test_a_role_at_one_clinic_ends_there(
    anonymous: httpx.AsyncClient,
    client: httpx.AsyncClient,
    context: ProcessContext,
    practice: SamplePractice,
    admin: Any,
) -> None:
    """A front desk of one clinic sees its leads and those of no clinic yet, not those of another."""
    async with context.database.transaction(practice.id) as session:
        other = await service.create_location(session, name="South", timezone="America/Chicago")
    made = {}
    for name, place in (("Here", str(practice.location_id)), ("There", str(other.id)), ("Nowhere", None)):
        body = {"source": "phone", "patient": {"first_name": name, "last_name": "Place"}, "location_id": place}
        made[name] = (await client.post("/api/v1/leads", json=body)).json()["id"]
    await admin.execute("UPDATE memberships SET location_id = $1", practice.location_id)
    cards = (await client.get("/api/v1/board/columns/new/cards")).json()["items"]
    assert {card["id"] for card in cards} == {made["Here"], made["Nowhere"]}
    assert (await client.get("/api/v1/board")).json()["columns"][0]["count"] == 2
    assert (await client.get(f"/api/v1/leads/{made['There']}")).status_code == 404
    move = {"stage": "contacted", "version": 1}
    assert (await client.post(f"/api/v1/leads/{made['There']}/move", json=move)).status_code == 404
    assert (await client.post(f"/api/v1/leads/{made['Here']}/move", json=move)).status_code == 200
    assert {task["lead_id"] for task in (await client.get("/api/v1/tasks")).json()["items"]} == {
        made["Here"], made["Nowhere"],
    }  # fmt: skip


async def test_a_liaison_sees_no_clinical_detail(
    client: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, admin: Any
) -> None:
    body = {
        "source": "phone", "patient": {"first_name": "Ada", "last_name": "Sample"}, "note": "private words",
        "order": {"diagnosis_text": "Pain in right shoulder", "icd10_codes": ["M25.511"], "body_part": "shoulder"},
    }  # fmt: skip
    lead = (await client.post("/api/v1/leads", json=body)).json()
    await admin.execute("UPDATE memberships SET role = 'liaison'")
    shown = await client.get(f"/api/v1/leads/{lead['id']}")
    card = (await client.get("/api/v1/board/columns/new/cards")).json()["items"][0]
    timeline = (await client.get(f"/api/v1/leads/{lead['id']}/timeline")).text
    assert "shoulder" not in shown.text and "M25.511" not in shown.text and card["headline"] == ""
    assert "private words" not in timeline
    assert (await client.get("/api/v1/faxes")).status_code == 403
