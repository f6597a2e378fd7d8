"""Questions by link, through the emulated carrier: by the practice's plan, answered on a phone, scored."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from backend.api.app import create_app, serve_with
from backend.care import service as care
from backend.core import clock
from tests import intake
from tests.calling import PHONE, World, desk, world
from tests.care import SampleEpisode, attend, make_episode
from tests.desk_hours import until_desk_hours
from tests.patients_phone import LINKS, enter

__all__ = ["desk", "world"]  # fixtures
MEASURES = f"{LINKS}/measures"
CHOICE: dict[str, Any] = {
    "version": 0, "by_text": True, "at_intake": True, "at_discharge": True, "every_visits": None, "every_weeks": 3,
}  # fmt: skip
TEXTS = "SELECT count(*) FROM messages WHERE body LIKE '%short questions%' OR body LIKE '%preguntas%'"


@pytest.fixture
async def phone(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """The patient's browser. HTTPS, because its cookie is `Secure`."""
    app = create_app()
    serve_with(app, world.context, {})
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="https://test.example.org") as made:
        yield made


async def choose(desk: httpx.AsyncClient, **more: Any) -> dict[str, Any]:
    answer = await desk.put("/api/v1/outcome-settings", json=CHOICE | more)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def in_care(world: World) -> SampleEpisode:
    """A patient who may be texted, in care."""
    made = await make_episode(world.context, world.practice, phone=PHONE)
    await world.work()
    return made


async def in_time(world: World) -> None:
    """Whatever was left to a timer looks whether its time has come."""
    await world.admin.execute("UPDATE jobs SET run_at = now() WHERE state = 'queued' AND kind LIKE 'outcomes.%'")
    await world.work(3)


def later(**by: float) -> None:
    clock.shift_by(until_desk_hours() + timedelta(**by))


def token(world: World) -> str:
    """The newest link."""
    found = [match.group(1) for text in world.sent() if (match := re.search(r"/p#([a-z2-7]{26})", text))]
    return found[-1]


async def asked(world: World) -> list[tuple[str, str]]:
    rows = await world.admin.fetch("SELECT due_key, state FROM outcome_requests ORDER BY created_at, id")
    return [(row["due_key"], row["state"]) for row in rows]


async def outcomes(desk: httpx.AsyncClient, episode: SampleEpisode) -> dict[str, Any]:
    found: dict[str, Any] = (await desk.get(f"/api/v1/episodes/{episode.id}/outcomes")).json()
    return found


async def answer_all(phone: httpx.AsyncClient, pain: list[int | None], hard: list[int | None]) -> None:
    opened = (await phone.post(f"{MEASURES}/begin")).json()
    known = next(one["activities"] for one in opened["measures"] if one["key"] == "psfs")
    named = known or ["Reach a shelf", "Sleep on my side", "Lift my bag"]
    body = {"answers": {"nprs": {"items": pain}, "psfs": {"items": hard, "activities": named}}}
    saved = await phone.patch(f"{MEASURES}/answers", json=body)
    assert saved.status_code == 200, saved.text
    sent = await phone.post(f"{MEASURES}/submit", json={"language": "en"})
    assert sent.status_code == 200, sent.text


async def test_from_the_plan_to_the_phone_to_the_episode(
    world: World, desk: httpx.AsyncClient, phone: httpx.AsyncClient
) -> None:
    await choose(desk)
    episode = await in_care(world)
    assert await asked(world) == [("intake", "sent")]
    text = world.sent()[-1]
    assert "short questions" in text
    assert not re.search("shoulder|pain|score|QuickDASH", text, re.I)
    await enter(phone, token(world))
    opened = (await phone.post(f"{MEASURES}/begin")).json()
    asked_for = [(one["key"], one["items"], one["words"]) for one in opened["measures"]]
    assert asked_for == [("psfs", 5, {}), ("nprs", 3, {})], "nothing whose words are another's"
    part = {"answers": {"nprs": {"items": [6, None]}}}
    assert (await phone.patch(f"{MEASURES}/answers", json=part)).json()["percent"] == 16
    assert (await phone.post(f"{MEASURES}/begin")).json()["answers"]["nprs"]["items"] == [6, None], "it is kept"
    assert (await asked(world))[0][1] == "started"
    await answer_all(phone, [6, 3, 8], [3, 2, 4])
    found = await outcomes(desk, episode)
    scores = {one["instrument"]["key"]: one["scores"][0] for one in found["measures"]}
    assert (scores["psfs"]["score"], scores["psfs"]["source"], scores["psfs"]["occasion"]) == (3, "patient", "intake")
    assert (scores["nprs"]["instrument_version"], scores["nprs"]["language"]) == ("mean_of_three", "en")
    assert (found["requests"][0]["state"], found["requests"][0]["percent"]) == ("done", 100)
    again = await phone.post(f"{MEASURES}/submit", json={"language": "en"})
    assert again.json()["submitted_at"] == found["requests"][0]["submitted_at"].replace("+00:00", "Z")
    assert await world.admin.fetchval("SELECT count(*) FROM outcome_scores") == 2, "once"
    assert (await phone.post(f"{MEASURES}/begin")).json()["type"] == "measure-submitted"
    kinds = [row["kind"] for row in await world.admin.fetch("SELECT kind FROM lead_events ORDER BY at, id")]
    assert {"questions_sent", "questions_answered"} <= set(kinds)


