"""What happens to a letter that other domains react to, inside the same transaction."""

import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LetterSent:
    """It reached the other machine or mailbox, with proof."""

    letter_id: uuid.UUID
    kind: str
    ref_id: uuid.UUID | None
    way: str


@dataclass(frozen=True, slots=True)
class LetterFailed:
    """It did not go, and does not go again by itself."""

    letter_id: uuid.UUID
    lead_id: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class LetterReturned:
    """A page of it came back by fax and is filed under its lead. `settled`: nobody need do anything about it."""

    letter_id: uuid.UUID
    lead_id: uuid.UUID
    fax_id: uuid.UUID
    kind: str
    signed: bool
    settled: bool
