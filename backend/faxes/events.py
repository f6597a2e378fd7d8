"""What happens to a fax that other domains react to, inside the same transaction."""

import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FaxHeld:
    """A person must review it."""

    fax_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class FaxFailed:
    """It could not be read; a person must look at the original."""

    fax_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class PaperFiled:
    """Pages were put under a lead. `letter_code`: they are pages of a letter of ours that came back."""

    fax_id: uuid.UUID
    segment: int
    lead_id: uuid.UUID
    kind: str
    letter_code: str | None = None


@dataclass(frozen=True, slots=True)
class FaxSettled:
    """Filed or rejected: nothing is left to do for it, or it is being read again."""

    fax_id: uuid.UUID
