"""The desk and the patient's page over HTTP: sent, filled in on the phone, PDF, differences, device handed over."""

import io
from datetime import timedelta
from typing import Any

import httpx
import pdfplumber
import pytest

from backend.core.context import ProcessContext
from backend.core.jobs import JobHandler
from backend.leads import evaluations
from backend.wiring.handlers import job_handlers
from backend.worker.runner import JobRunner
from tests.conftest import SamplePractice
from tests.intake import ANSWERS, faxed_lead
from tests.patients_phone import enter, open_link

INTAKE = "/api/v1/public/links/intake"


async def work(context: ProcessContext, admin: Any) -> None:
    """Run what is due."""
    handlers: dict[str, JobHandler] = job_handlers(context, {})
    runner = JobRunner(context.database, handlers, lease_seconds=30, attempts=4)
    for row in await admin.fetch("SELECT id FROM jobs WHERE state = 'queued' AND run_at <= now() ORDER BY id"):
        await runner.run(row["id"])


async def prepared(client: httpx.AsyncClient, lead_id: object) -> dict[str, Any]:
    answer = await client.post(f"/api/v1/leads/{lead_id}/intake", json={"by": "desk"})
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def token_of(client: httpx.AsyncClient, intake_id: str) -> str:
    answer = await client.post(f"/api/v1/intake/{intake_id}/qr")
    assert answer.status_code == 200, answer.text
    return str(answer.json()["url"]).split("#")[1]


@pytest.fixture
async def phone(anonymous: httpx.AsyncClient) -> httpx.AsyncClient:
    """The patient's own browser, with cookies of its own."""
    return httpx.AsyncClient(transport=anonymous._transport, base_url="https://test.example.org")


async def filled(phone: httpx.AsyncClient, changes: dict[str, Any] | None = None) -> httpx.Response:
    """Opened, saved and handed in on the phone."""
    begun = await phone.post(f"{INTAKE}/begin", json={"language": "en"})
    assert begun.status_code == 200, begun.text
    saved = await phone.patch(
        f"{INTAKE}/answers", json={"revision": begun.json()["revision"], "answers": {**ANSWERS, **(changes or {})}}
    )
    assert saved.status_code == 200, saved.text
    return await phone.post(f"{INTAKE}/submit", json={})


