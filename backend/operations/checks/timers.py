"""P8: whatever waits for a time has the job that comes back to it."""

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import practice_of
from backend.followup import evaluations, inactivity
from backend.followup.sequences import service as sequences
from backend.operations.checks.naming import Named, ask

# The key of a step's timer says which planning of it counts (see `sequences.timer_key`); others change nothing.
SEQUENCES = """
SELECT 'enrollment' AS kind, e.id::text AS id, 'its next step would never come' AS note FROM enrollments e
WHERE e.practice_id = :practice AND e.state IN ('active','snoozed')
  AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.practice_id = e.practice_id AND j.kind = :timer
                  AND j.key = concat_ws(':', e.id, e.position, e.attempt) AND j.state IN ('queued','leased'))
"""
OF_LEADS = """
SELECT 'lead' AS kind, l.id::text AS id, :note AS note FROM leads l
WHERE l.practice_id = :practice AND l.open AND (NOT :booked OR l.evaluation_state = 'booked')
  AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.practice_id = l.practice_id AND j.kind = :timer
                  AND j.ref_id = l.id AND j.state IN ('queued','leased'))
"""


async def running(session: AsyncSession) -> Named:
    """Leads on their way through a sequence that goes no further."""
    return await ask(session, SEQUENCES, practice=practice_of(session), timer=sequences.STEP)


async def silence(session: AsyncSession) -> Named:
    """Open leads whose silence nobody would notice."""
    note = "nobody would notice its silence"
    return await ask(session, OF_LEADS, practice=practice_of(session), timer=inactivity.CHECK, note=note, booked=False)


async def booked(session: AsyncSession) -> Named:
    """Booked evaluations after which nobody would look whether the patient came."""
    note = "nobody would notice a missed evaluation"
    return await ask(session, OF_LEADS, practice=practice_of(session), timer=evaluations.CHECK, note=note, booked=True)
