"""Reminders, confirm, cancel and move by reply, and what opens for the waitlist, end to end over real sockets."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from backend.core import clock
from backend.messaging.linting import MOST_SEGMENTS
from backend.messaging.segments import segments
from backend.wiring.handlers import job_handlers
from backend.worker.runner import JobRunner
from tests.calling import PHONE, World, desk, open_tasks, world
from tests.desk_hours import until_desk_hours
from tests.integration.test_link_texts import ADDRESS
from tests.integration.test_slot_offers import another_lead, booked, lead, made
from tests.patients_phone import open_link
from tests.scheduling import CHICAGO, Calendar

__all__ = ["desk", "made", "world"]  # fixtures
THURSDAY, FRIDAY = 3, 4
OTHER = "+12175550143"
REMINDERS = "SELECT count(*) FROM slot_offers WHERE kind = 'reminder'"


def later(**by: float) -> None:
    """So much time has passed since Tuesday (to Thursday) noon at the clinic."""
    clock.shift_by(until_desk_hours() + timedelta(**by))


async def in_time(world: World, rounds: int = 2) -> None:
    """Whatever scheduling left to a timer looks whether its time has come."""
    for _ in range(rounds):
        await world.admin.execute("UPDATE jobs SET run_at = now() WHERE state = 'queued' AND kind LIKE 'scheduling.%'")
        await world.work(3)


def day(weekday: int, hour: int) -> datetime:
    """A time at the clinic on the first such weekday that is at least five days ahead; the two days before it work."""
    found = clock.now().astimezone(CHICAGO) + timedelta(days=5)
    while found.weekday() != weekday:
        found += timedelta(days=1)
    return found.replace(hour=hour, minute=0, second=0, microsecond=0)


async def book(world: World, desk: httpx.AsyncClient, made: Calendar, lead_id: str, at: datetime) -> dict[str, Any]:
    """The desk books an evaluation."""
    answer = await desk.post("/api/v1/appointments", json=made.body(at, lead_id=lead_id))
    assert answer.status_code == 201, answer.text
    await world.work()
    found: dict[str, Any] = answer.json()
    return found


def before(at: datetime, hours: float) -> None:
    """So many hours before a visit."""
    clock.shift_by(at - timedelta(hours=hours) - datetime.now(UTC))


async def test_two_reminders_and_a_c_confirms(world: World, desk: httpx.AsyncClient, made: Calendar) -> None:
    ada, at = await lead(world), day(THURSDAY, 15)
    await book(world, desk, made, ada, at)
    await in_time(world)
    assert await world.admin.fetchval(REMINDERS) == 0, "nothing is due yet"
    before(at, 47.9)
    await in_time(world)
    assert "Reply C to confirm, R to reschedule" in world.sent()[-1]
    assert await world.admin.fetchval(REMINDERS) == 1
    await in_time(world)
    assert await world.admin.fetchval(REMINDERS) == 1, "once"
    await world.write("C")
    assert await booked(world) == [("confirmed", "api")]
    assert "see you" in world.sent()[-1]
    before(at, 2.9)
    await in_time(world)
    assert await world.admin.fetchval(REMINDERS) == 2 and "see you soon" in world.sent()[-1]
    assert "Answer the patient's text" not in await open_tasks(world)


async def test_a_moved_or_canceled_visit_is_never_reminded_of_its_old_time(
    world: World, desk: httpx.AsyncClient, made: Calendar
) -> None:
    ada, at = await lead(world), day(THURSDAY, 15)
    visit = await book(world, desk, made, ada, at)
    path, away = f"/api/v1/appointments/{visit['id']}", day(FRIDAY, 11) + timedelta(weeks=1)
    for number, where in enumerate((away, at, away), 1):
        moved = await desk.post(f"{path}/reschedule", json={"version": number, "starts_at": where.isoformat()})
        assert moved.status_code == 200, moved.text
    before(at, 47.9)
    await in_time(world)
    before(at, 2.9)
    await in_time(world)
    assert await world.admin.fetchval(REMINDERS) == 0
    before(away, 47.5)
    await in_time(world)
    assert await world.admin.fetchval(REMINDERS) == 1
    assert await world.admin.fetchval("SELECT about_at FROM slot_offers WHERE kind = 'reminder'") == away
    version = (await desk.get(path)).json()["version"]
    assert (await desk.post(f"{path}/cancel", json={"version": version})).status_code == 200
    sent = len(world.sent())
    before(away, 2.9)
    await in_time(world)
    assert len(world.sent()) == sent
    await world.write("C")
    assert await booked(world) == [("canceled", "api")]


async def test_a_reminder_that_waits_with_the_carrier_is_taken_back(
    world: World, desk: httpx.AsyncClient, made: Calendar
) -> None:
    ada, at = await lead(world), day(THURSDAY, 15)
    visit = await book(world, desk, made, ada, at)
    before(at, 47.9)
    # Written, but not yet sent.
    timer = await world.admin.fetchval(
        "UPDATE jobs SET run_at = now(), state = 'queued' WHERE kind = 'scheduling.remind' RETURNING id"
    )
    await JobRunner(world.context.database, job_handlers(world.context, {}), lease_seconds=30, attempts=4).run(timer)
    assert await world.admin.fetchval("SELECT status FROM messages ORDER BY created_at DESC LIMIT 1") == "queued"
    path = f"/api/v1/appointments/{visit['id']}"
    assert (await desk.post(f"{path}/cancel", json={"version": visit["version"]})).status_code == 200
    sent = len(world.sent())
    await world.work()
    assert len(world.sent()) == sent
    assert await world.admin.fetchval("SELECT status FROM messages ORDER BY created_at DESC LIMIT 1") == "canceled"


async def test_a_reminder_due_in_the_night_goes_out_the_evening_before(
    world: World, desk: httpx.AsyncClient, made: Calendar
) -> None:
    ada, at = await lead(world), day(THURSDAY, 9)
    await book(world, desk, made, ada, at)
    await world.admin.execute(
        "INSERT INTO visit_text_settings (practice_id, reminder_hours) VALUES ($1, '{3}')", world.practice.id
    )
    before(at, 14.5)
    await in_time(world)
    assert await world.admin.fetchval(REMINDERS) == 0
    before(at, 12.1)
    await in_time(world)
    assert await world.admin.fetchval(REMINDERS) == 1


async def test_reminders_can_be_turned_off(world: World, desk: httpx.AsyncClient, made: Calendar) -> None:
    ada, at = await lead(world), day(THURSDAY, 15)
    await book(world, desk, made, ada, at)
    chosen = (await desk.get("/api/v1/settings/visit-texts")).json()
    changed = await desk.put("/api/v1/settings/visit-texts", json=chosen | {"reminders": False})
    assert (changed.status_code, changed.json()["version"]) == (200, 1)
    assert (await desk.put("/api/v1/settings/visit-texts", json=chosen)).status_code == 409
    before(at, 47.9)
    await in_time(world)
    assert await world.admin.fetchval(REMINDERS) == 0
    await desk.put("/api/v1/settings/visit-texts", json=chosen | {"version": 1})
    await in_time(world)
    assert await world.admin.fetchval(REMINDERS) == 1, "turned on again, also for visits booked before"


async def test_r_moves_the_visit_to_the_time_chosen(world: World, desk: httpx.AsyncClient, made: Calendar) -> None:
    ada, at = await lead(world), day(THURSDAY, 15)
    await book(world, desk, made, ada, at)
    await world.write("R")
    assert "other times for your visit" in world.sent()[-1]
    assert await booked(world) == [("booked", "api")], "it stays until they choose"
    later(minutes=1)
    await world.write("3")
    rows = await world.admin.fetch("SELECT starts_at, status FROM appointments")
    assert len(rows) == 1 and rows[0]["starts_at"] != at
    assert "your visit is now" in world.sent()[-1]
    assert await world.admin.fetchval("SELECT evaluation_at FROM leads") == rows[0]["starts_at"]


async def test_r_also_brings_the_page_with_every_free_time(
    world: World, desk: httpx.AsyncClient, made: Calendar
) -> None:
    ada, at = await lead(world), day(THURSDAY, 15)
    visit = await book(world, desk, made, ada, at)
    await world.write("R")
    body = world.sent()[-1]
    assert "1) " in body and segments(body) <= MOST_SEGMENTS
    found = ADDRESS.search(body)
    assert found
    link = await world.admin.fetchrow("SELECT purpose, ref_id::text, lead_id::text, delivered_at FROM patient_links")
    assert (link["purpose"], link["ref_id"], link["lead_id"]) == ("reschedule", visit["id"], ada)
    stored = await world.admin.fetchval("SELECT body FROM messages WHERE body LIKE '%{link:%'")
    assert found.group(1) not in stored
    async with httpx.AsyncClient(base_url=world.http.base_url) as phone:
        opened = await open_link(phone, found.group(1))
        assert opened.status_code == 200 and opened.json()["purpose"] == "reschedule"
        # Its cookie is for https alone.
        phone.headers["Cookie"] = opened.headers["set-cookie"].split(";")[0]
        await world.admin.execute("UPDATE patient_sessions SET verified_at = now()")
        times = (await phone.get("/api/v1/public/visit/times")).json()
        assert len(times["days"]) > 1, "more than the text holds"
        chosen = {name: times["times"][0][name] for name in ("clinician_id", "location_id", "starts_at")}
        moved = await phone.post("/api/v1/public/visit/move", json=chosen | {"version": visit["version"]})
        assert moved.status_code == 200, moved.text
    rows = await world.admin.fetch("SELECT id::text, status FROM appointments")
    assert [(row["id"], row["status"]) for row in rows] == [(visit["id"], "booked")]


async def test_a_practice_that_wants_no_link_gets_none(world: World, desk: httpx.AsyncClient, made: Calendar) -> None:
    ada, at = await lead(world), day(THURSDAY, 15)
    await book(world, desk, made, ada, at)
    await world.admin.execute("UPDATE message_templates SET body = '{practice}: {slots}.' WHERE key = 'other_times'")
    await world.write("R")
    assert "1) " in world.sent()[-1] and "/p#" not in world.sent()[-1]
    assert await world.admin.fetchval("SELECT count(*) FROM patient_links") == 0


async def test_who_opted_out_gets_no_link(world: World, desk: httpx.AsyncClient, made: Calendar) -> None:
    ada, at = await lead(world), day(THURSDAY, 15)
    await book(world, desk, made, ada, at)
    await world.write("STOP")
    sent = len(world.sent())
    await world.write("R")
    assert not any("/p#" in body for body in world.sent()[sent:])
    assert await world.admin.fetchval("SELECT token_hash FROM patient_links") is None, "never sent, it opens nothing"


async def test_who_cannot_come_is_asked_back_and_then_offered_other_times(
    world: World, desk: httpx.AsyncClient, made: Calendar
) -> None:
    ada, at = await lead(world), day(THURSDAY, 15)
    await book(world, desk, made, ada, at)
    await world.write("sorry I can't make it")
    assert "Reply YES to give it up" in world.sent()[-1]
    assert await booked(world) == [("booked", "api")]
    await world.write("yes")
    assert await booked(world) == [("canceled", "api")]
    assert "is canceled" in world.sent()[-1] and "1) " in world.sent()[-1]
    assert await world.admin.fetchval("SELECT stage FROM leads") == "contacted"
    assert (await open_tasks(world)).count("Find a new time: the evaluation was canceled") == 1
    later(minutes=1)
    await world.write("1")
    assert await booked(world) == [("canceled", "api"), ("booked", "text")]
    assert await world.admin.fetchval("SELECT stage FROM leads") == "scheduled"


async def test_the_single_word_cancel_stays_an_opt_out(world: World, desk: httpx.AsyncClient, made: Calendar) -> None:
    ada, at = await lead(world), day(THURSDAY, 15)
    await book(world, desk, made, ada, at)
    await world.write("CANCEL")
    assert await booked(world) == [("booked", "api")]
    assert await world.admin.fetchval("SELECT status FROM consents ORDER BY at DESC, id DESC LIMIT 1") == "revoked"
    before(at, 47.9)
    sent = len(world.sent())
    await in_time(world)
    assert len(world.sent()) == sent


async def waits(world: World, desk: httpx.AsyncClient, made: Calendar, lead_id: str, priority: int) -> None:
    """Put a lead's patient on the waitlist."""
    await world.admin.execute(
        """INSERT INTO waitlist_entries (practice_id, id, patient_id, lead_id, type_id, priority, windows, created_at)
        SELECT practice_id, gen_random_uuid(), patient_id, id, $2, $3, '[]', now() FROM leads WHERE id = $1""",
        lead_id, made.evaluation, priority,
    )  # fmt: skip


