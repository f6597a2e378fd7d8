"""Mistakes in care are taken back; what cannot be meant is refused; nothing is counted twice."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from backend.care import bulk
from backend.care.bulk import VisitRow
from backend.core.context import ProcessContext
from backend.core.ids import new_id
from backend.patients import service as patients
from backend.patients.schemas import PatientFacts
from tests.conftest import SamplePractice
from tests.integration.test_care import ORDER, TEN, booked, episode_of, in_care, said, stage, tasks
from tests.scheduling import at, calendar, desk, lead

__all__ = ["desk"]  # fixture
DAY = timedelta(days=1)


def visit(target: dict[str, str], moment: Any, state: str = "attended", **more: Any) -> dict[str, Any]:
    return {**target, "scheduled_at": moment.isoformat(), "state": state, **more}


async def test_a_mistaken_check_in_gives_the_lead_back(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, admin: "asyncpg.Connection"
) -> None:
    made = await calendar(context, practice)
    with at(TEN):
        who = await lead(desk, order=ORDER)
        appointment = await booked(desk, made, TEN, who["id"])
        path = f"/appointments/{appointment['id']}"
        await said(desk, "post", f"{path}/check-in", {})
        undone = await said(desk, "post", f"{path}/undo", {})
        assert undone["status"] == "booked"
        found = await said(desk, "get", f"/leads/{who['id']}")
        assert (found["stage"], found["evaluation_state"]) == ("scheduled", "booked") and found["next_step"]
        assert (await said(desk, "get", f"/episodes?lead_id={who['id']}"))["items"] == []
        assert await admin.fetchval("SELECT count(*) FROM visits") == 0
        assert "plan_of_care" not in await tasks(desk, who["id"])
        assert (await desk.post(f"/api/v1{path}/undo", json={})).status_code == 409
        # The right patient comes after all.
        await said(desk, "post", f"{path}/check-in", {})
        assert (await episode_of(desk, who["id"]))["visits"]["attended"] == 1


async def test_a_mistaken_no_show_and_one_noted_on_the_lead(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    made = await calendar(context, practice)
    with at(TEN):
        who = await lead(desk, order=ORDER)
        appointment = await booked(desk, made, TEN, who["id"])
        await said(desk, "post", f"/appointments/{appointment['id']}/no-show", {})
        assert await stage(desk, who["id"]) == "contacted"
        await said(desk, "post", f"/appointments/{appointment['id']}/undo", {})
        assert await stage(desk, who["id"]) == "scheduled"
        version = (await said(desk, "get", f"/leads/{who['id']}"))["version"]
        await said(desk, "post", f"/leads/{who['id']}/evaluation/attended", {"version": version})
        version = (await said(desk, "get", f"/leads/{who['id']}"))["version"]
        await said(desk, "post", f"/leads/{who['id']}/evaluation/undo", {"version": version})
        shown = await said(desk, "get", f"/appointments/{appointment['id']}")
        assert shown["status"] == "booked" and await stage(desk, who["id"]) == "scheduled"


async def test_care_that_went_on_is_not_undone(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    made = await calendar(context, practice)
    with at(TEN):
        lead_id, episode = await in_care(desk, made)
        plan = {"frequency_per_week": 2, "duration_weeks": 8}
        await said(desk, "post", f"/episodes/{episode['id']}/plans", plan)
        path = f"/api/v1/appointments/{episode['items'][0]['appointment_id']}/undo"
        refused = await desk.post(path, json={})
        assert refused.status_code == 409 and "Care has gone on" in refused.json()["detail"]
        assert await stage(desk, lead_id) == "first_visit_complete"


async def test_a_visit_said_by_everyone_is_one_visit(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    made = await calendar(context, practice)
    with at(TEN):
        lead_id, episode = await in_care(desk, made)
        coming = await booked(desk, made, TEN + DAY, lead_id, follow_up=True)
    target = {"episode_id": episode["id"]}
    with at(TEN + DAY + timedelta(hours=1)):
        emr = visit(target, TEN + DAY + timedelta(minutes=7), external_id="E1")
        first = await said(desk, "post", "/visits", emr)
        # The calendar took it over, under its own time.
        assert (await said(desk, "get", f"/appointments/{coming['id']}"))["status"] == "checked_in"
        again = await said(desk, "post", "/visits", emr)
        assert first["id"] == again["id"]
        found = await episode_of(desk, lead_id)
        assert found["visits"]["attended"] == 2 and len(found["items"]) == 2
        assert {one["appointment_id"] for one in found["items"]} >= {coming["id"]}
        batch = {"visits": [emr, visit(target, TEN - 2 * DAY, external_id="E2"), {**emr, "external_id": "E3"}]}
        rows = (await said(desk, "post", "/visits/batch", batch))["items"]
        assert [row["status"] for row in rows] == ["updated", "refused", "created"]
        assert "before the evaluation" in rows[1]["detail"] and "/visits/1/scheduled_at" in rows[1]["detail"]


async def test_corrections_and_what_cannot_be(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    made = await calendar(context, practice)
    with at(TEN):
        _, episode = await in_care(desk, made)
    target = {"episode_id": episode["id"]}
    with at(TEN + 3 * DAY):
        noted = await said(desk, "post", "/visits", visit(target, TEN + DAY))
        path = f"/visits/{noted['id']}"
        fixed = await said(desk, "patch", path, {"version": noted["version"], "state": "no_show"})
        assert (await desk.patch(f"/api/v1{path}", json={"version": 1, "state": "attended"})).status_code == 409
        left = await said(desk, "delete", f"{path}?version={fixed['version']}")
        assert left["visits"]["no_show"] == 0
        for body, pointer in (
            (visit(target, TEN + 9 * DAY), "/scheduled_at"),
            (visit(target, TEN - 9 * DAY), "/scheduled_at"),
            (visit(target, TEN + DAY, clinician_id=str(new_id())), "/clinician_id"),
            (visit({"patient_id": str(new_id())}, TEN + DAY), "/patient_id"),
            ({"scheduled_at": TEN.isoformat(), "state": "attended"}, "/"),
        ):
            refused = await desk.post("/api/v1/visits", json=body)
            assert refused.status_code == 422, refused.text
            assert pointer in {error["pointer"] for error in refused.json()["errors"]}
        early = await said(desk, "post", "/visits", visit(target, TEN - DAY, "no_show"))
        assert early["state"] == "no_show"


async def test_two_body_parts_and_a_reopened_discharge(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    made = await calendar(context, practice)
    with at(TEN):
        lead_id, shoulder = await in_care(desk, made)
        patient = {"patient_id": shoulder["patient_id"]}
        done = {"version": shoulder["version"], "reason": "patient_choice"}
        ended = await said(desk, "post", f"/episodes/{shoulder['id']}/discharge", done)
        back = await said(desk, "post", f"/episodes/{shoulder['id']}/reopen", {"version": ended["version"]})
        assert (back["state"], back["discharge_reason"]) == ("active", None)
        assert await stage(desk, lead_id) == "in_care"
        assert (await said(desk, "post", "/visits", visit(patient, TEN + timedelta(hours=3))))["episode_id"] == back[
            "id"
        ]


@pytest.mark.parametrize("merged_first", [True, False])
async def test_merging_two_leads_in_care_keeps_both_episodes(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, merged_first: bool
) -> None:
    made = await calendar(context, practice)
    with at(TEN):
        one, first = await in_care(desk, made)
        other = await lead(desk, "Adah", order={"body_part": "knee"})
        second = await said(
            desk, "post", "/visits", visit({"lead_id": other["id"]}, TEN - timedelta(hours=1), kind="evaluation")
        )
        pair = (one, other["id"]) if merged_first else (other["id"], one)
        versions = [(await said(desk, "get", f"/leads/{each}"))["version"] for each in pair]
        body = {"into": pair[1], "version": versions[0], "into_version": versions[1]}
        into = await said(desk, "post", f"/leads/{pair[0]}/merge", body)
        both = (await said(desk, "get", f"/episodes?patient_id={into['patient']['id']}"))["items"]
        assert {row["id"] for row in both} == {first["id"], second["episode_id"]}
        assert [row["lead_id"] for row in both if row["lead_id"]] == [pair[1]]
        undo = {"version": (await said(desk, "get", f"/leads/{pair[0]}"))["version"]}
        await said(desk, "post", f"/leads/{pair[0]}/unmerge", undo)
        assert (await episode_of(desk, one))["id"] == first["id"]
        assert (await episode_of(desk, other["id"]))["id"] == second["episode_id"]


async def test_an_export_of_many_visits(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, admin: "asyncpg.Connection"
) -> None:
    made = await calendar(context, practice)
    with at(TEN):
        lead_id, episode = await in_care(desk, made)
        waiting = await lead(desk, "Bea")
    patient, unknown = UUID(episode["patient_id"]), await _patient(context, practice)
    rows = [
        VisitRow(patient, TEN, "attended", "1", "evaluation"),
        *(VisitRow(patient, TEN + day * DAY, "attended", str(day + 1)) for day in range(1, 9)),
        VisitRow(patient, TEN - 9 * DAY, "attended", "early"),
        VisitRow(patient, TEN + DAY, "attended", "2"),
        VisitRow(UUID(waiting["patient"]["id"]), TEN + DAY, "attended", "b1", "evaluation"),
        VisitRow(UUID(waiting["patient"]["id"]), TEN + 2 * DAY, "no_show", "b2"),
        VisitRow(unknown, TEN + DAY, "attended", "c0"),
        VisitRow(unknown, TEN + 2 * DAY, "attended", "c1", "evaluation"),
        VisitRow(new_id(), TEN + 2 * DAY, "attended", "d1"),
    ]
    with at(TEN + 10 * DAY):
        for created, updated, unchanged in ((10, 2, 0), (0, 0, 12)):
            async with context.database.transaction(practice.id) as session:
                outcome = await bulk.record_many(session, rows)
            assert outcome.refused == {9: "before_evaluation", 10: "twice", 13: "before_evaluation", 15: "not_in_care"}
            assert (outcome.created, outcome.updated, outcome.unchanged) == (created, updated, unchanged)
        assert (await episode_of(desk, lead_id))["visits"]["attended"] == 9
        assert await stage(desk, lead_id) == "in_care"
        bea = await episode_of(desk, waiting["id"])
        assert (bea["started_on"], bea["visits"]["attended"], bea["visits"]["no_show"]) == ("2026-12-01", 1, 1)
        assert await stage(desk, waiting["id"]) == "first_visit_complete"
        assert await admin.fetchval("SELECT count(*) FROM episodes WHERE lead_id IS NULL") == 1
        # A correction in the EMR is one here.
        async with context.database.transaction(practice.id) as session:
            outcome = await bulk.record_many(session, [VisitRow(patient, TEN + DAY, "no_show", "2")])
        assert outcome.updated == 1 and (await episode_of(desk, lead_id))["visits"]["no_show"] == 1


async def _patient(context: ProcessContext, practice: SamplePractice) -> UUID:
    """Somebody the practice treats without a referral of ours."""
    async with context.database.transaction(practice.id) as session:
        return (await patients.create(session, PatientFacts(first_name="Cy", last_name="Sample"))).id


async def test_a_card_does_not_end_care_behind_the_episode(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    made = await calendar(context, practice)
    with at(TEN):
        lead_id, episode = await in_care(desk, made)
        for end in ({"stage": "discharged"}, {"stage": "lost", "lost_reason": "chose_other_provider"}):
            shown = await said(desk, "get", f"/leads/{lead_id}")
            refused = await desk.post(f"/api/v1/leads/{lead_id}/move", json=end | {"version": shown["version"]})
            assert refused.status_code == 409, refused.text
            assert "Discharge the episode" in refused.json()["detail"]
        assert await stage(desk, lead_id) == "first_visit_complete"
        body = {"version": episode["version"], "reason": "goals_met"}
        await said(desk, "post", f"/episodes/{episode['id']}/discharge", body)
        assert await stage(desk, lead_id) == "discharged"
