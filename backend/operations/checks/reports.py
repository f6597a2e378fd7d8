"""P6: facts that figures are counted from are what the history says, sums are their rows, all of it is kept fresh."""

from datetime import timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.operations.checks.naming import Named, ask

# Of a practice's leads and episodes, those looked at: the youngest, and some drawn by their id.
LOOKED_AT: Final = 300
FRESH: Final = timedelta(minutes=5)

# A change that waits for the refresh is no difference yet. Before the first refresh there is nothing to compare.
WAITING = """
NOT EXISTS (SELECT 1 FROM report_changes c WHERE c.practice_id = :practice AND c.kind <> 'fax')
AND EXISTS (SELECT 1 FROM report_freshness r WHERE r.practice_id = :practice)
"""
LEADS = (
    "lead_id, excluded, location_id, clinician_id, referrer_id, source, payer, body_region, procedure, post_op,"
    " received_at, received_on, attempt_at, contact_at, booked_at, evaluated_at, accepted_at, completed_on,"
    " discharged_on, closed_at, lost_reason, first_visit_on, first_visit_outcome, reached"
)
DIFFERING = """
WITH looked_at AS (
  (SELECT id FROM leads WHERE practice_id = :practice ORDER BY id DESC LIMIT :most)
  UNION (SELECT id FROM leads WHERE practice_id = :practice ORDER BY md5(id::text || current_date) LIMIT :most))
SELECT 'lead' AS kind, h.lead_id::text AS id, 'its facts are not what its history says' AS note
FROM (SELECT {LEADS} FROM history_of_leads WHERE practice_id = :practice AND lead_id IN (SELECT id FROM looked_at)
      EXCEPT SELECT {LEADS} FROM lead_facts WHERE practice_id = :practice AND lead_id IN (SELECT id FROM looked_at)) h
WHERE {WAITING}
""".replace("{LEADS}", LEADS).replace("{WAITING}", WAITING)
UNCOUNTED = """
WITH looked_at AS (
  SELECT id FROM episodes WHERE practice_id = :practice ORDER BY md5(id::text || current_date) LIMIT :most),
visited AS (SELECT v.episode_id, count(*) AS n FROM visits v WHERE v.practice_id = :practice
            AND v.episode_id IN (SELECT id FROM looked_at) GROUP BY v.episode_id),
counted AS (SELECT f.episode_id, sum(f.attended + f.no_shows + f.late_cancels + f.cancels + f.clinic_cancels) AS n
            FROM visit_facts f WHERE f.practice_id = :practice AND f.episode_id IN (SELECT id FROM looked_at)
            GROUP BY f.episode_id)
SELECT 'episode' AS kind, l.id::text AS id,
  'has ' || coalesce(v.n, 0) || ' visits, its sums ' || coalesce(c.n, 0) AS note
FROM looked_at l LEFT JOIN visited v ON v.episode_id = l.id LEFT JOIN counted c ON c.episode_id = l.id
WHERE coalesce(v.n, 0) <> coalesce(c.n, 0) AND {WAITING}
""".replace("{WAITING}", WAITING)
# The job waits two minutes at a time; a worker that is away is another check's.
STALE = """
SELECT 'practice' AS kind, c.practice_id::text AS id, 'nothing keeps its figures fresh' AS note
FROM (SELECT DISTINCT practice_id FROM report_changes WHERE practice_id = :practice) c
WHERE NOT EXISTS (SELECT 1 FROM jobs j WHERE j.practice_id = c.practice_id AND j.kind = 'reporting.refresh'
  AND j.state IN ('queued', 'leased') AND j.run_at < now() + :fresh)
"""


async def differing(session: AsyncSession) -> Named:
    """Leads whose facts are others than their history gives."""
    return await ask(session, DIFFERING, practice=practice_of(session), most=LOOKED_AT)


async def uncounted(session: AsyncSession) -> Named:
    """Episodes whose visits and sums by month differ."""
    return await ask(session, UNCOUNTED, practice=practice_of(session), most=LOOKED_AT)


async def stale(session: AsyncSession) -> Named:
    """Practices whose changes no job will make facts of within minutes."""
    return await ask(session, STALE, practice=practice_of(session), fresh=FRESH)
