"""An appointment's history, and telling other screens."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.actor import actor_of
from backend.core.clock import now
from backend.core.database import LiveEvent, practice_of, tell_live
from backend.scheduling.appointment_models import Appointment, AppointmentEvent


def note(session: AsyncSession, appointment: Appointment, kind: str, reason: str | None = None, **detail: Any) -> None:
    """Who did what, when and why."""
    actor = actor_of(session)
    session.add(
        AppointmentEvent(
            practice_id=practice_of(session), appointment_id=appointment.id, kind=kind, at=now(),
            actor_kind=actor.kind, actor_id=actor.id, actor_name=actor.name, reason=reason, detail=detail,
        )
    )  # fmt: skip


def tell(session: AsyncSession, appointment: Appointment) -> None:
    """Once committed."""
    event = LiveEvent("appointment.changed", str(appointment.id), appointment.version, actor_of(session).mutation_id)
    tell_live(session, [event])


def where(appointment: Appointment) -> dict[str, str]:
    """Time and place, as a move keeps them."""
    return {
        "starts_at": appointment.starts_at.isoformat(), "ends_at": appointment.ends_at.isoformat(),
        "clinician_id": str(appointment.clinician_id), "location_id": str(appointment.location_id),
        "type_id": str(appointment.type_id),
    }  # fmt: skip
