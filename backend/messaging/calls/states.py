"""How far a call has come, and how the thread says it. News arrive in any order; an outcome only moves forward."""

from typing import Final

from backend.messaging.calls.models import Call

RINGING, MISSED, VOICEMAIL, ANSWERED = "ringing", "missed", "voicemail", "answered"
RANK: Final = {RINGING: 0, MISSED: 1, VOICEMAIL: 2, ANSWERED: 3}
UNANSWERED: Final = frozenset({MISSED, VOICEMAIL})


def moves(current: str, reported: str) -> bool:
    """Whether a report counts."""
    return RANK[reported] > RANK[current]


def words(call: Call) -> str:
    """The call in the thread."""
    match call.outcome:
        case "answered":
            return "Call answered" + (f", {length(call.duration_seconds)}" if call.duration_seconds else "")
        case "voicemail":
            return "Voicemail" + (f", {length(call.voicemail_seconds)}" if call.voicemail_seconds else "")
        case "missed":
            return "Missed call after hours" if call.after_hours else "Missed call"
    return "Calling now"


def length(seconds: int) -> str:
    """`0:42`."""
    return f"{seconds // 60}:{seconds % 60:02d}"
