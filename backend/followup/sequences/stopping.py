"""What ends a sequence, what only silences its texts, and what it does not care about. Pure.

A STOP ends the texts, never the human follow-up: calls go on.
"""

from typing import Final, Literal

Happening = Literal[
    "replied", "reached", "missed_call", "booked", "attended", "evaluation_canceled", "closed", "person",
    "opted_out", "landline", "undelivered", "bad_number", "wrong_person", "wrong_number", "left_message", "no_answer",
    "new_order",
]  # fmt: skip
Effect = Literal["stop", "no_texts", "find_number", "none"]

EFFECTS: Final[dict[Happening, Effect]] = {
    # The patient is in touch, or has what the sequence is for.
    "replied": "stop",
    "reached": "stop",
    "missed_call": "stop",
    "booked": "stop",
    "attended": "stop",
    "closed": "stop",
    "person": "stop",
    # Texts do not arrive, or may not; a person still calls.
    "opted_out": "no_texts",
    "landline": "no_texts",
    "undelivered": "no_texts",
    # The number is not the patient's: calling it again helps nobody.
    "bad_number": "find_number",
    "wrong_person": "find_number",
    "wrong_number": "find_number",
    # Nothing was learned.
    "left_message": "none",
    "no_answer": "none",
    "evaluation_canceled": "none",
    "new_order": "none",
}
# A last attempt before the lead is lost: any sign of life is enough.
LAST_ATTEMPT: Final[dict[Happening, Effect]] = {"new_order": "stop"}


def effect(happening: Happening, trigger: str) -> Effect:
    """What this does to a running sequence begun by `trigger`."""
    found = LAST_ATTEMPT.get(happening, EFFECTS[happening]) if trigger == "inactive" else EFFECTS[happening]
    if found == "find_number" and trigger == "unreachable":
        return "no_texts"  # it is looking for the number already
    return found
