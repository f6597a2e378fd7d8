"""The one gate every text passes: send now, hold until, or block with the reason. Pure; `facts.py` gathers.

Order matters: what a person asked for beats everything, then what the number is, then consent, then whether the
carrier takes our texts at all, then how often and when.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from backend.messaging.quiet_hours import TextingHours, allowed, next_allowed

Reason = Literal[
    "no_consent", "opted_out", "quiet_hours", "cap", "landline", "bad_number", "wrong_person", "no_line", "send_later",
    "line_paused",
]  # fmt: skip
Consent = Literal["granted", "asked", "revoked", "none"]
# `appointment` is about a visit somebody has, or asked to be told of: it waits for the hour, never for a cap.
Purpose = Literal["care", "appointment", "consent_request", "notice"]

# A reply within this time answers somebody who is awake and waiting (47 CFR 64.1200 speaks of solicitations only).
CONVERSATION = timedelta(minutes=30)
# While a person writes with us, or has called and reached nobody, caps on unasked texts do not apply.
ANSWERING = timedelta(hours=24)
DAY, WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the gate looks at, as of the sending transaction. `sent` are times of texts to this number."""

    at: datetime
    line: bool
    consent: Consent
    zones: Sequence[str]
    hours: TextingHours = field(default_factory=TextingHours)
    last_inbound: datetime | None = None
    missed_call: datetime | None = None
    sent: Sequence[datetime] = field(default=())
    per_day: int = 1
    per_week: int = 3
    bad_number: bool = False
    landline: bool = False
    wrong_person: bool = False
    consent_first: bool = True
    # The carrier refuses the practice (`alarms.py`): rules wait, a person who was warned may still try.
    line_paused: bool = False
    automatic: bool = False
    send_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """`until` is set when a hold ends by itself; a hold without it waits for a person (consent, a paused line).

    `warning` is what somebody should know who sends all the same.
    """

    action: Literal["send", "hold", "block"]
    reason: Reason | None = None
    until: datetime | None = None
    warning: Reason | None = None


SEND = Verdict("send")


def decide(facts: Facts, purpose: Purpose) -> Verdict:
    """May this text go to this number now? A `notice` confirms a STOP, START or HELP the person has just sent."""
    if not facts.line:
        return Verdict("block", "no_line")
    if purpose == "notice":
        return SEND
    verdict = _person(facts) or _number(facts) or _consent(facts, purpose) or _line(facts) or _time(facts, purpose)
    return replace(verdict, warning="line_paused") if facts.line_paused and verdict.action != "block" else verdict


def _person(facts: Facts) -> Verdict | None:
    if facts.consent == "revoked":
        return Verdict("block", "opted_out")
    return Verdict("block", "wrong_person") if facts.wrong_person else None


def _number(facts: Facts) -> Verdict | None:
    if facts.bad_number:
        return Verdict("block", "bad_number")
    return Verdict("block", "landline") if facts.landline else None


def _consent(facts: Facts, purpose: Purpose) -> Verdict | None:
    if facts.consent == "granted" or not facts.consent_first:
        return None
    if purpose == "consent_request" and facts.consent == "none":
        return None
    return Verdict("hold", "no_consent")


def _line(facts: Facts) -> Verdict | None:
    return Verdict("hold", "line_paused") if facts.line_paused and facts.automatic else None


def _time(facts: Facts, purpose: Purpose) -> Verdict:
    at = facts.at
    if facts.send_at is not None and facts.send_at > at:
        return Verdict("hold", "send_later", facts.send_at)
    answering = any(turned and at - turned <= ANSWERING for turned in (facts.last_inbound, facts.missed_call))
    if not answering and purpose != "appointment" and (free := _free_at(facts)) > at:
        return Verdict("hold", "cap", next_allowed(free, facts.zones, facts.hours))
    talking = facts.last_inbound is not None and at - facts.last_inbound <= CONVERSATION
    if talking or allowed(at, facts.zones, facts.hours):
        return SEND
    return Verdict("hold", "quiet_hours", next_allowed(at, facts.zones, facts.hours))


def _free_at(facts: Facts) -> datetime:
    """When one more text fits under the caps of any 24 hours and any 7 days."""
    free = facts.at
    for most, span in ((facts.per_day, DAY), (facts.per_week, WEEK)):
        recent = sorted(moment for moment in facts.sent if facts.at - moment < span)
        if len(recent) >= most:
            free = max(free, recent[len(recent) - most] + span)
    return free
