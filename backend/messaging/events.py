"""What happens in a conversation that other domains react to, inside the same transaction."""

import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TextReceived:
    """A patient wrote; somebody must answer. `said` is what was understood, in a few words, or None."""

    lead_id: uuid.UUID
    said: str | None


@dataclass(frozen=True, slots=True)
class TextAnswered:
    """A person answered the patient."""

    lead_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class TextUnreachable:
    """This lead cannot be texted (any more): `reason` as the gate gives it."""

    lead_id: uuid.UUID
    reason: str


@dataclass(frozen=True, slots=True)
class CallMissed:
    """Somebody called and reached nobody: call back. `shared`: others with this phone may be meant as well.

    `withheld`: they cannot be called back; what they said on the voicemail may tell who they are.
    """

    lead_id: uuid.UUID
    voicemail: bool
    shared: bool = False
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class CallAnswered:
    """The desk took a call of this lead's patient."""

    lead_id: uuid.UUID
