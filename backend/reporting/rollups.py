"""What is counted by day, made anew for the days whose texts may still change."""

from datetime import date, timedelta
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of

# Carriers tell the fate of a text within three days.
UNSETTLED: Final = timedelta(days=3)
BEGINNING: Final = date(1970, 1, 1)
DROP_TEXTS = text("DELETE FROM text_days WHERE practice_id = :practice_id AND day >= :since")
TEXTS = text("""
INSERT INTO text_days (practice_id, day, part, location_id, automatic, texts, delivered)
SELECT practice_id, day, row_number() OVER (PARTITION BY day ORDER BY location_id, automatic), location_id, automatic,
  count(*), count(*) FILTER (WHERE delivered)
FROM (
  SELECT m.practice_id, (m.sent_at AT TIME ZONE :zone)::date AS day, c.location_id, m.automatic,
    m.status = 'delivered' AS delivered
  FROM messages m JOIN conversations c ON c.practice_id = m.practice_id AND c.id = m.conversation_id
  WHERE m.practice_id = :practice_id AND m.direction = 'out' AND m.status IN ('delivered','undelivered','failed')
    AND m.sent_at >= CAST(:since AS date)::timestamp AT TIME ZONE :zone) sent
GROUP BY practice_id, day, location_id, automatic
""")
DROP_STAFF = text("DELETE FROM staff_days WHERE practice_id = :practice_id AND day >= :since")
STAFF = text("""
INSERT INTO staff_days (practice_id, day, user_id, calls, bookings, moves, other)
SELECT practice_id, day, actor_id::uuid, count(*) FILTER (WHERE did = 'calls'),
  count(*) FILTER (WHERE did = 'bookings'), count(*) FILTER (WHERE did = 'moves'), count(*) FILTER (WHERE did = 'other')
FROM (
  SELECT e.practice_id, (e.at AT TIME ZONE :zone)::date AS day, e.actor_id,
    CASE WHEN e.kind = 'call' THEN 'calls' WHEN e.kind LIKE 'evaluation_%' THEN 'bookings'
         WHEN e.kind IN ('moved','lost','reopened') THEN 'moves' ELSE 'other' END AS did
  FROM lead_events e
  WHERE e.practice_id = :practice_id AND e.actor_kind = 'user' AND e.actor_id IS NOT NULL
    AND e.at >= CAST(:since AS date)::timestamp AT TIME ZONE :zone) done
GROUP BY practice_id, day, actor_id
""")


async def make(session: AsyncSession, since: date | None, zone: str) -> None:
    """Days from `since` on, all of them without."""
    values = {"practice_id": practice_of(session), "since": since or BEGINNING}
    for drop, count in ((DROP_TEXTS, TEXTS), (DROP_STAFF, STAFF)):
        await session.execute(drop, values)
        await session.execute(count, {**values, "zone": zone})
