"""What appointments do when something happens elsewhere: the lead and its appointment never say different things.

What the desk or a rule notes about a lead's evaluation, its appointment takes over. What comes from the appointment
itself finds it as it says already.
"""

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import Subscribers
from backend.core.problems import Conflict
from backend.leads.events import (
    EvaluationAttended,
    EvaluationBooked,
    EvaluationCanceled,
    EvaluationMissed,
    EvaluationUndone,
)
from backend.scheduling import evaluation, outcomes


async def _booked(session: AsyncSession, event: EvaluationBooked) -> None:
    appointment = await evaluation.open_appointment(session, event.lead_id)
    if appointment is not None and appointment.starts_at != event.at:
        raise Conflict("This lead's evaluation is in the calendar. Move the appointment there.")


async def _attended(session: AsyncSession, event: EvaluationAttended) -> None:
    appointment = await evaluation.current(session, event.lead_id, "booked", "confirmed", "no_show")
    if appointment is not None:
        await outcomes.check_in(session, appointment.id)


async def _missed(session: AsyncSession, event: EvaluationMissed) -> None:
    appointment = await evaluation.current(session, event.lead_id, "booked", "confirmed")
    if appointment is not None:
        await outcomes.no_show(session, appointment.id)


async def _canceled(session: AsyncSession, event: EvaluationCanceled) -> None:
    appointment = await evaluation.current(session, event.lead_id, "booked", "confirmed")
    if appointment is not None:
        await outcomes.cancel(session, appointment.id)


async def _undone(session: AsyncSession, event: EvaluationUndone) -> None:
    appointment = await evaluation.current(session, event.lead_id, "checked_in", "no_show")
    if appointment is not None:
        await outcomes.undo(session, appointment.id)


def subscribers() -> Subscribers:
    """Handlers by event."""
    return {
        EvaluationBooked: [_booked],
        EvaluationAttended: [_attended],
        EvaluationMissed: [_missed],
        EvaluationCanceled: [_canceled],
        EvaluationUndone: [_undone],
    }
