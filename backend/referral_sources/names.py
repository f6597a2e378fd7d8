"""Names of providers and offices, however a paper writes them. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, Literal

from rapidfuzz.distance import OSA

Likeness = Literal["same", "alike", "slip", "other"]
# One letter more, less or other: too short a name changes into another one.
SLIP_LENGTH: Final = 5
TITLES: Final = frozenset("dr doctor mr mrs ms miss mx prof professor".split())
SUFFIXES: Final = frozenset("jr sr ii iii iv 2nd 3rd".split())
CREDENTIALS: Final = frozenset(
    """md do np pa pac pa-c aprn arnp crnp fnp fnp-c fnp-bc dnp dpm dc dds dmd cnp cnm cns rn pt dpt mbbs mbchb agnp anp
    phd faaos facs faafp facp facog mph agacnp acnp agpcnp-bc pmhnp-bc ms mha mba msn bsn cpnp facsm caqsm""".split()
)
LEGAL: Final = frozenset("llc pllc llp lp pc pa inc ltd corp co sc the and of".split())


@dataclass(frozen=True, slots=True)
class PersonName:
    """A provider's name in plain small letters, without title and credentials."""

    first: str
    middle: tuple[str, ...]
    last: str


def plain_name(text: str) -> tuple[str, str | None]:
    """A name as it is shown, and the credential written behind it: `Rowan Ortho, M.D.` is `Rowan Ortho`, `MD`."""
    words = text.replace(",", " , ").split()
    found: list[str] = []
    while len(words) > 1 and (words[-1] == "," or _is_credential(words[-1])):
        if (word := words.pop()) != ",":
            found.insert(0, word)
    while len(words) > 1 and words[0].strip(".").lower() in TITLES:
        words.pop(0)
    name = " ".join(words).replace(" ,", ",")
    return name, (found[0].replace(".", "") if found else None)


def _is_credential(word: str) -> bool:
    plain = word.replace(".", "")
    # `Do` is also a family name: credentials stand in capitals or with dots.
    return plain.lower() in CREDENTIALS and (plain.isupper() or "." in word or "-" in plain)


def fold(text: str) -> list[str]:
    """Its words in plain small letters."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.findall(r"[a-z0-9]+", re.sub(r"['’.]", "", letters))


def person(text: str) -> PersonName:
    """`Jimenez, Emily C` and `Emily C. Jimenez, MD` are one name."""
    name, _ = plain_name(text)
    last, comma, given = name.partition(",")
    words = [*fold(given), *fold(last)] if comma and fold(given) else fold(name)
    while len(words) > 1 and words[-1] in SUFFIXES:
        words.pop()
    if not words:
        return PersonName("", (), "")
    return PersonName(words[0] if len(words) > 1 else "", tuple(words[1:-1]), words[-1])


def office_key(text: str) -> str:
    """An office's name without what the law adds to it."""
    return " ".join(word for word in fold(text) if word not in LEGAL)


def keys(name: str, kind: str = "provider") -> tuple[str, str]:
    """What a referrer is found by: last and first name; of an office that names nobody, its plain name and nothing."""
    if kind == "practice":
        return office_key(name), ""
    found = person(name)
    return found.last, found.first


def likeness(one: PersonName, other: PersonName) -> Likeness:
    """The same name, a shortened one, one letter off, or another name."""
    if not (one.last and other.last) or _middles_differ(one, other):
        return "other"
    if one.last == other.last:
        if one.first == other.first:
            return "same"
        return "alike" if _initial(one.first, other.first) else "slip" if _slip(one.first, other.first) else "other"
    return "slip" if one.first == other.first and _slip(one.last, other.last) else "other"


def _middles_differ(one: PersonName, other: PersonName) -> bool:
    for mine, theirs in zip(one.middle, other.middle, strict=False):
        if mine != theirs and not _initial(mine, theirs):
            return True
    return False


def _initial(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) <= 1 and long.startswith(short)


def _slip(one: str, other: str) -> bool:
    return min(len(one), len(other)) >= SLIP_LENGTH and OSA.distance(one, other, score_cutoff=1) == 1
