"""Texting end to end over real sockets: the twilio library, the emulated carrier, signed callbacks, the gate."""

import asyncio
import socket
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import asyncpg
import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from sqlalchemy import select

from backend.api.app import serve_with
from backend.core import clock
from backend.core.context import ProcessContext
from backend.identity.queries import practice_key
from backend.leads import service as leads
from backend.leads.service import NewLead
from backend.messaging import lines, receiving
from backend.messaging.models import PhoneLine
from backend.patients import service as patients
from backend.patients.schemas import PatientFacts
from backend.sandbox.app import Sandbox, create_sandbox
from backend.wiring.handlers import job_handlers
from backend.worker.runner import JobRunner
from tests.conftest import SamplePractice, beside
from tests.desk_hours import until_desk_hours

PHONE = "+12175550142"
NO_CAPS = """INSERT INTO messaging_policies (practice_id, first_text, opens, closes, sundays, per_day, per_week)
VALUES ($1, 'consent_first', '08:00', '21:00', false, 20, 50)"""


class World:
    """The product and the carrier on a port of this machine, and a worker to be called by hand."""

    def __init__(
        self, context: ProcessContext, sandbox: Sandbox, admin: "asyncpg.Connection", practice: SamplePractice
    ) -> None:
        self.context, self.sandbox, self.admin, self.practice = context, sandbox, admin, practice
        self._runner = JobRunner(context.database, job_handlers(context, {}), lease_seconds=30, attempts=4)
        self.http = httpx.AsyncClient(base_url=context.settings.base_url)

    async def work(self, rounds: int = 4) -> None:
        """Run what is due, letting callbacks arrive in between."""
        for _ in range(rounds):
            await self.admin.execute("UPDATE jobs SET rung_at = NULL WHERE state = 'queued'")
            await self._runner.run_due("default")
            await self.sandbox.twilio.quiet()

    async def open_lead(self, source: str) -> None:
        """A patient with a phone, and their lead."""
        async with self.context.database.transaction(self.practice.id) as session:
            facts = PatientFacts(first_name="Ada", last_name="Sample", phone=PHONE)
            patient = await patients.create(session, facts)
            await leads.open_lead(session, NewLead(patient.id, source))

    async def write(self, body: str) -> None:
        """The patient writes, and the product takes it in."""
        await self.http.post("/sandbox/sms", json={"from": PHONE, "body": body})
        await self.sandbox.twilio.quiet()
        await self.work()

    def sent(self) -> list[str]:
        """What the patient's phone shows of us."""
        return [text.body for text in self.sandbox.twilio.texts.values() if text.direction != "inbound"]

    async def statuses(self) -> list[tuple[str, str | None]]:
        """(status, reason) of our texts."""
        rows = await self.admin.fetch("SELECT status, reason FROM messages WHERE direction = 'out' ORDER BY created_at")
        return [(row["status"], row["reason"]) for row in rows]


