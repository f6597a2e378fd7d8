"""Reports: every metric over all time and over a year, whole and split, at a hundred thousand and a million leads.

The history is written set-based (leads, their events, ten visits for each, scores); facts come from the views the
refresh copies from. What the refresh itself takes is measured on leads that change.
"""

import asyncio
import time
from datetime import datetime
from typing import Any

import asyncpg
import httpx
from sqlalchemy import select

from backend.bench.ground import KEY, Desk, Ground, at, make_desk, repeated, servers
from backend.bench.slots import served
from backend.core.clock import now
from backend.core.context import ProcessContext
from backend.core.jobs import Job
from backend.identity import api_keys, permissions
from backend.reporting import refresh
from backend.reporting.metrics import METRICS
from backend.reporting.metrics.definition import Metric
from backend.reporting.scorecards import batches, content
from backend.wiring.handlers import job_handlers
from backend.wiring.process import open_process
from backend.worker.runner import JobRunner

SIZES = (100_000, 1_000_000)
CALLS, CHANGED = 3, 2_000
SPLITS = (None, "month", "referrer")
WORLD = """
INSERT INTO locations (practice_id, id, name, timezone)
  SELECT $1, md5('place' || n)::uuid, 'Clinic ' || n, (ARRAY['America/Chicago','America/Denver'])[1 + n % 2]
  FROM generate_series(1, 20) n;
INSERT INTO clinicians (practice_id, id, name, color)
  SELECT $1, md5('clinician' || n)::uuid, 'Clinician ' || n, '#0f766e' FROM generate_series(1, 200) n;
INSERT INTO referrers (practice_id, id, name, last_key, first_key, fax)
  SELECT $1, md5('referrer' || n)::uuid, 'Referrer ' || n, n::text, 'referrer',
    '+13125550' || lpad((n % 1000)::text, 3, '0')
  FROM generate_series(1, 2000) n
"""
# Ten years of referrals; what became of the n-th is drawn from its number, the same at every run.
MANY = """
WITH many AS MATERIALIZED (
  SELECT n, md5('lead' || n)::uuid AS lead, md5('patient' || n)::uuid AS patient, md5('episode' || n)::uuid AS episode,
    $4::timestamptz - interval '1 minute' * 5256000.0 * (1 - (n - $2::float) / ($3::float - $2::float)) AS at,
    (hashint4(n) & 1023) AS luck, md5('place' || 1 + n % 20)::uuid AS place,
    md5('clinician' || 1 + n % 200)::uuid AS clinician, md5('referrer' || 1 + (n * 31) % 2000)::uuid AS referrer,
    (ARRAY['shoulder','knee','lumbar spine','hip'])[1 + n % 4] AS part,
    (ARRAY['fax','phone','web_form','text'])[1 + n % 4] AS source
  FROM generate_series($2::int + 1, $3::int) n)
"""
LEADS = """,
people AS (INSERT INTO patients (practice_id, id, first_name, last_name) SELECT $1, patient, 'First', 'Last' FROM many),
cover AS (INSERT INTO coverages (practice_id, id, patient_id, rank, payer_name)
  SELECT $1, patient, patient, 'primary', 'Payer ' || n % 20 FROM many),
ordered AS (INSERT INTO referral_orders (practice_id, id, lead_id, referrer_id, body_part, surgery_date)
  SELECT $1, lead, lead, referrer, part, CASE WHEN n % 3 = 0 THEN at::date END FROM many),
happened AS (INSERT INTO lead_events (practice_id, id, lead_id, kind, at, actor_kind, actor_name, to_stage, detail)
  SELECT $1, gen_random_uuid(), lead, e.kind, many.at + e.after, 'system', 'Bench', e.stage, e.detail::jsonb
  FROM many, LATERAL (VALUES
    ('opened', interval '0', 'new', '{}', true),
    ('call', interval '1 minute' * (luck + 1), NULL, '{"outcome": "no_answer"}', luck > 20),
    ('replied', interval '1 minute' * (luck * 3 + 2), NULL, '{}', luck > 90),
    ('evaluation_booked', interval '1 minute' * (luck * 4 + 3), NULL,
     json_build_object('at', many.at + interval '4 days')::text, luck > 200),
    ('evaluation_attended', interval '4 days', 'first_visit_complete', '{}', luck > 255)
  ) e(kind, after, stage, detail, so) WHERE e.so)
INSERT INTO leads (practice_id, id, patient_id, stage, open, rank, owner_user_id, source, location_id, opened_at,
  closed_at, lost_reason, evaluation_state)
SELECT $1, lead, patient, CASE WHEN luck > 255 THEN 'discharged' WHEN luck > 10 THEN 'lost' ELSE 'new' END, luck <= 10,
  lpad(to_hex(n), 8, '0') || 'V', $5, source, place, at,
  CASE WHEN luck BETWEEN 11 AND 255 THEN at + interval '20 days' END,
  CASE WHEN luck BETWEEN 11 AND 255 THEN (ARRAY['No response','Declined therapy','Moved'])[1 + n % 3] END, 'none'
FROM many
"""
EPISODES = """
INSERT INTO episodes (practice_id, id, patient_id, lead_id, location_id, clinician_id, referrer_id, body_region,
  surgery_date, started_on, state, ended_on, discharge_reason, discharged_at, created_at)
SELECT $1, episode, patient, lead, place, clinician, referrer, part, CASE WHEN n % 3 = 0 THEN at::date END,
  (at + interval '4 days')::date, 'discharged', (at + interval '60 days')::date,
  (ARRAY['goals_met','plan_finished','patient_choice','no_return'])[1 + n % 4], at + interval '60 days', at
FROM many WHERE luck > 255
"""
# Fourteen visits to each of three quarters of the leads: ten and a half for each lead.
VISITS = """
INSERT INTO visits (practice_id, id, episode_id, patient_id, location_id, clinician_id, kind, scheduled_at, day, state,
  recorded_by, recorded_at)
SELECT $1, ('00000000-0000-7000-8000-' || lpad(to_hex(n::bigint * 16 + v), 12, '0'))::uuid, episode, patient, place,
  clinician, CASE v WHEN 0 THEN 'evaluation' ELSE 'treatment' END, at + interval '1 day' * (4 + 4 * v),
  (at + interval '1 day' * (4 + 4 * v))::date,
  CASE WHEN v = 0 OR (n + v) % 9 > 1 THEN 'attended' WHEN (n + v) % 9 = 0 THEN 'no_show' ELSE 'canceled' END,
  'Bench', at
FROM many, generate_series(0, 13) v WHERE luck > 255
"""
SCORES = """
INSERT INTO outcome_facts (practice_id, episode_id, instrument, point, lead_id, location_id, clinician_id, referrer_id,
  source, payer, body_region, post_op, main, over_on, baseline, score, improvement, reached)
SELECT $1, episode, 'quickdash', point, lead, place, clinician, referrer, source, 'Payer ' || n % 20, part, n % 3 = 0,
  true, (at + interval '50 days')::date, 60, CASE WHEN luck % 5 > 0 THEN luck % 60 END,
  CASE WHEN luck % 5 > 0 THEN (60 - luck % 60) / 60.0 END, CASE WHEN luck % 5 > 0 THEN luck % 60 < 44 END
FROM many, unnest(ARRAY['week_2','week_4','week_6','week_8','week_12','final']) point WHERE luck > 511
"""
FACTS = {"lead_facts": "history_of_leads", "episode_facts": "history_of_episodes", "visit_facts": "history_of_visits"}
# As the refresh would have counted them.
MINUTES = """
UPDATE lead_facts SET attempt_minutes = extract(epoch FROM coalesce(attempt_at, closed_at) - received_at) / 200,
  contact_minutes = extract(epoch FROM coalesce(contact_at, closed_at) - received_at) / 200
"""
FRESH = "INSERT INTO report_freshness (practice_id, as_of) VALUES ($1, $2) ON CONFLICT (practice_id) DO NOTHING"
TOUCH = "INSERT INTO report_changes (practice_id, kind, ref_id) SELECT $1, 'lead', id FROM leads ORDER BY id LIMIT $2"
COLUMNS = """SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute
WHERE attrelid = $1::text::regclass AND attnum > 0"""
# Made again at once when all rows are there: filling ten million rows into them takes an hour.
INDEXES = """SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'visits'
AND indexname NOT IN (SELECT conname FROM pg_constraint)"""


