"""What happens to a referrer that other domains react to, inside the same transaction."""

import uuid
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class NextVisitPlanned:
    """Somebody means to visit again on a day, or (`on` None) no longer does."""

    referrer_id: uuid.UUID
    name: str
    on: date | None
    user_id: uuid.UUID | None
