"""Three hundred faxes while workers are killed and Valkey is emptied: none lost, none doubled."""

import asyncio
import os
import random
import subprocess
import sys
import time
import uuid
from pathlib import Path

import asyncpg
import pytest

from backend.core.context import ProcessContext
from backend.core.crypto import seal
from backend.core.ids import new_id
from backend.core.inbox import Delivery
from backend.core.jobs import QUEUES, Queue
from backend.core.settings import Settings
from backend.faxes import lines
from backend.faxes.ports import FaxNotice, WebhookRequest
from backend.faxes.service import RECEIVE
from backend.identity.queries import practice_key
from backend.sandbox import samples
from tests.conftest import SamplePractice

FAXES, KILLS, FLUSHES = 300, 10, 3
ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.chaos, pytest.mark.timeout(420)]


class Workers:
    """Worker processes of both queues, killed and born again."""

    def __init__(self, settings: Settings) -> None:
        self._environment = {
            **os.environ,
            "DATABASE_URL": settings.database_url,
            "REDIS_URL": settings.redis_url,
            "FRONTDESK_DATA": str(settings.data),
            "FRONTDESK_LEASE_SECONDS": "3",
            "FRONTDESK_JOB_ATTEMPTS": "30",
            "LOG_LEVEL": "ERROR",
        }
        self.running = {queue: self._start(queue) for queue in QUEUES}

    def _start(self, queue: Queue) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "backend.cli", "worker", "--queue", queue]
        return subprocess.Popen(command, cwd=ROOT, env=self._environment, stdout=subprocess.DEVNULL)

    def kill(self, queue: Queue) -> None:
        """kill -9, and another one starts."""
        self.running[queue].kill()
        self.running[queue].wait()
        self.running[queue] = self._start(queue)

    def stop(self) -> None:
        for process in self.running.values():
            process.kill()
            process.wait()


async def arrive(context: ProcessContext, practice: SamplePractice) -> None:
    """Every fax comes as a callback that brings its document, some of them twice."""
    async with context.database.transaction(practice.id) as session:
        key = await practice_key(session, context)
        names = ("project_id", "key_id", "key_secret", "webhook_username", "webhook_password")
        line = await lines.add_line(
            session, key, provider="sinch", account_key=uuid.uuid4().hex, number="+12175550102",
            secrets=dict.fromkeys(names, "x"),
        )  # fmt: skip
    assert context.inbox is not None
    for number in range(FAXES):
        document, _ = samples.draw("order_form", "text_pdf", number)
        body = b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\n' + document + b"\r\n--x--\r\n"
        callback = WebhookRequest({"content-type": "multipart/form-data; boundary=x"}, {}, body)
        notice = FaxNotice(f"event-{number}", f"fax-{number}", "received", "+13125550142", line.number)
        for _ in range(1 + (number % 10 == 0)):
            delivery_id = new_id()
            sealed = seal(key, lines.pack(notice, callback), f"delivery:{delivery_id}")
            facts = (notice.event_id, notice.external_id, RECEIVE, sealed, delivery_id)
            await context.inbox.record(Delivery(practice.id, "sinch", line.account_key, *facts))


async def unfinished(admin: "asyncpg.Connection") -> int:
    # Timers of leads and tasks wait for days; what is due soon is work.
    waiting = await admin.fetchval(
        "SELECT count(*) FROM jobs WHERE kind NOT IN ('faxes.reconcile', 'reporting.refresh') "
        "AND (state = 'leased' OR state = 'queued' AND run_at < now() + interval '1 minute')"
    )
    faxes = await admin.fetchval("SELECT count(*) FROM faxes")
    return int(waiting) + FAXES - int(faxes)


async def test_nothing_is_lost_or_doubled(
    context: ProcessContext, practice: SamplePractice, admin: "asyncpg.Connection", settings: Settings
) -> None:
    dice = random.Random(20261124)
    workers = Workers(settings)
    try:
        await arrive(context, practice)
        begun = time.monotonic()
        for strike in range(KILLS):
            await asyncio.sleep(dice.uniform(0.8, 2.2))
            workers.kill(dice.choice(QUEUES))
            if strike % (KILLS // FLUSHES) == 0 and strike // (KILLS // FLUSHES) < FLUSHES:
                await context.redis.flushall()
        while await unfinished(admin):
            assert time.monotonic() - begun < 360, "work is stuck"
            await asyncio.sleep(0.5)
    finally:
        workers.stop()
    await assert_whole(admin)


async def assert_whole(admin: "asyncpg.Connection") -> None:
    states = {
        row["status"]: row["n"] for row in await admin.fetch("SELECT status, count(*) AS n FROM faxes GROUP BY 1")
    }
    assert sum(states.values()) == FAXES
    assert set(states) <= {"filed", "needs_review"} and states["filed"] > FAXES / 2
    assert await admin.fetchval("SELECT count(*) FROM jobs WHERE state = 'dead'") == 0
    assert await admin.fetchval("SELECT count(DISTINCT external_id) FROM faxes") == FAXES
    orders = "SELECT count(*) FROM referral_orders"
    assert await admin.fetchval(orders) == await admin.fetchval(
        "SELECT count(*) FROM fax_segments WHERE lead_id IS NOT NULL"
    )
    pages = (
        "SELECT count(*) FROM fax_pages p WHERE NOT EXISTS "
        "(SELECT 1 FROM fax_segments s WHERE s.fax_id = p.fax_id AND p.number = ANY(s.pages))"
    )
    assert await admin.fetchval(pages) == 0
    assert await admin.fetchval("SELECT count(*) FROM leads WHERE open AND next_task_id IS NULL") == 0
    reviews = "SELECT count(*) FROM tasks WHERE kind = 'review_fax' AND done_at IS NULL"
    assert await admin.fetchval(reviews) == states.get("needs_review", 0)
