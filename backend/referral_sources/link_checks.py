"""The second check of a secure link: a forwarded e-mail alone opens nothing. Pure."""

import re
from typing import Final, Literal

from backend.referral_sources.models import Referrer, ReferrerPractice

Check = Literal["npi", "fax", "zip"]
DIGITS: Final = 4
ZIP: Final = re.compile(r"\b(\d{5})(?:-\d{4})?\s*$")


def answers(referrer: Referrer, office: ReferrerPractice | None) -> dict[Check, frozenset[str]]:
    """What may be asked, with every right answer. Empty: nothing is on file, and no link of theirs opens."""
    faxes = {number[-DIGITS:] for number in (referrer.fax, office.fax if office else None) if number}
    npis = {npi[-DIGITS:] for npi in (referrer.npi, office.npi if office else None) if npi}
    places = [ZIP.search(address) for address in (referrer.address, office.address if office else None) if address]
    known: dict[Check, set[str]] = {"npi": npis, "fax": faxes, "zip": {place.group(1) for place in places if place}}
    return {check: frozenset(right) for check, right in known.items() if right}


def right(referrer: Referrer, office: ReferrerPractice | None, check: Check, answer: str) -> bool:
    """Whether the answer is one of them."""
    digits = re.sub(r"\D", "", answer)
    wanted = digits[:5] if check == "zip" else digits
    return wanted in answers(referrer, office).get(check, frozenset())
