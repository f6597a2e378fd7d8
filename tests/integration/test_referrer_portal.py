"""A referrer's link: opened, checked, closed; their patients and nobody else's; letters, plans, messages, referrals."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from backend.api import spa
from backend.api.app import create_app, serve_with
from backend.care import service as care
from backend.core import clock
from backend.core.context import ProcessContext
from backend.loop import letters
from backend.referrer_portal import session as sessions
from tests.conftest import SamplePractice
from tests.integration.test_faxes import work
from tests.referrers import LAKESIDE, npi, refer, referrer_of
from tests.unit.faxes import papers

OWN = "/api/v1/public/referrer"
FACTS = {"npi": npi(7), "address": "100 Example Ave, Chicago, IL 60601", **LAKESIDE}
HERS, HIS = "Emily Jimenez", "Rowan Ortho"


@dataclass
class Office:
    """A referrer with a patient, their link, and the browser it is opened in."""

    referrer_id: str
    lead_id: str
    link: dict[str, Any]
    browser: httpx.AsyncClient

    @property
    def token(self) -> str:
        return str(self.link["address"].partition("#")[2])

    async def open(self) -> httpx.Response:
        answer = await self.browser.post(f"{OWN}/exchange", json={"token": self.token})
        if answer.status_code == 200:
            self.browser.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        return answer

    async def check(self, kind: str = "npi", answer: str | None = None) -> httpx.Response:
        body = {"check": kind, "answer": answer or npi(7)[-4:]}
        return await self.browser.post(f"{OWN}/check", json=body)

    async def enter(self) -> "Office":
        assert (await self.open()).status_code == 200
        assert (await self.check()).status_code == 200
        return self


async def link_for(client: httpx.AsyncClient, referrer_id: str) -> dict[str, Any]:
    answer = await client.post(f"/api/v1/referrers/{referrer_id}/links")
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


@pytest.fixture
async def browser(app: FastAPI, client: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """A browser in the referrer's office."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="https://test.example.org") as found:
        yield found


@pytest.fixture
async def office(client: httpx.AsyncClient, browser: httpx.AsyncClient) -> Office:
    """Emily Jimenez, who sent Ida; Ben was sent by somebody else of the same office."""
    ada = await refer(client, "Ida", HERS, **FACTS)
    await refer(client, "Ben", HIS, npi=npi(8), **LAKESIDE)
    return Office(referrer_of(ada), ada["id"], await link_for(client, referrer_of(ada)), browser)


async def test_nobody_is_named_before_the_second_check(office: Office) -> None:
    page = await office.open()
    assert (page.status_code, page.json()["checks"], page.json()["verified"]) == (200, ["npi", "fax", "zip"], False)
    assert page.headers["cache-control"] == "no-store"
    for path in ("patients", "letters", "plans", "messages", "referrals"):
        assert (await office.browser.get(f"{OWN}/{path}")).json()["type"].endswith("check-first")
    assert "Ida" not in page.text
    wrong = await office.check(answer="0000")
    assert (wrong.status_code, wrong.json()["tries_left"]) == (422, 4)
    assert (await office.check("zip", "60601-1234")).json()["verified"] is True


@pytest.mark.parametrize(("kind", "answer"), [("npi", npi(7)[-4:]), ("fax", "0155"), ("zip", "60601")])
async def test_each_check_opens(office: Office, kind: str, answer: str) -> None:
    await office.open()
    assert (await office.check(kind, answer)).status_code == 200


async def test_five_wrong_answers_kill_the_link(office: Office) -> None:
    await office.open()
    answers = [(await office.check(answer=f"000{number}")).status_code for number in range(5)]
    assert answers == [422, 422, 422, 422, 404]
    assert (await office.check()).status_code == 404
    assert (await office.open()).status_code == 404


async def test_it_shows_own_patients_in_plain_words_and_nobody_else(
    client: httpx.AsyncClient, office: Office, admin: Any
) -> None:
    await office.enter()
    shown = await office.browser.get(f"{OWN}/patients")
    (patient,) = shown.json()["items"]
    assert (patient["name"], patient["status"], patient["tone"]) == (
        "Ida Sample", "Received; we are contacting the patient", "waiting",
    )  # fmt: skip
    assert "Ben" not in shown.text
    await client.post(f"/api/v1/leads/{office.lead_id}/calls", json={"outcome": "no_answer"})
    (patient,) = (await office.browser.get(f"{OWN}/patients")).json()["items"]
    assert patient["status"] == "Not reached yet: 1 call so far"
    rows = await admin.fetch("SELECT * FROM audit_events WHERE action LIKE 'portal.%' ORDER BY seq")
    assert {(row["actor_kind"], row["actor_id"], row["actor_name"]) for row in rows} == {
        ("referrer", office.referrer_id, HERS)
    }
    assert all(len(row["patient_ids"]) == 1 for row in rows)


