"""What is read from HL7 v2 messages; `integrations/hl7_mllp` reads them and speaks MLLP."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, Protocol

from backend.patients.matching import Identity

MESSAGES: Final[dict[str, frozenset[str]]] = {
    "SIU": frozenset({"S12", "S13", "S14", "S15", "S17", "S26"}),
    "ADT": frozenset({"A04", "A08", "A40"}),
}
Code = Literal["AA", "AE", "AR"]


@dataclass(frozen=True, slots=True)
class Envelope:
    """The head of a message, as it is answered."""

    control_id: str
    application: str
    facility: str
    receiving_application: str = ""
    receiving_facility: str = ""
    message: str = ""
    event: str = ""
    version: str = ""
    processing: str = "P"


@dataclass(frozen=True, slots=True)
class Slot:
    """An appointment as a message says it. `starts_at` has a zone only where the message gives one."""

    number: str
    starts_at: datetime | None
    status: str | None
    called: str | None
    clinician: str | None
    clinic: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Content:
    """Everything of a message that we use. `prior_mrn`: the number that was merged away (A40)."""

    envelope: Envelope
    person: Identity
    prior_mrn: str | None
    slot: Slot | None


class Refused(Exception):
    """It cannot be taken. `code` AR: never, AE: not as it is. `error` is of HL7 table 0357; no word of the patient."""

    def __init__(self, code: Code, error: int, words: str, where: str = "", envelope: Envelope | None = None) -> None:
        super().__init__(words)
        self.code, self.error, self.words, self.where, self.envelope = code, error, words, where, envelope


class Reader(Protocol):
    """Port of whoever understands the bytes."""

    def envelope(self, raw: bytes) -> Envelope:
        """The head. Raises `Refused`."""

    def content(self, raw: bytes) -> Content:
        """All of it. Raises `Refused` for what is missing."""