async def test_every_three_weeks_and_at_discharge(
    world: World, desk: httpx.AsyncClient, phone: httpx.AsyncClient
) -> None:
    await choose(desk)
    episode = await in_care(world)
    await enter(phone, token(world))
    await answer_all(phone, [6, 3, 8], [3, 2, 4])
    later(days=20)
    await in_time(world)
    assert await asked(world) == [("intake", "done")]
    later(days=21)
    await in_time(world)
    assert await asked(world) == [("intake", "done"), ("weeks:3", "sent")]
    await in_time(world)
    assert await world.admin.fetchval(TEXTS) == 2, "once"
    await enter(phone, token(world))
    opened = (await phone.post(f"{MEASURES}/begin")).json()
    assert opened["measures"][0]["activities"] == ["Reach a shelf", "Sleep on my side", "Lift my bag"]
    await answer_all(phone, [3, 1, 5], [6, 5, 7])
    measures = (await outcomes(desk, episode))["measures"]
    changes = {one["instrument"]["key"]: one["change"] for one in measures}
    assert (changes["psfs"]["percent"], changes["psfs"]["reached_mcid"]) == (100, True)
    assert changes["nprs"]["improvement"] == pytest.approx(8 / 3)
    later(days=30)
    async with world.context.database.transaction(world.practice.id) as session:
        await care.discharge(session, episode.id, reason="goals_met")
    await in_time(world)
    assert (await asked(world))[-1] == ("discharge", "sent")
    later(days=60)
    await in_time(world)
    assert len(await asked(world)) == 3


async def test_every_five_visits(world: World, desk: httpx.AsyncClient) -> None:
    await choose(desk, at_intake=False, every_weeks=None, every_visits=5)
    episode = await in_care(world)
    await attend(world.context, world.practice, episode, 4)
    await in_time(world)
    assert await asked(world) == []
    await attend(world.context, world.practice, episode, 2)
    await in_time(world)
    assert await asked(world) == [("visits:5", "sent")]


async def test_nothing_goes_out_unless_the_practice_wants_it_or_the_patient_may_be_texted(
    world: World, desk: httpx.AsyncClient
) -> None:
    await in_care(world)
    await in_time(world)
    assert await asked(world) == []
    chosen = await choose(desk)
    assert chosen["version"] == 1
    await world.write("STOP")
    await in_time(world)
    assert await asked(world) == [], "who opted out is not asked, and nothing waits for them"
    await world.write("START")
    later(days=2)
    await in_time(world)
    assert await asked(world) == [("intake", "sent")], "a changed choice counts for care that is going on"


async def test_at_night_it_waits_for_the_morning(world: World, desk: httpx.AsyncClient) -> None:
    await choose(desk, at_intake=False)
    await in_care(world)
    later(days=21, hours=11)
    await in_time(world)
    assert await asked(world) == []
    later(days=22)
    await in_time(world)
    assert await asked(world) == [("weeks:3", "sent")]


