"""P5: whoever refers hears back, once, with proof; or the letter's row says by name why not."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import practice_of
from backend.loop.letters import SEND
from backend.operations.checks.naming import Named, ask

# Long enough for a busy line over a weekend.
LATE = timedelta(days=4)
# What happened must be written of in its own transaction; leads from before letters have their first one noted.
UNHEARD = """
WITH referred AS (
  SELECT o.practice_id, o.lead_id, o.id AS order_id, o.referrer_id FROM referral_orders o
  WHERE o.practice_id = :practice AND o.referrer_id IS NOT NULL
), kept AS (
  SELECT DISTINCT r.lead_id FROM referred r WHERE NOT EXISTS (
    SELECT 1 FROM letters l WHERE l.practice_id = r.practice_id AND l.lead_id = r.lead_id
      AND l.reason = 'before_letters')
)
SELECT 'order' AS kind, r.order_id::text AS id, 'nobody was told that it came' AS note FROM referred r
WHERE NOT EXISTS (SELECT 1 FROM letters l WHERE l.practice_id = r.practice_id AND l.kind = 'received'
                  AND l.cause LIKE 'received:' || r.order_id || '%')
UNION ALL
SELECT 'lead', d.id::text, 'nobody was told of the first visit' FROM leads d JOIN kept k ON k.lead_id = d.id
WHERE d.practice_id = :practice AND d.merged_into IS NULL
  AND ((d.evaluation_state IN ('booked','attended') AND NOT EXISTS (
          SELECT 1 FROM letters l WHERE l.practice_id = d.practice_id AND l.lead_id = d.id
            AND l.kind IN ('scheduled','seen')))
    OR (d.evaluation_state = 'attended' AND NOT EXISTS (
          SELECT 1 FROM letters l WHERE l.practice_id = d.practice_id AND l.lead_id = d.id AND l.kind = 'seen')))
UNION ALL
SELECT 'episode', e.id::text, 'nobody was told of the discharge' FROM episodes e JOIN kept k ON k.lead_id = e.lead_id
WHERE e.practice_id = :practice AND e.state = 'discharged' AND e.referrer_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM letters l WHERE l.practice_id = e.practice_id AND l.kind = 'discharge'
    AND l.cause = 'discharge:' || e.id)
"""
UNPROVEN = """
SELECT 'letter' AS kind, l.id::text AS id, 'says it arrived, without proof' AS note FROM letters l
WHERE l.practice_id = :practice AND l.state = 'sent' AND NOT EXISTS (
  SELECT 1 FROM letter_sendings s WHERE s.practice_id = l.practice_id AND s.letter_id = l.id
    AND s.state = 'delivered' AND s.finished_at IS NOT NULL AND s.external_id IS NOT NULL)
"""
TWICE = """
SELECT 'letter' AS kind, s.letter_id::text AS id, 'arrived ' || count(*) || ' times' AS note
FROM letter_sendings s JOIN letters l ON l.practice_id = s.practice_id AND l.id = s.letter_id
WHERE s.practice_id = :practice AND s.state = 'delivered' AND s.number > l.tries_from
GROUP BY s.letter_id HAVING count(*) > 1
"""
STUCK = """
SELECT 'letter' AS kind, l.id::text AS id,
       CASE WHEN l.state = 'waiting' AND l.due_at >= :late THEN 'waits, and nothing sends it'
            ELSE l.state || ' for days' END AS note
FROM letters l
WHERE l.practice_id = :practice AND l.state IN ('waiting','sending','unknown') AND (
  l.due_at < :late
  OR (l.state = 'waiting' AND NOT EXISTS (
        SELECT 1 FROM jobs j WHERE j.practice_id = l.practice_id AND j.kind = :send AND j.key = l.id::text
          AND j.state IN ('queued','leased'))))
"""


async def unheard(session: AsyncSession) -> Named:
    """Referrals, first visits and discharges of which no letter exists, not even one with the reason why not."""
    return await ask(session, UNHEARD, practice=practice_of(session))


async def unproven(session: AsyncSession) -> Named:
    """Letters that are said to have arrived, but no provider or mail server says so."""
    return await ask(session, UNPROVEN, practice=practice_of(session))


async def twice(session: AsyncSession) -> Named:
    """Letters that arrived more than once without a person having wanted it."""
    return await ask(session, TWICE, practice=practice_of(session))


async def stuck(session: AsyncSession) -> Named:
    """Letters that neither arrive nor fail."""
    return await ask(session, STUCK, practice=practice_of(session), late=now() - LATE, send=SEND)
