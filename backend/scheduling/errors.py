"""What cannot be booked, and what to do instead."""

import uuid
from typing import Any

from backend.core.problems import Conflict
from backend.scheduling.words import Slot


def in_problem(slot: Slot) -> dict[str, Any]:
    """A slot as a problem names it: everything needed to book it."""
    return {
        "appointment_type_id": str(slot.type_id), "clinician_id": str(slot.clinician_id),
        "clinician_name": slot.clinician_name, "location_id": str(slot.location_id),
        "location_name": slot.location_name, "timezone": slot.timezone,
        "starts_at": slot.starts_at.isoformat().replace("+00:00", "Z"),
        "ends_at": slot.ends_at.isoformat().replace("+00:00", "Z"),
    }  # fmt: skip


class SlotTaken(Conflict):
    """Somebody else has this time. Carries `next_slots`."""

    type = "slot-taken"
    title = "This time is taken"

    def __init__(self, slots: list[Slot]) -> None:
        super().__init__(
            "Somebody else has this time. Choose another; the next free ones are in next_slots.",
            next_slots=[in_problem(slot) for slot in slots],
        )


class SlotUnavailable(Conflict):
    """This time is not offered, though nobody has it. Carries `reasons` and `next_slots`."""

    type = "slot-unavailable"
    title = "This time cannot be booked"

    def __init__(self, reasons: list[str], slots: list[Slot]) -> None:
        super().__init__(
            "This time is not open for booking; reasons say why. Choose one of next_slots, or say why it must be so.",
            reasons=reasons,
            next_slots=[in_problem(slot) for slot in slots],
        )


class HoldGone(Conflict):
    """The time was held for a while and is no longer."""

    type = "hold-expired"
    title = "The time is no longer held"

    def __init__(self) -> None:
        super().__init__("The time was held for a while and is free again. Choose a time once more.")


class EvaluationBooked(Conflict):
    """The lead has an evaluation already. Carries its `appointment_id`."""

    type = "evaluation-booked"
    title = "An evaluation is booked already"

    def __init__(self, appointment_id: uuid.UUID) -> None:
        super().__init__(
            "This lead's evaluation is booked already. Move that appointment instead.",
            appointment_id=str(appointment_id),
        )
