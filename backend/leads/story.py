"""The lead's story in one sentence, from its history alone.

"Faxed Tue 9:14 by Rowan Ortho; left a message Tue 9:40; moved to Scheduled Wed 15:05; waiting since Wed."
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

CAME = {
    "fax": "Faxed",
    "web_form": "Sent the web form",
    "phone": "Called us",
    "walk_in": "Walked in",
    "api": "Came from a partner",
    "text": "Texted us",
    "email": "Wrote an e-mail",
}
CALLS = {
    "reached": "reached by phone",
    "left_message": "left a message",
    "no_answer": "no answer",
    "wrong_number": "wrong number",
}
INCOMING = {
    "missed": "called, nobody answered",
    "voicemail": "left a voicemail",
    "answered": "called and was answered",
}
REPLIES = {
    "availability": "replied with times",
    "callback": "asked for a call",
    "yes": "replied yes",
    "no": "replied no",
    "decline": "declined",
    "opted_out": "opted out of texts",
    "wrong_person": "replied: wrong number",
}
FORMS = {
    "intake_sent": "got the intake form",
    "intake_started": "began the intake form",
    "intake_submitted": "handed in the intake form",
}
VISITS = {
    "slots_offered": "offered times",
    "time_was_taken": "the chosen time was taken",
    "reminder_sent": "reminded",
    "visit_confirmed": "confirmed the visit",
    "opening_offered": "offered an earlier time",
    "waitlist_filled": "took an earlier time",
}
QUIET = timedelta(hours=20)
LONGEST = 6


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the history as the story needs it."""

    kind: str
    at: datetime
    detail: dict[str, Any] = field(default_factory=dict)
    to_stage: str | None = None


def tell(
    events: Sequence[Event], *, referrer: str | None, stage_names: dict[str, str], open_now: bool, now: datetime,
    timezone: str,
) -> str:  # fmt: skip
    """The sentence; `events` oldest first. Times are in `timezone`, with a date once a week has passed."""
    zone = ZoneInfo(timezone)
    clauses = [(event.at, text) for event in events if (text := _clause(event, referrer, stage_names))]
    if not clauses:
        return ""
    if len(clauses) > LONGEST:
        clauses = [clauses[0], *clauses[1 - LONGEST :]]
    told = [
        f"{text} {_when(at, now, zone)}" if "{when}" not in text else _put(text, at, now, zone) for at, text in clauses
    ]
    if open_now and now - clauses[-1][0] > QUIET:
        told.append(f"waiting since {_when(clauses[-1][0], now, zone).split(' ')[0]}")
    sentence = "; ".join(told)
    return sentence[0].upper() + sentence[1:] + "."


def _put(text: str, at: datetime, now: datetime, zone: ZoneInfo) -> str:
    return text.replace("{when}", _when(at, now, zone))


def _clause(event: Event, referrer: str | None, stage_names: dict[str, str]) -> str | None:
    match event.kind:
        case "opened":
            came = CAME.get(str(event.detail.get("source")), "Came in") + " {when}"
            return f"{came} by {referrer}" if referrer else came
        case "call":
            return CALLS.get(str(event.detail.get("outcome")), "called")
        case "called_us":
            return INCOMING.get(str(event.detail.get("outcome")), "called")
        case "texted":
            return "texted"
        case "replied":
            return REPLIES.get(str(event.detail.get("said")), "replied")
        case "order_added" if event.detail.get("again"):
            return "another order came"
        case "moved":
            return f"moved to {stage_names.get(event.to_stage or '', event.to_stage or '')}"
        case "lost":
            return "closed as lost"
        case "reopened":
            return "opened again"
        case "evaluation_booked" | "evaluation_missed" | "evaluation_attended" | "evaluation_canceled":
            return event.kind.replace("_", " ")
        case "evaluation_undone":
            return f"that it was {event.detail.get('was')} was a mistake"
    return (FORMS | VISITS).get(event.kind)


def _when(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    clock = f"{local.hour}:{local.minute:02d}"
    if now - at < timedelta(days=6):
        return f"{local:%a} {clock}"
    return f"{local:%b} {local.day} {clock}"
