"""How far a text has come. Carriers report in any order, so a status only ever moves forward by rank."""

from typing import Final

RANK: Final = {
    "queued": 0, "held": 0, "sending": 1, "unknown": 1, "sent": 2, "delivered": 4, "undelivered": 3, "failed": 3,
    "canceled": 3, "blocked": 3, "received": 4,
}  # fmt: skip
NOT_SENT: Final = frozenset({"queued", "held"})
IN_FLIGHT: Final = frozenset({"sending", "unknown", "sent"})

# Twilio's words (Messages resource, `status`) as ours.
OF_TWILIO: Final = {
    "accepted": "sending", "scheduled": "sending", "queued": "sending", "sending": "sending", "sent": "sent",
    "delivered": "delivered", "read": "delivered", "undelivered": "undelivered", "failed": "failed",
    "canceled": "canceled",
}  # fmt: skip


def moves(current: str, reported: str) -> bool:
    """Whether a report counts. A late `delivered` may follow `undelivered`: carriers correct themselves."""
    return RANK[reported] > RANK[current]
