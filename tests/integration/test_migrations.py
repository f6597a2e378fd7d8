"""Migrations go back and forth on a database with rows in it."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest

from backend.core.ids import new_id
from backend.launcher.services import Services
from tests.conftest import ROOT

SCRATCH = "frontdesk_scratch"
BEFORE_CALLS = "20261125_1100"
KINDS = (
    "calls.settle", "calls.fetch", "followup.begin", "followup.step", "followup.inactivity", "followup.evaluation",
    "followup.escalate", "followup.first_contact",
)  # fmt: skip
PRACTICE = "INSERT INTO practices (id, name, slug, timezone, wrapped_key) VALUES ($1, 'N', 'n', 'America/Chicago', '')"
STAGE = """INSERT INTO stages (practice_id, key, name, "group", position) VALUES ($1, 'new', 'New', 'open', 1)"""
LEAD = """INSERT INTO leads (practice_id, id, patient_id, stage, open, rank, owner_user_id, source)
VALUES ($1, $2, $3, 'new', true, 'a', $4, 'phone')"""
TASK = """INSERT INTO tasks (practice_id, id, lead_id, kind, title, due_at, owner_user_id)
VALUES ($1, $2, $3, 'call', 'Call', now(), $4)"""
LINE = """INSERT INTO phone_lines (practice_id, id, provider, account_key, number, sealed_secrets)
VALUES ($1, $2, 'twilio', 'key', '+12175550110', '')"""
CALL = """INSERT INTO calls (practice_id, id, line_id, conversation_id, external_id, phone, started_at, outcome)
VALUES ($1, $2, $3, $4, 'CA1', '+12175550142', now(), 'missed')"""
MESSAGE = """INSERT INTO messages (practice_id, id, conversation_id, direction, purpose, body, status, author, call_id)
VALUES ($1, $2, $3, $4, 'care', 'words', 'received', '', $5)"""
JOB = "INSERT INTO jobs (id, practice_id, kind, ref_id, key, queue) VALUES ($1, $2, $3, $4, $5, 'default')"


@pytest.fixture
async def scratch(services: Services, admin: "asyncpg.Connection") -> AsyncIterator[tuple[str, str]]:
    """An empty database of its own in the cluster: its URL for the owner, and for a superuser."""
    await admin.execute(f"CREATE DATABASE {SCRATCH} OWNER frontdesk_owner")
    ours, superuser = (
        url.rsplit("/", 1)[0] + f"/{SCRATCH}" for url in (services.migrations_url, services.admin_database_url)
    )
    yield ours, superuser.replace("+asyncpg", "")
    await admin.execute(f"DROP DATABASE {SCRATCH} WITH (FORCE)")


async def _migrate(url: str, *command: str) -> None:
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-m", "alembic", *command], cwd=ROOT,
        env={**os.environ, "MIGRATIONS_URL": url}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-1500:]


async def _fill(rows: "asyncpg.Connection") -> UUID:
    """An open lead with its timers, and a call in its thread."""
    practice, user, patient, lead, line, thread, call = (new_id() for _ in range(7))
    async with rows.transaction():
        await rows.execute(PRACTICE, practice)
        await rows.execute(
            "INSERT INTO users (practice_id, id, email, name, password_hash) VALUES ($1, $2, 'd@example.org', 'D', '')",
            practice, user,
        )  # fmt: skip
        await rows.execute(
            "INSERT INTO patients (practice_id, id, first_name, last_name) VALUES ($1, $2, 'Ada', 'Sample')",
            practice, patient,
        )  # fmt: skip
        await rows.execute(STAGE, practice)
        await rows.execute(LEAD, practice, lead, patient, user)
        await rows.execute(TASK, practice, new_id(), lead, user)
        await rows.execute(LINE, practice, line)
        await rows.execute(
            "INSERT INTO conversations (practice_id, id, line_id, phone) VALUES ($1, $2, $3, '+12175550142')",
            practice, thread, line,
        )  # fmt: skip
        await rows.execute(CALL, practice, call, line, thread)
        await rows.execute(MESSAGE, practice, new_id(), thread, "call", call)
        await rows.execute(MESSAGE, practice, new_id(), thread, "in", None)
        for kind in KINDS:
            await rows.execute(JOB, new_id(), practice, kind, lead, str(lead))
    return lead


async def test_calls_and_follow_up_go_back_and_forth_with_rows_present(scratch: tuple[str, str]) -> None:
    ours, superuser = scratch
    await _migrate(ours, "upgrade", "head")
    rows = await asyncpg.connect(superuser)
    try:
        lead = await _fill(rows)
        await _migrate(ours, "downgrade", BEFORE_CALLS)
        assert await rows.fetchval("SELECT array_agg(direction) FROM messages") == ["in"], "texts stay"
        assert await rows.fetchval("SELECT count(*) FROM jobs") == 0, "nobody would know what these are"
        await _migrate(ours, "upgrade", "head")
        watched = await rows.fetch("SELECT kind FROM jobs WHERE ref_id = $1 ORDER BY kind", lead)
        assert [row["kind"] for row in watched] == ["followup.first_contact", "followup.inactivity"]
        forced = "SELECT relforcerowsecurity FROM pg_class WHERE relname = 'messages'"
        assert await rows.fetchval(forced) is True
    finally:
        await rows.close()
