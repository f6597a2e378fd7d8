"""`frontdesk doctor` names what breaks a promise, whoever broke it behind the application's back; else it is silent."""

import argparse
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from backend.cli import operating
from backend.core import clock
from backend.core.context import ProcessContext
from backend.core.ids import new_id
from backend.followup.sequences import service as sequences
from backend.identity.queries import practice_key
from backend.leads import evaluations
from backend.leads import service as leads
from backend.messaging import lines
from backend.operations import doctor
from tests.conftest import SamplePractice
from tests.integration.desk_clock import CHICAGO, Desk

PHONE = "+12175550142"
SECRETS = {"account_sid": "AC" + "0" * 32, "auth_token": "t" * 32}
NOON = datetime.now(CHICAGO).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)


class Ward:
    """A healthy practice and somebody with a superuser's hands."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.admin, self.practice = desk, desk.admin, desk.practice
        self.lead = self.line = self.conversation = new_id()

    async def prepare(self) -> "Ward":
        """One lead that was called, with its conversation."""
        desk = self.desk
        desk.at = datetime.now(CHICAGO)
        self.lead = await desk.lead()
        await desk.acts(leads.log_call, self.lead, "no_answer", None)
        async with desk.context.database.transaction(self.practice.id) as session:
            key = await practice_key(session, desk.context)
            line = await lines.add_line(session, key, account_key="k" * 32, number="+13125550100", secrets=SECRETS)
            self.line = line.id
        await self.insert(
            "conversations", line_id=self.line, phone=PHONE, id=self.conversation,
            location_id=self.practice.location_id,
        )  # fmt: skip
        return self

    async def insert(self, table: str, **values: Any) -> None:
        """A row, whatever constraints and triggers say."""
        row = {"practice_id": self.practice.id, "id": new_id(), **values}
        names, marks = ", ".join(row), ", ".join(f"${n}" for n in range(1, len(row) + 1))
        await self.force(f"INSERT INTO {table} ({names}) VALUES ({marks})", *row.values())

    async def force(self, sql: str, *values: Any) -> None:
        """Past triggers and foreign keys."""
        async with self.admin.transaction():
            await self.admin.execute("SET LOCAL session_replication_role = replica")
            await self.admin.execute(sql, *values)

    async def consent(self, status: str, at: datetime, message_id: UUID | None = None, scope: str = "all") -> None:
        await self.insert(
            "consents", phone=PHONE, status=status, method="sms", captured_by="x", at=at, message_id=message_id,
            scope=scope,
        )  # fmt: skip

    async def text(self, at: datetime | None, direction: str = "out", status: str = "delivered", **more: Any) -> UUID:
        message = new_id()
        await self.insert(
            "messages", id=message, conversation_id=self.conversation, direction=direction, body="Hello", status=status,
            author="x", created_at=at or NOON, sent_at=at if direction == "out" else None, **more,
        )  # fmt: skip
        return message

    async def broken(self) -> dict[str, doctor.Finding]:
        """What is broken, by title."""
        found = await doctor.examine(self.desk.context, [self.practice.id])
        return {f"{finding.promise} {finding.title}": finding for finding in found if not finding.ok}

    async def names(self, promise: str, kind: str, one: object, note: str) -> None:
        """Exactly this is named, and nothing else."""
        found = await self.broken()
        assert len(found) == 1, found
        title, finding = next(iter(found.items()))
        assert title.startswith(promise)
        assert (finding.total, finding.violations[0].kind, finding.violations[0].id) == (1, kind, str(one)), finding
        assert note in finding.violations[0].note


@pytest.fixture
async def ward(context: ProcessContext, practice: SamplePractice, admin: "asyncpg.Connection") -> AsyncIterator[Ward]:
    """At the real time: the database's clock is asked too."""
    yield await Ward(Desk(context, practice, admin)).prepare()


