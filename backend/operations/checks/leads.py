"""P3 and P6: open leads have an owner, a next step and a due time; clocks and stages are what the history says."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.operations.checks.naming import Named, ask

# The clock is read once for the column and once for the row of the history.
SAME = timedelta(seconds=5)

AIMLESS = """
SELECT 'lead' AS kind, l.id::text AS id,
       CASE WHEN num_nonnulls(l.owner_user_id, l.owner_team_id) <> 1 THEN 'no owner'
            WHEN first.id IS NULL THEN 'no next step'
            WHEN first.due_at IS NULL OR NOT isfinite(first.due_at) THEN 'no due time'
            ELSE 'shows another next step than its tasks' END AS note
FROM leads l LEFT JOIN (
  SELECT DISTINCT ON (lead_id) lead_id, id, kind, title, due_at FROM tasks
  WHERE practice_id = :practice AND done_at IS NULL AND lead_id IS NOT NULL ORDER BY lead_id, due_at, id
) first ON first.lead_id = l.id
WHERE l.practice_id = :practice AND (
  (l.open AND (num_nonnulls(l.owner_user_id, l.owner_team_id) <> 1 OR first.id IS NULL
               OR first.due_at IS NULL OR NOT isfinite(first.due_at)))
  OR (l.next_task_id, l.next_kind, l.next_label, l.next_due_at)
     IS DISTINCT FROM (first.id, first.kind, first.title, first.due_at))
"""
OWNERLESS = """
SELECT 'task' AS kind, t.id::text AS id, 'no owner or no due time' AS note FROM tasks t
WHERE t.practice_id = :practice AND t.done_at IS NULL
  AND (num_nonnulls(t.owner_user_id, t.owner_team_id) <> 1 OR t.due_at IS NULL OR NOT isfinite(t.due_at))
"""
CLOCKS = """
SELECT 'lead' AS kind, l.id::text AS id,
       concat_ws(', ', CASE WHEN attempt_differs THEN 'first attempt' END,
                 CASE WHEN contact_differs THEN 'first contact' END,
                 CASE WHEN stage_differs THEN 'stage' END) || ' not as in the history' AS note
FROM (
  SELECT l.id,
    (l.first_attempt_at IS NULL) <> (h.attempt IS NULL)
      OR coalesce(abs(extract(epoch FROM l.first_attempt_at - h.attempt)) > :same, false) AS attempt_differs,
    (l.first_contact_at IS NULL) <> (h.contact IS NULL)
      OR coalesce(abs(extract(epoch FROM l.first_contact_at - h.contact)) > :same, false) AS contact_differs,
    l.stage IS DISTINCT FROM h.stage AS stage_differs
  FROM leads l LEFT JOIN (
    SELECT lead_id,
      min(at) FILTER (WHERE kind IN ('call','texted') OR detail ->> 'attempt' = 'true') AS attempt,
      min(at) FILTER (WHERE (kind = 'replied' AND detail ->> 'said' IS DISTINCT FROM 'wrong_person')
                      OR (kind = 'call' AND detail ->> 'outcome' = 'reached')
                      OR (kind = 'called_us' AND detail ->> 'outcome' = 'answered')) AS contact,
      (array_agg(to_stage ORDER BY at DESC, id DESC) FILTER (WHERE to_stage IS NOT NULL))[1] AS stage
    FROM lead_events WHERE practice_id = :practice GROUP BY lead_id
  ) h ON h.lead_id = l.id
  WHERE l.practice_id = :practice
) l WHERE attempt_differs OR contact_differs OR stage_differs
"""


LEFT_BEHIND = """
SELECT 'lead' AS kind, l.id::text AS id, 'its owner has left' AS note
FROM leads l JOIN users u ON u.practice_id = l.practice_id AND u.id = l.owner_user_id
WHERE l.practice_id = :practice AND l.open AND NOT u.active
"""


async def left_behind(session: AsyncSession) -> Named:
    """Open leads of people who no longer work here."""
    return await ask(session, LEFT_BEHIND, practice=practice_of(session))


async def aimless(session: AsyncSession) -> Named:
    """Open leads without owner, next step or due time, and next steps that are not the tasks'."""
    return await ask(session, AIMLESS, practice=practice_of(session))


async def ownerless(session: AsyncSession) -> Named:
    """Open tasks nobody owns, or that are never due."""
    return await ask(session, OWNERLESS, practice=practice_of(session))


async def clocks(session: AsyncSession) -> Named:
    """Leads whose clocks or stage differ from what their history says."""
    return await ask(session, CLOCKS, practice=practice_of(session), same=SAME.total_seconds())
