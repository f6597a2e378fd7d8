"""Timers: texts held until a time, due while a hundred thousand others wait; due → handed to the carrier and recorded.

The rate is what one practice's numbers could send at most (a long code carries about one text a second). The burst then
makes many due at the same moment and counts how many a second one worker gets through.
"""

import asyncio
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg

from backend.bench.ground import Product, at, hours_until_noon, product, until
from backend.core.ids import new_id

WAITING, DUE, SECONDS, BURST = 100_000, 600, 60, 1_000
LATE = """
SELECT extract(epoch FROM finished_at - run_at)::float8 AS lag FROM jobs
WHERE kind = 'messages.send' AND state = 'done' AND key LIKE 'bench:' || $1 || ':%'
"""


def measure() -> dict[str, Any]:
    """p50 and p99 of the lag, and how many texts a second a burst gets."""
    with product() as running:
        return asyncio.run(_measure(running))


async def _measure(running: Product) -> dict[str, Any]:
    connection = await asyncpg.connect(running.admin_url)
    try:
        begin = datetime.now(UTC) + timedelta(seconds=8)
        await _plan(connection, "waiting", [begin + timedelta(hours=1, seconds=25 * n) for n in range(WAITING)])
        await connection.execute("ANALYZE")
        begin = datetime.now(UTC) + timedelta(seconds=2)
        await _plan(connection, "due", [begin + timedelta(seconds=SECONDS * n / DUE) for n in range(DUE)])
        steady = await _lags(connection, "due", DUE)
        begin = datetime.now(UTC) + timedelta(seconds=2)
        await _plan(connection, "burst", [begin] * BURST)
        burst = await _lags(connection, "burst", BURST)
        sent, once = await connection.fetchrow(
            "SELECT count(*), count(DISTINCT external_id) FROM messages WHERE author = 'bench' AND sent_at IS NOT NULL"
        )
    finally:
        await connection.close()
    return {
        "timers waiting": WAITING,
        "due per second": DUE // SECONDS,
        "due → carrier has it, p50, ms": at(steady, 0.5),
        "due → carrier has it, p99, ms": at(steady, 0.99),
        "sent, of them once": f"{sent}, {once}",
        f"{BURST} due at once: last one after, s": round(max(burst), 1),
        f"{BURST} due at once: texts per second": round(BURST / max(burst), 1),
    }


async def _lags(connection: "asyncpg.Connection", name: str, wanted: int) -> list[float]:
    async def done() -> list[float]:
        rows = await connection.fetch(LATE, name)
        await asyncio.sleep(0.5)
        return [row["lag"] for row in rows] if len(rows) >= wanted else []

    found: list[float] = await until(done, seconds=300)
    return found


async def _plan(connection: "asyncpg.Connection", name: str, moments: list[datetime]) -> None:
    """A held text with its timer for each moment, each to a phone of its own that has agreed to texts."""
    practice = await connection.fetchval("SELECT id FROM practices LIMIT 1")
    line = await connection.fetchval("SELECT id FROM phone_lines LIMIT 1")
    shift, area = timedelta(hours=hours_until_noon()), {"waiting": 312, "due": 773, "burst": 872}[name]
    threads, texts, consents, jobs = [], [], [], []
    for number, moment in enumerate(moments):
        thread, message, phone = new_id(), new_id(), f"+1{area}{5550000 + number:07d}"
        threads.append((practice, thread, line, phone))
        texts.append((practice, message, thread, "out", "Northside: a reminder.", "held", "send_later", moment + shift,
                      "bench", 1))  # fmt: skip
        consents.append((practice, new_id(), phone, "granted", "form", "bench"))
        jobs.append((uuid.uuid4(), practice, "messages.send", message, f"bench:{name}:{number}", "default", moment))
    async with connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        for table, rows, columns in (
            ("conversations", threads, ("practice_id", "id", "line_id", "phone")),
            ("messages", texts, ("practice_id", "id", "conversation_id", "direction", "body", "status", "reason",
                                 "hold_until", "author", "dispatches")),
            ("consents", consents, ("practice_id", "id", "phone", "status", "method", "captured_by")),
            ("jobs", jobs, ("id", "practice_id", "kind", "ref_id", "key", "queue", "run_at")),
        ):  # fmt: skip
            await connection.copy_records_to_table(table, records=rows, columns=columns)