async def test_every_way_to_somebody_elses_patient_is_closed(
    client: httpx.AsyncClient, office: Office, context: ProcessContext, practice: SamplePractice
) -> None:
    """Ben's order names another provider of the very same office: his lead, letter and plan do not exist here."""
    bens = next(item for item in (await client.get("/api/v1/board/columns/new/cards")).json()["items"]
                if item["patient"]["display_name"].startswith("Ben"))  # fmt: skip
    ben = await client.get(f"/api/v1/leads/{bens['id']}")
    plan = await plan_for(client, context, practice, bens["id"])
    async with context.database.transaction(practice.id) as session:
        his = UUID(referrer_of(ben.json()))
        letter = await letters.write(session, "discharge", referrer_id=his, lead_id=UUID(bens["id"]))
        letter.state, letter.reason, his_letter = "not_sent", "prefers_portal", letter.id
        # Written to her about him, as after a mistake at the desk: the order decides.
        letter = await letters.write(
            session, "progress", referrer_id=UUID(office.referrer_id), lead_id=UUID(bens["id"])
        )
        letter.state, letter.reason, misdirected = "not_sent", "prefers_portal", letter.id
    await office.enter()
    for path in ("patients", "letters", "plans"):
        assert "Ben" not in (answer := await office.browser.get(f"{OWN}/{path}")).text
        assert bens["id"] not in answer.text
    for letter_id in (his_letter, misdirected):
        assert (await office.browser.get(f"{OWN}/letters/{letter_id}/document")).status_code == 404
    body = {"version": plan["version"], "typed_name": HERS, "signed_on": plan["starts_on"], "confirm": True}
    assert (await office.browser.post(f"{OWN}/plans/{plan['id']}/sign", json=body)).status_code == 404
    message = {"lead_id": bens["id"], "text": "How is he?"}
    assert (await office.browser.post(f"{OWN}/messages", json=message)).status_code == 404


async def test_a_merged_referrers_link_opens_what_became_of_them(client: httpx.AsyncClient, office: Office) -> None:
    other = referrer_of(cal := await refer(client, "Cal", "Emely Jimenez", fax=LAKESIDE["fax"]))
    versions = [
        (await client.get(f"/api/v1/referrers/{each}")).json()["version"] for each in (other, office.referrer_id)
    ]
    merge = {"into": office.referrer_id, "version": versions[0], "into_version": versions[1]}
    assert (await client.post(f"/api/v1/referrers/{other}/merge", json=merge)).status_code == 200
    await office.enter()
    names = [item["name"] for item in (await office.browser.get(f"{OWN}/patients")).json()["items"]]
    assert names == ["Cal Sample", "Ida Sample"]
    parted = (await client.get(f"/api/v1/referrers/{other}")).json()
    await client.post(f"/api/v1/referrers/{other}/unmerge", json={"version": parted["version"]})
    shown = await office.browser.get(f"{OWN}/patients")
    assert cal["id"] not in shown.text


async def test_links_end(client: httpx.AsyncClient, office: Office, admin: Any) -> None:
    await office.enter()
    closed = await client.delete(f"/api/v1/referrers/{office.referrer_id}/links/{office.link['id']}")
    assert (closed.status_code, closed.json()["alive"]) == (200, False)
    assert (await office.browser.get(f"{OWN}/patients")).json()["type"].endswith("page-closed")
    assert (await office.open()).status_code == 404
    office.link = await link_for(client, office.referrer_id)
    await admin.execute("UPDATE referrer_links SET expires_at = $1", clock.now() - timedelta(seconds=1))
    assert (await office.open()).status_code == 404
    listed = (await client.get(f"/api/v1/referrers/{office.referrer_id}/links")).json()["items"]
    assert [(item["alive"], item["address"]) for item in listed] == [(False, None), (False, None)]


async def test_a_page_closes_by_itself(office: Office, admin: Any) -> None:
    await office.enter()
    await admin.execute("UPDATE referrer_sessions SET last_seen_at = $1", clock.now() - sessions.IDLE)
    assert (await office.browser.get(f"{OWN}/patients")).status_code == 401


async def test_two_offices_in_one_browser_never_mix(client: httpx.AsyncClient, office: Office) -> None:
    await office.enter()
    first = office.browser.headers["X-CSRF-Token"]
    rowan = (await client.get("/api/v1/referrers", params={"q": "rowan"})).json()["items"][0]["id"]
    other = Office(rowan, "", await link_for(client, rowan), office.browser)
    await other.open()
    office.browser.headers["X-CSRF-Token"] = first
    assert (await office.browser.get(f"{OWN}/patients")).json()["type"].endswith("other-page")


