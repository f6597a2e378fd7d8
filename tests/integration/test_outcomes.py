"""Outcome scores over the API: entered, refused, corrected, taken back, compared."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from backend.care import service as care
from backend.care import withdrawing
from backend.care.outcomes import asking
from backend.core import clock
from backend.core.context import ProcessContext
from backend.core.ids import new_id
from tests.care import SampleEpisode, make_episode
from tests.conftest import SamplePractice
from tests.patients_phone import make_lead
from tests.scheduling import desk

__all__ = ["desk"]  # fixture
SCORES = "/api/v1/outcome-scores"
NAMED = ["Reach a shelf", "Sleep on my side", "Lift my bag"]


@pytest.fixture
async def episode(context: ProcessContext, practice: SamplePractice) -> SampleEpisode:
    """A shoulder in care."""
    return await make_episode(context, practice)


async def enter(desk: httpx.AsyncClient, episode: SampleEpisode, instrument: str, **more: Any) -> dict[str, Any]:
    answer = await desk.post(SCORES, json={"episode_id": str(episode.id), "instrument": instrument, **more})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def outcomes(desk: httpx.AsyncClient, episode: SampleEpisode, **query: Any) -> dict[str, Any]:
    found: dict[str, Any] = (await desk.get(f"/api/v1/episodes/{episode.id}/outcomes", params=query)).json()
    return found


def before(**by: float) -> str:
    return (clock.now() - timedelta(**by)).isoformat()


async def test_scores_become_a_change(desk: httpx.AsyncClient, episode: SampleEpisode, admin: Any) -> None:
    first = await enter(desk, episode, "quickdash", items=[4, 3, 4, 3, 3, 4, 3, 3, 4, 3, 3], taken_at=before(weeks=6))
    assert (first["occasion"], first["source"], first["completeness"]) == ("intake", "api", 1)
    assert first["score"] == pytest.approx(59.0909, abs=1e-3)
    last = await enter(desk, episode, "quickdash", items=[2, 2, 3, 2, 2, 3, 2, 2, 3, 2, None])
    assert (last["occasion"], last["score"]) == ("progress", 32.5)
    found = await outcomes(desk, episode)
    (measure,) = found["measures"]
    assert (measure["n"], measure["baseline_id"], measure["latest_id"]) == (2, first["id"], last["id"])
    change = measure["change"]
    assert (change["result"], change["beyond_error"], change["reached_mcid"]) == ("improved", True, True)
    assert change["percent"] == pytest.approx(45, abs=0.01)
    assert measure["instrument"]["mcid"]["value"] == 15.91 and "2014" in measure["instrument"]["mcid"]["source"]
    assert [one["key"] for one in found["suggested"]] == ["quickdash", "spadi", "dash", "psfs", "nprs"]
    assert "÷ baseline" in found["definition"]
    assert await admin.fetchval("SELECT score FROM outcome_scores ORDER BY taken_at LIMIT 1") > 59.0909, "not rounded"
    actions = {row["action"] for row in await admin.fetch("SELECT action FROM audit_events")}
    assert actions >= {"outcome.recorded", "outcomes.viewed"}


async def test_too_many_missing_is_no_score_and_says_why(desk: httpx.AsyncClient, episode: SampleEpisode) -> None:
    await enter(desk, episode, "lefs", items=[4] * 20, taken_at=before(weeks=2))
    found = await enter(desk, episode, "lefs", items=[4] * 19)
    assert (found["score"], found["null_reason"]) == (None, "items_missing")
    assert found["null_explained"].startswith("This measure is scored only")
    (measure,) = (await outcomes(desk, episode))["measures"]
    assert (measure["n"], len(measure["scores"]), measure["change"]) == (1, 2, None)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"instrument": "nprs", "items": [73219]}, "/items/0"),
        ({"instrument": "dash", "items": [3] * 10 + [0]}, "/items/10"),
        ({"instrument": "koos_jr", "items": [1] * 8}, "/items"),
        ({"instrument": "nprs", "items": [1, 2]}, "/items"),
        ({"instrument": "odi", "items": [1] * 10, "instrument_version": "9"}, "/instrument_version"),
        ({"instrument": "lefs", "score": 80.5}, "/score"),
        ({"instrument": "lefs", "score": 40, "unit": "percent"}, "/unit"),
        ({"instrument": "ndi", "score": 51, "unit": "points"}, "/score"),
        ({"instrument": "nprs"}, "/items"),
        ({"instrument": "nprs", "items": [3], "score": 3}, "/items"),
        ({"instrument": "nprs", "items": [3], "activities": ["Run"]}, "/activities"),
        ({"instrument": "psfs", "items": [3, 4, 5], "activities": ["Run"]}, "/activities"),
        ({"instrument": "nprs", "items": [3], "taken_at": "2199-01-01T00:00:00Z"}, "/taken_at"),
        ({"instrument": "nprs", "score": 3, "source": "staff"}, "/items"),
        ({"instrument": "promis", "items": [3]}, "/instrument"),
        ({"instrument": "nprs", "items": [3], "comment": "x"}, "/comment"),
    ],
)
async def test_what_can_be_no_score_is_refused_where_it_is(
    desk: httpx.AsyncClient, episode: SampleEpisode, body: dict[str, Any], pointer: str
) -> None:
    answer = await desk.post(SCORES, json={"episode_id": str(episode.id), **body})
    assert answer.status_code == 422, answer.text
    assert pointer in [error["pointer"] for error in answer.json()["errors"]], answer.text
    assert "73219" not in answer.text and "80.5" not in answer.text


async def test_a_total_alone_comes_from_programs(desk: httpx.AsyncClient, episode: SampleEpisode) -> None:
    found = await enter(desk, episode, "ndi", score=17, unit="points", source="import", external_id="emr-1")
    assert (found["score"], found["unit"], found["items"], found["completeness"]) == (34, "percent", None, None)
    again = await enter(desk, episode, "ndi", score=17, unit="points", source="import", external_id="emr-1")
    assert again["id"] == found["id"]
    assert (await enter(desk, episode, "quickdash", score=43.18))["score"] == 43.18


async def test_whose_it_is(
    desk: httpx.AsyncClient, episode: SampleEpisode, context: ProcessContext, other_practice: SamplePractice
) -> None:
    for name, value in (("lead_id", episode.lead_id), ("patient_id", episode.patient_id)):
        made = await desk.post(SCORES, json={name: str(value), "instrument": "nprs", "items": [4]})
        assert (made.status_code, made.json()["episode_id"]) == (201, str(episode.id))
    differs = {"episode_id": str(episode.id), "patient_id": str(new_id()), "instrument": "nprs", "items": [4]}
    assert (await desk.post(SCORES, json=differs)).json()["errors"][0]["pointer"] == "/patient_id"
    theirs = await make_episode(context, other_practice)
    for name, value in (("episode_id", theirs.id), ("lead_id", theirs.lead_id), ("patient_id", theirs.patient_id)):
        answer = await desk.post(SCORES, json={name: str(value), "instrument": "nprs", "items": [4]})
        assert answer.status_code == 404
    assert (await desk.get(f"/api/v1/episodes/{theirs.id}/outcomes")).status_code == 404


async def test_a_correction_keeps_what_was_there(desk: httpx.AsyncClient, episode: SampleEpisode) -> None:
    wrong = await enter(desk, episode, "nprs", items=[9], occasion="intake", taken_at=before(days=3))
    path = f"{SCORES}/{wrong['id']}"
    answer = await desk.post(f"{path}/correct", json={"items": [6], "reason": "Read upside down"})
    assert answer.status_code == 201, answer.text
    right = answer.json()
    kept = [right[name] for name in ("score", "occasion", "taken_at", "source")]
    assert kept == [6, "intake", wrong["taken_at"], "api"]
    old = (await desk.get(path)).json()
    assert (old["superseded_by"], old["correction"], old["score"]) == (right["id"], "Read upside down", 9)
    (measure,) = (await outcomes(desk, episode))["measures"]
    assert [one["score"] for one in measure["scores"]] == [6]
    (measure,) = (await outcomes(desk, episode, superseded=True))["measures"]
    assert (measure["n"], sorted(one["score"] for one in measure["scores"])) == (1, [6, 9])
    assert (await desk.post(f"{path}/correct", json={"items": [5], "reason": "again"})).status_code == 409
    taken = await desk.post(f"{SCORES}/{right['id']}/take-back", json={"reason": "Another patient's sheet"})
    assert taken.json()["superseded_by"] == right["id"]
    assert (await outcomes(desk, episode))["measures"] == []


async def test_an_activity_left_out_later_is_no_change(desk: httpx.AsyncClient, episode: SampleEpisode) -> None:
    named = [*NAMED, "Climb stairs"]
    await enter(desk, episode, "psfs", items=[2, 2, 2, 8], activities=named, taken_at=before(weeks=4))
    again = await enter(desk, episode, "psfs", items=[2, 2, 2, None], activities=named)
    assert again["score"] == 2
    (measure,) = (await desk.get(f"/api/v1/episodes/{episode.id}/outcomes")).json()["measures"]
    assert (measure["change"]["improvement"], measure["change"]["result"]) == (0, "unchanged")


async def test_own_activities_are_rated_again(desk: httpx.AsyncClient, episode: SampleEpisode) -> None:
    await enter(desk, episode, "psfs", items=[3, 5, 4], activities=NAMED, taken_at=before(weeks=4))
    again = await enter(desk, episode, "psfs", items=[6, 7, 5])
    assert (again["activities"], again["score"]) == (NAMED, 6)
    (measure,) = (await outcomes(desk, episode))["measures"]
    assert measure["change"]["improvement"] == 2
    assert (measure["change"]["beyond_error"], measure["change"]["reached_mcid"]) == (True, False)
    other = {"episode_id": str(episode.id), "instrument": "psfs", "items": [6, 7, 5], "activities": [*NAMED[:2], "Run"]}
    answer = await desk.post(SCORES, json=other)
    assert answer.json()["errors"] == [{"pointer": "/activities", "detail": "other activities than before"}]
    await enter(desk, episode, "psfs", items=[9, 9, 9], activities=[*NAMED[:2], "Run"], occasion="intake")
    (measure,) = (await outcomes(desk, episode))["measures"]
    assert (measure["change"], measure["no_change"]) == (None, "other_activities")


async def test_versions_do_not_compare(desk: httpx.AsyncClient, episode: SampleEpisode) -> None:
    await enter(desk, episode, "odi", items=[2] * 10, instrument_version="2.1a")
    await enter(desk, episode, "odi", items=[1] * 10, instrument_version="modified")
    await enter(desk, episode, "nprs", items=[6])
    await enter(desk, episode, "nprs", items=[5, 2, 8])
    found = (await outcomes(desk, episode))["measures"]
    assert {(one["instrument"]["key"], one["instrument"]["version"], one["n"]) for one in found} == {
        ("odi", "2.1a", 1), ("odi", "modified", 1), ("nprs", "current", 1), ("nprs", "mean_of_three", 1),
    }  # fmt: skip


async def test_sent_twice_with_one_key_is_one_score(
    desk: httpx.AsyncClient, episode: SampleEpisode, admin: Any
) -> None:
    body = {"episode_id": str(episode.id), "instrument": "nprs", "items": [4]}
    made = [await desk.post(SCORES, json=body, headers={"Idempotency-Key": "k1"}) for _ in range(2)]
    assert made[0].json()["id"] == made[1].json()["id"]
    assert await admin.fetchval("SELECT count(*) FROM outcome_scores") == 1


async def test_before_care_begins_a_score_waits_for_its_episode(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice
) -> None:
    _, lead_id = await make_lead(context, practice)
    made = await desk.post(SCORES, json={"lead_id": str(lead_id), "instrument": "nprs", "items": [4]})
    assert (made.json()["episode_id"], made.json()["occasion"]) == (None, "intake")
    async with context.database.transaction(practice.id) as session:
        episode = await care.open_episode(session, lead_id, clock.now().date())
    assert (await desk.get(f"{SCORES}/{made.json()['id']}")).json()["episode_id"] == str(episode.id)


async def test_the_catalog_names_its_sources(desk: httpx.AsyncClient) -> None:
    found = (await desk.get("/api/v1/outcome-measures")).json()
    assert {one["key"] for one in found["items"]} == {
        "lefs", "dash", "quickdash", "odi", "ndi", "psfs", "nprs", "spadi", "koos_jr", "hoos_jr"
    }  # fmt: skip
    assert [one["key"] for one in found["items"] if one["owner"] is None] == ["psfs", "nprs", "nprs"]
    assert found["rule_version"] == "2026.2"


async def test_answers_are_scored_without_keeping_them(
    desk: httpx.AsyncClient, episode: SampleEpisode, admin: Any
) -> None:
    body = {"instrument": "quickdash", "items": [2] * 11, "before": 59.1}
    tried = (await desk.post("/api/v1/outcome-measures/try", json=body)).json()
    assert (tried["score"], tried["change"]["reached_mcid"]) == (25, True)
    few = (await desk.post("/api/v1/outcome-measures/try", json=body | {"items": [2] * 9})).json()
    assert (few["score"], few["null_reason"], few["change"]) == (None, "too_many_missing", None)
    wrong = await desk.post("/api/v1/outcome-measures/try", json=body | {"items": [9]})
    assert wrong.json()["errors"][0]["pointer"] == "/items/0"
    assert await admin.fetchval("SELECT count(*) FROM outcome_scores") == 0


async def test_a_check_in_by_mistake_leaves_the_scores_with_the_lead(
    desk: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, episode: SampleEpisode
) -> None:
    await enter(desk, episode, "nprs", items=[4])
    async with context.database.transaction(practice.id) as session:
        request = await asking.ask_now(session, episode.id, ["nprs"])
        await withdrawing.withdraw(session, episode.lead_id)
    found = (await desk.get(f"/api/v1/leads/{episode.lead_id}/outcomes")).json()
    assert (found["episode_id"], found["measures"][0]["n"], found["requests"]) == (None, 1, [])
    async with context.database.transaction(practice.id) as session:
        assert (await asking.locked(session, request.id)).state == "canceled"
        again = await care.open_episode(session, episode.lead_id, clock.now().date())
    found = (await desk.get(f"/api/v1/leads/{episode.lead_id}/outcomes")).json()
    assert (found["episode_id"], found["measures"][0]["n"]) == (str(again.id), 1)