async def test_from_the_code_at_the_desk_to_the_pdf(
    client: httpx.AsyncClient, phone: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, admin: Any
) -> None:
    lead_id = await faxed_lead(context, practice)
    intake = await prepared(client, lead_id)
    assert (intake["state"], intake["percent"], intake["parts"]) == ("prepared", 0, [])
    await enter(phone, await token_of(client, intake["id"]))
    name = "<script>alert(1)</script> & Søn"
    assert (await filled(phone, {"emergency_name": name, "warning_signs": ["chest"]})).status_code == 200
    assert (await client.get(f"/api/v1/intake/{intake['id']}/pdf")).status_code == 409
    await work(context, admin)
    shown = (await client.get(f"/api/v1/intake/{intake['id']}")).json()
    assert (shown["state"], shown["pdf"], shown["alerts"], shown["to_decide"]) == ("submitted", True, 1, 0)
    lines = {line["question_id"]: line for part in shown["parts"] for line in part["lines"]}
    assert lines["emergency_name"]["words"] == [name]
    assert lines["warning_signs"]["alert"] and lines["where"]["words"] == ["Right knee, front"]
    pdf = await client.get(f"/api/v1/intake/{intake['id']}/pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    with pdfplumber.open(io.BytesIO(pdf.content)) as document:
        pages = [page.extract_text() for page in document.pages]
    words = "\n".join(pages)
    for expected in (
        "Ada Sample", "04/09/1961", name, "Chest pain or trouble breathing", "Lakeside Mutual", "LM123456",
        "Walk my dog again", "Climb stairs: 3 / 10", "Consent to treatment (version 1)",
        "I agree to be examined and treated", "Signed (typed) by Ada Sample", f"Page 1 of {len(pages)}",
    ):  # fmt: skip
        assert expected in words, expected
    stored = list((context.settings.data / "documents").rglob("*"))
    assert all(b"%PDF" not in one.read_bytes() for one in stored if one.is_file())
    tasks = (await client.get("/api/v1/tasks", params={"lead_id": str(lead_id)})).json()["items"]
    assert "intake_warning" in {task["kind"] for task in tasks}
    lead = (await client.get(f"/api/v1/leads/{lead_id}")).json()
    assert lead["intake"] == {"state": "done", "percent": 100}
    assert "handed in the intake form" in lead["story"]


async def test_the_same_answer_for_the_second_time(
    client: httpx.AsyncClient, phone: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    intake = await prepared(client, await faxed_lead(context, practice))
    token = await token_of(client, intake["id"])
    await enter(phone, token)
    first = await filled(phone)
    again = await phone.post(f"{INTAKE}/submit", json={})
    assert (again.status_code, again.json()) == (200, first.json())
    late = await phone.patch(f"{INTAKE}/answers", json={"revision": 0, "answers": {"goal": "x"}})
    assert (late.status_code, late.json()["type"]) == (409, "intake-submitted")
    assert (await open_link(phone, token)).status_code == 404, "a form is handed in once"


async def test_what_is_missing_is_named_in_order(
    client: httpx.AsyncClient, phone: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    intake = await prepared(client, await faxed_lead(context, practice))
    await enter(phone, await token_of(client, intake["id"]))
    refused = await filled(phone, {"goal": None, "signature": {"kind": "typed", "name": " "}})
    assert (refused.status_code, refused.json()["type"]) == (422, "intake-unfinished")
    assert [one["pointer"] for one in refused.json()["errors"]] == ["/answers/goal", "/answers/signature"]
    shown = (await client.get(f"/api/v1/intake/{intake['id']}")).json()
    assert shown["missing"] == ["What do you want to get back to?", "Your signature"]
    assert 90 < shown["percent"] < 100


async def test_nothing_before_the_second_check_and_nothing_too_large(
    client: httpx.AsyncClient, phone: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    intake = await prepared(client, await faxed_lead(context, practice))
    await open_link(phone, await token_of(client, intake["id"]))
    begun = await phone.post(f"{INTAKE}/begin", json={"language": "en"})
    assert (begun.status_code, begun.json()["type"]) == (403, "check-first")
    await enter(phone, await token_of(client, intake["id"]))
    await phone.post(f"{INTAKE}/begin", json={"language": "en"})
    strokes = {"kind": "drawn", "name": "A", "strokes": "M0 0" + " L1 1" * 1_000_000}
    huge = await phone.patch(f"{INTAKE}/answers", json={"revision": 1, "answers": {"signature": strokes}})
    assert (huge.status_code, huge.json()["type"]) == (413, "too-large")
    shapes: list[Any] = [{"revision": 1, "answers": {"goal": "x"}, "extra": 1}, {"revision": -1, "answers": {}}, []]
    for wrong in shapes:
        assert (await phone.patch(f"{INTAKE}/answers", json=wrong)).status_code == 422


async def test_facts_that_differ_wait_for_a_person(
    client: httpx.AsyncClient, phone: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, admin: Any
) -> None:
    lead_id = await faxed_lead(context, practice)
    intake = await prepared(client, lead_id)
    await enter(phone, await token_of(client, intake["id"]))
    changes = {
        "first_name": "ADA", "last_name": "Samples", "email": "ada@example.org", "phone": "312-555-0199",
        "member_id": "LM999",
        "address": {"street": "12 Elm St", "unit": "Apt 3", "city": "Chicago", "state": "IL", "zip": "60601"},
    }  # fmt: skip
    assert (await filled(phone, changes)).status_code == 200
    shown = (await client.get(f"/api/v1/intake/{intake['id']}")).json()
    assert {one["field"]: (one["ours"], one["theirs"]) for one in shown["differences"]} == {
        "patient.last_name": ("Sample", "Samples"),
        "patient.phone": ("+13125550142", "+13125550199"),
        "coverage.primary": ("Lakeside Mutual, ID LM123456, group G77", "Lakeside Mutual, ID LM999, group G77"),
    }
    lead = (await client.get(f"/api/v1/leads/{lead_id}")).json()
    patient = lead["patient"]
    assert (patient["last_name"], patient["email"]) == ("Sample", "ada@example.org"), "a gap is filled, a name is not"
    path = f"/api/v1/intake/{intake['id']}/decide"
    unknown = {"version": shown["version"], "accept": ["patient.mrn"]}
    assert (await client.post(path, json=unknown)).status_code == 422
    assert (await client.post(path, json={"version": 99, "accept": ["patient.phone"]})).status_code == 409
    half = {"version": shown["version"], "accept": ["patient.phone", "coverage.primary"]}
    decided = (await client.post(path, json=half)).json()
    assert decided["to_decide"] == 1
    rest = {"version": decided["version"], "reject": ["patient.last_name"]}
    assert (await client.post(path, json=rest)).json()["to_decide"] == 0
    patient = (await client.get(f"/api/v1/leads/{lead_id}")).json()["patient"]
    assert (patient["last_name"], patient["phone"]) == ("Sample", "+13125550199")
    assert patient["coverages"][0]["member_id"] == "LM999"
    assert (await client.post(path, json={**rest, "version": decided["version"] + 1})).status_code == 409
    assert await admin.fetchval("SELECT count(*) FROM tasks WHERE kind = 'review_intake' AND done_at IS NULL") == 0


async def test_a_device_is_handed_over_and_the_desk_signed_out(
    client: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    lead_id = await faxed_lead(context, practice)
    intake = await prepared(client, lead_id)
    opened = await client.post(f"/api/v1/intake/{intake['id']}/open-here")
    assert (opened.status_code, opened.json()) == (200, {"path": "/p"})
    assert (await client.get(f"/api/v1/leads/{lead_id}")).status_code == 401
    page = await client.get("/api/v1/public/links/session")
    assert page.json()["verified"] is True
    client.headers["X-CSRF-Token"] = page.json()["csrf_token"]
    assert (await filled(client)).status_code == 200


async def test_one_form_at_a_time(
    client: httpx.AsyncClient, phone: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    lead_id = await faxed_lead(context, practice)
    intake = await prepared(client, lead_id)
    again = await client.post(f"/api/v1/leads/{lead_id}/intake", json={"by": "desk"})
    assert (again.status_code, again.json()["intake_id"]) == (409, intake["id"])
    token = await token_of(client, intake["id"])
    canceled = await client.post(f"/api/v1/intake/{intake['id']}/cancel")
    assert canceled.json()["state"] == "canceled"
    assert (await open_link(phone, token)).status_code == 404
    assert (await client.post(f"/api/v1/intake/{intake['id']}/qr")).status_code == 404
    new = await prepared(client, lead_id)
    assert new["id"] != intake["id"]
    listed = (await client.get(f"/api/v1/leads/{lead_id}/intake")).json()["items"]
    assert [one["state"] for one in listed] == ["prepared", "canceled"]
    key = {"Idempotency-Key": "k1"}
    other = await faxed_lead(context, practice)
    ids = {
        (await client.post(f"/api/v1/leads/{other}/intake", json={"by": "desk"}, headers=key)).json()["id"]
        for _ in range(2)
    }
    assert len(ids) == 1


async def test_a_form_that_is_published_anew_is_finished_as_it_was_begun(
    client: httpx.AsyncClient, phone: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    lead_id = await faxed_lead(context, practice)
    intake = await prepared(client, lead_id)
    await enter(phone, await token_of(client, intake["id"]))
    await phone.post(f"{INTAKE}/begin", json={"language": "en"})
    form = (await client.get(f"/api/v1/intake-forms/{intake['form_id']}")).json()
    draft = form["draft"]
    draft["sections"][0]["questions"].append(
        {"type": "short_text", "id": "shoe", "label": {"en": "Shoe size", "es": "Talla"}, "required": True}
    )
    agreements = next(one for one in draft["sections"] if one["id"] == "agreements")["questions"]
    agreements[0]["text"]["en"] += " New words."
    body = {"version": form["version"], "name": form["name"], "definition": draft}
    kept = (await client.put(f"/api/v1/intake-forms/{form['id']}", json=body)).json()
    assert kept["changes"] == ["Added: “Shoe size”.", "“Privacy notice”: new words to agree to."]
    published = await client.post(f"/api/v1/intake-forms/{form['id']}/publish", json={"version": kept["version"]})
    assert published.json()["published"] == 2
    assert (await filled(phone)).status_code == 200, "the old version has no such question, and other words"
    shown = (await client.get(f"/api/v1/intake/{intake['id']}")).json()
    assert (shown["form_version"], shown["agreements"][0]["agreement_version"]) == (1, 1)
    assert not shown["agreements"][0]["words"].endswith("New words.")
    second = await prepared(client, lead_id)
    await enter(phone, await token_of(client, second["id"]))
    refused = await filled(phone)
    assert [one["pointer"] for one in refused.json()["errors"]] == ["/answers/shoe", "/answers/privacy"]


async def test_the_reminder_is_decided_when_it_is_due(
    client: httpx.AsyncClient, phone: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, admin: Any
) -> None:
    lead_id = await faxed_lead(context, practice)
    intake = await prepared(client, lead_id)
    await enter(phone, await token_of(client, intake["id"]))
    await phone.post(f"{INTAKE}/begin", json={"language": "es"})
    timer = "SELECT run_at FROM jobs WHERE kind = 'intake.remind' AND state = 'queued'"
    planned = await admin.fetchval(timer)
    now = await admin.fetchval("SELECT now()")
    assert timedelta(hours=47) < planned - now < timedelta(hours=49)
    async with context.database.transaction(practice.id) as session:
        await evaluations.book(session, lead_id, now + timedelta(hours=72))
    assert timedelta(hours=19) < await admin.fetchval(timer) - now < timedelta(hours=25)
    assert await admin.fetchval("SELECT stage FROM leads") == "intake_sent"
    async with context.database.transaction(practice.id) as session:
        await evaluations.cancel(session, lead_id)
    await admin.execute("UPDATE jobs SET run_at = now() WHERE kind = 'intake.remind'")
    await work(context, admin)
    assert await admin.fetchval("SELECT state FROM jobs WHERE kind = 'intake.remind'") == "done"
    assert await admin.fetchval("SELECT count(*) FROM messages") == 0


async def test_others_have_no_such_forms(
    client: httpx.AsyncClient, context: ProcessContext, other_practice: SamplePractice, admin: Any
) -> None:
    lead_id = await faxed_lead(context, other_practice)
    form_id = await admin.fetchval("SELECT id FROM intake_forms WHERE practice_id = $1", other_practice.id)
    assert (await client.post(f"/api/v1/leads/{lead_id}/intake", json={"by": "desk"})).status_code == 404
    assert (await client.get(f"/api/v1/intake-forms/{form_id}")).status_code == 404
    assert (await client.get(f"/api/v1/intake-forms/{form_id}/versions/1")).status_code == 404
