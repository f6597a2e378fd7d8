"""What changes is found by the refresh, whoever changed it; the doctor names what drifted behind its back."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import select

from backend.care import service as care
from backend.care import visits
from backend.care.visits import VisitFacts
from backend.core.context import ProcessContext
from backend.identity import calendars
from backend.leads import merging
from backend.leads import service as leads
from backend.leads.models import Lead
from backend.operations import doctor
from backend.reporting import answering
from backend.reporting.asking import Question
from backend.reporting.metrics import named
from backend.reporting.refresh import REFRESH
from tests.conftest import SamplePractice, make_practice
from tests.integration.reporting.forty_referrals import ADAMS, ASKED, Referral
from tests.integration.reporting.world import World, at

FIRST = Referral(1, "05-04 09:00", "05-04 09:30", "05-04 09:30", "05-04 09:30", "05-07 10:00", visits=3, **ADAMS)
SECOND = Referral(2, "05-05 09:00", "05-05 10:30", **ADAMS)


@pytest.fixture
async def small(context: ProcessContext, admin: "asyncpg.Connection") -> World:
    """Two referrals, counted."""
    world = World(context, await make_practice(context, "northside"), admin)
    await world.clinic("North")
    for one in (FIRST, SECOND):
        await world.refer(one)
    await world.fresh()
    return world


async def fact(world: World, number: int) -> dict[str, Any]:
    row = await world.admin.fetchrow("SELECT * FROM lead_facts WHERE lead_id = $1", world.leads[number])
    return dict(row)


async def visited(world: World) -> int:
    found = await world.admin.fetchval("SELECT sum(attended + no_shows) FROM visit_facts")
    return int(found or 0)


async def test_only_what_changed_is_made_anew(small: World) -> None:
    assert await small.admin.fetchval("SELECT count(*) FROM report_changes") == 0
    with at(ASKED):
        await small.act(leads.log_call, small.leads[2], "reached", None)
    kinds = await small.admin.fetch("SELECT DISTINCT kind, ref_id FROM report_changes")
    assert {(row["kind"], row["ref_id"]) for row in kinds} == {("lead", small.leads[2])}
    before = await fact(small, 1)
    await small.fresh()
    assert (await fact(small, 2))["contact_at"] == ASKED and await fact(small, 1) == before


async def test_another_clinic_another_day(small: World) -> None:
    """A clinic in another zone: the lead has no event of it, its day and minutes change all the same."""
    await small.clinic("West")
    await small.admin.execute("UPDATE leads SET opened_at = '2026-05-05T05:30Z' WHERE id = $1", small.leads[2])
    await small.fresh()
    assert str((await fact(small, 2))["received_on"]) == "2026-05-05", "half past midnight in Chicago"
    with at(ASKED):
        version = await small.admin.fetchval("SELECT version FROM leads WHERE id = $1", small.leads[2])
        await small.act(leads.change, small.leads[2], version, {"location_id": small.clinics["West"]})
    await small.fresh()
    assert str((await fact(small, 2))["received_on"]) == "2026-05-04", "half past ten in Los Angeles"


async def test_other_hours_count_other_minutes(small: World) -> None:
    assert (await fact(small, 2))["attempt_minutes"] == 90
    with at(ASKED):
        await small.act(
            calendars.set_hours, small.clinics["North"], 0, [{"weekday": 1, "opens": "10:00", "closes": "18:00"}]
        )
    await small.fresh()
    assert (await fact(small, 2))["attempt_minutes"] == 30


async def test_a_visit_noted_changed_and_taken_back(small: World) -> None:
    assert await visited(small) == 3
    episode = await small.admin.fetchval("SELECT id FROM episodes")
    with at(ASKED):
        facts = VisitFacts(ASKED.replace(day=14), "no_show")
        visit, _ = await small.act(visits.record, episode, facts)
    await small.fresh()
    assert await visited(small) == 4
    with at(ASKED):
        await small.act(visits.record, episode, VisitFacts(ASKED.replace(day=14), "canceled"))
    await small.fresh()
    assert await visited(small) == 3
    await small.admin.execute("DELETE FROM visits WHERE id = $1", visit.id)
    await small.fresh()
    assert await small.admin.fetchval("SELECT count(*) FROM visit_facts") == 1


async def test_merged_and_parted_again(small: World) -> None:
    """While it is part of the other it is no referral; then it is one again."""

    async def join(session: Any, lead: UUID, into: UUID) -> None:
        versions = [(await leads.locked(session, each)).version for each in (lead, into)]
        await merging.merge(session, lead, into, *versions)

    async def part(session: Any, lead: UUID) -> None:
        version = await session.scalar(select(Lead.version).where(Lead.id == lead))
        await merging.unmerge(session, lead, version)

    async def received() -> int:
        with at(ASKED):
            found = await small.act(answering.answer, Question(named("contact_rate")))
        return int(found.whole.n)

    assert await received() == 2
    with at(ASKED):
        await small.act(join, small.leads[2], small.leads[1])
    await small.fresh()
    assert await received() == 1 and (await fact(small, 2))["excluded"] == "merged"
    with at(ASKED):
        await small.act(part, small.leads[2])
    await small.fresh()
    assert await received() == 2


async def test_a_discharge_completes_the_referral(small: World) -> None:
    episode = await small.admin.fetchval("SELECT id FROM episodes")
    with at(ASKED):
        await small.act(care.discharge, episode, reason="goals_met", ended_on=ASKED.date().replace(month=6))
    await small.fresh()
    assert (await fact(small, 1))["reached"] == 5
    with at(ASKED):
        await small.act(care.reopen, episode)
    await small.fresh()
    assert (await fact(small, 1))["reached"] == 4


async def test_every_practice_with_leads_has_its_job(small: World) -> None:
    rows = await small.admin.fetch("SELECT practice_id, state FROM jobs WHERE kind = $1", REFRESH)
    assert [(row["practice_id"], row["state"]) for row in rows] == [(small.practice.id, "queued")]


async def broken(world: World) -> set[str]:
    found = await doctor.examine(world.context, [world.practice.id])
    return {
        f"{finding.title}: {finding.violations[0].id}"
        for finding in found
        if finding.promise == "P6" and not finding.ok
    }


async def test_the_doctor_finds_what_drifted(small: World) -> None:
    episode = await small.admin.fetchval("SELECT id FROM episodes")
    assert await broken(small) == set()
    await small.admin.execute("UPDATE lead_facts SET reached = 1 WHERE lead_id = $1", small.leads[1])
    assert await broken(small) == {f"facts of reports are what the history says: {small.leads[1]}"}
    await small.admin.execute("UPDATE lead_facts SET reached = 4 WHERE lead_id = $1", small.leads[1])
    await small.admin.execute("UPDATE visit_facts SET attended = attended + 1")
    assert await broken(small) == {f"sums of visits are the visits behind them: {episode}"}
    await small.admin.execute("UPDATE visit_facts SET attended = attended - 1")
    await small.admin.execute("DELETE FROM jobs WHERE kind = $1", REFRESH)
    assert await broken(small) == set(), "nothing has changed, so nothing is missed"
    with at(ASKED):
        await small.act(leads.add_note, small.leads[1], "a note")
    assert await broken(small) == {f"figures are made fresh within five minutes: {small.practice.id}"}


async def test_without_facts_nothing_is_claimed(context: ProcessContext, practice: SamplePractice) -> None:
    async with context.database.transaction(practice.id) as session:
        found = await answering.answer(session, Question(named("contact_rate")))
    assert found.whole.withheld is not None and found.whole.withheld.reason == "not_ready"
