"""HL7 messages whose patient is unclear: shown, decided once by a person, then taken in their order, and remembered."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.conftest import PASSWORD, SamplePractice
from tests.integration.test_hl7 import ADA, Wire, adt, monday, siu, wire
from tests.integration.test_leads import open_lead

__all__ = ["wire"]
PATH = "/api/v1/hl7-questions"
KNOWN = {"first_name": "Ada", "last_name": "Sample", "phone": "312 555 0142"}


@pytest.fixture
async def other_client(
    client: httpx.AsyncClient, app: FastAPI, other_practice: SamplePractice
) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody of another practice."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="https://test.example.org") as other:
        answer = await other.post("/api/v1/session", json={"email": other_practice.email, "password": PASSWORD})
        other.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        yield other


async def asked(client: httpx.AsyncClient, state: str = "open") -> list[dict[str, Any]]:
    answer = await client.get(PATH, params={"state": state, "cursor": ""})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def decide(client: httpx.AsyncClient, question: dict[str, Any], **body: Any) -> httpx.Response:
    return await client.post(f"{PATH}/{question['id']}/decide", json=body)


async def test_it_is_shown_with_who_may_be_meant_and_taken_for_whom_is_chosen(
    wire: Wire, client: httpx.AsyncClient
) -> None:
    lead = await open_lead(client, KNOWN)
    await wire.taken(siu())
    (question,) = await asked(client)
    assert question["person"]["dob"] == "1961-04-09" and question["person"]["mrn"] == "M1"
    assert question["sender_name"] == "EMR" and question["why"]
    assert [message["event"] for message in question["messages"]] == ["S12"]
    assert datetime.fromisoformat(question["messages"][0]["starts_at"]) == monday()
    (candidate,) = question["candidates"]
    assert candidate["patient_id"] == lead["patient"]["id"] and "same full name" in " ".join(candidate["reasons"])
    assert (await client.get(f"{PATH}/count")).json() == {"open": 1}
    answer = await decide(client, question, decision="same", patient_id=candidate["patient_id"])
    assert answer.status_code == 200, answer.text
    await wire.work()
    assert await wire.appointments() == [("A100F", "booked", monday(), "M1")]
    assert (await client.get(f"/api/v1/leads/{lead['id']}")).json()["stage"] == "scheduled"
    assert await asked(client) == [] and await wire.deliveries() == [("processed", None)]
    (told,) = await asked(client, "decided")
    assert told["patient"]["patient_id"] == candidate["patient_id"] and told["outcome"] == "created"
    # What was unknown of them is known now, so the next message needs nobody.
    await wire.taken(siu("S13", monday(1), control="C2"))
    assert await wire.appointments() == [("A100F", "booked", monday(1), "M1")]


async def test_all_of_a_patient_is_one_question_and_taken_in_order(wire: Wire, client: httpx.AsyncClient) -> None:
    await open_lead(client, KNOWN)
    await wire.taken(
        siu(), siu("S13", monday(1), control="C2"), siu(number="B1", at=monday(2), control="C3", kind="FU^Follow-up")
    )
    await wire.taken(siu("S15", monday(2), "B1", "C4"), adt("A08", control="D5"))
    (question,) = await asked(client)
    assert question["count"] == 5
    answer = await decide(client, question, decision="same", patient_id=question["candidates"][0]["patient_id"])
    assert answer.status_code == 200
    await wire.work()
    found = [(number, status) for number, status, _, _ in await wire.appointments()]
    assert found == [("A100F", "booked"), ("B1F", "canceled")], await wire.deliveries()
    assert [row[2] for row in await wire.appointments()] == [monday(1), monday(2)]


async def test_somebody_new(wire: Wire, client: httpx.AsyncClient) -> None:
    await open_lead(client, KNOWN)
    await wire.taken(siu())
    (question,) = await asked(client)
    assert (await decide(client, question, decision="new")).status_code == 200
    await wire.work()
    assert await wire.appointments() == [("A100F", "booked", monday(), "M1")]
    assert await wire.admin.fetchval("SELECT count(*) FROM patients") == 2
    await wire.taken(siu("S13", monday(1), control="C2"))
    assert [row[2] for row in await wire.appointments()] == [monday(1)] and await asked(client) == []


async def test_a_record_number_of_somebody_else_stays_theirs(wire: Wire, client: httpx.AsyncClient) -> None:
    await wire.taken(adt("A04"))
    other = ADA.replace("Sample^Ada", "Other^Bo").replace("19610409", "19900102")
    await wire.taken(siu(pid=other))
    (question,) = await asked(client)
    assert "another name or date of birth" in question["why"]
    assert (await decide(client, question, decision="new")).status_code == 200
    await wire.work()
    rows = await wire.admin.fetch("SELECT last_name, mrn FROM patients ORDER BY last_name")
    assert [tuple(row) for row in rows] == [("Other", None), ("Sample", "M1")]
    # Remembered, though the record number still says otherwise.
    await wire.taken(siu("S13", monday(1), control="C2", pid=other))
    assert [(row[0], row[2], row[3]) for row in await wire.appointments()] == [("A100F", monday(1), None)]
    (told,) = await asked(client, "decided")
    assert (await client.post(f"{PATH}/{told['id']}/forget")).status_code == 200
    await wire.taken(siu("S13", monday(2), control="C3", pid=other))
    assert len(await asked(client)) == 1 and await asked(client, "decided") == []


async def test_left_out_changes_nothing(wire: Wire, client: httpx.AsyncClient) -> None:
    await open_lead(client, KNOWN)
    await wire.taken(siu())
    (question,) = await asked(client)
    assert (await decide(client, question, decision="leave_out")).status_code == 200
    await wire.work()
    assert await wire.deliveries() == [("ignored", None)] and await wire.appointments() == []
    assert await asked(client) == [] and await asked(client, "decided") == []


async def test_two_people_decide_at_once(wire: Wire, client: httpx.AsyncClient) -> None:
    await open_lead(client, KNOWN)
    await wire.taken(siu())
    (question,) = await asked(client)
    same = {"decision": "same", "patient_id": question["candidates"][0]["patient_id"]}
    answers = await asyncio.gather(*(decide(client, question, **same) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    await wire.work()
    assert len(await wire.appointments()) == 1
    (delivery,) = (await client.get("/api/v1/admin/deliveries")).json()["items"]
    assert (await client.post(f"/api/v1/admin/deliveries/{delivery['id']}/replay")).is_success
    await wire.work()
    assert len(await wire.appointments()) == 1 and await wire.deliveries() == [("ignored", None)]


async def test_what_becomes_clear_by_itself_is_no_longer_asked(wire: Wire, client: httpx.AsyncClient) -> None:
    await open_lead(client, KNOWN)
    await wire.taken(siu())
    assert len(await asked(client)) == 1
    await wire.admin.execute("UPDATE patients SET dob = '1961-04-09'")
    (delivery,) = (await client.get("/api/v1/admin/deliveries")).json()["items"]
    assert (await client.post(f"/api/v1/admin/deliveries/{delivery['id']}/replay")).is_success
    await wire.work()
    assert await asked(client) == [] and len(await wire.appointments()) == 1


async def test_what_cannot_be_taken_even_so_says_why(wire: Wire, client: httpx.AsyncClient) -> None:
    await open_lead(client, KNOWN)
    await wire.taken(siu(who="Z9^Nobody^Known"))
    (question,) = await asked(client)
    same = {"decision": "same", "patient_id": question["candidates"][0]["patient_id"]}
    assert (await decide(client, question, **same)).status_code == 200
    await wire.work()
    (told,) = await asked(client, "decided")
    assert (told["outcome"], told["detail"]) == ("failed", "no clinician of this name")
    assert await wire.deliveries() == [("failed", "not_accepted")]


@pytest.mark.parametrize(
    "body",
    [
        {"decision": "same"},
        {"decision": "new", "patient_id": "0192f3a0-0000-7000-8000-000000000000"},
        {"decision": "perhaps"},
        {},
    ],
)
async def test_half_a_decision_is_refused(wire: Wire, client: httpx.AsyncClient, body: dict[str, Any]) -> None:
    await open_lead(client, KNOWN)
    await wire.taken(siu())
    (question,) = await asked(client)
    assert (await decide(client, question, **body)).status_code == 422


async def test_a_name_alone_makes_nobody_new_and_is_not_remembered(wire: Wire, client: httpx.AsyncClient) -> None:
    await open_lead(client, KNOWN)
    nameless = "PID|1||||Sample^Ada"
    await wire.taken(siu(pid=nameless), siu(pid=nameless, number="B1", at=monday(1), control="C2"))
    first, second = await asked(client)
    assert not first["may_be_new"] and (await decide(client, first, decision="new")).status_code == 422
    lead_patient = await wire.admin.fetchval("SELECT id::text FROM patients")
    assert (await decide(client, first, decision="same", patient_id=lead_patient)).status_code == 200
    await wire.work()
    assert [question["id"] for question in await asked(client)] == [second["id"]]
    assert len(await wire.appointments()) == 1


async def test_another_practice_sees_and_decides_nothing(
    wire: Wire, client: httpx.AsyncClient, other_client: httpx.AsyncClient
) -> None:
    await open_lead(client, KNOWN)
    await wire.taken(siu())
    (question,) = await asked(client)
    assert await asked(other_client) == [] and (await other_client.get(f"{PATH}/count")).json() == {"open": 0}
    found = await other_client.get(f"{PATH}/patients", params={"q": "Sample"})
    assert found.json()["items"] == []
    same = {"decision": "same", "patient_id": question["candidates"][0]["patient_id"]}
    assert (await decide(other_client, question, **same)).status_code == 404
    theirs = await open_lead(other_client, KNOWN)
    foreign = await decide(client, question, decision="same", patient_id=theirs["patient"]["id"])
    assert foreign.status_code == 404 and len(await asked(client)) == 1


async def test_nothing_of_the_patient_is_kept_in_the_clear(wire: Wire, client: httpx.AsyncClient) -> None:
    await open_lead(client, KNOWN)
    await wire.taken(siu(pid=ADA.replace("100 Main St", "7 Hidden Lane")))
    row = await wire.admin.fetchrow("SELECT * FROM hl7_questions")
    assert "Hidden" not in str(dict(row)) and "1961" not in row["why"] and "Sample" not in row["why"]
    found = await client.get(f"{PATH}/patients", params={"q": "sam"})
    assert [item["display_name"] for item in found.json()["items"]] == ["Ada Sample"]
