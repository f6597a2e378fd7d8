"""The words the package speaks in: what is asked for, what is found. Plain data, no tables."""

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

Audience = Literal["patient", "staff"]
PartOfDay = Literal["morning", "afternoon", "evening"]
Source = Literal["staff", "patient", "text", "waitlist", "api", "import"]
Kind = Literal["evaluation", "follow_up", "free_screen", "other"]
Status = Literal["held", "booked", "confirmed", "checked_in", "no_show", "canceled"]
Discipline = Literal["PT", "OT", "SLP", "other"]
# A weekday (`mon`…`sun`), a date or `any`, and local times HH:MM, as `messaging.availability.Window` has them.
Window = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class SlotQuery:
    """When could it be? Times that begin in [`start`, `end`). `pick` asks for that many, as different as possible.

    `patient` is offered what the practice lets patients book (notice, horizon, spacing); `staff` whatever is free.
    `ignore` is the appointment to be moved: its own time counts as free.
    """

    type_id: uuid.UUID
    start: datetime
    end: datetime
    location_id: uuid.UUID | None = None
    clinician_id: uuid.UUID | None = None
    preferred_clinician_id: uuid.UUID | None = None
    exclude_clinician_ids: frozenset[uuid.UUID] = frozenset()
    discipline: str | None = None
    windows: tuple[Window, ...] = ()
    part_of_day: PartOfDay | None = None
    latest: date | None = None
    payer: str | None = None
    audience: Audience = "patient"
    pick: int | None = None
    limit: int | None = None
    one_per_time: bool = False
    ignore: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """A time that can be booked just now."""

    type_id: uuid.UUID
    clinician_id: uuid.UUID
    clinician_name: str
    location_id: uuid.UUID
    location_name: str
    timezone: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Wish:
    """An appointment somebody wants: exactly this clinician, clinic and time. A lead says whose it is, too."""

    type_id: uuid.UUID
    clinician_id: uuid.UUID
    location_id: uuid.UUID
    starts_at: datetime
    patient_id: uuid.UUID | None = None
    lead_id: uuid.UUID | None = None
    note: str | None = None
    source: Source = "staff"
    audience: Audience = "staff"
    hold_id: uuid.UUID | None = None
    override_reason: str | None = None

    @classmethod
    def of_slot(cls, slot: Slot, **more: object) -> "Wish":
        """Book what was found."""
        wish = cls(slot.type_id, slot.clinician_id, slot.location_id, slot.starts_at)
        return replace(wish, **more)  # type: ignore[arg-type]
