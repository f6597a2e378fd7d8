"""Board: what the kanban asks for at ten thousand, a hundred thousand and a million leads, audit included."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg
import httpx
from sqlalchemy import event

from backend.bench.ground import Desk, Ground, at, make_desk, repeated, servers
from backend.bench.inbox import client_of
from backend.core.context import ProcessContext
from backend.wiring.process import open_process

# Leads in all, and how many of them are open: what is won or lost piles up, the desk's work does not.
SIZES = {10_000: 2_000, 100_000: 5_000, 1_000_000: 10_000}
CALLS = 30
ASKED: dict[str, tuple[str, dict[str, Any]]] = {
    "columns": ("/api/v1/board", {}),
    "open column": ("/api/v1/board/columns/contacted/cards", {}),
    "won column": ("/api/v1/board/columns/first_visit_complete/cards", {}),
    "overdue": ("/api/v1/board/columns/contacted/cards", {"overdue": True}),
    "filtered by name": ("/api/v1/board/columns/contacted/cards", {"q": "last77"}),
    "search": ("/api/v1/search", {"q": "first99 last99"}),
}
# Ids are made of the running number, so that what is added at one size goes on where the last one ended.
FILL = """
WITH many AS (SELECT n, md5('patient' || n)::uuid AS patient, md5('lead' || n)::uuid AS lead
              FROM generate_series($2::int + 1, $3::int) n),
people AS (
  INSERT INTO patients (practice_id, id, first_name, last_name, phone)
  SELECT $1, patient, 'First' || n, 'Last' || n, '+1312' || lpad(n::text, 7, '0') FROM many),
words AS (
  INSERT INTO patient_words (practice_id, word, patient_id)
  SELECT $1, word, patient FROM many, LATERAL (VALUES ('first' || n), ('last' || n),
    ('1312' || lpad(n::text, 7, '0')), ('312' || lpad(n::text, 7, '0')), (lpad(n::text, 7, '0'))) w(word)),
cards AS (
  INSERT INTO leads (practice_id, id, patient_id, stage, open, rank, owner_user_id, source)
  SELECT $1, lead, patient,
    CASE WHEN n % $4::int <> 0 THEN 'first_visit_complete'
         ELSE (ARRAY['new','contacted','scheduled','intake_sent'])[1 + (n / $4::int) % 4] END,
    n % $4::int = 0, lpad(to_hex(n), 8, '0') || 'V', $5, 'fax' FROM many)
INSERT INTO tasks (practice_id, id, lead_id, kind, title, due_at, owner_user_id)
SELECT $1, md5('task' || n)::uuid, lead, 'call', 'Call the patient', now() + (n % 97 - 30) * interval '1 h', $5
FROM many WHERE n % $4::int = 0
"""
NEXT_STEPS = """
UPDATE leads l SET next_task_id = t.id, next_kind = t.kind, next_label = t.title, next_due_at = t.due_at
FROM tasks t WHERE t.practice_id = l.practice_id AND t.lead_id = l.id AND l.next_task_id IS NULL
"""


def measure() -> dict[str, Any]:
    """p50 and p95 of each call at each size, statements per call, and growth from the smallest to the largest."""
    with servers() as ground:
        return asyncio.run(_measure(ground))


async def _measure(ground: Ground) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    async with open_process(ground.settings) as context:
        desk, done = await make_desk(context), 0
        async with await client_of(context, desk) as http:
            for size, open_leads in SIZES.items():
                await _fill(ground.admin_url, desk, done, size, size // open_leads)
                done = size
                for name, (path, query) in ASKED.items():
                    figures |= await _asked(context, http, f"{size:>9,} {name}", path, query)
    smallest, largest = min(SIZES), max(SIZES)
    for name in ASKED:
        growth = figures[f"{largest:>9,} {name}: p50, ms"] / figures[f"{smallest:>9,} {name}: p50, ms"]
        figures[f"{name}: {largest // smallest}x the leads, times p50"] = round(growth, 2)
    return figures


async def _asked(
    context: ProcessContext, http: httpx.AsyncClient, name: str, path: str, query: dict[str, Any]
) -> dict[str, Any]:
    async def ask() -> None:
        answer = await http.get(path, params=query)
        assert answer.status_code == 200, answer.text

    await ask()
    with _counted(context) as statements:
        await ask()
    times = await repeated(CALLS, ask)
    return {
        f"{name}: p50, ms": at(times, 0.5), f"{name}: p95, ms": at(times, 0.95),
        f"{name}: statements": len(statements),
    }  # fmt: skip


@contextmanager
def _counted(context: ProcessContext) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    engine = context.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def _fill(admin_url: str, desk: Desk, begun: int, until: int, one_open_in: int) -> None:
    connection = await asyncpg.connect(admin_url)
    await connection.execute("SET session_replication_role = replica")
    await connection.execute(FILL, desk.practice_id, begun, until, one_open_in, desk.actor.user_id)
    await connection.execute(NEXT_STEPS)
    # As after years of use: what is frozen and counted needs no second look.
    await connection.execute("VACUUM ANALYZE")
    await connection.close()
