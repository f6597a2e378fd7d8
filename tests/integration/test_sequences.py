"""The follow-up engine, driven by turning the clock: what happens to a lead nobody reaches, and what ends it."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from backend.core import clock
from backend.core.database import publish
from backend.core.jobs import JobRun, LostLease
from backend.followup.sequences import coming, engine
from backend.followup.sequences import service as sequences
from backend.leads import evaluations, orders
from backend.leads import service as leads
from backend.leads.service import NewLead
from backend.messaging.events import CallMissed
from backend.patients import service as patients
from backend.patients.schemas import PatientFacts
from backend.patients.service import CoverageFacts
from backend.referral_sources.service import ReferrerFacts
from tests.integration.test_texting import PHONE, World, world
from tests.simulation import Time

__all__ = ["world"]
STEPS = "SELECT kind || ':' || outcome || COALESCE(':' || reason, '') FROM enrollment_steps ORDER BY at, position"
RUNNING = "SELECT count(*) FROM enrollments WHERE state IN ('active','snoozed')"


class Desk:
    """A practice, its carrier, and time."""

    def __init__(self, made: World) -> None:
        self.world, self.admin, self.database = made, made.admin, made.context.database
        self.practice = made.practice
        self.time = Time(made._runner, made.admin)

    async def refer(
        self, source: str = "web_form", phone: str | None = PHONE, urgency: str = "routine", payer: str | None = None
    ) -> uuid.UUID:
        """A patient sent by Rowan Ortho, and the first step taken."""
        async with self.database.transaction(self.practice.id) as session:
            patient = await patients.create(session, PatientFacts(first_name="Ada", last_name="Sample", phone=phone))
            lead = await leads.open_lead(session, NewLead(patient.id, source, self.practice.location_id, urgency))
            if payer:
                await patients.cover(session, patient.id, [CoverageFacts("primary", payer, None, None)])
            referrer = ReferrerFacts("Rowan Hale", "MD", None, "Rowan Ortho", fax="+13125550142")
            await orders.add(session, lead, orders.OrderFacts(referrer=referrer, body_part="knee"))
        await self.time.go(seconds=1)
        return lead.id

    async def call(self, lead_id: uuid.UUID, outcome: str) -> None:
        """The desk calls."""
        async with self.database.transaction(self.practice.id) as session:
            await leads.log_call(session, lead_id, outcome, None)

    async def steps(self) -> list[str]:
        """kind:outcome:reason of every step taken."""
        return [row[0] for row in await self.admin.fetch(STEPS)]

    async def ended(self) -> list[tuple[str, str, str | None]]:
        """(name, state, reason) of every way through a sequence, the first first."""
        rows = await self.admin.fetch("SELECT name, state, stop_reason FROM enrollments ORDER BY started_at, id")
        return [(row["name"], row["state"], row["stop_reason"]) for row in rows]

    async def lead(self) -> Any:
        """The one lead."""
        return await self.admin.fetchrow("SELECT * FROM leads")

    async def open_tasks(self) -> list[str]:
        """Titles of what is to be done."""
        rows = await self.admin.fetch("SELECT title FROM tasks WHERE done_at IS NULL ORDER BY due_at, title")
        return [row["title"] for row in rows]


@pytest.fixture
async def desk(world: World) -> AsyncIterator[Desk]:
    """At a weekday noon."""
    yield Desk(world)
    clock.shift_by(timedelta(0))


async def test_a_silent_patient_is_texted_and_called_and_the_doctor_told(desk: Desk) -> None:
    lead_id = await desk.refer()
    assert await desk.steps() == ["text:done", "call:done:call_due_already"]
    assert len(desk.world.sent()) == 1
    assert await desk.open_tasks() == ["Call the patient"], "a delivered text is no reason to stop calling"
    await desk.time.go(hours=1)
    await desk.call(lead_id, "no_answer")
    assert await desk.open_tasks() == ["Call again: no answer"]
    await desk.time.go(days=2)
    assert len(desk.world.sent()) == 2
    assert "still like to find a time" in desk.world.sent()[1]
    await desk.call(lead_id, "left_message")
    await desk.time.go(days=6)
    kinds = [":".join(step.split(":")[:2]) for step in (await desk.steps())[2:]]
    assert kinds == ["call:done", "text:done", "call:done", "call:done", "tell_referrer:done"]
    told = next(title for title in await desk.open_tasks() if "reached" in title)
    assert told.startswith("Fax Rowan Hale at (312) 555-0142 that the patient can’t be reached (tried: 2 calls and 2")
    assert await desk.ended() == [("New referral", "done", None)]
    assert (await desk.lead())["next_due_at"] is not None


async def test_without_consent_the_second_text_is_passed_over_and_the_calls_go_on(desk: Desk) -> None:
    await desk.refer("fax")
    await desk.time.go(days=8)
    assert [text[:40] for text in desk.world.sent()] == [desk.world.sent()[0][:40]]
    assert "May we text you" in desk.world.sent()[0]
    assert "text:skipped:no_consent" in await desk.steps()
    assert (await desk.steps())[-1] == "tell_referrer:done"


async def test_a_reply_ends_it(desk: Desk) -> None:
    await desk.refer()
    await desk.world.write("Tues after 3")
    assert await desk.ended() == [("New referral", "stopped", "replied")]
    await desk.time.go(days=8)
    assert len(desk.world.sent()) == 1
    assert (await desk.lead())["next_kind"] == "reply"


async def test_a_patient_who_calls_ends_it(desk: Desk) -> None:
    lead_id = await desk.refer()
    async with desk.database.transaction(desk.practice.id) as session:
        await publish(session, CallMissed(lead_id, voicemail=False))
    assert await desk.ended() == [("New referral", "stopped", "missed_call")]
    assert await desk.open_tasks() == ["Call back: missed call"]


async def test_stop_ends_the_texts_but_not_the_calls(desk: Desk) -> None:
    await desk.refer()
    await desk.world.write("STOP")
    assert await desk.ended() == [("New referral", "active", None)]
    await desk.time.go(days=8)
    assert len(desk.world.sent()) == 1
    assert "text:skipped:opted_out" in await desk.steps()
    assert [step for step in await desk.steps() if step.startswith("call")] == ["call:done:call_due_already"] * 4
    assert (await desk.lead())["next_kind"] == "call"


@pytest.mark.parametrize(
    ("way", "reason"), [("reached", "reached"), ("booked", "booked"), ("moved", "booked"), ("lost", "closed")]
)
async def test_what_a_person_does_ends_it(desk: Desk, way: str, reason: str) -> None:
    lead_id = await desk.refer()
    async with desk.database.transaction(desk.practice.id) as session:
        version = (await leads.locked(session, lead_id)).version
        if way == "booked":
            await evaluations.book(session, lead_id, clock.now() + timedelta(days=3), version)
        elif way == "moved":
            await leads.move(session, lead_id, stage="scheduled", version=version)
        elif way == "lost":
            await leads.move(session, lead_id, stage="lost", version=version, lost_reason="Declined")
        else:
            await leads.log_call(session, lead_id, "reached", None)
    assert await desk.ended() == [("New referral", "stopped", reason)]
    await desk.time.go(days=3)
    assert len(desk.world.sent()) == 1
    assert len(await desk.steps()) == 2


async def test_a_text_that_has_not_gone_is_taken_back_when_the_patient_is_reached(desk: Desk) -> None:
    lead_id = await desk.refer()
    await desk.admin.execute("UPDATE messages SET status = 'held', hold_until = now() + interval '1 day'")
    await desk.call(lead_id, "reached")
    assert await desk.world.statuses() == [("canceled", None)]


async def test_snoozed_it_rests_and_then_goes_on(desk: Desk) -> None:
    lead_id = await desk.refer()
    async with desk.database.transaction(desk.practice.id) as session:
        lead = await leads.locked(session, lead_id)
        await sequences.snooze(session, lead, clock.now() + timedelta(days=4))
    await desk.time.go(days=3, hours=22)
    assert len(await desk.steps()) == 2
    await desk.time.go(hours=3)
    assert len(await desk.steps()) == 3
    assert await desk.ended() == [("New referral", "active", None)]


async def test_resumed_it_keeps_its_pace(desk: Desk) -> None:
    lead_id = await desk.refer()
    planned = await desk.admin.fetchval("SELECT next_at FROM enrollments")
    async with desk.database.transaction(desk.practice.id) as session:
        await sequences.snooze(session, await leads.locked(session, lead_id), clock.now() + timedelta(days=9))
    async with desk.database.transaction(desk.practice.id) as session:
        await sequences.resume(session, await leads.locked(session, lead_id))
    assert await desk.admin.fetchval("SELECT next_at FROM enrollments") == planned
    await desk.time.go(hours=6)
    assert len(await desk.steps()) == 3


async def test_at_night_the_first_text_waits_for_the_morning_and_leaves_nothing_behind(desk: Desk) -> None:
    await desk.time.go(hours=10)
    await desk.refer()
    row = await desk.admin.fetchrow("SELECT wait_reason, next_at FROM enrollments")
    assert row["wait_reason"] == "quiet_hours"
    assert await desk.admin.fetchval("SELECT count(*) FROM conversations") == 0
    await desk.time.go(hours=12)
    assert len(desk.world.sent()) == 1


async def test_a_hundred_leads_at_once_do_not_swamp_the_desk(desk: Desk) -> None:
    await desk.admin.execute(
        "INSERT INTO followup_rules (practice_id, texts_per_hour) VALUES ($1, 30)", desk.practice.id
    )
    urgent = set()
    async with desk.database.transaction(desk.practice.id) as session:
        for number in range(100):
            facts = PatientFacts(first_name="Ada", last_name=f"Sample {number}", phone=f"+1217555{1000 + number:04d}")
            patient = await patients.create(session, facts)
            urgency = "stat" if number >= 95 else "routine"
            lead = await leads.open_lead(session, NewLead(patient.id, "web_form", desk.practice.location_id, urgency))
            urgent |= {lead.id} if urgency == "stat" else set()
    begins = [
        row["id"] for row in await desk.admin.fetch("SELECT id FROM jobs WHERE kind = 'followup.begin' ORDER BY id")
    ]
    for start in range(0, 100, 10):
        await asyncio.gather(*(desk.world._runner.run(job_id) for job_id in begins[start : start + 10]))
    counted = "SELECT count(*) FROM enrollment_steps WHERE kind = 'text' AND outcome = 'done'"
    waiting = "SELECT count(*) FROM enrollments WHERE wait_reason = 'throttle'"
    assert (await desk.admin.fetchval(counted), await desk.admin.fetchval(waiting)) == (30, 70)
    await desk.time.go(minutes=61)
    assert (await desk.admin.fetchval(counted), await desk.admin.fetchval(waiting)) == (60, 40)
    first = await desk.admin.fetch(
        "SELECT e.lead_id FROM enrollment_steps s JOIN enrollments e ON e.id = s.enrollment_id WHERE s.kind = 'text'"
        " ORDER BY s.at, s.id LIMIT 60"
    )
    assert urgent <= {row["lead_id"] for row in first}, "stat leads go before those who came first"
    await desk.time.go(minutes=180)
    assert (await desk.admin.fetchval(counted), await desk.admin.fetchval(waiting)) == (100, 0)
    per_lead = "SELECT max(n) FROM (SELECT count(*) AS n FROM messages GROUP BY lead_id) counted"
    assert await desk.admin.fetchval(per_lead) == 1


async def test_a_worker_that_lost_its_lease_changes_nothing(desk: Desk) -> None:
    await desk.refer()
    job = await desk.admin.fetchrow("SELECT * FROM jobs WHERE kind = 'followup.step' AND state = 'queued'")
    await desk.admin.execute(
        "UPDATE jobs SET state = 'leased', attempt = 2, lease_owner = 'another', lease_until = now() + interval '1 min'"
        " WHERE id = $1",
        job["id"],
    )
    stale = JobRun(desk.database, job["id"], job["practice_id"], job["kind"], job["ref_id"], 1, "gone")
    desk.time.now += timedelta(days=1)
    with pytest.raises(LostLease):
        await engine.step(stale)
    assert len(await desk.steps()) == 2


async def test_two_workers_at_once_take_a_step_once(desk: Desk) -> None:
    lead_id = await desk.refer()
    await desk.time.go(days=1)
    before, sent = len(await desk.steps()), len(desk.world.sent())
    desk.time.now += timedelta(days=3)

    async def take() -> None:
        async with desk.database.transaction(desk.practice.id) as session:
            enrollment = await coming.running(session, lead_id)
            assert enrollment is not None
            await engine.advance(session, enrollment)

    await asyncio.gather(take(), take(), take())
    assert len(await desk.steps()) == before + 1
    assert await desk.admin.fetchval("SELECT count(*) FROM messages WHERE direction = 'out'") <= sent + 1


async def test_a_changed_sequence_leaves_who_is_on_the_way_alone(desk: Desk) -> None:
    await desk.refer()
    await desk.admin.execute("""UPDATE sequences SET version = 2, steps = '[{"kind": "task", "title": "New"}]'""")
    await desk.time.go(days=8)
    assert (await desk.steps())[-1] == "tell_referrer:done"
    assert await desk.admin.fetchval("SELECT sequence_version FROM enrollments") == 1


async def test_the_first_that_fits_is_chosen(desk: Desk) -> None:
    await desk.admin.execute(
        """INSERT INTO sequences (practice_id, id, name, trigger, position, conditions, steps) VALUES
        ($1, $2, 'Aetna', 'lead_opened', -1, '{"payers": ["aetna"]}', '[{"kind": "task", "title": "Verify"}]')""",
        desk.practice.id, uuid.uuid4(),
    )  # fmt: skip
    await desk.refer(payer="AETNA PPO")
    assert await desk.ended() == [("Aetna", "done", None)]
    assert "Verify" in await desk.open_tasks()


async def test_no_phone_means_finding_one(desk: Desk) -> None:
    await desk.refer(phone=None)
    await desk.time.go(days=5)
    assert (await desk.ended())[0][:2] == ("Unreachable", "done")
    assert await desk.steps() == ["task:done", "tell_referrer:done"]


async def test_a_wrong_number_turns_to_finding_the_right_one(desk: Desk) -> None:
    lead_id = await desk.refer()
    await desk.call(lead_id, "wrong_number")
    assert await desk.ended() == [("New referral", "stopped", "superseded"), ("Unreachable", "active", None)]
    await desk.time.go(days=1)
    assert "Ask the referring office for the right phone number" in await desk.open_tasks()
    await desk.call(lead_id, "reached")
    assert "Ask the referring office for the right phone number" not in await desk.open_tasks()


async def test_reopened_it_is_not_greeted_again(desk: Desk) -> None:
    lead_id = await desk.refer()
    async with desk.database.transaction(desk.practice.id) as session:
        version = (await leads.locked(session, lead_id)).version
        await leads.move(session, lead_id, stage="lost", version=version, lost_reason="Declined")
        await leads.reopen(session, lead_id)
    await desk.time.go(days=2)
    assert len(desk.world.sent()) == 1
    assert await desk.admin.fetchval(RUNNING) == 0
    assert (await desk.lead())["next_due_at"] is not None


async def test_a_missed_evaluation_begins_the_recovery(desk: Desk) -> None:
    lead_id = await desk.refer()
    async with desk.database.transaction(desk.practice.id) as session:
        await evaluations.book(session, lead_id, clock.now() + timedelta(days=2))
    lead = await desk.lead()
    assert (lead["stage"], lead["evaluation_state"], lead["next_kind"]) == ("scheduled", "booked", "send_intake")
    await desk.time.go(days=2, hours=23)
    assert (await desk.lead())["evaluation_state"] == "booked"
    await desk.time.go(hours=2)
    lead = await desk.lead()
    assert (lead["stage"], lead["evaluation_state"], lead["next_kind"]) == ("contacted", "missed", "call")
    await desk.time.go(days=1)
    assert "did not see you" in desk.world.sent()[1]
    async with desk.database.transaction(desk.practice.id) as session:
        await evaluations.attended(session, lead_id)
    assert (await desk.lead())["stage"] == "first_visit_complete"
    assert await desk.ended() == [
        ("New referral", "stopped", "booked"), ("Missed evaluation", "stopped", "attended"),
    ]  # fmt: skip


async def test_another_time_is_what_counts(desk: Desk) -> None:
    lead_id = await desk.refer()
    for days in (2, 6):
        async with desk.database.transaction(desk.practice.id) as session:
            await evaluations.book(session, lead_id, clock.now() + timedelta(days=days))
    await desk.time.go(days=5)
    assert (await desk.lead())["evaluation_state"] == "booked"
    async with desk.database.transaction(desk.practice.id) as session:
        await evaluations.cancel(session, lead_id)
    lead = await desk.lead()
    assert (lead["stage"], lead["next_kind"]) == ("contacted", "schedule")


async def test_silence_a_last_attempt_lost_and_a_reply_opens_it_again(desk: Desk) -> None:
    lead_id = await desk.refer()
    await desk.time.go(days=18)
    assert (await desk.ended())[-1][0] == "Last attempt"
    assert (await desk.lead())["open"] is True
    assert any("could not reach you" in text for text in desk.world.sent())
    await desk.call(lead_id, "no_answer")
    await desk.time.go(days=9)
    lead = await desk.lead()
    assert (lead["stage"], lead["lost_reason"]) == ("lost", "No response")
    assert await desk.open_tasks() == []
    await desk.world.write("Sorry, I was away. Is Monday possible?")
    lead = await desk.lead()
    assert (lead["open"], lead["next_kind"]) == (True, "reply")
    await desk.time.go(days=10)
    assert (await desk.lead())["open"] is True


async def test_nobody_is_lost_for_silence_before_somebody_tried(desk: Desk) -> None:
    await desk.admin.execute("UPDATE messaging_policies SET first_text = 'off'")
    lead_id = await desk.refer("fax")
    await desk.time.go(days=60)
    lead = await desk.lead()
    assert lead["open"] is True
    assert lead["next_due_at"] < desk.time.now, "the call is overdue, and says so"
    await desk.call(lead_id, "no_answer")
    await desk.time.go(days=2)
    assert (await desk.lead())["stage"] == "lost"


async def test_a_call_that_reaches_a_lost_patient_opens_the_lead(desk: Desk) -> None:
    lead_id = await desk.refer()
    async with desk.database.transaction(desk.practice.id) as session:
        version = (await leads.locked(session, lead_id)).version
        await leads.move(session, lead_id, stage="lost", version=version, lost_reason="No response")
    await desk.call(lead_id, "no_answer")
    assert (await desk.lead())["open"] is False
    await desk.call(lead_id, "reached")
    assert (await desk.lead())["open"] is True
