"""What became of a row."""

import uuid
from dataclasses import dataclass
from typing import Literal

Duplicates = Literal["ask", "skip", "attach"]
Outcome = Literal["created", "updated", "skipped", "asked", "failed"]


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a row. `detail` is for people; `asked` names who it may be."""

    outcome: Outcome
    detail: str | None = None
    patient_id: uuid.UUID | None = None
    lead_id: uuid.UUID | None = None