@pytest.fixture
async def world(
    app: FastAPI, context: ProcessContext, practice: SamplePractice, admin: "asyncpg.Connection", tmp_path: Path
) -> AsyncIterator[World]:
    """Product and carrier, joined by a socket, at an hour when texts are lawful."""
    clock.shift_by(until_desk_hours())
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = context.settings.model_copy(update={"port": port, "sandbox": True})
    base = settings.base_url
    ours = ProcessContext(
        settings, context.database, context.redis, context.keyring, context.documents, context.inbox, context.clock
    )
    sandbox = Sandbox(tmp_path / "sandbox", base, settings.sandbox_url, time_scale=0.00001)
    both = beside(app, create_sandbox(sandbox))
    serve_with(app, ours, {})
    server = uvicorn.Server(uvicorn.Config(both, port=port, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve())
    async with context.database.transaction(practice.id) as session:
        account = sandbox.twilio.account
        await lines.add_line(
            session, await practice_key(session, context), account_key=account.account_key, number=account.number,
            secrets=account.credentials,
        )  # fmt: skip
    await admin.execute(NO_CAPS, practice.id)
    while not server.started:
        await asyncio.sleep(0.02)
    made = World(ours, sandbox, admin, practice)
    yield made
    await made.http.aclose()
    server.should_exit = True
    await serving
    clock.shift_by(timedelta(0))


async def test_a_faxed_patient_is_asked_first_then_texted_then_left_alone(world: World) -> None:
    await world.open_lead("fax")
    await world.work()
    assert len(world.sent()) == 1
    assert "May we text you" in world.sent()[0]
    assert await world.admin.fetchval("SELECT stage FROM leads") == "contacted"
    await world.write("YES")
    assert len(world.sent()) == 2
    assert "suit you" in world.sent()[1]
    await world.write("Tues after 3 or Thurs morning")
    understood = await world.admin.fetchval("SELECT understood ->> 'kind' FROM messages WHERE body LIKE 'Tues%'")
    assert understood == "availability"
    assert await world.admin.fetchval("SELECT next_kind FROM leads") == "reply"
    await world.write("STOP")
    assert len(world.sent()) == 2, "the carrier has answered STOP itself"
    assert await world.admin.fetchval("SELECT status FROM consents ORDER BY at DESC, id DESC LIMIT 1") == "revoked"
    assert await world.admin.fetchval("SELECT next_kind FROM leads") == "call_back", "they wait still, but for a call"


async def test_who_gave_us_the_number_is_texted_at_once(world: World) -> None:
    await world.open_lead("web_form")
    await world.work()
    assert len(world.sent()) == 1
    assert "schedule your first visit" in world.sent()[0]
    assert await world.statuses() == [("delivered", None)]


async def test_stop_beats_what_is_queued(world: World) -> None:
    await world.open_lead("web_form")
    await world.work(1)
    assert await world.statuses() == [("queued", None)]
    await world.http.post("/sandbox/sms", json={"from": PHONE, "body": "please stop texting me"})
    await world.sandbox.twilio.quiet()
    await world.admin.execute("UPDATE jobs SET run_at = now() + interval '1 h' WHERE kind = 'messages.send'")
    await world.work(1)
    await world.admin.execute("UPDATE jobs SET run_at = now() WHERE kind = 'messages.send'")
    await world.work()
    assert await world.statuses() == [("canceled", "opted_out"), ("delivered", None)]
    assert len(world.sent()) == 1, "only the confirmation"
    assert "no more texts" in world.sent()[0]


async def test_a_stop_that_nobody_has_read_yet_beats_what_is_due(world: World) -> None:
    await world.open_lead("web_form")
    await world.work(1)
    await world.http.post("/sandbox/sms", json={"from": PHONE, "body": "Stop texting me please"})
    await world.http.post("/sandbox/sms", json={"from": "+12175550199", "body": "Hello"})
    await world.sandbox.twilio.quiet()
    await world.admin.execute("UPDATE jobs SET run_at = now() + interval '1 h' WHERE kind = 'messages.receive'")
    await world.work(1)
    assert (await world.statuses())[0][0] == "held"
    assert world.sent() == []
    await world.admin.execute("UPDATE jobs SET run_at = now() WHERE state = 'queued'")
    await world.work()
    assert [text for text in world.sent() if "first visit" in text] == []


@pytest.mark.parametrize("after", ["Is Monday possible?", "no", "Tues after 3", "ok thanks", "great", "k"])
async def test_only_start_undoes_a_stop(world: World, after: str) -> None:
    await world.open_lead("web_form")
    await world.work()
    await world.write("STOP")
    await world.write(after)
    newest = "SELECT status FROM consents ORDER BY at DESC, id DESC LIMIT 1"
    assert await world.admin.fetchval(newest) == "revoked"
    assert len(world.sent()) == 1
    await world.write("START")
    assert await world.admin.fetchval(newest) == "granted"


async def test_one_stop_gets_one_confirmation(world: World) -> None:
    await world.open_lead("web_form")
    await world.work()
    await world.write("please stop texting me")
    await world.write("I said stop texting me!")
    assert len([text for text in world.sent() if "no more texts" in text]) == 1


async def test_a_no_to_the_question_is_no_consent(world: World) -> None:
    await world.open_lead("fax")
    await world.work()
    await world.write("no")
    assert await world.admin.fetchval("SELECT count(*) FROM consents WHERE status = 'granted'") == 0
    assert len(world.sent()) == 1


async def test_fifty_identical_callbacks_are_one_text(world: World) -> None:
    carrier = world.sandbox.twilio
    text = carrier.bring(PHONE, "Is Monday possible?")
    said = {"MessageSid": text.sid, "From": PHONE, "To": text.to, "Body": text.body, "NumMedia": "0", "FromCity": ""}
    path = lines.sms_path(carrier.account.account_key)
    await asyncio.gather(*(carrier._call(path, said) for _ in range(50)))
    await world.work()
    assert await world.admin.fetchval("SELECT count(*) FROM messages") == 1
    assert await world.admin.fetchval("SELECT count(*) FROM webhook_deliveries") == 1


async def test_a_forged_text_leaves_only_a_security_event(world: World) -> None:
    path = lines.sms_path(world.sandbox.twilio.account.account_key)
    said = {"MessageSid": "SM1", "From": PHONE, "To": "+12175550110", "Body": "hello"}
    for headers in ({}, {"X-Twilio-Signature": "AAAA"}):
        assert (await world.http.post(path, data=said, headers=headers)).status_code == 403
    assert await world.admin.fetchval("SELECT count(*) FROM webhook_deliveries") == 0
    assert await world.admin.fetchval("SELECT count(*) FROM security_events") == 2


async def test_a_crash_between_call_and_record_never_texts_twice(world: World) -> None:
    await world.open_lead("web_form")
    await world.work()
    assert len(world.sent()) == 1
    await world.admin.execute(
        "UPDATE messages SET status = 'sending', external_id = NULL, sent_at = now() - interval '1 minute'"
    )
    await world.admin.execute("UPDATE jobs SET state = 'queued', run_at = now() WHERE kind = 'messages.send'")
    await world.work()
    assert len(world.sent()) == 1
    assert (await world.statuses())[0][0] in {"sending", "delivered"}
    assert await world.admin.fetchval("SELECT external_id IS NOT NULL FROM messages") is True


async def test_who_wrote_hours_ago_is_not_texted_at_night(world: World) -> None:
    """The callback was lost; we hear of the YES at two in the morning, from the carrier's list."""
    await world.open_lead("fax")
    await world.work()
    assert len(world.sent()) == 1
    await fault(world, "inbound_lost")
    await world.http.post("/sandbox/sms", json={"from": PHONE, "body": "YES"})
    async with world.context.database.transaction(world.practice.id) as session:
        line = (await session.scalars(select(PhoneLine))).one()
        await receiving.plan_reconcile(session, world.context, line)
    clock.shift_by(until_desk_hours() + timedelta(hours=14))
    await world.admin.execute("UPDATE jobs SET run_at = now() WHERE kind = 'messages.reconcile'")
    await world.work()
    assert await world.admin.fetchval("SELECT count(*) FROM messages WHERE direction = 'in'") == 1
    assert len(world.sent()) == 1
    assert ("held", "quiet_hours") in await world.statuses()


async def test_a_carrier_that_is_away_loses_no_text(world: World) -> None:
    """Far longer than the attempts of a job: nothing was sent, so the text waits, and then goes out once."""
    await world.open_lead("web_form")
    await fault(world, "api_429", count=12)
    await world.work(1)
    for _ in range(12):
        await world.admin.execute("UPDATE jobs SET run_at = now() WHERE kind = 'messages.send' AND state = 'queued'")
        await world.work(1)
    assert (await world.statuses())[0][0] == "held"
    await world.admin.execute("UPDATE jobs SET run_at = now() WHERE kind = 'messages.send' AND state = 'queued'")
    await world.work()
    assert await world.statuses() == [("delivered", None)]
    assert len(world.sent()) == 1
    assert await world.admin.fetchval("SELECT count(*) FROM jobs WHERE state = 'dead'") == 0


async def test_a_text_from_somebody_new_is_a_lead_with_a_next_step(world: World) -> None:
    await world.http.post("/sandbox/sms", json={"from": PHONE, "body": "Do you take new patients?"})
    await world.sandbox.twilio.quiet()
    await world.work()
    row = await world.admin.fetchrow("SELECT source, next_kind, stage FROM leads")
    assert tuple(row) == ("text", "reply", "contacted")
    await world.write("Hello? Anybody there?")
    assert await world.admin.fetchval("SELECT count(*) FROM leads") == 1


async def test_a_stranger_at_the_number_is_no_contact(world: World) -> None:
    await world.open_lead("fax")
    await world.work()
    await world.write("wrong number")
    assert await world.admin.fetchval("SELECT first_contact_at FROM leads") is None


async def test_a_stranger_who_goes_on_writing_is_not_the_patient(world: World) -> None:
    await world.open_lead("fax")
    await world.work()
    await world.write("wrong number")
    await world.write("Do you also treat backs?")
    await world.write("Hello?")
    rows = await world.admin.fetch(
        "SELECT source, next_kind, first_contact_at IS NULL AS untouched FROM leads ORDER BY opened_at"
    )
    assert [(row["source"], row["next_kind"], row["untouched"]) for row in rows] == [
        ("fax", "find_number", True),
        ("text", "reply", False),
    ]


async def fault(world: World, name: str, count: int = 1) -> None:
    answer = await world.http.post("/sandbox/faults", json={"provider": "twilio", "fault": name, "count": count})
    assert answer.is_success