async def test_another_site_cannot_open_or_write(office: Office) -> None:
    evil = {"Origin": "https://evil.example.org", "Sec-Fetch-Site": "cross-site"}
    assert (await office.browser.post(f"{OWN}/exchange", json={"token": office.token}, headers=evil)).status_code == 403
    await office.enter()
    answer = await office.browser.post(f"{OWN}/messages", json={"text": "Hello"}, headers=evil)
    assert answer.status_code == 403


async def test_eleven_tries_a_minute_are_too_many(office: Office) -> None:
    codes = [
        (await office.browser.post(f"{OWN}/exchange", json={"token": f"wrong{number}"})).status_code
        for number in range(11)
    ]
    assert codes == [404] * 10 + [429]


async def test_nothing_on_file_to_ask_for_makes_no_link(client: httpx.AsyncClient) -> None:
    made = await client.post("/api/v1/referrers", json={"name": "Nobody Known"})
    answer = await client.post(f"/api/v1/referrers/{made.json()['id']}/links")
    assert (answer.status_code, "ZIP" in answer.json()["detail"]) == (409, True)


async def test_robots_change_nothing(
    context: ProcessContext, office: Office, admin: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "referrer.html").write_text("<!doctype html><title>Your patients</title>")
    monkeypatch.setattr(spa, "DIST", tmp_path)
    app = create_app()
    serve_with(app, context, {})
    spa.install(app)
    before = await _everything(admin)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="https://test.example.org") as robot:
        for method in ("HEAD", "GET"):
            for path in (f"/r#{office.token}", f"/r?{office.token}", f"/r/{office.token}"):
                assert "set-cookie" not in (await robot.request(method, path)).headers
        page = await robot.get("/r")
        assert (page.status_code, page.headers["cache-control"], page.headers["x-robots-tag"]) == (
            200, "no-store", "noindex, nofollow",
        )  # fmt: skip
        for path in ("exchange", "check"):
            assert (await robot.get(f"{OWN}/{path}")).status_code in {404, 405}
    assert await _everything(admin) == before


async def _everything(admin: Any) -> str:
    tables = ("referrer_links", "referrer_sessions", "audit_events", "leads", "jobs")
    return str([[dict(row) for row in await admin.fetch(f"SELECT * FROM {table}")] for table in tables])


async def test_letters_they_read_here_are_pdfs(client: httpx.AsyncClient, office: Office) -> None:
    url = f"/api/v1/referrers/{office.referrer_id}"
    version = (await client.get(url)).json()["version"]
    assert (await client.patch(url, json={"version": version, "hear_by": "portal"})).status_code == 200
    cal = await refer(client, "Cal", HERS, npi=npi(7))
    await office.enter()
    (found,) = (await office.browser.get(f"{OWN}/letters")).json()["items"]
    assert (found["title"], found["patient"], found["lead_id"]) == ("We have your referral", "Cal Sample", cal["id"])
    document = await office.browser.get(f"{OWN}/letters/{found['id']}/document")
    assert (document.headers["content-type"], document.content[:5]) == ("application/pdf", b"%PDF-")
    moments = (await client.get(f"{url}/timeline")).json()["items"]
    assert ("letter", "not sent") in [(moment["kind"], moment["detail"]) for moment in moments]


async def plan_for(
    client: httpx.AsyncClient, context: ProcessContext, practice: SamplePractice, lead_id: str
) -> dict[str, Any]:
    """An episode of this lead with a plan of care that is ready to be signed."""
    async with context.database.transaction(practice.id) as session:
        episode = await care.open_episode(session, UUID(lead_id), clock.now().date() - timedelta(days=2))
        assert episode is not None
    body = {
        "frequency_per_week": 2, "duration_weeks": 6, "goals": ["Reach a shelf"], "diagnoses": ["Shoulder pain"],
        "ready": True,
    }  # fmt: skip
    answer = await client.post(f"/api/v1/episodes/{episode.id}/plans", json=body)
    assert answer.status_code < 300, answer.text
    return dict(answer.json()["plans"][0])


async def test_a_plan_of_care_is_signed(
    client: httpx.AsyncClient, office: Office, context: ProcessContext, practice: SamplePractice, admin: Any
) -> None:
    plan = await plan_for(client, context, practice, office.lead_id)
    await office.enter()
    (shown,) = (await office.browser.get(f"{OWN}/plans")).json()["items"]
    assert (shown["id"], shown["patient"], shown["goals"], shown["signed_on"]) == (
        plan["id"], "Ida Sample", ["Reach a shelf"], None,
    )  # fmt: skip
    today = str(clock.now().date() - timedelta(days=1))
    body = {"version": shown["version"], "typed_name": "Emily Jimenez, DO", "signed_on": today, "confirm": True}
    url = f"{OWN}/plans/{plan['id']}/sign"
    assert (await office.browser.post(url, json=body | {"confirm": False})).status_code == 422
    assert (await office.browser.post(url, json=body | {"signed_on": "2020-01-01"})).status_code == 422
    assert (await office.browser.post(url, json=body | {"version": 99})).status_code == 409
    signed = await office.browser.post(url, json=body)
    assert (signed.status_code, signed.json()["signed_by"]) == (200, "Emily Jimenez, DO"), signed.text
    assert (await office.browser.post(url, json=body)).status_code == 409
    row = await admin.fetchrow("SELECT signed_on, sent_how FROM plans_of_care")
    assert (str(row["signed_on"]), row["sent_how"]) == (today, "portal")
    kinds = [item["kind"] for item in (await client.get(f"/api/v1/leads/{office.lead_id}/timeline")).json()["items"]]
    assert "plan_signed_online" in kinds