def measure(sizes: tuple[int, ...] = SIZES) -> dict[str, Any]:
    """p50 of each metric at each size, whole and by month and referrer; the slowest call of all; the refresh."""
    with servers() as ground:
        return asyncio.run(_measure(ground, sizes))


async def _measure(ground: Ground, sizes: tuple[int, ...]) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    async with open_process(ground.settings) as context, served(context) as http:
        desk, done = await make_desk(context), 0
        async with context.database.transaction(desk.practice_id) as session:
            api_keys.create(session, "bench", sorted(permissions.ALL), KEY)
        for size in sizes:
            visits = await fill(ground.admin_url, desk, done, size)
            done = size
            figures[f"{size:>9,} leads: visits"] = f"{visits:,}"
            figures |= await asked(http, f"{size:>9,}")
            figures |= await _refreshed(context, ground.admin_url, desk, f"{size:>9,}")
            figures |= await _scorecards(context, desk, f"{size:>9,}")
    return figures


async def fill(admin_url: str, desk: Desk, begun: int, until: int) -> int:
    """The history of the leads between, and all facts anew; returns how many visits there are."""
    connection = await asyncpg.connect(admin_url)
    try:
        await connection.execute("SET session_replication_role = replica; SET work_mem = '256MB'")
        await connection.execute("SET maintenance_work_mem = '512MB'")
        if begun == 0:
            for statement in WORLD.split(";"):
                await connection.execute(statement, desk.practice_id)
        await _history(connection, desk, begun, until, now())
        await _facts(connection)
        await connection.execute(FRESH, desk.practice_id, now())
        return int(await connection.fetchval("SELECT count(*) FROM visits"))
    finally:
        await connection.close()


