"""The audit chain: complete, ordered, and broken by any change."""

import asyncio

import asyncpg
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from backend.audit import service
from backend.audit.models import AuditEvent
from backend.core.database import Database
from backend.core.ids import new_id
from tests.conftest import SamplePractice


async def _look(database: Database, practice: SamplePractice) -> None:
    async with database.transaction(practice.id) as session:
        await service.record(session, "lead.viewed", "lead:1", [new_id(), new_id()])


async def test_writers_at_once_leave_no_gap(database: Database, practice: SamplePractice) -> None:
    await asyncio.gather(*(_look(database, practice) for _ in range(20)))
    async with database.transaction(practice.id) as session:
        assert await session.scalar(select(func.max(AuditEvent.seq))) == 20
        assert await service.first_broken_link(session) is None


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit_events SET actor_name = 'Nobody' WHERE seq = 2",
        "DELETE FROM audit_events WHERE seq = 2",
        "UPDATE audit_events SET patient_ids = '{}' WHERE seq = 2",
    ],
)
async def test_tampering_behind_the_application_is_found(
    database: Database, practice: SamplePractice, admin: "asyncpg.Connection", tampering: str
) -> None:
    for _ in range(3):
        await _look(database, practice)
    await admin.execute(f"SET session_replication_role = replica; {tampering}; RESET session_replication_role")
    async with database.transaction(practice.id) as session:
        assert await service.first_broken_link(session) == 2


async def test_a_cut_off_tail_is_found(
    database: Database, practice: SamplePractice, admin: "asyncpg.Connection"
) -> None:
    for _ in range(3):
        await _look(database, practice)
    await admin.execute(
        "SET session_replication_role = replica; DELETE FROM audit_events WHERE seq = 3; RESET session_replication_role"
    )
    async with database.transaction(practice.id) as session:
        assert await service.first_broken_link(session) == 3


@pytest.mark.parametrize("statement", ["UPDATE audit_events SET action = ''", "DELETE FROM audit_events"])
async def test_the_application_cannot_change_it(database: Database, practice: SamplePractice, statement: str) -> None:
    await _look(database, practice)
    with pytest.raises(DBAPIError, match="permission denied"):
        async with database.transaction(practice.id) as session:
            await session.execute(text(statement))