@pytest.fixture
async def opening(world: World, desk: httpx.AsyncClient, made: Calendar) -> datetime:
    """Ada gives up a visit, Bo and Cy wait for one, Cy with priority."""
    ada, at = await lead(world), day(THURSDAY, 15)
    visit = await book(world, desk, made, ada, at)
    for phone, name, priority in ((OTHER, "Bo", 0), ("+12175550144", "Cy", 2)):
        await waits(world, desk, made, await another_lead(world, phone, name), priority)
    await world.work()
    path = f"/api/v1/appointments/{visit['id']}"
    assert (await desk.post(f"{path}/cancel", json={"version": visit["version"]})).status_code == 200
    return at


async def write(world: World, phone: str, body: str) -> None:
    await world.http.post("/sandbox/sms", json={"from": phone, "body": body})
    await asyncio.sleep(0.15)
    await world.work()


def openings(world: World) -> list[str]:
    return [
        text.to for text in world.sandbox.twilio.texts.values()
        if text.direction != "inbound" and "a time has opened" in text.body
    ]  # fmt: skip


async def test_the_first_yes_has_the_time_that_opened(world: World, opening: datetime) -> None:
    await world.work()
    assert openings(world) == ["+12175550144", OTHER], "by priority"
    for phone in (OTHER, "+12175550144"):
        await world.http.post("/sandbox/sms", json={"from": phone, "body": "YES"})
    await world.work()
    rows = await world.admin.fetch("SELECT status, source, starts_at FROM appointments WHERE status <> 'canceled'")
    assert [(row["status"], row["source"], row["starts_at"]) for row in rows] == [("booked", "waitlist", opening)]
    assert sum("has gone to somebody else" in body for body in world.sent()) == 1
    states = await world.admin.fetch("SELECT state FROM waitlist_entries ORDER BY state")
    assert [row["state"] for row in states] == ["filled", "waiting"]
    assert PHONE not in openings(world), "who gave it up is not asked"


