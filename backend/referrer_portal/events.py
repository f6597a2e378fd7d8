"""What happened in a referrer's portal that other domains react to, inside the same transaction."""

import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReferrerWrote:
    """They wrote to the practice, about one lead or none."""

    referrer_id: uuid.UUID
    name: str
    lead_id: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class ReferrerMessageSettled:
    """Everything they wrote about this lead, or about none, is answered or needs no answer."""

    referrer_id: uuid.UUID
    lead_id: uuid.UUID | None
