"""The end of a case beside its visits in the EMR's export: taken over once, and what contradicts it said at its row."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from backend.core.clock import now
from tests.integration.test_imports import counted
from tests.integration.test_leads import open_lead
from tests.integration.test_visit_imports import HEAD, ada, errors, row, settled

__all__ = ["ada", "settled"]  # fixtures
ENDS = HEAD.rstrip("\n") + ",Discharge Date,Discharge Reason\n"


def line(end: str = "", why: str = "", **more: Any) -> str:
    return f"{row(**more)},{end},{why}"


async def episodes(admin: Any) -> list[tuple[Any, ...]]:
    rows = await admin.fetch(
        "SELECT state, ended_on::text, discharge_reason, discharge_note, discharged_by FROM episodes"
        " ORDER BY started_on"
    )
    return [tuple(each) for each in rows]


@pytest.mark.parametrize("everywhere", [True, False])
async def test_a_case_ends_once_however_often_the_file_comes(
    settled: Any, ada: str, admin: Any, everywhere: bool
) -> None:
    end = ("3/9/2026", "Goals met") if everywhere else ("", "")
    rows = [
        line(*end), line(*end, number="V2", day="3/4/2026", kind="Follow up"),
        line("3/9/2026", "Goals met", number="V3", day="3/9/2026", kind="Discharge"),
    ]  # fmt: skip
    assert counted(await settled(*rows, head=ENDS)) == {"created": 3}
    assert await episodes(admin) == [("discharged", "2026-03-09", "goals_met", None, "Import by Dana Desk")]
    at = await admin.fetchval("SELECT discharged_at FROM episodes")
    version = await admin.fetchval("SELECT version FROM episodes")
    assert counted(await settled(*rows, head=ENDS)) == {"skipped": 3}
    assert await admin.fetchval("SELECT discharged_at FROM episodes") == at
    assert await admin.fetchval("SELECT version FROM episodes") == version


async def test_a_corrected_end_is_taken_over(settled: Any, ada: str, admin: Any) -> None:
    await settled(line("3/9/2026", "Code 7"), head=ENDS)
    assert await episodes(admin) == [("discharged", "2026-03-09", "other", "Code 7", "Import by Dana Desk")]
    later = line(number="V2", day="3/11/2026", kind="Follow up", end="3/11/2026", why="Goals met")
    assert counted(await settled(line("3/11/2026", "Goals met"), later, head=ENDS)) == {"updated": 1, "created": 1}
    assert (await episodes(admin))[0][1:3] == ("2026-03-11", "goals_met")


async def test_the_same_file_with_the_end_added_discharges_who_was_in_care(
    client: httpx.AsyncClient, settled: Any, ada: str, admin: Any
) -> None:
    today = now().date()
    began, last = f"{today - timedelta(days=20):%m/%d/%Y}", f"{today - timedelta(days=6):%m/%d/%Y}"
    visits = [row(day=began), row(number="V2", day=last, kind="Follow up")]
    await settled(*visits)
    await settled(row(number="V2", day=last, kind="Follow up"))  # the worker that looks at it
    tasks = (await client.get("/api/v1/tasks")).json()["items"]
    assert {task["kind"] for task in tasks if task["episode_id"]} == {"plan_of_care"}
    found = await settled(*(f"{each},{last},Plan completed" for each in visits), head=ENDS)
    assert counted(found) == {"updated": 1, "skipped": 1}
    assert (await episodes(admin))[0][:3] == ("discharged", f"{today - timedelta(days=6)}", "plan_finished")
    await settled(row(number="V2", day=last, kind="Follow up"))
    assert [task for task in (await client.get("/api/v1/tasks")).json()["items"] if task["episode_id"]] == []


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ([line("3/2/2026"), line(number="V2", day="3/4/2026", kind="x")], "after the discharge of its case"),
        ([line(), line("3/3/2026", number="V2", day="3/4/2026", kind="x")], "after the discharge of its case"),
        ([line("3/2/2026"), line(number="V2", case="", day="3/4/2026", kind="x")], "after the discharge"),
        ([line(f"{now() + timedelta(days=9):%m/%d/%Y}")], "in the future"),
        ([line("2/1/2026")], "after the discharge of its case"),
        ([line("soon")], "not a date"),
    ],
)
async def test_what_contradicts_the_end_is_an_error_on_its_row(
    client: httpx.AsyncClient, settled: Any, ada: str, admin: Any, lines: list[str], why: str
) -> None:
    for dry in (True, False):
        found = await settled(*lines, head=ENDS, dry_run=dry)
        good = {"created": len(lines) - 1} if len(lines) > 1 else {}
        assert counted(found) == good | {"failed": 1}
        (said,) = await errors(client, found)
        assert why in said
    assert await admin.fetchval("SELECT count(*) FROM visits") == len(lines) - 1


async def test_an_end_before_a_visit_that_took_place_is_refused(
    client: httpx.AsyncClient, settled: Any, ada: str, admin: Any
) -> None:
    await settled(line(), line(number="V2", day="3/9/2026", kind="x"), head=ENDS)
    found = await settled(line("3/4/2026"), head=ENDS)
    assert await errors(client, found) == ["discharged before a visit that took place"]
    assert (await episodes(admin))[0][0] == "active"


async def test_what_was_called_off_after_the_end_stays(settled: Any, ada: str, admin: Any) -> None:
    rows = [line("3/4/2026"), line(number="V2", day="3/6/2026", state="Cancelled by clinic", kind="x")]
    assert counted(await settled(*rows, head=ENDS)) == {"created": 2}


async def test_a_new_course_of_care_begins_after_the_end(settled: Any, ada: str, admin: Any) -> None:
    rows = [
        line("3/9/2026", "Moved", case=""), line(number="V2", case="", day="3/20/2026", kind="PT Initial Eval"),
        line(number="V3", case="", day="3/22/2026", kind="Follow up"),
    ]  # fmt: skip
    assert counted(await settled(*rows, head=ENDS)) == {"created": 3}
    assert [each[0] for each in await episodes(admin)] == ["discharged", "active"]


async def test_a_lead_goes_along_as_if_the_desk_had_noted_it(
    client: httpx.AsyncClient, settled: Any, admin: Any
) -> None:
    lead = await open_lead(client, {"first_name": "Ada", "last_name": "Sample", "dob": "1961-04-09"})
    await admin.execute("UPDATE leads SET opened_at = opened_at - interval '3 days'")
    when = f"{now() - timedelta(hours=36):%m/%d/%Y}"
    rows = [
        line(mrn="", day=when),
        line(when, "Goals met", mrn="", number="V2", day=f"{now():%m/%d/%Y}", state="Cancelled", kind="Follow up"),
    ]  # fmt: skip
    found = await settled(*rows, head=ENDS)
    assert counted(found) == {"created": 2}, await errors(client, found)
    assert (await client.get(f"/api/v1/leads/{lead['id']}")).json()["stage"] == "discharged"
    assert (await episodes(admin))[0][2] == "goals_met"
    told = await admin.fetchval("SELECT detail ->> 'reason' FROM lead_events WHERE kind = 'discharged'")
    assert told == "goals_met"
    assert counted(await settled(*rows, head=ENDS)) == {"skipped": 2}


async def test_the_mapping_page_offers_them(settled: Any, ada: str) -> None:
    found = await settled(line("3/9/2026", "Goals met"), head=ENDS, dry_run=True)
    assert found["mapping"]["Discharge Date"] == "discharged_on"
    assert found["mapping"]["Discharge Reason"] == "discharge_reason"
    assert {"Discharge date", "Discharge reason"} <= {field["label"] for field in found["fields"]}
