"""What happens to a lead that other domains react to, inside the same transaction."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from backend.core.moving import Record


@dataclass(frozen=True, slots=True)
class LeadOpened:
    """A new lead, or a closed one opened `again`, needs a next step."""

    lead_id: uuid.UUID
    again: bool = False


@dataclass(frozen=True, slots=True)
class StageChosen:
    """Somebody is about to move the lead there; a domain that knows better raises `Conflict`."""

    lead_id: uuid.UUID
    stage: str


@dataclass(frozen=True, slots=True)
class LeadMoved:
    """An open lead entered another stage of its path. `contacted`: by hand, out of the first stage."""

    lead_id: uuid.UUID
    stage: str
    contacted: bool = False


@dataclass(frozen=True, slots=True)
class LeadClosed:
    """The lead is won or lost; nothing is left to do for it."""

    lead_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class LeadAssigned:
    """Someone else owns the lead now."""

    lead_id: uuid.UUID
    user_id: uuid.UUID | None
    team_id: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class LeadHurried:
    """Urgency or clinic changed, and with it when the first contact is late."""

    lead_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class PhoneChanged:
    """The lead's patient has another phone number than before."""

    lead_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class CallToLog:
    """A call to the patient is about to be noted: what is locked before a lead must be locked now."""

    lead_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class CallLogged:
    """Somebody called the patient; `outcome` decides what comes next. The lead may be closed."""

    lead_id: uuid.UUID
    outcome: str


@dataclass(frozen=True, slots=True)
class OrderAdded:
    """Another order came for a lead that had one."""

    lead_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class ReferralReceived:
    """An order names who sent it."""

    lead_id: uuid.UUID
    order_id: uuid.UUID
    referrer_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class EvaluationBooked:
    """The first visit has a time, perhaps another than before."""

    lead_id: uuid.UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class EvaluationAttended:
    """The patient came."""

    lead_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class EvaluationMissed:
    """The patient did not come, as a person or the rule says."""

    lead_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class EvaluationCanceled:
    """The booked evaluation will not take place."""

    lead_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class EvaluationUndone:
    """That it was attended, or missed (`was`), had been noted by mistake: it is booked, as before."""

    lead_id: uuid.UUID
    was: str


@dataclass(frozen=True, slots=True)
class LeadsToJoin:
    """Two leads are about to be joined or parted: what is locked before a lead must be locked now."""

    lead_ids: tuple[uuid.UUID, uuid.UUID]


@dataclass(frozen=True, slots=True)
class LeadJoining:
    """The lead is closed and becomes part of `into_id`; what refers to it moves next. `record` keeps what changes."""

    lead_id: uuid.UUID
    into_id: uuid.UUID
    record: Record


@dataclass(frozen=True, slots=True)
class LeadJoined:
    """Everything of another lead is this one's now. `record` keeps what changed for it."""

    lead_id: uuid.UUID
    record: Record


@dataclass(frozen=True, slots=True)
class LeadParted:
    """The lead is its own again, with everything it had when it became part of `from_id`."""

    lead_id: uuid.UUID
    from_id: uuid.UUID
