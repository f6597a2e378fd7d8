"""Jobs run at least once, take effect once, and end in a definite state."""

import asyncio
import uuid
from collections import Counter
from datetime import timedelta

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from backend.core.clock import now
from backend.core.database import Database
from backend.core.ids import new_id
from backend.core.jobs import Discard, Job, JobHandler, JobRun, TryAgain, later
from backend.identity.models import SecurityEvent
from backend.worker.runner import JobRunner, backoff
from backend.worker.sweep import LISTENING, Hands, sweep
from tests.conftest import SamplePractice


async def add_job(database: Database, practice: SamplePractice, key: str = "1") -> uuid.UUID:
    async with database.transaction(practice.id) as session:
        await later(session, "test", new_id(), key=key)
    return await only_job(database, key)


async def only_job(database: Database, key: str) -> uuid.UUID:
    async with database.system() as session:
        return (await session.execute(select(Job.id).where(Job.key == key))).scalar_one()


def runner(database: Database, handler: JobHandler, lease: float = 30, attempts: int = 3) -> JobRunner:
    return JobRunner(database, {"test": handler}, lease_seconds=lease, attempts=attempts)


async def effect(run: JobRun) -> None:
    """One visible row, written with the job's end."""
    async with run.transaction() as session:
        session.add(SecurityEvent(practice_id=run.practice_id, kind="effect", subject=str(run.job_id)))
        await run.finish(session)


async def state(admin: "asyncpg.Connection", job_id: uuid.UUID) -> tuple[str, int, str | None]:
    row = await admin.fetchrow("SELECT state, attempt, error_code FROM jobs WHERE id = $1", job_id)
    return row["state"], row["attempt"], row["error_code"]


async def effects(admin: "asyncpg.Connection") -> Counter[str]:
    return Counter(row["subject"] for row in await admin.fetch("SELECT subject FROM security_events"))


async def test_rung_many_times_it_runs_once(
    database: Database, practice: SamplePractice, admin: "asyncpg.Connection"
) -> None:
    job_id = await add_job(database, practice)
    ran = await asyncio.gather(*(runner(database, effect).run(job_id) for _ in range(8)))
    assert ran.count(True) == 1
    assert await effects(admin) == {str(job_id): 1}
    assert await state(admin, job_id) == ("done", 1, None)


async def test_the_same_key_is_one_job(
    database: Database, practice: SamplePractice, admin: "asyncpg.Connection"
) -> None:
    await add_job(database, practice)
    await add_job(database, practice)
    assert await admin.fetchval("SELECT count(*) FROM jobs WHERE kind = 'test'") == 1


async def test_a_rolled_back_transaction_leaves_no_job(
    database: Database, practice: SamplePractice, admin: "asyncpg.Connection"
) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.transaction(practice.id) as session:
            await later(session, "test", new_id(), key="gone")
            raise ZeroDivisionError
    assert await admin.fetchval("SELECT count(*) FROM jobs WHERE kind = 'test'") == 0


async def test_a_worker_that_wakes_late_writes_nothing(
    database: Database, practice: SamplePractice, admin: "asyncpg.Connection"
) -> None:
    job_id = await add_job(database, practice)
    taken_over = asyncio.Event()

    async def slow(run: JobRun) -> None:
        await taken_over.wait()
        await effect(run)

    late = asyncio.create_task(runner(database, slow, lease=3600).run(job_id))
    while (await state(admin, job_id))[0] != "leased":
        await asyncio.sleep(0.01)
    await admin.execute("UPDATE jobs SET lease_until = now() - interval '1 second'")
    assert await runner(database, effect).run(job_id)
    taken_over.set()
    await late
    assert await effects(admin) == {str(job_id): 1}
    assert await state(admin, job_id) == ("done", 2, None)


async def test_a_long_job_keeps_its_lease(
    database: Database, practice: SamplePractice, admin: "asyncpg.Connection"
) -> None:
    job_id = await add_job(database, practice)

    async def long(run: JobRun) -> None:
        await asyncio.sleep(1.2)
        await effect(run)

    first = asyncio.create_task(runner(database, long, lease=0.5).run(job_id))
    await asyncio.sleep(0.9)
    assert not await runner(database, effect).run(job_id)
    await first
    assert await state(admin, job_id) == ("done", 1, None)


