"""What happens to a practice that other domains react to."""

import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LocationAdded:
    """A clinic was added; the first one makes the practice ready for work."""

    location_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class CalendarChanged:
    """Working hours or holidays of a clinic, or of the practice, are others now."""
