"""Texts a practice may reuse: placeholders, and a linter that refuses what must never be in an SMS."""

import re
from dataclasses import dataclass
from typing import Final

from backend.messaging.segments import segments

PLACEHOLDER: Final = re.compile(r"\{([a-z_]+)\}")
KNOWN: Final = frozenset({"practice", "clinic", "clinic_phone", "first_name", "staff_name"})
SHORTENERS: Final = re.compile(
    r"\b(?:bit\.ly|tinyurl\.com|goo\.gl|t\.co|ow\.ly|is\.gd|buff\.ly|rebrand\.ly|cutt\.ly|shorturl\.at|rb\.gy)\b", re.I
)
STOP_LINE: Final = re.compile(r"\b(?:stop|alto)\b", re.I)
CLINICAL: Final = re.compile(
    r"\b(?:surger\w*|surgical|operation|post-?op\w*|diagnos\w*|knee|shoulder|hip|spine|back pain|ankle|sprain\w*"
    r"|tear|fractur\w*|arthr\w+|replacement|injur\w*|pain|icd|x-?ray|mri|medication\w*|prescription|pregnan\w*|pelvic|vertigo|stroke"
    r"|insurance|member id|policy number|balance|copay\w*|cirug\w+|dolor|diagn[oó]stico|rodilla|hombro)\b",
    re.I,
)
MOST_SEGMENTS: Final = 3


@dataclass(frozen=True, slots=True)
class Default:
    """A template every practice begins with."""

    key: str
    name: str
    body: str
    first: bool = False


_CONSENT = (
    "{practice}: your doctor's office asked us to help you get started. May we text you to find a time? "
    "Reply YES, or call {clinic_phone}. Reply STOP to opt out."
)
_FIRST = (
    "{practice}: hi {first_name}, we're ready to schedule your first visit. Which days and times suit you? "
    "Or call {clinic_phone}. Reply STOP to opt out."
)
_AFTER_YES = (
    '{practice}: thank you, {first_name}! Which days and times suit you for a first visit? For example "Tue after 3".'
)
_SECOND = (
    "{practice}: hi {first_name}, we would still like to find a time for you. Reply with what suits you, "
    "or call {clinic_phone}. Reply STOP to opt out."
)
_MISSED_EVALUATION = (
    "{practice}: hi {first_name}, sorry we did not see you. Reply with days and times that suit you for a new visit, "
    "or call {clinic_phone}. Reply STOP to opt out."
)
_LAST_ATTEMPT = (
    "{practice}: hi {first_name}, we could not reach you. If you still want a visit, reply here or call "
    "{clinic_phone} any time. Reply STOP to opt out."
)
_MISSED = (
    "{practice}: sorry we missed your call. Text us here what you need, or we will call you back. "
    "Reply STOP to opt out."
)
_STOPPED = (
    "{practice}: you will get no more texts from us. Call {clinic_phone} any time. Reply START to get texts again."
)
_STARTED = (
    "{practice}: you will get texts about your care again. Msg frequency varies, msg&data rates may apply. "
    "Reply HELP for help, STOP to opt out."
)
_HELP = (
    "{practice}: texts about scheduling your care. Call {clinic_phone} for help. "
    "Msg&data rates may apply. Reply STOP to opt out."
)
_WRONG = "{practice}: sorry about that. We have removed this number and will not text it again."

DEFAULTS: Final = (
    Default("consent_request", "Ask whether we may text", _CONSENT, first=True),
    Default("first_text", "First text", _FIRST, first=True),
    Default("after_yes", "After a yes", _AFTER_YES),
    Default("second_text", "Second text", _SECOND),
    Default("missed_evaluation", "Missed evaluation", _MISSED_EVALUATION),
    Default("last_attempt", "Last attempt", _LAST_ATTEMPT),
    Default("missed_call", "Missed call", _MISSED, first=True),
    Default("stopped", "Answer to STOP", _STOPPED),
    Default("started", "Answer to START", _STARTED),
    Default("help", "Answer to HELP", _HELP),
    Default("wrong_person", "Answer to a wrong number", _WRONG),
)
FIRST: Final = frozenset(template.key for template in DEFAULTS if template.first)


def fill(body: str, facts: dict[str, str]) -> str:
    """The text with its placeholders filled; one that is empty leaves no double space or stray comma."""
    text = PLACEHOLDER.sub(lambda found: facts.get(found.group(1), ""), body)
    return re.sub(r"\s+([,.!?])", r"\1", re.sub(r" {2,}", " ", text)).strip()


def lint(body: str, *, first: bool, brand: str = "{practice}") -> list[str]:
    """What is wrong with a template or text, in words; empty when it may be used."""
    found = [f"Unknown placeholder {{{name}}}." for name in PLACEHOLDER.findall(body) if name not in KNOWN]
    if SHORTENERS.search(body):
        found.append("Carriers block link shorteners. Use your own address.")
    if word := CLINICAL.search(body):
        found.append(f"“{word.group(0)}” says something about the patient's care. Texts are not private.")
    if segments(body) > MOST_SEGMENTS:
        found.append(f"Too long: {segments(body)} SMS; at most {MOST_SEGMENTS}.")
    if first and brand not in body:
        found.append("The first text must name the practice: use {practice}.")
    if first and not STOP_LINE.search(body):
        found.append("The first text must say “Reply STOP to opt out.”")
    return found
