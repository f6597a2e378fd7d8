"""Visits of the EMR by CSV: whose, of which episode, once; and what cannot be told is said, never guessed."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import httpx
import pytest

from backend.core.clock import now
from backend.core.context import ProcessContext
from tests.integration.test_imports import counted, send
from tests.integration.test_leads import open_lead
from tests.integration.test_merging import work

HEAD = "Patient ID,Last Name,First Name,DOB,Visit ID,Case ID,Date of Service,Start Time,Status,Type,Therapist\n"


@pytest.fixture
def settled(client: httpx.AsyncClient, context: ProcessContext, admin: "asyncpg.Connection") -> Any:
    """Send visits and let the worker go through them."""

    async def run(*rows: str, head: str = HEAD, kind: str = "visits", **form: Any) -> dict[str, Any]:
        made = await send(client, head + "\n".join(rows) + "\n", kind, **form)
        assert made.status_code == 201, made.json()
        await work(context, admin)
        found: dict[str, Any] = (await client.get(f"/api/v1/imports/{made.json()['id']}")).json()
        assert found["state"] in {"done", "checked"}, found
        return found

    return run


@pytest.fixture
async def ada(admin: "asyncpg.Connection", settled: Any) -> str:
    """A patient with a record number."""
    await settled("M1,Sample,Ada,4/9/1961", head="MRN,Last,First,DOB\n", kind="patients")
    return str(await admin.fetchval("SELECT id FROM patients WHERE mrn = 'M1'"))


def row(mrn: str = "M1", name: str = "Sample,Ada,4/9/1961", number: str = "V1", case: str = "C1",
        day: str = "3/2/2026", at: str = "9:00 AM", state: str = "Attended", kind: str = "PT Initial Eval",
        who: str = "") -> str:  # fmt: skip
    return f"{mrn},{name},{number},{case},{day},{at},{state},{kind},{who}"


async def errors(client: httpx.AsyncClient, found: dict[str, Any]) -> list[str]:
    rows = (await client.get(f"/api/v1/imports/{found['id']}/rows")).json()["items"]
    return [error["detail"] for each in rows for error in each["errors"]]


async def visits(admin: "asyncpg.Connection") -> list[tuple[Any, ...]]:
    rows = await admin.fetch("SELECT external_id, day::text, state, kind, source FROM visits ORDER BY day, external_id")
    return [tuple(each) for each in rows]


async def test_an_evaluation_begins_an_episode_and_visits_follow_whatever_their_order(
    settled: Any, ada: str, admin: "asyncpg.Connection"
) -> None:
    found = await settled(
        row(number="V3", day="03/09/2026", state="No Show", kind="Follow up"),
        row(number="V2", day="2026-03-04", at="14:30", state="Checked Out", kind="Follow up"),
        row(),
        row(number="V4", day="3-11-2026", at="", state="Cancelled by clinic", kind="Follow up"),
    )
    assert counted(found) == {"created": 4}
    episode = await admin.fetchrow("SELECT patient_id::text, external_id, started_on::text, lead_id FROM episodes")
    assert tuple(episode) == (ada, "C1", "2026-03-02", None)
    assert await visits(admin) == [
        ("V1", "2026-03-02", "attended", "evaluation", "import"),
        ("V2", "2026-03-04", "attended", "treatment", "import"),
        ("V3", "2026-03-09", "no_show", "treatment", "import"),
        ("V4", "2026-03-11", "clinic_canceled", "treatment", "import"),
    ]
    at = await admin.fetchval("SELECT scheduled_at FROM visits WHERE external_id = 'V2'")
    assert at.isoformat() == "2026-03-04T20:30:00+00:00"


async def test_the_same_file_again_changes_nothing_and_what_changed_is_taken_over(
    settled: Any, ada: str, admin: "asyncpg.Connection"
) -> None:
    rows = [row(), row(number="V2", day="3/4/2026", state="Scheduled", kind="Follow up")]
    assert counted(await settled(*rows)) == {"created": 1, "skipped": 1}
    assert counted(await settled(*rows)) == {"skipped": 2}
    rows[1] = row(number="V2", day="3/4/2026", state="No show", kind="Follow up")
    assert counted(await settled(*rows)) == {"created": 1, "skipped": 1}
    rows[1] = row(number="V2", day="3/4/2026", state="Arrived", kind="Follow up")
    assert counted(await settled(*rows, row(number="V2", day="3/4/2026", state="Arrived", kind="Follow up"))) == {
        "updated": 1, "skipped": 2,
    }  # fmt: skip
    assert [each[2] for each in await visits(admin)] == ["attended", "attended"]


async def test_a_dry_run_says_the_same_and_writes_nothing(settled: Any, ada: str, admin: "asyncpg.Connection") -> None:
    rows = [row(), row(number="V2", day="3/4/2026", kind="x"), row("M9", number="V9", kind="x", case="")]
    dry = counted(await settled(*rows, dry_run=True))
    assert await admin.fetchval("SELECT count(*) FROM visits") == 0
    assert await admin.fetchval("SELECT count(*) FROM episodes") == 0
    assert dry == counted(await settled(*rows))


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (row("M1", "Other,Ada,4/9/1961"), "somebody with another name"),
        (row("M1", "Sample,Ada,4/9/1962"), "somebody with another name"),
        (row("M9", ",,"), "nobody has this record number"),
        (row("", ",,"), "first name and last name missing"),
        (row("", "Sample,Ada,"), "neither a record number"),
        (row(state="Floating"), "not a state we know"),
        (row(day="13/45/2026"), "not a date"),
        (row(at="late"), "not a time"),
        (row(state=""), "state missing"),
        (row(day="", at=""), "date missing"),
        (row(case="", kind="Follow up"), "care has not begun"),
        (row(state="no show", kind="Follow up"), "care has not begun"),
        (row(day=f"{now() + timedelta(days=9):%m/%d/%Y}"), "in the future"),
    ],
)
async def test_what_cannot_be_told_is_said_and_not_written(
    client: httpx.AsyncClient, settled: Any, ada: str, admin: "asyncpg.Connection", line: str, why: str
) -> None:
    found = await settled(line)
    assert counted(found) == {"failed": 1}
    assert why in (await errors(client, found))[0]
    assert await admin.fetchval("SELECT count(*) FROM visits") == 0
    assert await admin.fetchval("SELECT count(*) FROM patients") == 1


async def test_by_name_and_birth_date_where_there_is_no_number(settled: Any, ada: str, admin: Any) -> None:
    assert counted(await settled(row(""))) == {"created": 1}
    assert await admin.fetchval("SELECT patient_id::text FROM visits") == ada


async def test_who_is_alike_is_asked_about_and_decided(
    client: httpx.AsyncClient, settled: Any, ada: str, admin: "asyncpg.Connection"
) -> None:
    found = await settled(row("M2"), row("M3", number="V9", case="C9"))
    assert counted(found) == {"asked": 2}
    path = f"/api/v1/imports/{found['id']}/rows"
    same = await client.post(f"{path}/1/decide", json={"decision": "same"})
    assert (same.json()["outcome"], same.json()["patient_id"]) == ("created", ada)
    new = await client.post(f"{path}/2/decide", json={"decision": "new"})
    assert new.json()["outcome"] == "created"
    assert await admin.fetchval("SELECT count(DISTINCT patient_id) FROM visits") == 2


async def test_somebody_unknown_with_name_and_birth_date_is_made(settled: Any, admin: "asyncpg.Connection") -> None:
    assert counted(await settled(row(), row(number="V2", day="3/4/2026", kind="x"))) == {"created": 2}
    assert await admin.fetchval("SELECT count(*) FROM patients") == 1
    assert await admin.fetchval("SELECT count(*) FROM patient_words") > 3


async def test_two_courses_of_care_keep_apart(settled: Any, ada: str, admin: "asyncpg.Connection") -> None:
    await settled(
        row(number="A1", case="", day="1/5/2025"), row(number="A2", case="", day="1/12/2025", kind="x"),
        row(number="B1", case="", day="9/1/2025"), row(number="B2", case="", day="9/8/2025", kind="x"),
    )  # fmt: skip
    found = await admin.fetch(
        "SELECT e.started_on::text, array_agg(v.external_id ORDER BY v.external_id) FROM episodes e"
        " JOIN visits v ON v.episode_id = e.id GROUP BY e.id, e.started_on ORDER BY 1"
    )
    assert [tuple(each) for each in found] == [("2025-01-05", ["A1", "A2"]), ("2025-09-01", ["B1", "B2"])]


async def test_a_second_evaluation_under_way_is_not_guessed(client: httpx.AsyncClient, settled: Any, ada: str) -> None:
    found = await settled(row(number="A1", case="", day="1/5/2025"), row(number="B1", case="", day="1/20/2025"))
    assert counted(found) == {"created": 1, "failed": 1}
    assert "under way" in (await errors(client, found))[0]
    both = await settled(row(number="C1", case="K", day="1/21/2025"), row(number="D1", case="L", day="1/22/2025"))
    assert counted(both) == {"created": 2}


async def test_anothers_visit_number_is_not_taken(client: httpx.AsyncClient, settled: Any, ada: str) -> None:
    await settled(row())
    found = await settled(row("M7", "Other,Bo,1/2/1990", case="C7"))
    assert counted(found) == {"failed": 1}
    assert "another patient" in (await errors(client, found))[0]


async def test_dates_written_day_first_are_found_out(settled: Any, ada: str, admin: "asyncpg.Connection") -> None:
    found = await settled(
        row("", "Sample,Ada,9/4/1961", day="2/3/2026"), row("", "Sample,Ada,9/4/1961", number="V2", day="25/3/2026",
                                                            kind="x"),
        row("", "Other,Bo,28/2/1990", number="V3", case="C3", day="4/3/2026"),
    )  # fmt: skip
    assert counted(found) == {"created": 3} and found["day_first"] == ["DOB", "Date of Service"]
    assert [each[1] for each in await visits(admin)] == ["2026-03-02", "2026-03-04", "2026-03-25"]


async def test_a_leads_evaluation_moves_the_lead_and_care_goes_on(
    client: httpx.AsyncClient, settled: Any, admin: "asyncpg.Connection", context: ProcessContext
) -> None:
    patient = {"first_name": "Ada", "last_name": "Sample", "dob": "1961-04-09", "phone": "312 555 0142"}
    lead = await open_lead(client, patient)
    today = f"{now().astimezone(ZoneInfo('America/Chicago')):%m/%d/%Y}"
    assert counted(await settled(row("", day=today, at=""))) == {"created": 1}
    episode = await admin.fetchrow("SELECT lead_id::text, external_id FROM episodes")
    assert tuple(episode) == (lead["id"], "C1")
    shown = (await client.get(f"/api/v1/leads/{lead['id']}")).json()
    assert shown["stage"] == "first_visit_complete"
    assert len(await visits(admin)) == 1
    assert counted(await settled(row("", day=today, at=""))) == {"skipped": 1}


async def test_history_from_before_the_lead_is_not_the_leads(
    client: httpx.AsyncClient, settled: Any, admin: "asyncpg.Connection"
) -> None:
    lead = await open_lead(client, {"first_name": "Ada", "last_name": "Sample", "dob": "1961-04-09"})
    await settled(row("", day="1/5/2024"))
    assert await admin.fetchval("SELECT lead_id FROM episodes") is None
    assert (await client.get(f"/api/v1/leads/{lead['id']}")).json()["stage"] == "new"


async def test_clinician_and_clinic_by_name(client: httpx.AsyncClient, settled: Any, ada: str, admin: Any,
                                            practice: Any) -> None:  # fmt: skip
    body = {"name": "Cleo Clinician, PT, DPT", "disciplines": ["PT"], "location_ids": [str(practice.location_id)],
            "appointment_type_ids": []}  # fmt: skip
    made = await client.post("/api/v1/clinicians", json=body)
    assert made.status_code == 201, made.text
    await settled(row(who="CLINICIAN Cleo PT"))
    found = await admin.fetchrow("SELECT clinician_id::text, location_id FROM visits")
    assert tuple(found) == (made.json()["id"], practice.location_id)
    wrong = await settled("M1,V7,3/3/2026,attended,Nowhere", head="MRN,Visit ID,Date,Status,Clinic\n")
    assert "no clinic of this name" in (await errors(client, wrong))[0]


async def test_wrong_columns_are_refused_row_by_row_not_guessed(client: httpx.AsyncClient, settled: Any) -> None:
    found = await settled("1,2,3", head="Alpha,Beta,Gamma\n", dry_run=True)
    assert (found["mapping"], counted(found)) == ({}, {"failed": 1})
    bad = await send(client, "A\n1\n", "visits", mapping='{"A":"payer_name"}')
    assert bad.status_code == 422
