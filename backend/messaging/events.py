"""What happens in a conversation that other domains react to, inside the same transaction."""

import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TextReceived:
    """A patient wrote; somebody must answer, unless a rule has. `said` is what was understood, or None."""

    lead_id: uuid.UUID
    said: str | None
    settled: bool = False


@dataclass(frozen=True, slots=True)
class TextWritten:
    """A text of ours is on its way, or waits, or may not go."""

    message_id: uuid.UUID
    conversation_id: uuid.UUID
    lead_id: uuid.UUID | None
    body: str


@dataclass(frozen=True, slots=True)
class TextsStopped:
    """Nobody at this number is to be texted any more: nothing asked by text waits for an answer."""

    conversation_id: uuid.UUID


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
