"""What happens to a patient that other domains react to, inside the same transaction."""

import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CoverageNoted:
    """A paper named what pays for the patient's care: a coverage is new, or says something else than before."""

    patient_id: uuid.UUID
    coverage_id: uuid.UUID
    # Of another payer than the one a person has entered or verified: it waits beside that one.
    contradicts: bool = False


@dataclass(frozen=True, slots=True)
class PairsChanged:
    """Somebody may, or may no longer, be the same person as another."""

    patient_ids: tuple[uuid.UUID, ...]
