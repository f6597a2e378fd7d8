"""How surely two records are one person: one table of what agreeing is worth, one of what differing allows. Pure.

The score is 1 - product of (1 - worth) over what agrees, and then at most what each difference allows; every further
difference takes `FURTHER` off. Only the very same full name, with the same date of birth or record number, counts as
one person: a family shares phone, address, insurance and last name, and twins the date of birth too. See
docs/duplicates.md.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from backend.patients import names
from backend.patients.words import plain, split

Fact = Literal["name", "name_alike", "last_name", "dob", "dob_slip", "phone", "email", "member_id", "mrn", "address"]
Difference = Literal[
    "first_name", "first_name_alike", "first_name_slip", "last_name", "last_name_alike", "dob", "dob_slip",
    "dob_unknown", "suffix", "suffix_once", "middle_name", "sex",
]  # fmt: skip
Verdict = Literal["same", "possible", "unlikely"]

WORTH: Final[dict[Fact, float]] = {
    "mrn": 0.90, "phone": 0.78, "dob": 0.68, "name": 0.60, "email": 0.60, "member_id": 0.60, "name_alike": 0.45,
    "address": 0.40, "dob_slip": 0.30, "last_name": 0.10,
}  # fmt: skip
AT_MOST: Final[dict[Difference, float]] = {
    "dob": 0.40, "first_name": 0.45, "suffix": 0.45, "suffix_once": 0.60, "last_name": 0.80, "last_name_alike": 0.84,
    "first_name_slip": 0.80, "dob_slip": 0.80, "middle_name": 0.80, "sex": 0.80, "first_name_alike": 0.84,
    "dob_unknown": 0.84,
}  # fmt: skip
FURTHER: Final = 0.10
# "Very likely the same person", and "may be": what people are asked about.
SAME: Final = 0.85
POSSIBLE: Final = 0.70

AGREES: Final[dict[Fact, str]] = {
    "name": "full name", "name_alike": "name, written another way", "last_name": "last name", "phone": "phone",
    "dob": "date of birth", "dob_slip": "date of birth but for one slip", "email": "e-mail address",
    "member_id": "member ID", "address": "address", "mrn": "record number",
}  # fmt: skip
DIFFERS: Final[dict[Difference, str]] = {
    "first_name": "another first name", "first_name_alike": "a first name that is alike only",
    "first_name_slip": "first names one letter apart", "last_name": "another last name",
    "last_name_alike": "a last name that is alike only", "dob": "another date of birth",
    "dob_slip": "dates of birth one slip apart", "dob_unknown": "a date of birth is missing",
    "suffix": "another suffix", "suffix_once": "a suffix on one only", "middle_name": "another middle name",
    "sex": "another sex",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of somebody."""

    first_name: str | None = None
    middle_name: str | None = None
    last_name: str | None = None
    suffix: str | None = None
    dob: date | None = None
    sex: str | None = None
    phones: frozenset[str] = frozenset()
    email: str | None = None
    address: str | None = None
    mrn: str | None = None
    member_ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Score:
    """The value with what speaks for and against it."""

    value: float
    agrees: tuple[Fact, ...]
    differs: tuple[Difference, ...]

    @property
    def verdict(self) -> Verdict:
        """What people are told."""
        if self.value >= SAME and {"name", "mrn"} & set(self.agrees):
            return "same"
        return "possible" if self.value >= POSSIBLE else "unlikely"

    @property
    def words(self) -> str:
        """`same phone and date of birth: 0.93`"""
        what = [AGREES[fact] for fact in self.agrees]
        told = f"same {' and '.join(filter(None, (', '.join(what[:-1]), what[-1])))}" if what else "nothing agrees"
        against = [DIFFERS[difference] for difference in self.differs]
        return f"{told}{', but ' + ', '.join(against) if against else ''}: {self.value:.2f}"