async def test_one_at_a_time_with_a_deadline(world: World, desk: httpx.AsyncClient, opening: datetime) -> None:
    chosen = (await desk.get("/api/v1/settings/visit-texts")).json()
    await desk.put("/api/v1/settings/visit-texts", json=chosen | {"waitlist_batch": 1, "waitlist_minutes": 15})
    await world.work()
    assert openings(world) == ["+12175550144"]
    later(minutes=16)
    await in_time(world)
    assert openings(world) == ["+12175550144", OTHER]
    await write(world, OTHER, "yes please")
    assert await world.admin.fetchval("SELECT count(*) FROM appointments WHERE source = 'waitlist'") == 1
    await world.work()
    assert sum("has gone to somebody else" in body for body in world.sent()) == 1, "the other one is told"
    await write(world, "+12175550144", "YES")
    assert await world.admin.fetchval("SELECT count(*) FROM appointments WHERE source = 'waitlist'") == 1
    assert await world.admin.fetchval("SELECT starts_at FROM appointments WHERE source = 'waitlist'") == opening


async def test_check_in_and_a_missed_visit_move_the_lead(world: World, desk: httpx.AsyncClient, made: Calendar) -> None:
    ada, at = await lead(world), day(THURSDAY, 15)
    visit = await book(world, desk, made, ada, at)
    before(at, -0.2)
    missed = await desk.post(f"/api/v1/appointments/{visit['id']}/no-show", json={})
    assert missed.status_code == 200, missed.text
    assert await world.admin.fetchval("SELECT stage FROM leads") == "contacted"
    assert await world.admin.fetchval("SELECT name FROM enrollments WHERE state = 'active'") == "Missed evaluation"
    came = await desk.post(f"/api/v1/appointments/{visit['id']}/check-in", json={})
    assert came.status_code == 200
    assert await world.admin.fetchval("SELECT stage FROM leads") == "first_visit_complete"
