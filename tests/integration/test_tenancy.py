"""No one sees another practice's rows (P7)."""

import asyncpg
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from backend.core.context import ProcessContext
from backend.core.database import Base, Database
from backend.identity.models import Location, User
from backend.tables import metadata
from tests.conftest import SamplePractice

# Tables a transaction may read before it knows its practice; each is a reviewed exception.
SYSTEM_READABLE = {
    "practices", "users", "memberships", "sessions", "api_keys", "fax_lines", "phone_lines", "media_links",
    "patient_links", "patient_sessions", "referrer_links", "referrer_sessions", "jobs", "webhook_deliveries",
    "calendar_feeds", "security_events",
    "hl7_senders", "letterheads",
}  # fmt: skip


def tenant_tables() -> set[str]:
    return {name for name, table in metadata.tables.items() if "practice_id" in table.columns or name == "practices"}


async def test_every_tenant_table_forces_row_level_security(
    admin: "asyncpg.Connection", context: ProcessContext
) -> None:
    rows = await admin.fetch(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relrowsecurity AND relforcerowsecurity"
    )
    assert {row["relname"] for row in rows} == tenant_tables()


async def test_every_policy_checks_what_is_read_and_what_is_written(
    admin: "asyncpg.Connection", context: ProcessContext
) -> None:
    policies = await admin.fetch("SELECT tablename, policyname, qual, with_check FROM pg_policies")
    assert all(row["qual"] and row["qual"] == row["with_check"] for row in policies)
    assert {row["tablename"] for row in policies if row["policyname"] == "tenant"} == tenant_tables()
    assert {row["tablename"] for row in policies if row["policyname"] == "system"} == SYSTEM_READABLE


async def test_the_app_role_cannot_step_around_it(admin: "asyncpg.Connection", context: ProcessContext) -> None:
    role = await admin.fetchrow("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = 'frontdesk_app'")
    owned = await admin.fetchval(
        "SELECT count(*) FROM pg_tables WHERE tableowner = 'frontdesk_app' AND schemaname = 'public'"
    )
    assert (role["rolsuper"], role["rolbypassrls"], owned) == (False, False, 0)


async def test_a_practice_sees_itself_only(
    database: Database, practice: SamplePractice, other_practice: SamplePractice
) -> None:
    for mine in (practice, other_practice):
        async with database.transaction(mine.id) as session:
            assert list(await session.scalars(select(User.practice_id))) == [mine.id]


async def test_without_a_practice_there_are_no_rows(database: Database, practice: SamplePractice) -> None:
    async with database.system() as session:
        assert await session.scalar(select(func.count()).select_from(Location)) == 0


async def test_writing_for_another_practice_is_refused(
    database: Database, practice: SamplePractice, other_practice: SamplePractice
) -> None:
    with pytest.raises(DBAPIError, match="row-level security"):
        async with database.transaction(practice.id) as session:
            session.add(Location(practice_id=other_practice.id, name="Stolen", timezone="America/Chicago"))


async def test_a_pooled_connection_carries_nothing_over(
    database: Database, practice: SamplePractice, other_practice: SamplePractice
) -> None:
    for turn in range(50):
        mine = (practice, other_practice)[turn % 2]
        try:
            async with database.transaction(mine.id) as session:
                assert list(await session.scalars(select(Location.practice_id))) == [mine.id]
                if turn % 3 == 0:
                    await session.execute(text("SELECT 1/0"))
        except DBAPIError:
            continue


def test_foreign_keys_between_tenant_tables_carry_the_practice() -> None:
    for table in Base.metadata.tables.values():
        for key in table.foreign_key_constraints:
            target = key.referred_table
            if "practice_id" in target.columns and "practice_id" in table.columns:
                assert "practice_id" in key.column_keys, f"{table.name} -> {target.name}"
