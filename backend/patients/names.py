"""When two ways of writing a name may be one name. Pure.

Twins have names that look alike: anything but the same name is at most "alike", never proof.
"""

from functools import cache
from typing import Final, Literal

from nicknames import NickNamer
from rapidfuzz.distance import OSA

from backend.patients.words import split

Likeness = Literal["same", "alike", "slip", "other"]
# One letter more, less or other: too short a name changes into another one.
SLIP_LENGTH: Final = 5
# A caller nobody knows yet (see `messaging/people.py`): their name says nothing.
UNKNOWN: Final = ("Unknown", "Caller")
SPANISH: Final = {
    "beto": "alberto", "chayo": "rosario", "chelo": "consuelo", "chema": "jose", "chuy": "jesus", "gabi": "gabriela",
    "concha": "concepcion", "kike": "enrique", "lalo": "eduardo", "lola": "dolores", "lucha": "luisa",
    "lupe": "guadalupe", "lupita": "guadalupe", "mague": "margarita", "manolo": "manuel", "memo": "guillermo",
    "nacho": "ignacio", "nando": "fernando", "neto": "ernesto", "paco": "francisco", "pancho": "francisco",
    "pepe": "jose", "pepita": "josefa", "quique": "enrique", "tere": "teresa", "tono": "antonio", "yoli": "yolanda",
}  # fmt: skip


@cache
def _nicknames() -> NickNamer:
    return NickNamer()


def known(first: str | None, last: str | None) -> bool:
    """Whether there is a name to compare."""
    return bool(first or last) and (first, last) != UNKNOWN


def first_names(one: str, other: str, middle: str | None = None, other_middle: str | None = None) -> Likeness:
    """Given names: the same, one a nickname or part of the other, one letter off, or others."""
    a, b = split(one), split(other)
    if a == b or "".join(a) == "".join(b):
        return "same"
    longer, shorter = [*a, *split(middle or "")], [*b, *split(other_middle or "")]
    if longer[: len(b)] == b or shorter[: len(a)] == a:
        return "alike"
    if _initial(a, b) or _nickname("".join(a), "".join(b)):
        return "alike"
    return "slip" if _slip("".join(a), "".join(b)) else "other"


def last_names(one: str, other: str) -> Likeness:
    """Family names: the same, one part of a double name, one letter off, or others."""
    a, b = split(one), split(other)
    if a == b or "".join(a) == "".join(b):
        return "same"
    if set(a) & set(b) and (set(a) <= set(b) or set(b) <= set(a)):
        return "alike"
    return "slip" if _slip("".join(a), "".join(b)) else "other"


def _initial(a: list[str], b: list[str]) -> bool:
    short = min("".join(a), "".join(b), key=len)
    return len(short) == 1 and a[:1] != [] and b[:1] != [] and a[0][0] == b[0][0]


def _nickname(a: str, b: str) -> bool:
    if SPANISH.get(a) == b or SPANISH.get(b) == a:
        return True
    names = _nicknames()
    return b in names.nicknames_of(a) or a in names.nicknames_of(b)


def _slip(a: str, b: str) -> bool:
    return min(len(a), len(b)) >= SLIP_LENGTH and OSA.distance(a, b, score_cutoff=1) == 1
