"""Asking payers over real sockets: the adapter, the emulated clearinghouse, the job between them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
import uvicorn

from backend.api.app import create_app, serve_with
from backend.core.context import ProcessContext
from backend.core.crypto import open_sealed
from backend.identity.queries import practice_key
from backend.insurance import asking, clearinghouse, eligibility
from backend.insurance.settings_schemas import ClearinghouseIn
from backend.integrations.eligibility_x12 import X12Eligibility
from backend.sandbox.app import Sandbox, create_sandbox
from backend.sandbox.clearinghouse import app as emulated
from backend.wiring.handlers import job_handlers
from backend.worker.runner import JobRunner
from tests.conftest import PASSWORD, SamplePractice, make_practice
from tests.ports import free_port

PAYER = {"name": "Lakeside Mutual", "clearinghouse_id": "LKSD1", "in_network": True}


class World:
    """The product with the emulated clearinghouse, a signed-in desk, and a worker to be called by hand."""

    def __init__(
        self, context: ProcessContext, sandbox: Sandbox, admin: "asyncpg.Connection", http: httpx.AsyncClient,
        practice: SamplePractice,
    ) -> None:  # fmt: skip
        self.context, self.sandbox, self.admin, self.http, self.practice = context, sandbox, admin, http, practice
        house = X12Eligibility(
            f"{context.settings.sandbox_url}/providers/clearinghouse/core", test=True,
            timeout=httpx.Timeout(1.0, connect=1.0),
        )  # fmt: skip
        handlers = job_handlers(context, {}) | {eligibility.ASK: partial(asking.ask, context, house)}
        self.runner = JobRunner(context.database, handlers, lease_seconds=30, attempts=8)

    async def lead(self, member_id: str, **facts: Any) -> str:
        """A patient with an insurance; returns the lead."""
        patient = {"first_name": "Ada", "last_name": "Sample", "dob": "1961-04-09"}
        answer = await self.http.post("/api/v1/leads", json={"source": "phone", "patient": patient, "separate": True})
        assert answer.status_code == 201, answer.text
        lead = str(answer.json()["id"])
        body = {"rank": "primary", "payer_name": "Lakeside Mutual", "member_id": member_id, "replaces": True, **facts}
        made = await self.http.post(f"/api/v1/leads/{lead}/coverages", json=body)
        assert made.status_code == 201, made.text
        return lead

    async def ask(self, lead: str) -> httpx.Response:
        coverage = (await self.panel(lead))["coverages"][0]["id"]
        return await self.http.post(f"/api/v1/leads/{lead}/coverages/{coverage}/eligibility-checks")

    async def work(self) -> None:
        """Run what is due, and what waits to be tried again."""
        for _ in range(4):
            await self.admin.execute("UPDATE jobs SET rung_at = NULL, run_at = now() WHERE kind = 'insurance.ask'")
            await self.runner.run_due("default")

    async def panel(self, lead: str) -> dict[str, Any]:
        answer = await self.http.get(f"/api/v1/leads/{lead}/insurance")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def checked(self, member_id: str, **facts: Any) -> tuple[str, dict[str, Any]]:
        """The lead and its coverage once the payer was asked."""
        lead = await self.lead(member_id, **facts)
        answer = await self.ask(lead)
        assert answer.status_code == 202, answer.text
        assert answer.json()["coverages"][0]["check"]["state"] == "asking"
        await self.work()
        return lead, (await self.panel(lead))["coverages"][0]

    async def verify(self, lead: str, coverage: dict[str, Any], **facts: Any) -> httpx.Response:
        check = coverage["check"]
        body = {
            "coverage_id": coverage["id"], "version": coverage["verification"]["version"], "state": "verified",
            "answers": {key: found["value"] for key, found in check["suggestions"].items()}, "check_id": check["id"],
            **facts,
        }  # fmt: skip
        return await self.http.put(f"/api/v1/leads/{lead}/verification", json=body)


async def _connect(context: ProcessContext, practice: SamplePractice, sandbox: Sandbox, **facts: Any) -> None:
    login = sandbox.clearinghouse.login
    body = {
        "version": 0, "sender_id": login.sender_id, "receiver_id": login.receiver_id, "organization": "Northside PT",
        "npi": "1234567893", "username": login.username, "password": login.password, **facts,
    }  # fmt: skip
    async with context.database.transaction(practice.id) as session:
        key = await practice_key(session, context)
        await clearinghouse.change(session, key, ClearinghouseIn.model_validate(body))


@pytest.fixture
async def world(
    context: ProcessContext, practice: SamplePractice, admin: "asyncpg.Connection", tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[World]:  # fmt: skip
    """Product and clearinghouse, joined by a socket."""
    monkeypatch.setattr(emulated, "SLOW_SECONDS", 0.2)
    monkeypatch.setattr(emulated, "TOO_LONG_SECONDS", 1.5)
    settings = context.settings.model_copy(update={"port": free_port(), "sandbox": True})
    ours = ProcessContext(
        settings, context.database, context.redis, context.keyring, context.documents, context.inbox, context.clock
    )
    sandbox = Sandbox(tmp_path / "sandbox", settings.base_url, settings.sandbox_url, time_scale=0.00001)
    app = create_app()
    app.mount("/sandbox", create_sandbox(sandbox))
    serve_with(app, ours, {})
    server = uvicorn.Server(uvicorn.Config(app, port=settings.port, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve())
    await _connect(ours, practice, sandbox)
    while not server.started:
        await asyncio.sleep(0.02)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="https://test.example.org") as http:
        signed = await http.post("/api/v1/session", json={"email": practice.email, "password": PASSWORD})
        http.headers["X-CSRF-Token"] = signed.json()["csrf_token"]
        assert (await http.post("/api/v1/payers", json=PAYER)).status_code == 201
        yield World(ours, sandbox, admin, http, practice)
    server.should_exit = True
    await serving


async def test_an_answer_is_a_suggestion_that_a_person_confirms(world: World) -> None:
    lead, coverage = await world.checked("AUTH1")
    check = coverage["check"]
    assert (check["state"], check["sandbox"], check["plan_name"]) == ("answered", True, "SANDBOX PPO 500")
    suggested = {key: found["value"] for key, found in check["suggestions"].items()}
    assert suggested["active_coverage"] == suggested["pt_benefit"] == suggested["authorization_required"] == "yes"
    assert suggested["visit_limit"] == "30" and suggested["copay"].endswith(".00")
    assert coverage["verification"]["state"] == "in_progress", "nobody has confirmed it"
    assert coverage["verified_at"] is None
    answer = await world.verify(lead, coverage, told_by="Clearinghouse (sandbox)", reference=check["reference"])
    assert answer.status_code == 200, answer.text
    verification = answer.json()["coverages"][0]["verification"]
    assert verification["answers"]["copay"]["source"] == "clearinghouse"
    told, answered = (datetime.fromisoformat(moment) for moment in (verification["told_at"], check["answered_at"]))
    assert (verification["state"], told) == ("verified", answered)
    assert [row["state"] for row in answer.json()["authorizations"]] == ["needed"]


async def test_a_changed_answer_is_the_persons_own(world: World) -> None:
    lead, coverage = await world.checked("ACTIVE1")
    answers = {key: found["value"] for key, found in coverage["check"]["suggestions"].items()} | {"copay": "99"}
    answer = await world.verify(lead, coverage, answers=answers)
    kept = answer.json()["coverages"][0]["verification"]["answers"]
    assert kept["copay"] == {"value": "99.00", "source": "person"}


@pytest.mark.parametrize("member_id", ["WRONGDOB1", "TWIN1"])
async def test_an_answer_about_another_person_is_a_problem_and_no_proof(world: World, member_id: str) -> None:
    lead, coverage = await world.checked(member_id)
    check = coverage["check"]
    assert (check["state"], check["code"]) == ("mismatch", "another_person")
    assert check["mismatches"] and check["suggestions"] == {} and check["benefits"] == []
    assert coverage["verification"]["state"] == "problem"
    answers = {"active_coverage": "yes", "in_network": "yes", "pt_benefit": "yes", "authorization_required": "no"}
    refused = await world.verify(lead, coverage, answers=answers)
    assert refused.status_code == 409
    by_phone = await world.verify(lead, coverage, answers=answers, check_id=None, told_by="Kim")
    assert by_phone.status_code == 200


async def test_a_twin_who_is_the_dependent_is_noticed(world: World) -> None:
    facts = {"relationship": "spouse", "subscriber_first_name": "Max", "subscriber_last_name": "Sample"}
    _, right = await world.checked("ACTIVE1", **facts)
    assert right["check"]["state"] == "answered"
    _, wrong = await world.checked("TWIN1", **facts)
    assert wrong["check"]["state"] == "mismatch"


async def test_the_answer_to_another_question_is_not_taken(world: World) -> None:
    _, coverage = await world.checked("OTHER1")
    assert (coverage["check"]["state"], coverage["check"]["code"]) == ("failed", "another_answer")
    assert coverage["verification"]["state"] == "not_started"


@pytest.mark.parametrize(
    ("member_id", "state", "code", "asked"),
    [
        ("NOTFOUND1", "rejected", "AAA75", 1),
        ("DOWN1", "rejected", "AAA42", 3),
        ("BUSY1", "answered", None, 2),
        ("GARBLED1", "failed", "unreadable", 1),
        ("CUT1", "failed", "unreadable", 1),
        ("SLOW1", "answered", None, 1),
        ("TIMEOUT1", "failed", "unreachable", 3),
        ("FAULT1", "failed", "unreachable", 3),
    ],
)
async def test_trouble_is_told_and_never_verified(
    world: World, member_id: str, state: str, code: str | None, asked: int
) -> None:
    _, coverage = await world.checked(member_id)
    check = coverage["check"]
    assert (check["state"], check["code"]) == (state, code)
    assert bool(check["message"]) == (state != "answered")
    assert coverage["verification"]["state"] == ("in_progress" if state == "answered" else "not_started")
    assert sum(world.sandbox.clearinghouse.asked.values()) == asked
    assert len(world.sandbox.clearinghouse.asked) == 1, "asked again under the same trace"


async def test_what_answers_suggest(world: World) -> None:
    known = {"active_coverage": "yes", "in_network": "yes"}
    share = {"coinsurance": "20", "pt_benefit": "yes", "authorization_required": "no"}
    expected = {
        "INACTIVE1": known | {"active_coverage": "no"},
        "NOPT1": known | {"pt_benefit": "no"},
        "OUTNET1": known | {"in_network": "no"},
        "MEDICARE1": known | share | {"deductible_remaining": "0.00"},
        "COINS1": known | share | {"deductible_remaining": "412.50"},
    }
    for member_id, suggestions in expected.items():
        _, coverage = await world.checked(member_id)
        found = {key: one["value"] for key, one in coverage["check"]["suggestions"].items()}
        assert found == suggestions, member_id


async def test_the_raw_answer_is_kept_sealed(world: World) -> None:
    await world.checked("ACTIVE1")
    row = await world.admin.fetchrow("SELECT id, sealed_raw FROM eligibility_checks")
    assert b"ISA*" not in row["sealed_raw"]
    async with world.context.database.transaction(world.practice.id) as session:
        key = await practice_key(session, world.context)
    raw = open_sealed(key, row["sealed_raw"], f"eligibility_check:{row['id']}")
    assert raw.startswith(b"ISA*") and b"ST*271*" in raw


async def test_a_question_under_way_is_not_put_twice(world: World) -> None:
    lead = await world.lead("ACTIVE1")
    first, second = await asyncio.gather(world.ask(lead), world.ask(lead))
    assert (first.status_code, second.status_code) == (202, 202)
    assert await world.admin.fetchval("SELECT count(*) FROM eligibility_checks") == 1
    await world.work()
    assert sum(world.sandbox.clearinghouse.asked.values()) == 1


async def test_a_job_that_runs_twice_keeps_one_answer(world: World) -> None:
    _, coverage = await world.checked("ACTIVE1")
    await world.admin.execute("UPDATE jobs SET state = 'queued', attempt = 0 WHERE kind = 'insurance.ask'")
    await world.work()
    again = await world.admin.fetchrow("SELECT count(*) AS rows, max(version) AS version FROM eligibility_checks")
    assert (again["rows"], again["version"]) == (1, 2)
    assert sum(world.sandbox.clearinghouse.asked.values()) == 1
    assert coverage["verification"]["version"] == 1


async def test_an_answer_about_what_was_changed_since_verifies_nothing(world: World) -> None:
    lead, coverage = await world.checked("ACTIVE1")
    path = f"/api/v1/leads/{lead}/coverages/{coverage['id']}"
    changed = await world.http.patch(path, json={"version": coverage["version"], "member_id": "ACTIVE2"})
    now = changed.json()["coverages"][0]
    assert now["check"]["stale"] is True
    assert (await world.verify(lead, now)).status_code == 409


async def test_what_is_missing_is_said_before_anybody_is_asked(world: World) -> None:
    lead = await world.lead("ACTIVE1")
    coverage = (await world.panel(lead))["coverages"][0]
    path = f"/api/v1/leads/{lead}/coverages/{coverage['id']}"
    await world.http.patch(path, json={"version": 1, "payer_name": "Nobody Knows It", "member_id": None})
    answer = await world.ask(lead)
    assert answer.status_code == 422
    assert {error["pointer"] for error in answer.json()["errors"]} == {"/payer_name", "/member_id"}
    assert await world.admin.fetchval("SELECT count(*) FROM eligibility_checks") == 0


async def test_wrong_credentials_are_the_managers_business(world: World) -> None:
    await _connect(world.context, world.practice, world.sandbox, version=1, password="old")
    _, coverage = await world.checked("ACTIVE1")
    assert (coverage["check"]["state"], coverage["check"]["code"]) == ("failed", "not_accepted")
    assert "Settings" in coverage["check"]["message"]


async def test_a_practice_without_an_account_cannot_ask(world: World) -> None:
    other = await make_practice(world.context, "lakeview")
    signed = await world.http.post("/api/v1/session", json={"email": other.email, "password": PASSWORD})
    world.http.headers["X-CSRF-Token"] = signed.json()["csrf_token"]
    lead = await world.lead("ACTIVE1")
    assert (await world.panel(lead))["clearinghouse"] == {"connected": False, "sandbox": True}
    assert (await world.ask(lead)).status_code == 409


async def test_the_password_is_never_shown_and_stays(world: World) -> None:
    shown = await world.http.get("/api/v1/settings/clearinghouse")
    login = world.sandbox.clearinghouse.login
    assert login.password not in shown.text and shown.json()["username"] == login.username
    body = {name: shown.json()[name] for name in ("version", "sender_id", "receiver_id", "organization", "npi")}
    saved = await world.http.put("/api/v1/settings/clearinghouse", json=body | {"username": login.username})
    assert saved.status_code == 200, saved.text
    _, coverage = await world.checked("ACTIVE1")
    assert coverage["check"]["state"] == "answered"


async def test_a_period_that_ends_reopens_the_checklist(world: World) -> None:
    lead, coverage = await world.checked("ACTIVE1")
    assert (await world.verify(lead, coverage)).status_code == 200
    await world.admin.execute("UPDATE verifications SET valid_until = $1", date(2020, 1, 31))
    found = (await world.panel(lead))["coverages"][0]["verification"]
    assert (found["state"], found["reason"]) == ("not_started", "new_period"), "seen before any timer fires"
    await world.admin.execute("UPDATE jobs SET run_at = now(), rung_at = NULL WHERE kind = 'insurance.period'")
    await world.runner.run_due("default")
    rows = await world.admin.fetch("SELECT state, reason, current FROM verifications ORDER BY version")
    assert [tuple(row) for row in rows] == [("verified", None, False), ("not_started", "new_period", True)]
    found = (await world.panel(lead))["coverages"][0]["verification"]
    assert found["previous"]["answers"]["active_coverage"]["value"] == "yes"
    again = await world.verify(lead, (await world.panel(lead))["coverages"][0])
    assert again.status_code == 200, again.text
