"""P1, P2 and P8: nothing that came in is lost, every page is somewhere, and what is due is done."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.faxes.models import FINAL
from backend.followup.breaches import FIRST_CONTACT
from backend.followup.escalation import ESCALATE
from backend.operations.checks.naming import Named, ask

WAITING_EVENT = timedelta(minutes=10)
PICKED_UP = timedelta(seconds=60)

STUCK_FAXES = """
SELECT 'fax' AS kind, f.id::text AS id, 'no work and no result: ' || f.status AS note FROM faxes f
WHERE f.practice_id = :practice AND NOT f.status = ANY(:final)
  AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.practice_id = f.practice_id AND j.ref_id = f.id
                  AND j.state IN ('queued','leased'))
"""
EVENTS = """
SELECT 'event' AS kind, id::text AS id, 'waits since ' || date_trunc('minute', received_at) AS note
FROM webhook_deliveries
WHERE practice_id = :practice AND state = 'pending' AND received_at < clock_timestamp() - :late
"""
DEAD = """
SELECT 'job' AS kind, id::text AS id, kind || ' gave up: ' || coalesce(error_code, 'unknown') AS note FROM jobs
WHERE practice_id = :practice AND state = 'dead'
"""
PAGES = """
SELECT 'fax' AS kind, p.fax_id::text AS id, 'page ' || p.number || ' belongs nowhere' AS note
FROM fax_pages p JOIN faxes f ON f.practice_id = p.practice_id AND f.id = p.fax_id
WHERE p.practice_id = :practice AND f.status IN ('filed','needs_review')
  AND NOT EXISTS (SELECT 1 FROM fax_segments s WHERE s.practice_id = p.practice_id AND s.fax_id = p.fax_id
                  AND p.number = ANY(s.pages))
"""
LATE = """
SELECT 'job' AS kind, id::text AS id, kind || ' due since ' || date_trunc('second', run_at) AS note
FROM jobs
WHERE practice_id = :practice AND state = 'queued' AND run_at < clock_timestamp() - :late
"""
LEASES = """
SELECT 'job' AS kind, id::text AS id, kind || ' leased to a worker that is gone' AS note FROM jobs
WHERE practice_id = :practice AND state = 'leased' AND lease_until < clock_timestamp() - :late
"""
# The unique key of a timer is what it is about.
TASK_TIMERS = """
SELECT 'task' AS kind, t.id::text AS id, 'nobody would notice a silent owner' AS note FROM tasks t
WHERE t.practice_id = :practice AND t.done_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.practice_id = t.practice_id AND j.kind = :timer
                  AND j.key = t.id::text AND j.state IN ('queued','leased'))
"""
LEAD_TIMERS = """
SELECT 'lead' AS kind, l.id::text AS id, 'nobody would notice a late first contact' AS note FROM leads l
WHERE l.practice_id = :practice AND l.open AND l.first_attempt_at IS NULL AND l.first_contact_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.practice_id = l.practice_id AND j.kind = :timer
                  AND j.key = l.id::text AND j.state IN ('queued','leased'))
  AND NOT EXISTS (SELECT 1 FROM lead_events e WHERE e.practice_id = l.practice_id AND e.lead_id = l.id
                  AND e.kind = 'breached')
"""


async def stuck_faxes(session: AsyncSession) -> Named:
    """Faxes that are neither worked on nor finished."""
    return await ask(session, STUCK_FAXES, practice=practice_of(session), final=list(FINAL))


async def waiting_events(session: AsyncSession) -> Named:
    """Provider events nobody has processed."""
    return await ask(session, EVENTS, practice=practice_of(session), late=WAITING_EVENT)


async def dead_jobs(session: AsyncSession) -> Named:
    """Work that gave up and waits for a person."""
    return await ask(session, DEAD, practice=practice_of(session))


async def lost_pages(session: AsyncSession) -> Named:
    """Pages of finished faxes that belong to no segment."""
    return await ask(session, PAGES, practice=practice_of(session))


async def late_jobs(session: AsyncSession) -> Named:
    """Due work no worker has taken, with Redis there or not."""
    return await ask(session, LATE, practice=practice_of(session), late=PICKED_UP)


async def old_leases(session: AsyncSession, lease: timedelta) -> Named:
    """Work whose worker is gone, and which nobody has taken over in twice the time."""
    return await ask(session, LEASES, practice=practice_of(session), late=2 * lease)


async def task_timers(session: AsyncSession) -> Named:
    """Open tasks without the timer that hands them on."""
    return await ask(session, TASK_TIMERS, practice=practice_of(session), timer=ESCALATE)


async def lead_timers(session: AsyncSession) -> Named:
    """Leads nobody has tried yet, without the timer that says so."""
    return await ask(session, LEAD_TIMERS, practice=practice_of(session), timer=FIRST_CONTACT)
