"""From check-in to discharge: one episode per lead, visits noted once, mistakes taken back."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from backend.care import plans
from backend.care import service as care
from backend.care.events import EpisodeChanged
from backend.core.context import ProcessContext
from backend.core.database import publish
from backend.core.jobs import JobRun
from backend.followup import care as followup
from tests.conftest import SamplePractice
from tests.scheduling import CHICAGO, MONDAY, Calendar, at, calendar, desk, lead

__all__ = ["desk"]  # fixture
TEN = MONDAY.replace(hour=10)
ORDER = {
    "body_part": "Right shoulder", "side": "right", "procedure": "Rotator cuff repair", "icd10_codes": ["M75.121"],
}  # fmt: skip


async def said(client: httpx.AsyncClient, method: str, path: str, body: Any = None, **more: Any) -> Any:
    answer = await client.request(method, f"/api/v1{path}", json=body, **more)
    assert answer.status_code < 300, answer.text
    return answer.json()


async def booked(
    client: httpx.AsyncClient, made: Calendar, at_time: Any, lead_id: str, *, follow_up: bool = False
) -> dict[str, Any]:
    body = made.body(at_time, lead_id=lead_id)
    if follow_up:
        body["appointment_type_id"] = str(made.follow_up)
    found: dict[str, Any] = await said(client, "post", "/appointments", body)
    return found


async def episode_of(client: httpx.AsyncClient, lead_id: str) -> dict[str, Any]:
    page = await said(client, "get", f"/episodes?lead_id={lead_id}")
    assert len(page["items"]) == 1
    found: dict[str, Any] = await said(client, "get", f"/episodes/{page['items'][0]['id']}")
    return found


async def stage(client: httpx.AsyncClient, lead_id: str) -> str:
    return str((await said(client, "get", f"/leads/{lead_id}"))["stage"])


async def tasks(client: httpx.AsyncClient, lead_id: str) -> dict[str, str]:
    page = await said(client, "get", f"/tasks?lead_id={lead_id}")
    return {task["kind"]: task["title"] for task in page["items"]}


async def in_care(client: httpx.AsyncClient, made: Calendar, name: str = "Ada") -> tuple[str, dict[str, Any]]:
    """Somebody who was evaluated on Monday at ten; the clock stands there."""
    who = await lead(client, name, order=ORDER)
    visit = await booked(client, made, TEN, who["id"])
    await said(client, "post", f"/appointments/{visit['id']}/check-in", {})
    return who["id"], await episode_of(client, who["id"])


async def test_the_way_from_check_in_to_discharge(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    made = await calendar(context, practice)
    with at(TEN):
        lead_id, episode = await in_care(desk, made)
        assert await stage(desk, lead_id) == "first_visit_complete"
        assert (episode["body_region"], episode["side"], episode["order_signed_on"]) == ("shoulder", "right", None)
        signed = {"version": episode["version"], "order_signed_on": "2026-11-20"}
        episode = await said(desk, "patch", f"/episodes/{episode['id']}", signed)
        assert (episode["started_on"], episode["clinician_id"]) == ("2026-11-30", str(made.clinicians[0]))
        assert [(visit["kind"], visit["state"]) for visit in episode["items"]] == [("evaluation", "attended")]
        assert (await tasks(desk, lead_id))["plan_of_care"] == "Write the plan of care"

        plan = {"frequency_per_week": 2, "duration_weeks": 8, "diagnoses": ["M75.121"], "goals": ["Reach the shelf"]}
        episode = await said(desk, "post", f"/episodes/{episode['id']}/plans", plan | {"ready": True})
        first = episode["plans"][0]
        assert (first["progress"], first["next"], first["due_on"]) == ("due", "send", "2026-12-30")
        assert first["ends_on"] == "2027-01-24"
        assert await stage(desk, lead_id) == "in_care"
        assert "plan_of_care" not in await tasks(desk, lead_id)
        later = [await booked(desk, made, TEN + timedelta(days=day), lead_id, follow_up=True) for day in (1, 2, 3)]
    with at(TEN + timedelta(days=3, hours=1)):
        assert "plan_send" in await tasks_after_timer(desk, context, practice, lead_id)
        assert await columns(desk) == {"due": 1}
        row = (await said(desk, "get", "/in-care"))["items"][0]
        assert (row["planned"], [alert["label"] for alert in row["alerts"]]) == (
            16,
            ["A visit has no outcome", "Plan to send", "No visit booked"],
        )
        sent = await said(desk, "post", f"/plans-of-care/{first['id']}/sent", {"version": first["version"]})
        assert await columns(desk) == {"sent": 1}
        assert (sent["plans"][0]["progress"], sent["plans"][0]["certified_by"]) == ("sent", "assent")
        assert "plan_send" not in await tasks(desk, lead_id)
        await said(desk, "post", f"/appointments/{later[0]['id']}/check-in", {})
        await said(desk, "post", f"/appointments/{later[1]['id']}/no-show", {})
        await said(desk, "post", f"/appointments/{later[2]['id']}/cancel", {"version": 1, "reason": "Sick"})
        episode = await episode_of(desk, lead_id)
        counted = episode["visits"]
        assert (counted["attended"], counted["no_show"], counted["late_cancel"]) == (2, 1, 1)
        body = {"version": episode["version"], "reason": "goals_met", "note": "Home program"}
        ended = await said(desk, "post", f"/episodes/{episode['id']}/discharge", body)
        assert (ended["state"], ended["ended_on"], ended["discharge_reason"]) == (
            "discharged", "2026-12-03", "goals_met",
        )  # fmt: skip
        assert await stage(desk, lead_id) == "discharged" and await tasks(desk, lead_id) == {}
        again = await desk.post(f"/api/v1/episodes/{episode['id']}/discharge", json=body)
        assert again.status_code == 409


async def test_care_begins_where_another_system_has_the_calendar(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    await calendar(context, practice)
    with at(TEN):
        moved, lost = await lead(desk, "Ada", order=ORDER), await lead(desk, "Bea")
        version = (await said(desk, "get", f"/leads/{moved['id']}"))["version"]
        await said(desk, "post", f"/leads/{moved['id']}/move", {"stage": "first_visit_complete", "version": version})
        version = (await said(desk, "get", f"/leads/{lost['id']}"))["version"]
        away = {"stage": "lost", "version": version, "lost_reason": "No response"}
        await said(desk, "post", f"/leads/{lost['id']}/move", away)
        for who in (moved, lost):
            body = {"lead_id": who["id"], "scheduled_at": (TEN - timedelta(days=7)).isoformat(), "state": "attended"}
            refused = await desk.post("/api/v1/visits", json=body)
            assert refused.status_code == 422 and "Care has not begun" in refused.json()["detail"]
            noted = await said(desk, "post", "/visits", body | {"kind": "evaluation"})
            episode = await episode_of(desk, who["id"])
            assert (episode["started_on"], episode["items"][0]["id"]) == ("2026-11-23", noted["id"])
            assert await stage(desk, who["id"]) == "first_visit_complete"


async def columns(client: httpx.AsyncClient) -> dict[str, int]:
    board = await said(client, "get", "/plans-of-care")
    return {column["progress"]: column["count"] for column in board["columns"] if column["count"]}


async def test_recertification_reports_and_a_signature(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, admin: "asyncpg.Connection"
) -> None:
    made = await calendar(context, practice)
    plan = {"frequency_per_week": 2, "duration_weeks": 20, "diagnoses": ["M54.50"], "goals": ["Walk a mile"]}
    with at(TEN):
        lead_id, episode = await in_care(desk, made)
        path = f"/episodes/{episode['id']}"
        bare = await desk.post(f"/api/v1{path}/plans", json=plan | {"goals": [], "ready": True})
        assert bare.status_code == 422 and bare.json()["errors"][0]["pointer"] == "/goals"
        found = await said(desk, "post", f"{path}/plans", plan)
        again = await desk.post(f"/api/v1{path}/plans", json=plan)
        assert again.status_code == 409 and "not complete" in again.json()["detail"]
        first = found["plans"][0]
        assert (first["ends_on"], first["next"]) == ("2027-02-27", "send_to_sign")  # ninety days at most
        found = await said(desk, "post", f"/plans-of-care/{first['id']}/ready", {"version": first["version"]})
    with at(TEN + timedelta(days=9)):
        for day in range(1, 9):
            moment = (TEN + timedelta(days=day)).isoformat()
            await said(
                desk, "post", "/visits", {"episode_id": episode["id"], "scheduled_at": moment, "state": "attended"}
            )
        assert (await tasks(desk, lead_id))["progress_report"].endswith("treatment day 9 since the last")
        found = await said(desk, "post", f"{path}/progress-reports", {})
        assert found["visits"]["since_report"] == 0 and "progress_report" not in await tasks(desk, lead_id)
        report = found["reports"][0]["id"]
        found = await said(desk, "delete", f"{path}/progress-reports/{report}")
        assert found["visits"]["since_report"] == 9
        plan_path = f"/plans-of-care/{first['id']}"
        version = found["plans"][0]["version"]
        future = await desk.post(f"/api/v1{plan_path}/signed", json={"version": version, "signed_on": "2027-01-01"})
        assert future.status_code == 422
        unknown = {"version": version, "signed_on": "2026-12-02", "fax_id": episode["id"]}
        assert (await desk.post(f"/api/v1{plan_path}/signed", json=unknown)).status_code == 422
        async with context.database.transaction(practice.id) as session:
            signed = await plans.signed(session, UUID(first["id"]), None, date(2026, 12, 2))
            version = signed.version
            assert (await plans.signed(session, UUID(first["id"]), None, date(2026, 12, 2))).version == version
        edit = await desk.patch(f"/api/v1{plan_path}", json={"version": version, "goals": ["Run"]})
        assert edit.status_code == 409 and "has gone out" in edit.json()["detail"]
        gone = await desk.delete(f"/api/v1{plan_path}?version={version}")
        assert gone.status_code == 409
    with at(TEN + timedelta(days=80)):
        todo = await tasks_after_timer(desk, context, practice, lead_id)
        assert "the plan ends Feb 27" in todo["recertify"] and "No visit since Dec 8" in todo["no_visits"]
        found = await said(desk, "post", f"{path}/plans", plan | {"ready": True})
        second = found["plans"][1]
        assert (second["kind"], second["starts_on"], second["due_on"]) == (
            "recertification",
            "2027-02-28",
            "2027-02-27",
        )
        assert second["next"] == "send_to_sign"
        deleted = await said(desk, "delete", f"/plans-of-care/{second['id']}?version={second['version']}")
        assert len(deleted["plans"]) == 1


async def test_the_timer_looks_by_itself(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, admin: "asyncpg.Connection"
) -> None:
    made = await calendar(context, practice)
    with at(TEN):
        lead_id, episode = await in_care(desk, made)
        assert "no_visits" not in await tasks(desk, lead_id)
    job = await admin.fetchrow("SELECT id, run_at FROM jobs WHERE kind = $1 AND state = 'queued'", followup.CHECK)
    assert job["run_at"] == datetime(2026, 12, 30, 7, tzinfo=CHICAGO)
    with at(TEN + timedelta(days=30)):
        await admin.execute(
            "UPDATE jobs SET state = 'leased', lease_owner = 'test', attempt = 1 WHERE id = $1", job["id"]
        )
        run = JobRun(context.database, job["id"], practice.id, followup.CHECK, UUID(episode["id"]), 1, "test")
        await followup.check(run)
        assert "call, or discharge" in (await tasks(desk, lead_id))["no_visits"]
        assert (await episode_of(desk, lead_id))["state"] == "active"


async def tasks_after_timer(
    client: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, lead_id: str
) -> dict[str, str]:
    """As a worker that finds the episode's timer due."""
    async with context.database.transaction(practice.id) as session:
        episode = await care.of_lead(session, UUID(lead_id))
        assert episode is not None
        await publish(session, EpisodeChanged(episode.id))
    return await tasks(client, lead_id)
