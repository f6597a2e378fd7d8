"""What happens to a patient's insurance that other domains react to, inside the same transaction."""

import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class InsuranceChanged:
    """Coverage, benefits or authorizations stand otherwise: what is left to do may be something else (`todo.of`)."""

    patient_id: uuid.UUID
