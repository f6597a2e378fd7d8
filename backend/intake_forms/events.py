"""What happens to an intake that other domains react to, inside the same transaction."""

import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IntakeDelivered:
    """The patient has the form: its link has arrived, or it was opened on a device at the desk."""

    lead_id: uuid.UUID
    intake_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class IntakeSubmitted:
    """The form is filled in. `to_decide`: how many facts differ from the chart; `warning`: a sign to look at first."""

    lead_id: uuid.UUID
    intake_id: uuid.UUID
    to_decide: int
    warning: bool


@dataclass(frozen=True, slots=True)
class IntakeDecided:
    """Nothing is left to decide about what the patient wrote."""

    lead_id: uuid.UUID
    intake_id: uuid.UUID
