"""P6 and P8: counters of authorizations are the visits behind them; nobody waits for an answer nobody asks for."""

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.operations.checks.naming import Named, ask

MISCOUNTED = """
SELECT 'authorization' AS kind, a.id::text AS id, 'counts ' || a.used || ', its visits ' || coalesce(v.used, 0) AS note
FROM authorizations a LEFT JOIN (
  SELECT authorization_id, sum(amount) AS used FROM counted_visits
  WHERE practice_id = :practice AND authorization_id IS NOT NULL GROUP BY authorization_id
) v ON v.authorization_id = a.id
WHERE a.practice_id = :practice AND a.used <> coalesce(v.used, 0)
"""
FORGOTTEN = """
SELECT 'eligibility_check' AS kind, e.id::text AS id, 'nothing asks it' AS note
FROM eligibility_checks e
WHERE e.practice_id = :practice AND e.state = 'asking' AND NOT EXISTS (
  SELECT 1 FROM jobs j WHERE j.practice_id = e.practice_id AND j.kind = 'insurance.ask' AND j.key = e.id::text
    AND j.state IN ('queued', 'leased'))
"""


async def miscounted(session: AsyncSession) -> Named:
    """Authorizations whose counter is not what their visits make."""
    return await ask(session, MISCOUNTED, practice=practice_of(session))


async def forgotten(session: AsyncSession) -> Named:
    """Inquiries that seem under way, but whose job is gone or gave up."""
    return await ask(session, FORGOTTEN, practice=practice_of(session))
