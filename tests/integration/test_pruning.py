"""Old keys, done jobs and sessions go; what is younger, dead, or of another practice stays."""

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest

from backend.core.context import ProcessContext
from backend.operations import pruning
from backend.wiring.handlers import job_handlers
from backend.worker.runner import JobRunner
from tests.conftest import SamplePractice


async def prune(context: ProcessContext, admin: Any, practice: SamplePractice) -> None:
    await admin.execute(
        "UPDATE jobs SET run_at = now(), rung_at = NULL WHERE kind = $1 AND practice_id = $2",
        pruning.PRUNE, practice.id,
    )  # fmt: skip
    runner = JobRunner(context.database, job_handlers(context, {}), lease_seconds=30, attempts=3)
    await runner.run_due("default")


async def add_key(admin: Any, practice_id: uuid.UUID, key: str, age: str) -> None:
    await admin.execute(
        "INSERT INTO idempotency_keys (practice_id, caller, key, request_hash, result_id, created_at)"
        f" VALUES ($1, 'desk', $2, 'x', gen_random_uuid(), now() - interval '{age}')", practice_id, key,
    )  # fmt: skip


async def add_job(admin: Any, practice_id: uuid.UUID, key: str, state: str, age: str) -> None:
    await admin.execute(
        "INSERT INTO jobs (id, practice_id, kind, ref_id, key, queue, state, finished_at)"
        f" VALUES (gen_random_uuid(), $1, 'test', gen_random_uuid(), $2, 'default', $3, now() - interval '{age}')",
        practice_id, key, state,
    )  # fmt: skip


async def test_what_is_old_goes(
    context: ProcessContext, admin: Any, practice: SamplePractice, other_practice: SamplePractice,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(pruning, "AT_ONCE", 2)
    for number in range(5):
        await add_key(admin, practice.id, f"old{number}", "8 days")
        await add_job(admin, practice.id, f"done{number}", "done", "181 days")
    await add_key(admin, practice.id, "young", "6 days")
    await add_key(admin, other_practice.id, "theirs", "8 days")
    await add_job(admin, practice.id, "dead", "dead", "181 days")
    await add_job(admin, practice.id, "recent", "done", "170 days")
    await prune(context, admin, practice)
    assert {row["key"] for row in await admin.fetch("SELECT key FROM idempotency_keys")} == {"young", "theirs"}
    assert {row["key"] for row in await admin.fetch("SELECT key FROM jobs WHERE kind = 'test'")} == {"dead", "recent"}
    again = await admin.fetchrow("SELECT state, run_at FROM jobs WHERE kind = $1 AND practice_id = $2",
                                 pruning.PRUNE, practice.id)  # fmt: skip
    assert again["state"] == "queued" and again["run_at"] > datetime.now(UTC)