async def test_a_healthy_practice_gives_no_violation(ward: Ward, client: httpx.AsyncClient) -> None:
    await client.get(f"/api/v1/leads/{ward.lead}")
    await ward.consent("granted", NOON - timedelta(days=30))
    await ward.text(NOON)
    await ward.text(NOON + timedelta(hours=9, minutes=5), "in", "received")
    await ward.text(NOON + timedelta(hours=9, minutes=20))  # an answer to somebody who is awake
    await ward.text(NOON + timedelta(hours=9, minutes=22), purpose="notice")
    assert await ward.broken() == {}
    found = await doctor.examine(ward.desk.context, [ward.practice.id])
    assert {finding.promise for finding in found} == {f"P{number}" for number in range(1, 9)}


async def test_p1_a_fax_nobody_works_on(ward: Ward) -> None:
    fax = new_id()
    await ward.insert("faxes", id=fax, document_id=new_id(), channel="upload", status="decoded", received_at=NOON)
    await ward.names("P1", "fax", fax, "decoded")


async def test_p1_an_event_nobody_processed(ward: Ward) -> None:
    event = new_id()
    await ward.insert(
        "webhook_deliveries", id=event, provider="twilio", account_key="k", event_id="e", external_id="e", kind="k",
        sealed=b"", state="pending", received_at=datetime.now(UTC) - timedelta(minutes=11),
    )  # fmt: skip
    await ward.names("P1", "event", event, "waits since")


async def test_p1_work_that_gave_up(ward: Ward) -> None:
    job = new_id()
    await ward.insert(
        "jobs", id=job, kind="messages.resolve", ref_id=new_id(), key="k", queue="default", state="dead",
        error_code="Timeout",
    )  # fmt: skip
    await ward.names("P1", "job", job, "messages.resolve gave up: Timeout")


async def test_p2_a_page_that_belongs_nowhere(ward: Ward) -> None:
    fax = new_id()
    await ward.insert(
        "faxes", id=fax, document_id=new_id(), channel="upload", status="filed", received_at=NOON, filed_at=NOON
    )
    await ward.force(
        "INSERT INTO fax_pages (practice_id, fax_id, number, width, height, damage, blank, inverted, rotation, "
        "image_id) VALUES ($1, $2, 3, 1, 1, 0, false, false, 0, $2)",
        ward.practice.id, fax,
    )  # fmt: skip
    await ward.names("P2", "fax", fax, "page 3 belongs nowhere")


@pytest.mark.parametrize(
    ("statement", "note"),
    [
        ("UPDATE leads SET next_label = 'Something else'", "another next step"),
        ("UPDATE leads SET next_due_at = NULL", "another next step"),
        ("DELETE FROM tasks", "no next step"),
    ],
)
async def test_p3_a_lead_without_a_next_step(ward: Ward, statement: str, note: str) -> None:
    await ward.force(statement)
    await ward.names("P3", "lead", ward.lead, note)


async def test_p3_a_lead_without_an_owner_and_a_task_that_is_never_due(ward: Ward) -> None:
    await ward.admin.execute("ALTER TABLE leads DROP CONSTRAINT ck_leads_owner")
    try:
        await ward.force("UPDATE leads SET owner_team_id = NULL")
        await ward.names("P3", "lead", ward.lead, "no owner")
        await ward.force("UPDATE leads SET owner_team_id = (SELECT id FROM teams LIMIT 1)")
    finally:
        await ward.admin.execute(
            "ALTER TABLE leads ADD CONSTRAINT ck_leads_owner CHECK (num_nonnulls(owner_user_id, owner_team_id) = 1)"
        )
    await ward.admin.execute("ALTER TABLE tasks DROP CONSTRAINT ck_tasks_due")
    await ward.force("UPDATE tasks SET due_at = 'infinity' WHERE done_at IS NULL")
    await ward.force("UPDATE leads SET next_due_at = 'infinity'")
    found = await ward.broken()
    await ward.force("UPDATE tasks SET due_at = now()")
    await ward.admin.execute("ALTER TABLE tasks ADD CONSTRAINT ck_tasks_due CHECK (isfinite(due_at))")
    assert [finding.violations[0].note for finding in found.values()] == ["no due time", "no owner or no due time"]