async def test_the_desk_asks_now_again_and_not_at_all(
    world: World, desk: httpx.AsyncClient, phone: httpx.AsyncClient
) -> None:
    episode = await in_care(world)
    path = f"/api/v1/episodes/{episode.id}/outcome-requests"
    owned = await desk.post(path, json={"instruments": ["quickdash"]})
    assert (owned.status_code, owned.json()["errors"][0]["pointer"]) == (422, "/instruments")
    sent = await desk.post(path, json={"instruments": ["nprs"]})
    assert (sent.status_code, sent.json()["message_status"], sent.json()["occasion"]) == (201, "queued", "intake")
    await world.work()
    first = token(world)
    again = await desk.post(f"/api/v1/outcome-requests/{sent.json()['id']}/send-again")
    assert again.status_code == 200
    await world.work()
    assert token(world) != first
    await enter(phone, first)
    nothing = await phone.post(f"{MEASURES}/submit", json={"language": "en"})
    assert nothing.json()["type"] == "measure-empty"
    refused = await phone.patch(f"{MEASURES}/answers", json={"answers": {"nprs": {"items": [11]}}})
    assert refused.json()["errors"][0]["pointer"] == "/answers/nprs/items/0"
    refused = await phone.patch(f"{MEASURES}/answers", json={"answers": {"odi": {"items": [1]}}})
    assert refused.json()["errors"][0]["pointer"] == "/answers/?"
    canceled = await desk.post(f"/api/v1/outcome-requests/{sent.json()['id']}/cancel")
    assert canceled.json()["state"] == "canceled"
    assert (await phone.post(f"{MEASURES}/begin")).status_code == 404, "the open page closes"
    assert (await desk.post(f"/api/v1/outcome-requests/{sent.json()['id']}/send-again")).status_code == 409


async def test_licensed_questions_are_sent_once_the_practice_has_entered_them(
    world: World, desk: httpx.AsyncClient, phone: httpx.AsyncClient
) -> None:
    path = "/api/v1/outcome-wordings/quickdash/1/en"
    items = [{"text": f"Question {number} of the licensed copy"} for number in range(1, 12)]
    body = {"version": 0, "items": items, "options": ["Easy", "Impossible"], "license_note": "No. 12"}
    short = await desk.put(path, json=body | {"items": items[:10]})
    assert short.json()["errors"] == [{"pointer": "/items", "detail": "exactly 11"}]
    odd = await desk.put(path, json=body | {"options": ["a", "b", "c"]})
    assert odd.json()["errors"] == [{"pointer": "/options", "detail": "5 or 2 labels"}]
    ours = await desk.put("/api/v1/outcome-wordings/nprs/current/en", json=body)
    assert ours.status_code == 422
    made = await desk.put(path, json=body)
    assert made.status_code == 200, made.text
    assert (await desk.put(path, json=body)).status_code == 409
    shoulder = next(one for one in (await choose(desk))["regions"] if one["region"] == "shoulder")
    assert shoulder["sent"] == ["quickdash", "psfs", "nprs"]
    episode = await in_care(world)
    await enter(phone, token(world))
    opened = (await phone.post(f"{MEASURES}/begin")).json()
    quick = opened["measures"][0]
    assert (quick["key"], quick["lowest"], quick["highest"]) == ("quickdash", 1, 5)
    assert quick["words"]["en"]["items"][10]["text"] == "Question 11 of the licensed copy"
    await phone.patch(f"{MEASURES}/answers", json={"answers": {"quickdash": {"items": [2] * 9}}})
    assert (await phone.post(f"{MEASURES}/submit", json={"language": "es"})).status_code == 200
    (measure,) = (await outcomes(desk, episode))["measures"]
    (score,) = measure["scores"]
    assert (score["score"], score["null_reason"], len(score["items"])) == (None, "too_many_missing", 11)
    assert score["language"] == "en", "the words they read"
    assert (await desk.delete(f"/api/v1/outcome-wordings/{made.json()['id']}")).status_code == 204


async def test_the_intake_form_gives_the_baseline(world: World, desk: httpx.AsyncClient) -> None:
    lead_id = await intake.faxed_lead(world.context, world.practice)
    intake_id = await intake.prepared(world.context, world.practice, lead_id)
    hard = [{"activity": name, "score": score} for name, score in (("Stairs", 3), ("Kneel", 1), ("Walk", 5))]
    await intake.begun(world.context, world.practice, intake_id)
    await intake.saved(world.context, world.practice, intake_id, intake.ANSWERS | {"activities": hard})
    await intake.submitted(world.context, world.practice, intake_id)
    async with world.context.database.transaction(world.practice.id) as session:
        episode = await care.open_episode(session, lead_id, clock.now().date())
    rows = await world.admin.fetch(
        "SELECT instrument, score, episode_id, source, occasion FROM outcome_scores ORDER BY instrument"
    )
    assert [(row["instrument"], row["score"]) for row in rows] == [("nprs", 4), ("psfs", 3)]
    assert {(row["episode_id"], row["source"], row["occasion"]) for row in rows} == {
        (episode.id, "patient", "intake")
    }  # fmt: skip