async def _history(connection: "asyncpg.Connection", desk: Desk, begun: int, until: int, today: datetime) -> None:
    base = (desk.practice_id, begun, until, today)
    await connection.execute(MANY + LEADS, *base, desk.actor.user_id)
    indexes = await connection.fetch(INDEXES)
    for row in indexes:
        await connection.execute(f"DROP INDEX {row['indexname']}")
    for statement in (EPISODES, VISITS, SCORES):
        await connection.execute(MANY + statement, *base)
    for row in indexes:
        await connection.execute(row["indexdef"])
    await connection.execute("VACUUM ANALYZE")


async def _facts(connection: "asyncpg.Connection") -> None:
    for table, view in FACTS.items():
        names = await connection.fetchval(COLUMNS, view)
        await connection.execute(f"DELETE FROM {table}")
        await connection.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM {view}")
        await connection.execute(f"VACUUM ANALYZE {table}")
    await connection.execute(MINUTES)
    await connection.execute("VACUUM ANALYZE")


async def asked(http: httpx.AsyncClient, size: str) -> dict[str, Any]:
    """Every metric as a page asks it, and the first page of rows."""
    figures: dict[str, Any] = {}
    slowest = (0.0, "")
    for metric in METRICS.values():
        for split in SPLITS:
            if split is None or split in metric.dimensions:
                found, worst = await _metric(http, metric, split, size)
                figures, slowest = figures | found, max(slowest, worst)
    figures[f"{size} slowest report, ms ({slowest[1]})"] = round(1000 * slowest[0], 1)
    times = await repeated(CALLS, lambda: http.get("/api/v1/reports/no_show_rate/rows"))
    return figures | {f"{size} first page of rows, ms": at(times, 0.5)}


async def _metric(
    http: httpx.AsyncClient, metric: Metric, split: str | None, size: str
) -> tuple[dict[str, Any], tuple[float, str]]:
    today, figures = now().date(), {}
    slowest = (0.0, "")
    year = {"from": today.replace(year=today.year - 1).isoformat(), "to": today.isoformat()}
    for period, query in (("all time", {}), ("a year", year)):
        question = query | ({"group_by": split} if split else {})

        async def ask(question: dict[str, str] = question) -> None:
            answer = await http.get(f"/api/v1/reports/{metric.key}", params=question)
            assert answer.status_code == 200, answer.text

        times = await repeated(CALLS, ask)
        name = f"{metric.key}{f' by {split}' if split else ''}, {period}"
        figures[f"{size} {name}: p50, ms"] = at(times, 0.5)
        slowest = max(slowest, (max(times), name))
    return figures, slowest


async def _scorecards(context: ProcessContext, desk: Desk, size: str) -> dict[str, Any]:
    """Those of a year: prepared by one worker, then drawn, stored and handed to the letters."""
    runner = JobRunner(context.database, job_handlers(context, {}), lease_seconds=60, attempts=1)
    async with context.database.transaction(desk.practice_id) as session:
        batch_id = await batches.begin(session, *content.usual_period(now().date()))
        assert batch_id is not None
    figures: dict[str, Any] = {}
    for what, kind in (("prepared", batches.PREPARE), ("drawn and handed to letters", batches.SEND)):
        async with context.database.transaction(desk.practice_id) as session:
            if kind == batches.SEND:
                await batches.send(session, batch_id, (await batches.one(session, batch_id)).version)
        async with context.database.transaction(desk.practice_id) as session:
            job_id = await session.scalar(select(Job.id).where(Job.kind == kind, Job.ref_id == batch_id))
        begun = time.perf_counter()
        assert job_id is not None and await runner.run(job_id)
        taken = time.perf_counter() - begun
        async with context.database.transaction(desk.practice_id) as session:
            cards, chosen, _ = (await batches.counts(session, [batch_id]))[batch_id]
        count = cards if kind == batches.PREPARE else chosen
        figures[f"{size} {count:,} scorecards {what}, s"] = round(taken, 1)
        figures[f"{size} 500 scorecards {what}, s"] = round(500 * taken / max(count, 1), 1)
    return figures


async def _refreshed(context: ProcessContext, admin_url: str, desk: Desk, size: str) -> dict[str, Any]:
    connection = await asyncpg.connect(admin_url)
    await connection.execute(TOUCH, desk.practice_id, CHANGED)
    await connection.close()
    begun = time.perf_counter()
    await refresh.settle(lambda: context.database.transaction(desk.practice_id), now())
    return {f"{size} refresh after {CHANGED:,} leads changed, s": round(time.perf_counter() - begun, 2)}
