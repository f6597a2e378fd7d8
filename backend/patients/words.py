"""The words a patient is found by. Search compares prefixes of these, so an index answers it under row-level security.

(PostgreSQL uses an index before a security policy only for leakproof operators: plain comparison is, LIKE and
full-text match are not.)
"""

import re
import unicodedata
from datetime import date, datetime

DATE_SHAPES = ("%m/%d/%Y", "%m-%d-%Y", "%Y-%m-%d", "%m/%d/%y", "%m%d%Y")


def plain(text: str) -> str:
    """Lower case without accents: `Núñez` → `nunez`."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def split(text: str) -> list[str]:
    """Runs of letters and digits, plain."""
    return re.findall(r"[a-z0-9]+", plain(text))


def words_of(names: list[str | None], phones: list[str | None], dob: date | None, mrn: str | None) -> set[str]:
    """Every word of one patient: name parts, phone endings, date of birth, record number."""
    found: set[str] = set()
    for name in filter(None, names):
        parts = split(name)
        found |= {*parts, "".join(parts)}
    for phone in filter(None, phones):
        digits = re.sub(r"\D", "", phone)
        found |= {digits, digits[-10:], digits[-7:], digits[-4:]}
    if dob is not None:
        found.add(dob.strftime("%Y%m%d"))
    if mrn:
        found |= {*split(mrn), "".join(split(mrn))}
    return {word[:60] for word in found if word}


def prefixes_of(query: str) -> list[str]:
    """What each word searched for must begin with. A date or a phone number counts as one word."""
    text = query.strip()
    for shape in DATE_SHAPES:
        try:
            return [datetime.strptime(text, shape).strftime("%Y%m%d")]
        except ValueError:
            continue
    if re.fullmatch(r"[\d\s().+-]{4,}", text):
        digits = re.sub(r"\D", "", text)
        return [digits[1:] if len(digits) == 11 and digits.startswith("1") else digits]
    return split(text)[:6]