async def test_p3_a_lead_whose_owner_has_left(ward: Ward) -> None:
    mia = await ward.desk.person("Mia", "front_desk")
    await ward.force("UPDATE leads SET owner_user_id = $1, owner_team_id = NULL", mia.id)
    assert await ward.broken() == {}
    await ward.force("UPDATE users SET active = false WHERE id = $1", mia.id)
    await ward.names("P3", "lead", ward.lead, "has left")


async def test_p4_a_text_after_stop(ward: Ward) -> None:
    await ward.consent("granted", NOON - timedelta(days=2))
    await ward.consent("revoked", NOON - timedelta(hours=1))
    await ward.names("P4", "message", await ward.text(NOON), "opted out")


async def test_p4_consent_to_something_else_undoes_no_stop(ward: Ward) -> None:
    await ward.consent("revoked", NOON - timedelta(days=2))
    await ward.consent("granted", NOON - timedelta(days=1), scope="marketing")
    held = await ward.text(None, status="held", reason="no_consent")
    await ward.names("P4", "message", held, "held for a number that opted out")
    await ward.force("DELETE FROM messages WHERE id = $1", held)
    await ward.names("P4", "message", await ward.text(NOON), "opted out")


async def test_p4_who_wants_no_advertising_may_be_texted_about_care(ward: Ward) -> None:
    await ward.consent("granted", NOON - timedelta(days=2))
    await ward.consent("revoked", NOON - timedelta(days=1), scope="marketing")
    await ward.text(NOON)
    await ward.text(None, status="held", reason="no_consent")
    assert await ward.broken() == {}


async def test_p4_consent_that_came_later_does_not_help(ward: Ward) -> None:
    message = await ward.text(NOON)
    await ward.consent("granted", NOON + timedelta(hours=1))
    await ward.names("P4", "message", message, "without consent")


async def test_p4_a_practice_that_chose_to_send_may(ward: Ward, client: httpx.AsyncClient) -> None:
    body = {
        "version": 0, "first_text": "send", "opens": "09:00", "closes": "20:00", "sundays": True, "per_day": 1,
        "per_week": 3, "agreed_to": "send-1",
    }  # fmt: skip
    before = await ward.text(NOON - timedelta(days=8))
    assert (await client.put("/api/v1/settings/messaging", json=body)).status_code == 200
    after = datetime.now(UTC) + timedelta(seconds=1)
    while not 9 <= after.astimezone(CHICAGO).hour < 20:
        after += timedelta(hours=1)
    await ward.text(after)
    await ward.names("P4", "message", before, "without consent")


async def test_p4_asking_twice(ward: Ward) -> None:
    first = await ward.text(NOON - timedelta(days=3), purpose="consent_request")
    await ward.consent("asked", NOON - timedelta(days=3), first)
    second = await ward.text(NOON, purpose="consent_request")
    await ward.names("P4", "message", second, "a second time")


@pytest.mark.parametrize("hour", [7, 21, 3])
async def test_p4_a_text_at_night(ward: Ward, hour: int) -> None:
    await ward.consent("granted", NOON - timedelta(days=20))
    await ward.names("P4", "message", await ward.text(NOON.replace(hour=hour, minute=30)), "law's hours")


async def test_p4_the_patients_address_counts(ward: Ward) -> None:
    await ward.consent("granted", NOON - timedelta(days=20))
    patient = new_id()
    await ward.insert("patients", id=patient, first_name="A", last_name="B", address="1 Pier, Los Angeles, CA 90001")
    await ward.force(
        "INSERT INTO conversation_patients (practice_id, conversation_id, patient_id) VALUES ($1, $2, $3)",
        ward.practice.id, ward.conversation, patient,
    )  # fmt: skip
    await ward.names("P4", "message", await ward.text(NOON.replace(hour=9)), "law's hours")


