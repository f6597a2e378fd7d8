"""What happens to a link that other domains react to, inside the same transaction."""

import uuid
from dataclasses import dataclass

from backend.patient_links.rules import Purpose


@dataclass(frozen=True, slots=True)
class LinkDelivered:
    """A text with this link has reached the patient's phone, for the first time."""

    link_id: uuid.UUID
    purpose: Purpose
    patient_id: uuid.UUID
    lead_id: uuid.UUID | None
    ref_id: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class LinkUsed:
    """What the link was for has been done."""

    link_id: uuid.UUID
    purpose: Purpose
    patient_id: uuid.UUID
    lead_id: uuid.UUID | None
    ref_id: uuid.UUID | None
