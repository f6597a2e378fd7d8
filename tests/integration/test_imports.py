"""CSV files of an EMR: checked first, carried out once, with every failed row named."""

import csv
import io
from dataclasses import replace
from typing import Any

import asyncpg
import httpx
import pytest

from backend.core.context import ProcessContext
from backend.lead_capture.imports.kinds import KINDS
from tests.integration.test_leads import cards, open_lead
from tests.integration.test_merging import work

HEAD = "Patient Name,DOB,Phone,Chart,Insurance\n"
FILE = (
    HEAD
    + '"Sample, Ada",4/9/1961,312 555 0142,M1,Lakeside Mutual\n'
    + "Bo Other,1/2/1990,312 555 0143,M2,\n"
    + "Cy Wrong,never,312 555 0144,M3,\n"
    + ",1/2/1990,,M4,\n"
    + "=HYPERLINK Evil,13/13/1990,312 555 0145,M5,\n"
)


async def send(client: httpx.AsyncClient, text: str = FILE, kind: str = "patients", **form: Any) -> httpx.Response:
    files = {"file": ("emr.csv", text.encode(), "text/csv")}
    return await client.post(f"/api/v1/imports/{kind}", files=files, data=form)


@pytest.fixture
def settled(client: httpx.AsyncClient, context: ProcessContext, admin: "asyncpg.Connection") -> Any:
    """Send a file and let the worker go through it."""

    async def run(text: str = FILE, kind: str = "patients", **form: Any) -> dict[str, Any]:
        made = await send(client, text, kind, **form)
        assert made.status_code == 201, made.json()
        await work(context, admin)
        found: dict[str, Any] = (await client.get(f"/api/v1/imports/{made.json()['id']}")).json()
        return found

    return run


def counted(found: dict[str, Any]) -> dict[str, int]:
    return {name: number for name, number in found["counts"].items() if number}


async def test_a_dry_run_writes_nothing(client: httpx.AsyncClient, settled: Any, admin: "asyncpg.Connection") -> None:
    found = await settled(dry_run=True)
    assert (found["state"], found["total"], found["processed"]) == ("checked", 5, 5)
    assert counted(found) == {"created": 2, "failed": 3}
    assert found["mapping"]["Patient Name"] == "full_name" and found["preview"][1][0] == "Bo Other"
    assert await admin.fetchval("SELECT count(*) FROM patients") == 0
    rows = (await client.get(f"/api/v1/imports/{found['id']}/rows")).json()["items"]
    assert [(row["number"], [error["column"] for error in row["errors"]]) for row in rows] == [
        (3, ["DOB"]), (4, [""]), (5, ["DOB"]),
    ]  # fmt: skip


async def test_after_the_check_it_is_carried_out_once(
    client: httpx.AsyncClient, settled: Any, context: ProcessContext, admin: "asyncpg.Connection"
) -> None:
    found = await settled(dry_run=True)
    body = {"version": found["version"], "mapping": found["mapping"], "duplicates": "ask"}
    begun = await client.post(f"/api/v1/imports/{found['id']}/run", json=body)
    assert (begun.status_code, begun.json()["state"]) == (200, "running")
    await work(context, admin)
    done = (await client.get(f"/api/v1/imports/{found['id']}")).json()
    assert (done["state"], counted(done)) == ("done", {"created": 2, "failed": 3})
    people = await admin.fetch("SELECT first_name, last_name, mrn, dob FROM patients ORDER BY mrn")
    assert [tuple(row)[:3] for row in people] == [("Ada", "Sample", "M1"), ("Bo", "Other", "M2")]
    assert await admin.fetchval("SELECT payer_name FROM coverages") == "Lakeside Mutual"
    again = await client.post(f"/api/v1/imports/{found['id']}/run", json={**body, "version": done["version"]})
    assert again.status_code == 409
    repeat = await settled()
    assert counted(repeat) == {"skipped": 2, "failed": 3}
    assert await admin.fetchval("SELECT count(*) FROM patients") == 2


