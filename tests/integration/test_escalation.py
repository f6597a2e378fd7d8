"""Late first contacts and silent owners: told once, handed on along the chain, never round it."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from sqlalchemy import event

from backend.core.context import ProcessContext
from backend.core.database import publish
from backend.core.ids import new_id
from backend.followup import service as tasks
from backend.followup import steps
from backend.identity import calendars
from backend.identity.owners import OwnerIn
from backend.launcher.services import Services
from backend.leads import service as leads
from backend.messaging.events import TextAnswered, TextReceived
from tests.conftest import SamplePractice
from tests.integration.desk_clock import CHICAGO, TUESDAY, Desk


@pytest.fixture
def desk(context: ProcessContext, practice: SamplePractice, admin: "asyncpg.Connection") -> Iterator[Desk]:
    """Tuesday at ten."""
    with Desk(context, practice, admin).turned() as turned:
        yield turned


async def timers(desk: Desk, kind: str) -> list[datetime]:
    rows = await desk.admin.fetch(
        "SELECT run_at FROM jobs WHERE kind = $1 AND state = 'queued' ORDER BY run_at", f"followup.{kind}"
    )
    return [row["run_at"] for row in rows]


async def owner(desk: Desk, lead: UUID) -> UUID | None:
    row = await desk.admin.fetchrow("SELECT owner_user_id, owner_team_id FROM leads WHERE id = $1", lead)
    assert row is not None
    return row["owner_user_id"] or row["owner_team_id"]  # type: ignore[no-any-return]


async def test_a_lead_nobody_tries_is_told_and_handed_on_once(desk: Desk, anonymous: httpx.AsyncClient) -> None:
    lead = await desk.lead()
    assert (await desk.task())["due_at"] == TUESDAY + timedelta(hours=2)
    await desk.work(hours=1.99)
    assert await desk.events("breached") == []
    await desk.work(hours=0.02)
    assert len(await desk.events("breached")) == 1
    task = await desk.task()
    assert (task["alert"], task["owner_user_id"], task["due_at"]) == (
        "breached", desk.practice.user_id, TUESDAY + timedelta(hours=2),
    )  # fmt: skip
    assert await owner(desk, lead) == desk.practice.user_id
    told = (await desk.events("escalated"))[0]
    assert "Front desk → Dana Desk: the first contact is late" in told["detail"]
    headers = await desk.key()
    shown = (await anonymous.get(f"/api/v1/leads/{lead}", headers=headers)).json()
    assert shown["clocks"]["state"] == "breached" and shown["clocks"]["attempt"]["business_minutes"] == 120
    card = (await anonymous.get(f"/api/v1/board/cards/{lead}", headers=headers)).json()
    assert (card["first_contact"]["state"], card["overdue"]) == ("breached", True)
    counted = (await anonymous.get("/api/v1/tasks/count", headers=headers)).json()
    assert (counted["now"], counted["breached"]) == (1, 1)
    await desk.work(hours=24 * 30)
    assert len(await desk.events("breached")) == len(await desk.events("escalated")) == 1


@pytest.mark.parametrize("outcome", ["no_answer", "left_message", "reached"])
async def test_an_attempt_in_time_stops_the_clock(desk: Desk, outcome: str) -> None:
    lead = await desk.lead()
    await desk.work(hours=1)
    await desk.acts(leads.log_call, lead, outcome, None)
    await desk.work(hours=1.5)
    assert await desk.events("breached") == []


async def test_a_card_moved_on_by_hand_counts_as_attempt(desk: Desk) -> None:
    lead = await desk.lead()
    await desk.acts(leads.move, lead, stage="contacted", version=1)
    assert await desk.admin.fetchval("SELECT first_attempt_at FROM leads") == TUESDAY
    await desk.work(hours=5)
    assert await desk.events("breached") == []


async def test_hours_holidays_and_urgency_move_the_clock(desk: Desk) -> None:
    lead = await desk.lead(urgency="urgent")
    assert await timers(desk, "first_contact") == [TUESDAY + timedelta(hours=1)]
    await desk.acts(
        calendars.add_holiday, TUESDAY.date(), "Water damage", None, [{"opens": "08:00", "closes": "10:30"}]
    )
    await desk.work(hours=1)
    assert await desk.events("breached") == []
    tomorrow = datetime.combine(TUESDAY.date() + timedelta(days=1), time(8, 30), CHICAGO)
    assert await timers(desk, "first_contact") == [tomorrow]
    # More urgent now: half an hour, which is over at 10:30.
    await desk.acts(leads.change, lead, 1, {"urgency": "stat"})
    await desk.work(hours=0)
    assert len(await desk.events("breached")) == 1


async def test_what_is_more_urgent_is_due_sooner(desk: Desk) -> None:
    lead = await desk.lead()
    await desk.work(hours=0.25)
    await desk.acts(leads.change, lead, 1, {"urgency": "stat"})
    assert (await desk.task())["due_at"] == TUESDAY + timedelta(minutes=30)
    assert await timers(desk, "first_contact") == [TUESDAY + timedelta(minutes=30)]


async def test_a_breach_leaves_alone_what_a_person_put_off(desk: Desk) -> None:
    lead = await desk.lead()
    task = await desk.task()
    until = TUESDAY + timedelta(days=1)
    await desk.acts(tasks.snooze, task["id"], task["version"], until)
    await desk.work(hours=3)
    assert len(await desk.events("breached")) == 1
    after = await desk.task()
    assert (after["due_at"], after["alert"], after["owner_user_id"]) == (until, "breached", None)
    assert await owner(desk, lead) == task["owner_team_id"]


async def _chain(desk: Desk, *ids: tuple[str, UUID], minutes: int = 60) -> None:
    entries = ",".join(f'{{"kind": "{kind}", "id": "{one}"}}' for kind, one in ids)
    await desk.admin.execute(
        "INSERT INTO escalation_policies (practice_id, id, silent_minutes, chain) VALUES ($1, $2, $3, $4::jsonb)",
        desk.practice.id, new_id(), minutes, f"[{entries}]",
    )  # fmt: skip


async def test_a_silent_owner_loses_it_to_the_next_and_the_last_keeps_it(desk: Desk) -> None:
    mia, max_ = await desk.person("Mia", "front_desk"), await desk.person("Max", "manager")
    cleo, gone = await desk.person("Cleo", "clinician"), await desk.person("Gone", "manager")
    await desk.admin.execute("UPDATE users SET active = false WHERE id = $1", gone.id)
    await _chain(desk, ("user", mia.id), ("user", gone.id), ("user", cleo.id), ("user", max_.id))
    lead = await desk.lead()
    await desk.acts(leads.log_call, lead, "no_answer", None)  # due in three hours, at 13:00
    await desk.work(hours=3.9)
    assert await desk.events("escalated") == []
    await desk.work(hours=0.2)
    assert await owner(desk, lead) == mia.id
    await desk.work(hours=1)
    assert await owner(desk, lead) == max_.id  # neither who has left nor who may not work on leads
    assert [row["detail"].count("nobody acted") for row in await desk.events("escalated")] == [1, 1]
    await desk.work(hours=24 * 14)
    assert len(await desk.events("escalated")) == 2
    tasks_left = await desk.admin.fetchval("SELECT count(*) FROM tasks WHERE done_at IS NULL")
    assert len(await timers(desk, "escalate")) == tasks_left, "one each, however often it fired"


async def test_whoever_does_something_keeps_the_task(desk: Desk) -> None:
    mia, max_ = await desk.person("Mia", "front_desk"), await desk.person("Max", "manager")
    await _chain(desk, ("user", mia.id), ("user", max_.id))
    lead = await desk.lead()
    await desk.acts(leads.log_call, lead, "no_answer", None)
    await desk.acts(leads.change, lead, 2, {"owner": OwnerIn(kind="user", id=mia.id)})
    await desk.work(hours=3.5)
    await desk.acts(leads.add_note, lead, "Looked for another number", user=mia)
    await desk.work(hours=0.9)
    assert await owner(desk, lead) == mia.id
    await desk.acts(leads.add_note, lead, "Max looked too", user=max_)  # not its owner
    await desk.work(hours=0.2)
    assert await owner(desk, lead) == max_.id


async def test_put_off_handed_over_and_done_tasks_wait(desk: Desk) -> None:
    mia, max_ = await desk.person("Mia", "front_desk"), await desk.person("Max", "manager")
    await _chain(desk, ("user", mia.id), ("user", max_.id))
    lead = await desk.lead()
    await desk.acts(leads.log_call, lead, "no_answer", None)
    await desk.work(hours=3.5)
    task = await desk.task()
    await desk.acts(tasks.snooze, task["id"], task["version"], desk.at + timedelta(hours=2))
    await desk.work(hours=2.9)
    assert await desk.events("escalated") == []
    task = await desk.task()
    await desk.acts(tasks.assign, task["id"], task["version"], OwnerIn(kind="user", id=mia.id))
    await desk.work(hours=0.9)
    assert (await desk.task())["owner_user_id"] == mia.id
    task = await desk.task()
    await desk.acts(tasks.finish, task["id"], task["version"], None)
    await desk.work(hours=0.9)
    assert await desk.events("escalated") == []


async def test_an_answer_by_text_is_something_done(desk: Desk) -> None:
    lead = await desk.lead()
    await desk.acts(leads.log_call, lead, "no_answer", None)
    await desk.work(hours=4.9)
    await desk.acts(publish, TextAnswered(lead))
    await desk.work(hours=1.9)
    assert await desk.events("escalated") == []


async def test_a_held_fax_goes_on_too(desk: Desk, admin: "asyncpg.Connection") -> None:
    mia = await desk.person("Mia", "front_desk")
    await _chain(desk, ("user", mia.id))
    document, fax = new_id(), new_id()
    await admin.execute("SET session_replication_role = replica")
    await admin.execute(
        "INSERT INTO faxes (practice_id, id, document_id, channel, status, received_at) "
        "VALUES ($1,$2,$3,'upload','needs_review',now())",
        desk.practice.id, fax, document,
    )  # fmt: skip
    await admin.execute("RESET session_replication_role")
    await desk.acts(tasks.give_fax_step, fax, steps.REVIEW_FAX)
    await desk.work(hours=2.1)
    assert (await desk.task())["owner_user_id"] == mia.id


async def test_there_is_one_timer_whatever_happens(desk: Desk) -> None:
    lead = await desk.lead()
    for version in range(1, 6):
        await desk.acts(leads.change, lead, version, {"urgency": ("stat", "urgent", "routine")[version % 3]})
    assert len(await timers(desk, "first_contact")) == len(await timers(desk, "escalate")) == 1


async def test_a_patient_who_writes_again_waits_since_the_first_time(desk: Desk) -> None:
    lead = await desk.lead()
    await desk.acts(publish, TextReceived(lead, None))
    first = await desk.task()
    await desk.work(hours=0.25)
    await desk.acts(publish, TextReceived(lead, "callback"))
    second = await desk.task()
    assert (first["kind"], second["kind"], second["loss_group"]) == ("reply", "call_back", 0)
    assert (second["waiting_since"], second["due_at"]) == (first["waiting_since"], first["due_at"])


async def test_the_chain_over_the_api(desk: Desk, anonymous: httpx.AsyncClient) -> None:
    headers = await desk.key()
    mia, cleo = await desk.person("Mia", "front_desk"), await desk.person("Cleo", "clinician")
    path = "/api/v1/settings/escalation"
    usual = (await anonymous.get(path, headers=headers)).json()
    assert [one["name"] for one in usual["effective"]] == ["Front desk", "Dana Desk"]
    assert (usual["version"], usual["chain"], usual["silent_minutes"]) == (0, [], 120)
    body: dict[str, Any] = {"version": 0, "silent_minutes": 45, "chain": [{"kind": "user", "id": str(mia.id)}]}
    body["location_id"] = str(desk.practice.location_id)
    changed = (await anonymous.put(path, json=body, headers=headers)).json()
    assert ([one["name"] for one in changed["effective"]], changed["version"]) == (["Mia"], 1)
    stale = await anonymous.put(path, json=body, headers=headers)
    assert (stale.status_code, stale.json()["current_version"]) == (409, 1)
    for wrong in ([{"kind": "user", "id": str(cleo.id)}], [{"kind": "team", "id": str(new_id())}], body["chain"] * 2):
        answer = await anonymous.put(path, json={**body, "version": 1, "chain": wrong}, headers=headers)
        assert answer.status_code == 422
    inherited = await anonymous.put(path, json={**body, "version": 1, "chain": []}, headers=headers)
    assert [one["name"] for one in inherited.json()["effective"]] == ["Front desk", "Dana Desk"]
    there = {"location_id": str(new_id())}
    assert (await anonymous.get(path, params=there, headers=headers)).status_code == 404


async def test_the_targets_over_the_api(desk: Desk, anonymous: httpx.AsyncClient) -> None:
    headers = await desk.key()
    path = "/api/v1/settings/first-contact"
    assert (await anonymous.get(path, headers=headers)).json() == {
        "stat": 30, "urgent": 60, "routine": 120, "version": 0,
    }  # fmt: skip
    body = {"version": 0, "stat": 15, "urgent": 30, "routine": 45}
    assert (await anonymous.put(path, json=body, headers=headers)).json()["version"] == 1
    assert (await anonymous.put(path, json=body, headers=headers)).status_code == 409
    assert (await anonymous.put(path, json={**body, "stat": 0}, headers=headers)).status_code == 422
    await desk.lead()
    assert (await desk.task())["due_at"] == TUESDAY + timedelta(minutes=45)


async def test_a_page_of_cards_asks_no_more_for_more_cards(desk: Desk, anonymous: httpx.AsyncClient) -> None:
    headers = await desk.key()
    asked: list[str] = []
    engine = desk.context.database.engine.sync_engine

    def note(*facts: Any) -> None:
        asked.append(facts[2])

    event.listen(engine, "before_cursor_execute", note)
    counts = []
    for more in (1, 14):
        for number in range(more):
            await desk.lead(f"N{number}")
        asked.clear()
        path = "/api/v1/board/columns/new/cards"
        assert (await anonymous.get(path, headers=headers)).status_code == 200
        counts.append(len(asked))
    event.remove(engine, "before_cursor_execute", note)
    assert counts[1] <= counts[0]


async def test_planning_while_the_timer_fires_never_waits_for_it(desk: Desk, services: Services) -> None:
    """A handler holds its job and wants the lead; a desk holds the lead and plans the timer."""
    lead = await desk.lead()
    holding = await asyncpg.connect(services.admin_database_url.replace("+asyncpg", ""))
    try:
        async with holding.transaction():
            await holding.execute("UPDATE jobs SET rung_at = now() WHERE kind = 'followup.first_contact'")
            await asyncio.wait_for(desk.acts(leads.change, lead, 1, {"urgency": "stat"}), 2)
    finally:
        await holding.close()


async def test_a_shorter_target_holds_for_clocks_that_run(desk: Desk, anonymous: httpx.AsyncClient) -> None:
    headers = await desk.key()
    await desk.lead()
    body = {"version": 0, "stat": 15, "urgent": 20, "routine": 30}
    path = "/api/v1/settings/first-contact"
    assert (await anonymous.put(path, json=body, headers=headers)).status_code == 200
    await desk.work(hours=0.1)
    assert (await desk.task())["due_at"] == TUESDAY + timedelta(minutes=30)
    await desk.work(hours=0.39)
    assert await desk.events("breached") == []
    await desk.work(hours=0.02)
    assert len(await desk.events("breached")) == 1


@pytest.mark.parametrize("change", ["hours", "holiday"])
async def test_longer_hours_hold_for_clocks_that_run(desk: Desk, change: str) -> None:
    closed = await desk.acts(calendars.add_holiday, TUESDAY.date(), "Staff day", None, [])
    hours = [{"weekday": day, "opens": "06:00", "closes": "20:00"} for day in range(7)]
    await desk.lead()
    assert (await timers(desk, "first_contact"))[0].astimezone(CHICAGO).day == TUESDAY.day + 1
    if change == "holiday":
        await desk.acts(calendars.remove_holiday, closed.id)
        at = TUESDAY + timedelta(hours=2)
    else:
        await desk.acts(calendars.set_hours, desk.practice.location_id, 0, hours)
        at = datetime.combine(TUESDAY.date() + timedelta(days=1), time(8), CHICAGO)
    await desk.work(hours=0)
    assert await timers(desk, "first_contact") == [at]
    assert (await desk.task())["due_at"] == at
