"""Jobs that keep the calendar clean."""

from sqlalchemy import select

from backend.core.clock import now
from backend.core.jobs import JobRun
from backend.scheduling.appointment_models import Appointment


async def forget_hold(run: JobRun) -> None:
    """A held time that nobody booked is free again; readers pass over it before."""
    async with run.transaction() as session:
        query = select(Appointment).where(Appointment.practice_id == run.practice_id, Appointment.id == run.ref_id)
        held = await session.scalar(query.with_for_update())
        if held is not None and held.status == "held" and held.hold_until is not None:
            if held.hold_until > now():
                await run.again(session, held.hold_until)
                return
            await session.delete(held)
        await run.finish(session)