async def test_a_crash_in_the_middle_goes_on_where_it_was(
    settled: Any, context: ProcessContext, admin: "asyncpg.Connection", monkeypatch: pytest.MonkeyPatch
) -> None:
    from backend.lead_capture.imports import jobs

    monkeypatch.setitem(KINDS, "patients", replace(KINDS["patients"], batch=2))
    real, calls = jobs._take, 0

    async def breaking(*args: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise RuntimeError("power cut")
        await real(*args)

    monkeypatch.setattr(jobs, "_take", breaking)
    text = HEAD + "".join(f"P{chr(97 + n)} Row,1/{n + 1}/1990,,R{n},\n" for n in range(6))
    found = await settled(text)
    assert (found["state"], found["processed"]) == ("running", 2)
    await admin.execute("UPDATE jobs SET run_at = now() WHERE state = 'queued'")
    await work(context, admin)
    assert await admin.fetchval("SELECT count(*) FROM patients") == 6
    assert await admin.fetchval("SELECT state FROM imports") == "done"


async def test_the_errors_come_as_a_file_without_formulas(client: httpx.AsyncClient, settled: Any) -> None:
    found = await settled()
    answer = await client.get(f"/api/v1/imports/{found['id']}/errors.csv")
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert rows[0] == ["Patient Name", "DOB", "Phone", "Chart", "Insurance", "Error"]
    assert [row[0] for row in rows[1:]] == ["Cy Wrong", "", "'=HYPERLINK Evil"]
    assert rows[1][-1].startswith("DOB: not a date of birth")


@pytest.mark.parametrize(
    ("choice", "sure", "unsure"),
    [("ask", "asked", "asked"), ("skip", "skipped", "skipped"), ("attach", "updated", "asked")],
)
async def test_who_may_be_known_is_asked_about_skipped_or_attached(
    client: httpx.AsyncClient, settled: Any, choice: str, sure: str, unsure: str
) -> None:
    known = await open_lead(client, {"first_name": "Ada", "last_name": "Sample", "dob": "1961-04-09"})
    await open_lead(client, {"first_name": "Bob", "last_name": "Other", "dob": "1990-01-02", "phone": "3125550143"})
    text = HEAD + "Ada Sample,4/9/1961,312 555 0142,M1,\nRobert Other,1/2/1990,312 555 0143,M2,\nCy New,,,M3,\n"
    found = await settled(text, duplicates=choice)
    expected: dict[str, int] = {"created": 1}
    for outcome in (sure, unsure):
        expected[outcome] = expected.get(outcome, 0) + 1
    assert counted(found) == expected
    patient = (await client.get(f"/api/v1/leads/{known['id']}")).json()["patient"]
    assert patient["mrn"] == ("M1" if choice == "attach" else None)


async def test_a_person_decides_what_was_asked(
    client: httpx.AsyncClient, settled: Any, admin: "asyncpg.Connection"
) -> None:
    known = await open_lead(client, {"first_name": "Ada", "last_name": "Sample", "phone": "312 555 0142"})
    text = HEAD + "Ada Sample,4/9/1961,312 555 0142,M1,\nAda Sample,4/9/1962,312 555 0142,M2,\n"
    found = await settled(text)
    rows = (await client.get(f"/api/v1/imports/{found['id']}/rows", params={"outcome": "asked"})).json()["items"]
    assert [row["cells"][0] for row in rows] == ["Ada Sample", "Ada Sample"]
    assert rows[0]["patient_id"] == known["patient"]["id"] and "same full name and phone" in rows[0]["detail"]
    path = f"/api/v1/imports/{found['id']}/rows"
    same = await client.post(f"{path}/1/decide", json={"decision": "same"})
    assert same.json()["outcome"] == "updated"
    new = await client.post(f"{path}/2/decide", json={"decision": "new"})
    assert new.json()["outcome"] == "created"
    assert (await client.post(f"{path}/2/decide", json={"decision": "new"})).status_code == 409
    assert (await client.get(f"/api/v1/leads/{known['id']}")).json()["patient"]["dob"] == "1961-04-09"
    assert await admin.fetchval("SELECT count(*) FROM patients") == 2


async def test_leads_come_with_reason_and_referrer(client: httpx.AsyncClient, settled: Any) -> None:
    text = "First,Last,Phone,Diagnosis,Doctor,Priority\nAda,Sample,3125550142,knee pain,Rowan Ortho,urgent\n"
    found = await settled(text, "leads")
    assert counted(found) == {"created": 1}, found
    (card,) = await cards(client, "new")
    assert (card["headline"], card["referrer_name"], card["urgency"]) == ("Knee pain", "Rowan Ortho", "urgent")
    assert counted(await settled(text + "\n", "leads")) == {"skipped": 1}


async def test_the_reading_of_columns_is_remembered(client: httpx.AsyncClient, settled: Any) -> None:
    text = "A,B,C\nAda,Sample,312 555 0142\n"
    found = await settled(text, dry_run=True)
    assert found["mapping"] == {} and counted(found) == {"failed": 1}
    mapping = {"A": "first_name", "B": "last_name", "C": "phone"}
    body = {"version": found["version"], "mapping": mapping, "duplicates": "attach"}
    assert (await client.post(f"/api/v1/imports/{found['id']}/run", json=body)).status_code == 200
    again = (await send(client, text, dry_run="true")).json()
    assert (again["mapping"], again["duplicates"]) == (mapping, "attach")


@pytest.mark.parametrize("mapping", [{"Nope": "dob"}, {"DOB": "nope"}, {"DOB": "dob", "Phone": "dob"}])
async def test_a_mapping_that_cannot_be_is_refused(
    client: httpx.AsyncClient, settled: Any, mapping: dict[str, str]
) -> None:
    found = await settled(dry_run=True)
    body = {"version": found["version"], "mapping": mapping}
    assert (await client.post(f"/api/v1/imports/{found['id']}/run", json=body)).status_code == 422


async def test_bad_files_are_refused_before_anything_is_kept(
    client: httpx.AsyncClient, admin: "asyncpg.Connection"
) -> None:
    for data in (b"", b"PK\x03\x04", b"a,b\n1,\x00"):
        answer = await client.post("/api/v1/imports/patients", files={"file": ("x.csv", data)})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/file")
    wrong = await client.post("/api/v1/imports/patients", files={"file": ("x.csv", b"a\n1")}, data={"mapping": "[1]"})
    assert wrong.status_code == 422
    assert await admin.fetchval("SELECT count(*) FROM imports") == 0


async def test_the_same_key_is_one_import(client: httpx.AsyncClient, admin: "asyncpg.Connection") -> None:
    files = {"file": ("emr.csv", FILE.encode(), "text/csv")}
    headers = {"Idempotency-Key": "k"}
    ids = {(await client.post("/api/v1/imports/patients", files=files, headers=headers)).json()["id"] for _ in "ab"}
    assert len(ids) == 1 and await admin.fetchval("SELECT count(*) FROM imports") == 1