async def test_a_job_that_waits_again_is_never_taken_for_done(
    database: Database, practice: SamplePractice, admin: "asyncpg.Connection"
) -> None:
    """Even when this very worker claims it again before the first run has ended."""
    job_id = await add_job(database, practice)
    runs: list[JobRun] = []

    async def again(run: JobRun) -> None:
        runs.append(run)
        if len(runs) == 1:
            async with run.transaction() as session:
                await run.again(session, now() - timedelta(seconds=5))
            assert await worker.run(job_id)
        else:
            async with run.transaction() as session:
                await run.again(session, now() + timedelta(hours=1))

    worker = runner(database, again)
    assert await worker.run(job_id)
    assert len(runs) == 2
    assert (await state(admin, job_id))[0] == "queued"
    assert await admin.fetchval("SELECT run_at > now() + interval '50 minutes' FROM jobs WHERE kind = 'test'") is True


async def test_failures_back_off_and_end_dead(
    database: Database, practice: SamplePractice, admin: "asyncpg.Connection"
) -> None:
    job_id = await add_job(database, practice)

    async def failing(_: JobRun) -> None:
        raise ValueError("Ada Sample")

    for attempt in (1, 2, 3):
        assert await runner(database, failing).run(job_id)
        wanted = "dead" if attempt == 3 else "queued"
        assert await state(admin, job_id) == (wanted, attempt, "ValueError")
        await admin.execute("UPDATE jobs SET run_at = now()")


@pytest.mark.parametrize(
    ("error", "wanted"),
    [(Discard("no_such_fax"), ("dead", 1, "no_such_fax")), (TryAgain("busy", 0), ("queued", 1, "busy"))],
)
async def test_a_handler_can_decide(
    database: Database,
    practice: SamplePractice,
    admin: "asyncpg.Connection",
    error: Exception,
    wanted: tuple[str, int, str],
) -> None:
    job_id = await add_job(database, practice)

    async def deciding(_: JobRun) -> None:
        raise error

    await runner(database, deciding).run(job_id)
    assert await state(admin, job_id) == wanted


async def test_what_was_rung_is_left_to_who_heard_it(
    database: Database, practice: SamplePractice, admin: "asyncpg.Connection"
) -> None:
    job_id = await add_job(database, practice)
    worker = runner(database, effect)
    assert await worker.claim_due("default", 10, LISTENING) == []
    await admin.execute("UPDATE jobs SET rung_at = now() - interval '4 seconds'")
    assert [run.job_id for run in await worker.claim_due("default", 10, LISTENING)] == [job_id]
    assert await worker.claim_due("default", 10, LISTENING) == []


async def test_sweepers_share_what_is_due_and_each_job_runs_once(
    database: Database, practice: SamplePractice, admin: "asyncpg.Connection"
) -> None:
    for number in range(40):
        await add_job(database, practice, str(number))
    await admin.execute("UPDATE jobs SET rung_at = NULL")
    loops = [asyncio.create_task(sweep(runner(database, effect), "default", Hands(3), seconds=0.05)) for _ in range(3)]
    async with asyncio.timeout(15):
        while await admin.fetchval("SELECT count(*) FROM jobs WHERE state = 'done'") < 40:
            await asyncio.sleep(0.05)
    for loop in loops:
        loop.cancel()
    assert len(await effects(admin)) == 40
    assert set((await effects(admin)).values()) == {1}
    assert await admin.fetchval("SELECT max(attempt) FROM jobs") == 1


async def test_a_worker_has_so_many_hands(
    database: Database, practice: SamplePractice, admin: "asyncpg.Connection"
) -> None:
    for number in range(12):
        await add_job(database, practice, str(number))
    await admin.execute("UPDATE jobs SET rung_at = NULL")
    at_work, most = 0, 0

    async def busy(run: JobRun) -> None:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        await asyncio.sleep(0.02)
        at_work -= 1
        await effect(run)

    loop = asyncio.create_task(sweep(runner(database, busy), "default", Hands(4), seconds=0.05))
    async with asyncio.timeout(15):
        while await admin.fetchval("SELECT count(*) FROM jobs WHERE state = 'done'") < 12:
            await asyncio.sleep(0.05)
    loop.cancel()
    assert most <= 4


async def test_it_never_claims_more_than_it_has_hands_for(
    database: Database, practice: SamplePractice, admin: "asyncpg.Connection"
) -> None:
    for number in range(12):
        await add_job(database, practice, str(number))
    await admin.execute("UPDATE jobs SET rung_at = NULL; ANALYZE jobs")
    assert len(await runner(database, effect).claim_due("default", 4)) == 4


@given(attempt=st.integers(1, 100), chance=st.floats(0, 1))
def test_backoff_stays_within_its_bounds(attempt: int, chance: float) -> None:
    assert 0 <= backoff(attempt, chance) <= min(3600, 2**attempt)