async def test_p4_more_than_the_caps(ward: Ward) -> None:
    await ward.consent("granted", NOON - timedelta(days=20))
    await ward.text(NOON - timedelta(hours=3))
    await ward.names("P4", "message", await ward.text(NOON), "in a day")


async def test_p4_the_same_words_twice(ward: Ward) -> None:
    await ward.consent("granted", NOON - timedelta(days=20))
    await ward.text(NOON - timedelta(minutes=1), "in", "received")
    more: dict[str, Any] = {"lead_id": ward.lead, "automatic": True}
    await ward.text(NOON, **more)
    await ward.names("P4", "message", await ward.text(NOON + timedelta(minutes=2), **more), "sent twice")


async def test_p4_one_carrier_id_for_two_texts(ward: Ward) -> None:
    await ward.consent("granted", NOON - timedelta(days=20))
    await ward.text(NOON - timedelta(minutes=1), "in", "received")
    await ward.admin.execute("ALTER TABLE messages DROP CONSTRAINT uq_messages_practice_id_external_id")
    try:
        for body in ("SM1", "SM1"):
            await ward.text(NOON, external_id=body)
        found = await ward.broken()
    finally:
        await ward.force("DELETE FROM messages")
        await ward.admin.execute(
            "ALTER TABLE messages ADD CONSTRAINT uq_messages_practice_id_external_id UNIQUE (practice_id, external_id)"
        )
    assert list(found) == ["P4 no carrier id belongs to two texts"]
    assert found["P4 no carrier id belongs to two texts"].total == 2


async def test_p4_a_text_nobody_knows_about(ward: Ward) -> None:
    await ward.consent("granted", NOON - timedelta(days=20))
    await ward.names("P4", "message", await ward.text(NOON, status="unknown"), "unknown for more than an hour")


async def test_p4_texts_that_wait_wrongly(ward: Ward) -> None:
    held = await ward.text(None, status="held", reason="quiet_hours", hold_until=NOON)
    await ward.names("P4", "message", held, "without a job")
    await ward.insert("jobs", kind="messages.send", ref_id=held, key="k", queue="default",
                      run_at=datetime.now(UTC) + timedelta(hours=1))  # fmt: skip
    assert await ward.broken() == {}
    await ward.consent("revoked", NOON)
    await ward.names("P4", "message", held, "opted out")


@pytest.mark.parametrize(
    ("statement", "note"),
    [
        ("UPDATE leads SET first_attempt_at = NULL, first_contact_at = now()", "first attempt, first contact not"),
        ("UPDATE leads SET first_attempt_at = first_attempt_at - interval '1 hour'", "first attempt not"),
        ("UPDATE leads SET stage = 'scheduled'", "stage not"),
        ("DELETE FROM lead_events WHERE kind = 'call'", "first attempt not"),
    ],
)
async def test_p6_clocks_that_differ_from_the_history(ward: Ward, statement: str, note: str) -> None:
    await ward.force(statement)
    await ward.names("P6", "lead", ward.lead, note)


async def test_p7_a_table_that_is_open(ward: Ward) -> None:
    for wrong, right, note in (
        ("NO FORCE ROW LEVEL SECURITY", "FORCE ROW LEVEL SECURITY", "not forced"),
        ("DISABLE ROW LEVEL SECURITY", "ENABLE ROW LEVEL SECURITY", "is off"),
    ):
        await ward.admin.execute(f"ALTER TABLE holidays {wrong}")
        try:
            await ward.names("P7", "table", "holidays", note)
        finally:
            await ward.admin.execute(f"ALTER TABLE holidays {right}")
    await ward.admin.execute("ALTER POLICY tenant ON holidays USING (true) WITH CHECK (true)")
    rule = "practice_id = NULLIF(current_setting('app.practice_id', true), '')::uuid"
    try:
        await ward.names("P7", "table", "holidays", "no policy")
    finally:
        await ward.admin.execute(f"ALTER POLICY tenant ON holidays USING ({rule}) WITH CHECK ({rule})")


