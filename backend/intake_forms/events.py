"""What happens to an intake that other domains react to, inside the same transaction."""

import uuid
from collections.abc import Mapping
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


@dataclass(frozen=True, slots=True)
class IntakeMeasured:
    """The form asked how strong the pain is (now, at its best, at its worst) or what is hard to do: name → rating.

    Handed over in this transaction alone; the answers themselves stay sealed.
    """

    lead_id: uuid.UUID
    intake_id: uuid.UUID
    language: str
    pain: tuple[int, ...]
    activities: Mapping[str, int]
