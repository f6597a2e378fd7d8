"""Care that has no lead: what is due is a task with an owner, the doctor names what was left, a lead takes it back."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from backend.care import bulk
from backend.care.bulk import VisitRow
from backend.core.context import ProcessContext
from backend.identity import service as identity
from backend.operations import doctor
from backend.patients import service as patients
from backend.patients.schemas import PatientFacts
from backend.wiring.handlers import job_handlers
from backend.worker.runner import JobRunner
from tests.conftest import SamplePractice
from tests.integration.test_care import TEN, episode_of, in_care, said, tasks
from tests.integration.test_care_mistakes import visit
from tests.scheduling import at, calendar, desk, lead

__all__ = ["desk"]  # fixture
DAY = timedelta(days=1)


@pytest.fixture
async def episode(context: ProcessContext, practice: SamplePractice, admin: Any) -> UUID:
    """An imported one, evaluated on Monday, with nine treatment days since."""
    async with context.database.transaction(practice.id) as session:
        patient = await patients.create(session, PatientFacts(first_name="Ada", last_name="Sample"))
    with at(TEN + 12 * DAY):
        async with context.database.transaction(practice.id) as session:
            rows = [VisitRow(patient.id, TEN, "attended", "1", "evaluation", location_id=practice.location_id)]
            rows += [VisitRow(patient.id, TEN + day * DAY, "attended", str(day + 1)) for day in range(1, 9)]
            assert (await bulk.record_many(session, rows)).created == 9
    return UUID(str(await admin.fetchval("SELECT id FROM episodes WHERE lead_id IS NULL")))


async def work(context: ProcessContext, admin: Any) -> None:
    """What waits for a time sees for itself whether it has come."""
    mine = "kind IN ('followup.care', 'followup.escalate') AND state = 'queued'"
    await admin.execute(f"UPDATE jobs SET rung_at = NULL, run_at = now() WHERE {mine}")
    await JobRunner(context.database, job_handlers(context, {}), lease_seconds=30, attempts=3).run_due("default")


async def due(client: httpx.AsyncClient, episode: UUID) -> dict[str, dict[str, Any]]:
    page = await said(client, "get", f"/tasks?episode_id={episode}")
    return {task["kind"]: task for task in page["items"]}


async def named(context: ProcessContext, practice: SamplePractice) -> dict[str, str]:
    """What the doctor says of episodes."""
    found = await doctor.examine(context, [practice.id])
    return {one.id: one.note for finding in found for one in finding.violations if one.kind == "episode"}


async def test_what_is_due_is_a_task_of_its_own(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, admin: Any, episode: UUID
) -> None:
    with at(TEN + 12 * DAY):
        assert await due(desk, episode) == {}
        await work(context, admin)
        found = await due(desk, episode)
        assert set(found) == {"plan_of_care", "progress_report"}
        task = found["progress_report"]
        assert task["title"] == "Write a progress report: treatment day 9 since the last"
        assert (task["patient_display_name"], task["lead_id"]) == ("Ada Sample", None)
        assert task["owner"]["kind"] == "team" and task["group"] in {"today", "later"}
        assert task["id"] in {one["id"] for one in (await said(desk, "get", "/tasks?order=loss"))["items"]}
        await said(desk, "post", f"/episodes/{episode}/progress-reports", {})
        assert set(await due(desk, episode)) == {"plan_of_care"}
        await said(desk, "post", f"/tasks/{found['plan_of_care']['id']}/snooze", {
            "version": found["plan_of_care"]["version"], "until": (TEN + 14 * DAY).isoformat(),
        })  # fmt: skip
        version = (await said(desk, "get", f"/episodes/{episode}"))["version"]
        await said(desk, "post", f"/episodes/{episode}/discharge", {"reason": "goals_met", "version": version})
        assert await due(desk, episode) == {}


async def test_who_treats_owns_it_where_they_sign_in(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, admin: Any, episode: UUID
) -> None:
    made = await calendar(context, practice, clinicians=1)
    await admin.execute("UPDATE clinicians SET user_id = $1", practice.user_id)
    await admin.execute("UPDATE episodes SET clinician_id = $1", made.clinicians[0])
    with at(TEN + 12 * DAY):
        await work(context, admin)
        assert {task["owner"]["id"] for task in (await due(desk, episode)).values()} == {str(practice.user_id)}


async def test_a_silent_owner_is_followed_by_the_next_in_the_chain(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, admin: Any, episode: UUID
) -> None:
    with at(TEN + 12 * DAY):
        await work(context, admin)
    with at(TEN + 19 * DAY):
        await work(context, admin)
        assert {task["alert"] for task in (await due(desk, episode)).values()} == {"escalated"}


async def test_the_doctor_names_what_is_overdue_and_what_nobody_would_look_at(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, admin: Any, episode: UUID
) -> None:
    with at(TEN + 12 * DAY):
        assert await named(context, practice) == {}
        await work(context, admin)
        assert await named(context, practice) == {}
    with at(TEN + 19 * DAY):
        assert await named(context, practice) == {str(episode): "overdue: plan_of_care, progress_report"}
    await admin.execute("DELETE FROM tasks WHERE episode_id IS NOT NULL")
    await admin.execute("DELETE FROM jobs WHERE kind = 'followup.care'")
    with at(TEN + 12 * DAY):
        assert await named(context, practice) == {str(episode): "nobody would look at it again"}


async def test_a_task_is_seen_where_its_clinic_is(
    client: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, admin: Any, episode: UUID
) -> None:
    await work(context, admin)
    found = await due(client, episode)
    assert found
    async with context.database.transaction(practice.id) as session:
        other = await identity.create_location(session, name="South", timezone="America/Chicago")
    await admin.execute("UPDATE memberships SET location_id = $1", other.id)
    assert await due(client, episode) == {}
    task = next(iter(found.values()))
    answer = await client.post(f"/api/v1/tasks/{task['id']}/done", json={"version": task["version"]})
    assert answer.status_code == 404


async def test_care_left_by_a_merge_keeps_its_tasks_and_gives_them_back(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    made = await calendar(context, practice)
    with at(TEN):
        one, first = await in_care(desk, made)
        other = await lead(desk, "Adah", order={"body_part": "knee"})
        begun = visit({"lead_id": other["id"]}, TEN - timedelta(hours=1), kind="evaluation")
        await said(desk, "post", "/visits", begun)
        versions = [(await said(desk, "get", f"/leads/{each}"))["version"] for each in (one, other["id"])]
        body = {"into": other["id"], "version": versions[0], "into_version": versions[1]}
        await said(desk, "post", f"/leads/{one}/merge", body)
        left = await due(desk, UUID(first["id"]))
        assert set(left) == {"plan_of_care"} and left["plan_of_care"]["patient_display_name"]
        undo = {"version": (await said(desk, "get", f"/leads/{one}"))["version"]}
        await said(desk, "post", f"/leads/{one}/unmerge", undo)
        assert (await episode_of(desk, one))["id"] == first["id"]
        assert await due(desk, UUID(first["id"])) == {} and "plan_of_care" in await tasks(desk, one)