async def test_a_message_becomes_a_task_on_the_lead(client: httpx.AsyncClient, office: Office) -> None:
    await office.enter()
    body, headers = {"lead_id": office.lead_id, "text": "Please hold strengthening."}, {"Idempotency-Key": "once"}
    for _ in range(2):
        assert (await office.browser.post(f"{OWN}/messages", json=body, headers=headers)).status_code == 201
    assert (await office.browser.post(f"{OWN}/messages", json={"text": "Call us"})).status_code == 201
    tasks = [task for task in (await client.get("/api/v1/tasks")).json()["items"] if task["kind"] == "answer_referrer"]
    assert {(task["lead_id"], task["referrer_id"]) for task in tasks} == {
        (office.lead_id, None), (None, office.referrer_id),
    }  # fmt: skip
    (wrote,) = [item for item in (await client.get(f"/api/v1/leads/{office.lead_id}/timeline")).json()["items"]
                if item["kind"] == "referrer_wrote"]  # fmt: skip
    assert (wrote["detail"], wrote["actor"]) == ("Please hold strengthening.", HERS)
    moments = (await client.get(f"/api/v1/referrers/{office.referrer_id}/timeline")).json()["items"]
    assert [moment["kind"] for moment in moments].count("message") == 2
    assert len((await office.browser.get(f"{OWN}/messages")).json()["items"]) == 2


async def test_an_uploaded_referral_becomes_their_lead(
    client: httpx.AsyncClient, office: Office, context: ProcessContext, admin: "asyncpg.Connection"
) -> None:
    await office.enter()
    headers = {"Content-Type": "application/pdf", "Idempotency-Key": "one"}
    assert (await office.browser.post(f"{OWN}/referrals", content=b"not a file")).status_code == 422
    paper = papers.pdf()
    sent = await office.browser.post(f"{OWN}/referrals", content=paper, headers=headers)
    again = await office.browser.post(f"{OWN}/referrals", content=paper, headers=headers)
    assert again.status_code == 201, again.text
    assert (sent.status_code, again.json()["id"]) == (201, sent.json()["id"])
    await work(context, admin)
    fax = (await client.get(f"/api/v1/faxes/{sent.json()['id']}")).json()
    assert (fax["status"], fax["channel"]) == ("filed", "upload")
    lead = (await client.get(f"/api/v1/leads/{fax['segments'][0]['lead_id']}")).json()
    assert referrer_of(lead) == office.referrer_id, "the paper names an office; who sent it is known"
    assert [item["state"] for item in (await office.browser.get(f"{OWN}/referrals")).json()["items"]] == ["filed"]
    assert (await client.get(f"/api/v1/referrers/{office.referrer_id}")).json()["referrals_90"] == 2


async def test_an_order_of_somebody_else_waits_for_a_person(
    client: httpx.AsyncClient, office: Office, context: ProcessContext, admin: "asyncpg.Connection",
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    line = f"Ordering provider: Rowan Ortho, MD   NPI: {npi(8)}"
    monkeypatch.setattr(papers, "LINES", (*papers.LINES[:4], line, papers.LINES[4]))
    await office.enter()
    sent = await office.browser.post(f"{OWN}/referrals", content=papers.pdf())
    await work(context, admin)
    fax = (await client.get(f"/api/v1/faxes/{sent.json()['id']}")).json()
    assert (fax["status"], fax["segments"][0]["hold_reasons"]) == ("needs_review", ["another_referrer"])
    states = [item["state"] for item in (await office.browser.get(f"{OWN}/referrals")).json()["items"]]
    assert states == ["with_a_person"]
    confirmed = await client.post(
        f"/api/v1/faxes/{fax['id']}/confirm", json={"version": fax["version"], "segments": []}
    )
    assert confirmed.status_code == 200, confirmed.text
    lead = (await client.get(f"/api/v1/leads/{confirmed.json()['segments'][0]['lead_id']}")).json()
    assert lead["orders"][0]["referrer"]["npi"] == npi(8)
