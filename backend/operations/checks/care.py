"""P3 and P8: what is due in care that has no lead is done in time, and somebody looks again."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from backend.care import todo
from backend.core.clock import now
from backend.core.database import practice_of
from backend.followup import care
from backend.operations.checks.naming import Named, ask

# Its owner has been told, and whoever comes after them; a lead would stand on the board by now.
GRACE = timedelta(days=1)

OVERDUE = """
SELECT 'episode' AS kind, t.episode_id::text AS id, 'overdue: ' || string_agg(t.kind, ', ' ORDER BY t.kind) AS note
FROM tasks t JOIN episodes e ON e.practice_id = t.practice_id AND e.id = t.episode_id
WHERE t.practice_id = :practice AND t.done_at IS NULL AND t.due_at < :late AND e.state = 'active' AND e.lead_id IS NULL
GROUP BY t.episode_id
"""
UNSEEN = """
SELECT 'episode' AS kind, e.id::text AS id, 'nobody would look at it again' AS note FROM episodes e
WHERE e.practice_id = :practice AND e.lead_id IS NULL AND e.state = 'active'
  AND EXISTS (SELECT 1 FROM visits v WHERE v.practice_id = e.practice_id AND v.episode_id = e.id AND v.day > :lately)
  AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.practice_id = e.practice_id AND t.episode_id = e.id
                  AND t.done_at IS NULL)
  AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.practice_id = e.practice_id AND j.kind = :timer
                  AND j.ref_id = e.id AND j.state IN ('queued','leased'))
"""


async def overdue(session: AsyncSession) -> Named:
    """Care without a lead in which something has been due for more than a day."""
    return await ask(session, OVERDUE, practice=practice_of(session), late=now() - GRACE)


async def unseen(session: AsyncSession) -> Named:
    """Care without a lead that has neither a task nor the timer that would make one."""
    lately = now().date() - timedelta(days=todo.HISTORY_DAYS)
    return await ask(session, UNSEEN, practice=practice_of(session), timer=care.CHECK, lately=lately)
