"""P3 in the database: no open lead without an owner, a next step and a due time."""

import asyncpg
import pytest

from backend.core.context import ProcessContext
from backend.core.ids import new_id
from tests.conftest import SamplePractice

LEAD = """INSERT INTO leads (practice_id, id, patient_id, stage, open, rank, owner_user_id, source)
          VALUES ($1, $2, $3, 'new', true, 'a', $4, 'phone')"""
TASK = """INSERT INTO tasks (practice_id, id, lead_id, kind, title, due_at, owner_user_id)
          VALUES ($1, $2, $3, 'call', 'Call', now(), $4)"""


@pytest.fixture
async def lead(admin: "asyncpg.Connection", context: ProcessContext, practice: SamplePractice) -> tuple[object, object]:
    """An open lead with one task: (lead id, task id)."""
    patient, lead_id, task_id = new_id(), new_id(), new_id()
    async with admin.transaction():
        await admin.execute(
            "INSERT INTO patients (practice_id, id, first_name, last_name) VALUES ($1, $2, 'Ada', 'Sample')",
            practice.id, patient,
        )  # fmt: skip
        await admin.execute(LEAD, practice.id, lead_id, patient, practice.user_id)
        await admin.execute(TASK, practice.id, task_id, lead_id, practice.user_id)
    return lead_id, task_id


async def test_an_open_lead_needs_a_task(
    admin: "asyncpg.Connection", practice: SamplePractice, lead: tuple[object, object]
) -> None:
    patient = await admin.fetchval("SELECT id FROM patients")
    with pytest.raises(asyncpg.CheckViolationError, match="next step"):
        await admin.execute(LEAD, practice.id, new_id(), patient, practice.user_id)


async def test_its_task_must_be_due_some_day(admin: "asyncpg.Connection", lead: tuple[object, object]) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await admin.execute("UPDATE tasks SET due_at = 'infinity'")


@pytest.mark.parametrize("statement", ["UPDATE tasks SET done_at = now()", "DELETE FROM tasks"])
async def test_its_last_task_cannot_go(
    admin: "asyncpg.Connection", lead: tuple[object, object], statement: str
) -> None:
    with pytest.raises(asyncpg.CheckViolationError, match="next step"):
        await admin.execute(statement)


async def test_its_owner_cannot_go(admin: "asyncpg.Connection", lead: tuple[object, object]) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await admin.execute("UPDATE leads SET owner_user_id = NULL")


async def test_a_closed_lead_may_rest(admin: "asyncpg.Connection", lead: tuple[object, object]) -> None:
    async with admin.transaction():
        await admin.execute("UPDATE leads SET open = false")
        await admin.execute("UPDATE tasks SET done_at = now()")
    assert await admin.fetchval("SELECT count(*) FROM tasks WHERE done_at IS NULL") == 0
