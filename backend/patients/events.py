"""What becomes known of patients that other domains react to, inside the same transaction."""

import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PairsChanged:
    """Somebody may, or may no longer, be the same person as another."""

    patient_ids: tuple[uuid.UUID, ...]
