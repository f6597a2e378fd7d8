"""P3 and P6: visits whose outcome nobody noted; leads and appointments that say different things."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import practice_of
from backend.operations.checks.naming import Named, ask

# The rule of missed evaluations looks after a day, for some practices after a few.
SILENT_DAYS = 7

UNNOTED = """
SELECT 'appointment' AS kind, a.id::text AS id, 'over, and nobody noted what became of it' AS note
FROM appointments a
WHERE a.practice_id = :practice AND a.status IN ('booked','confirmed') AND a.ends_at < :before
"""
DISAGREEING = """
SELECT 'appointment' AS kind, a.id::text AS id,
       CASE WHEN l.evaluation_at IS DISTINCT FROM a.starts_at THEN 'its lead has another time'
            ELSE 'its lead says ' || l.evaluation_state END AS note
FROM appointments a
JOIN appointment_types t ON t.practice_id = a.practice_id AND t.id = a.type_id AND t.kind = 'evaluation'
JOIN leads l ON l.practice_id = a.practice_id AND l.id = a.lead_id
WHERE a.practice_id = :practice AND a.status IN ('booked','confirmed')
  AND (l.evaluation_at IS DISTINCT FROM a.starts_at OR l.evaluation_state <> 'booked')
"""
OVERLAPPING = """
SELECT 'appointment' AS kind, a.id::text AS id, 'shares its time with ' || b.id::text AS note
FROM appointments a JOIN appointments b
  ON b.practice_id = a.practice_id AND b.clinician_id = a.clinician_id AND b.id > a.id
  AND b.busy_from < a.busy_until AND a.busy_from < b.busy_until
WHERE a.practice_id = :practice AND a.override_reason IS NULL AND b.override_reason IS NULL
  AND a.status IN ('held','booked','confirmed','checked_in') AND b.status IN ('held','booked','confirmed','checked_in')
  AND (a.concurrency = 1 OR b.concurrency = 1) AND a.busy_until > :after
"""


async def unnoted(session: AsyncSession) -> Named:
    """Visits long over that are still booked."""
    return await ask(session, UNNOTED, practice=practice_of(session), before=now() - timedelta(days=SILENT_DAYS))


async def disagreeing(session: AsyncSession) -> Named:
    """Evaluations to come whose lead says something else."""
    return await ask(session, DISAGREEING, practice=practice_of(session))


async def overlapping(session: AsyncSession) -> Named:
    """Double bookings that nobody made on purpose."""
    return await ask(session, OVERLAPPING, practice=practice_of(session), after=now() - timedelta(days=SILENT_DAYS))
