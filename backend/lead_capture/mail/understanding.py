"""Who asks for what in a mail without documents, and why a person should look first. Pure."""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from backend.core.phones import found_in
from backend.lead_capture import spam
from backend.lead_capture.imports import fields
from backend.lead_capture.imports.fields import BadCell
from backend.lead_capture.mail.reading import Contents

LABELS: Final = {
    "first_name": r"first name|nombre", "last_name": r"last name|surname|apellidos?",
    "full_name": r"patient(?:'s)?(?: name)?|full name|name|your name|nombre completo|paciente",
    "dob": r"dob|d\.o\.b\.?|date of birth|birth ?date|fecha de nacimiento",
    "phone": r"phone(?: number)?|mobile|cell(?: phone)?|tel(?:ephone)?|tel[eé]fono",
    "email": r"e-?mail(?: address)?|correo(?: electr[oó]nico)?",
    "reason": r"reason(?: for (?:visit|therapy))?|diagnosis|complaint|motivo",
    "payer_name": r"insurance|payer|seguro", "referred_by": r"referred by|referring (?:provider|physician|doctor)",
}  # fmt: skip
LINES: Final = {
    name: re.compile(rf"(?im)^[ \t>*•-]*(?:{label})[ \t]*[:=][ \t]*(\S[^\n]{{0,200}})$")
    for name, label in LABELS.items()
}
CARE: Final = re.compile(
    r"\b(?:appointments?|schedul\w+|therap\w+|\bpt\b|pain\w*|referr\w+|evaluat\w+|injur\w+|surger\w+|rehab\w*|post-?op|"
    r"insurance|diagnos\w+|knee|shoulder|back|hip|neck|ankle|cita|terapia|fisioterapia|dolor|rodilla|hombro|espalda)\b",
    re.I,
)
# What calls itself so writes for many.
NOBODY: Final = re.compile(
    r"\b(?:office|clinic|cent(?:er|re)|team|support|info|sales|orthop\w+|llc|inc|medical|group|hospital|no-?reply|"
    r"notifications?|admin|billing|practice|associates|department|desk|service|mailer|forms?|wix|website)\b",
    re.I,
)
QUOTED: Final = re.compile(
    r"(?m)^(?:>.*|On .{5,200} wrote:|-{2,} ?(?:Original|Forwarded) Message ?-{2,}|El .{5,200} escribi[oó]:)$"
)
SIGNATURE: Final = re.compile(r"(?m)^-- ?$")
LONGEST: Final = 2000


@dataclass(slots=True)
class Request:
    """What was understood. With `reasons`, a person looks before a lead is opened."""

    facts: dict[str, Any]
    message: str
    reasons: list[str] = field(default_factory=list)


def understand(mail: Contents) -> Request:
    """The facts, as far as said; nothing is made up."""
    own = _own_words(mail.text)
    said = {name: found[1].strip() for name, pattern in LINES.items() if (found := pattern.search(own))}
    labelled = bool({"first_name", "last_name", "full_name"} & set(said))
    facts = _name(said) if labelled else _name({"full_name": mail.sender.name})
    writes = mail.reply_to if mail.reply_to.address else mail.sender
    facts |= _reachable(said, own, None if labelled else writes.address)
    for name in ("reason", "payer_name", "referred_by"):
        if said.get(name):
            facts[name] = said[name][:100]
    return Request(facts, _message(mail, own), _reasons(mail, facts, own))


def _own_words(text: str) -> str:
    """Without what they answer to, and what stands below everything they write."""
    cut = SIGNATURE.split(text)[0]
    quoted = QUOTED.search(cut)
    return (cut[: quoted.start()] if quoted and cut[: quoted.start()].strip() else cut).strip()


def _name(said: dict[str, str]) -> dict[str, Any]:
    first, last = said.get("first_name", ""), said.get("last_name", "")
    if not (first and last) and (full := said.get("full_name", "").strip(" \"'.,")):
        before, comma, after = full.partition(",")
        parts = full.split()
        if comma:
            first, last = after.strip(), before.strip()
        elif 2 <= len(parts) <= 5:
            first, last = parts[0], " ".join(parts[1:])
    if not first or not last or any(spam.NOT_A_NAME.search(each) or len(each) > 60 for each in (first, last)):
        return {}
    return {} if NOBODY.search(f"{first} {last}") else {"first_name": first, "last_name": last}


def _reachable(said: dict[str, str], own: str, address: str | None) -> dict[str, Any]:
    """Number, address and date of birth; whoever writes for somebody else keeps their own."""
    found: dict[str, Any] = {}
    phone = found_in(said.get("phone", "")) or found_in(own)
    with suppress(BadCell):
        found["email"] = fields.email((said.get("email") or address or "").split(" ")[0])
    with suppress(BadCell):
        found["dob"] = fields.birth_date(said.get("dob", "").strip(" ."))
    return found | ({"phone": phone} if phone else {})


def _message(mail: Contents, own: str) -> str:
    subject = f"{mail.subject}\n\n" if mail.subject and mail.subject.lower() not in own.lower() else ""
    return f"{subject}{own}"[:LONGEST]


def _reasons(mail: Contents, facts: dict[str, Any], own: str) -> list[str]:
    found = spam.suspicions((facts.get("first_name"), facts.get("last_name")), (mail.subject, own))
    clear = (
        facts.get("last_name") and (facts.get("phone") or facts.get("email")) and CARE.search(f"{mail.subject}\n{own}")
    )
    if not clear:
        found.append("unsure")
    if mail.answers:
        found.append("reply")
    if mail.unproven:
        found.append("not_authenticated")
    if mail.left_out:
        found.append("attachment")
    return found