def score(one: Person, other: Person) -> Score:
    """Compare two people; whatever one of them lacks says nothing, but for the date of birth."""
    agrees, differs = list[Fact](), list[Difference]()
    _names(one, other, agrees, differs)
    if one.phones & other.phones:
        agrees.append("phone")
    _birth(one, other, agrees, differs)
    if one.email and other.email and one.email.lower() == other.email.lower():
        agrees.append("email")
    if {plain(each) for each in one.member_ids} & {plain(each) for each in other.member_ids}:
        agrees.append("member_id")
    if one.address and other.address and street(one.address) == street(other.address):
        agrees.append("address")
    if one.mrn and other.mrn and split(one.mrn) == split(other.mrn):
        agrees.append("mrn")
    _details(one, other, agrees, differs)
    return Score(_value(agrees, differs), tuple(agrees), tuple(differs))


def _value(agrees: list[Fact], differs: list[Difference]) -> float:
    doubt = 1.0
    for fact in agrees:
        doubt *= 1 - WORTH[fact]
    most = min((AT_MOST[difference] for difference in differs), default=1.0) - FURTHER * max(len(differs) - 1, 0)
    # 0.99 at most: a score is no proof.
    return round(max(min(1 - doubt, most, 0.99), 0.0), 2)


def _names(one: Person, other: Person, agrees: list[Fact], differs: list[Difference]) -> None:
    if not (names.known(one.first_name, one.last_name) and names.known(other.first_name, other.last_name)):
        return
    first = last = None
    if one.first_name and other.first_name:
        first = names.first_names(one.first_name, other.first_name, one.middle_name, other.middle_name)
    if one.last_name and other.last_name:
        last = names.last_names(one.last_name, other.last_name)
    if first == last == "same":
        agrees.append("name")
    elif first not in {None, "other"} and last not in {None, "other"}:
        agrees.append("name_alike")
    elif last == "same":
        agrees.append("last_name")
    if first == "other":
        differs.append("first_name")
    elif first in {"alike", "slip"}:
        differs.append("first_name_alike" if first == "alike" else "first_name_slip")
    if last == "other":
        differs.append("last_name")
    elif last in {"alike", "slip"}:
        differs.append("last_name_alike")


def _birth(one: Person, other: Person, agrees: list[Fact], differs: list[Difference]) -> None:
    if one.dob is None or other.dob is None:
        return
    if one.dob == other.dob:
        agrees.append("dob")
    elif _one_slip(one.dob, other.dob):
        agrees.append("dob_slip")
        differs.append("dob_slip")
    else:
        differs.append("dob")


def _details(one: Person, other: Person, agrees: list[Fact], differs: list[Difference]) -> None:
    if one.suffix and other.suffix and split(one.suffix) != split(other.suffix):
        differs.append("suffix")
    elif bool(one.suffix) != bool(other.suffix) and "dob" not in agrees:
        differs.append("suffix_once")
    first = "first_name" not in differs and "first_name_alike" not in differs
    if first and one.middle_name and other.middle_name and plain(one.middle_name)[0] != plain(other.middle_name)[0]:
        differs.append("middle_name")
    if {one.sex, other.sex} == {"F", "M"}:
        differs.append("sex")
    if (one.dob is None or other.dob is None) and "mrn" not in agrees:
        differs.append("dob_unknown")


def _one_slip(one: date, other: date) -> bool:
    """Day and month exchanged, or one digit of day or month wrong. A year that differs is another person."""
    if one.year != other.year:
        return False
    if (one.month, one.day) == (other.day, other.month):
        return True
    return sum(a != b for a, b in zip(f"{one:%m%d}", f"{other:%m%d}", strict=True)) == 1


SHORT: Final = {
    "street": "st", "avenue": "ave", "road": "rd", "drive": "dr", "lane": "ln", "court": "ct", "boulevard": "blvd",
    "place": "pl", "terrace": "ter", "parkway": "pkwy", "highway": "hwy", "north": "n", "south": "s", "east": "e",
    "west": "w", "apartment": "apt", "suite": "ste", "unit": "apt", "circle": "cir",
}  # fmt: skip


def street(address: str) -> tuple[str, ...]:
    """What is compared of an address: its first line with the usual short forms, and the ZIP code."""
    line, _, rest = address.partition(",")
    found = [word for word in split(rest) if word.isdigit() and len(word) == 5]
    return (*(SHORT.get(word, word) for word in split(line)), *found[-1:])
