"""What happens to appointments that other domains react to, inside the same transaction."""

import uuid
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AppointmentBooked:
    """Somebody has an appointment."""

    appointment_id: uuid.UUID
    lead_id: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class AppointmentMoved:
    """It is at another time, with another clinician or at another clinic; its old time is free."""

    appointment_id: uuid.UUID
    lead_id: uuid.UUID | None
    was_at: datetime
    was_with: uuid.UUID
    was_in: uuid.UUID


@dataclass(frozen=True, slots=True)
class AppointmentConfirmed:
    """The patient said that they will come."""

    appointment_id: uuid.UUID
    lead_id: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class AppointmentCanceled:
    """It will not take place; its time is free. `late`: too late to be filled easily."""

    appointment_id: uuid.UUID
    lead_id: uuid.UUID | None
    late: bool


@dataclass(frozen=True, slots=True)
class AppointmentAttended:
    """The patient came."""

    appointment_id: uuid.UUID
    lead_id: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class AppointmentMissed:
    """The patient did not come."""

    appointment_id: uuid.UUID
    lead_id: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class AppointmentUndone:
    """That the patient came, or did not (`was`: checked_in, no_show), had been noted by mistake."""

    appointment_id: uuid.UUID
    lead_id: uuid.UUID | None
    was: str