async def test_p7_a_changed_audit_row(ward: Ward, client: httpx.AsyncClient) -> None:
    for _ in range(3):
        await client.get(f"/api/v1/leads/{ward.lead}")
    await ward.force("UPDATE audit_events SET actor_name = 'Nobody' WHERE seq = 2")
    await ward.names("P7", "audit_event", 2, "breaks here")


async def test_p8_work_nobody_takes(ward: Ward) -> None:
    job = await ward.admin.fetchval("SELECT id FROM jobs WHERE kind = 'followup.first_contact'")
    await ward.force("UPDATE jobs SET run_at = now() - interval '61 seconds' WHERE id = $1", job)
    await ward.names("P8", "job", job, "followup.first_contact due since")
    await ward.force(
        "UPDATE jobs SET state = 'leased', lease_owner = 'x', lease_until = now() - interval '10 minutes' "
        "WHERE id = $1",
        job,
    )
    await ward.names("P8", "job", job, "a worker that is gone")


async def test_p8_timers_that_are_missing(ward: Ward) -> None:
    task = await ward.admin.fetchval("SELECT id FROM tasks WHERE done_at IS NULL")
    await ward.force("DELETE FROM jobs WHERE kind = 'followup.escalate'")
    await ward.names("P8", "task", task, "silent owner")
    await ward.force("DELETE FROM tasks")
    other = await ward.desk.lead("Bo")
    await ward.force("DELETE FROM jobs WHERE kind = 'followup.first_contact'")
    found = await ward.broken()
    assert [one.id for one in found["P8 every lead nobody tried has its timer"].violations] == [str(other)]


async def test_p8_a_sequence_that_goes_no_further(ward: Ward) -> None:
    async with ward.desk.context.database.transaction(ward.practice.id) as session:
        enrollment = await sequences.begin(session, await leads.locked(session, ward.lead), "lead_opened")
        assert enrollment is not None
        await sequences.move_timer(session, enrollment, clock.now() + timedelta(hours=1))
    assert await ward.broken() == {}
    await ward.force("DELETE FROM jobs WHERE key = $1", sequences.timer_key(enrollment))
    await ward.names("P8", "enrollment", enrollment.id, "never come")
    assert await ward.admin.fetchval("SELECT count(*) FROM jobs WHERE kind = 'followup.step'") == 1, "of an old plan"


@pytest.mark.parametrize(("kind", "note"), [("inactivity", "silence"), ("evaluation", "missed evaluation")])
async def test_p8_a_lead_nobody_would_look_at_again(ward: Ward, kind: str, note: str) -> None:
    await ward.desk.acts(evaluations.book, ward.lead, clock.now() + timedelta(days=2))
    assert await ward.broken() == {}
    await ward.force("UPDATE jobs SET state = 'done' WHERE kind = $1", f"followup.{kind}")
    await ward.names("P8", "lead", ward.lead, note)


async def test_twenty_are_named_and_the_rest_counted(
    ward: Ward, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(23):
        await ward.insert("jobs", kind="k", ref_id=new_id(), key=str(new_id()), queue="default", state="dead")
    finding = (await ward.broken())["P1 no work gave up"]
    assert (finding.total, len(finding.violations)) == (23, 20)
    told = operating._told(finding)
    assert told[0] == "BROKEN P1 no work gave up (23)" and told[-1] == "         and 3 more"
    json.dumps(finding.as_json())
    parser = argparse.ArgumentParser()
    operating.doctor_options(parser)
    assert parser.parse_args(["--json", "--practice", "northside"]).days == doctor.TEXT_DAYS
