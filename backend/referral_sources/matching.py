"""Whether two descriptions of a referrer mean the same one, with reasons. Pure.

The same: nothing speaks against it, and a number, an office or the whole of what is known speaks for it. In doubt a
paper makes a new referrer, who is listed as a possible double, rather than the wrong one's.
"""

from dataclasses import dataclass, field
from typing import Literal

from backend.referral_sources import names
from backend.referral_sources.names import PersonName

Verdict = Literal["same", "unsure", "other"]


@dataclass(frozen=True, slots=True)
class Described:
    """What is known of a referrer. `numbers`: phone and fax, their own and their office's."""

    name: str
    kind: str = "provider"
    npi: str | None = None
    office: str | None = None
    numbers: frozenset[str] = frozenset()
    person: PersonName = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "person", names.person(self.name))

    @property
    def office_key(self) -> str:
        """The office in plain words; of an office that names nobody, its own name."""
        return names.office_key(self.name if self.kind == "practice" else self.office or "")


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict with what speaks for it and against it, in plain words."""

    verdict: Verdict
    agrees: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()


def judge(one: Described, other: Described) -> Judgement:
    """Compare two descriptions."""
    if one.kind != other.kind:
        return Judgement("other", differs=("one is an office",))
    if one.npi and other.npi and one.npi != other.npi:
        return Judgement("other", differs=("another NPI",))
    agrees, differs = _circumstances(one, other)
    if one.kind == "practice":
        return _offices(one, other, agrees, differs)
    like = names.likeness(one.person, other.person)
    if one.npi and one.npi == other.npi:
        reasons = ("same NPI", *([] if like == "other" else ["same name" if like == "same" else "similar name"]))
        if like == "other" and not _share_a_name(one.person, other.person):
            return Judgement("unsure", (*reasons, *agrees), ("another name", *differs))
        return Judgement("same", (*reasons, *agrees), differs)
    if like == "other":
        return Judgement("other", agrees, ("another name",))
    if like != "same":
        return Judgement("unsure" if agrees else "other", ("similar name", *agrees), differs)
    return Judgement("unsure" if differs and not agrees else "same", ("same name", *agrees), differs)


def _circumstances(one: Described, other: Described) -> tuple[tuple[str, ...], tuple[str, ...]]:
    agrees: list[str] = []
    differs: list[str] = []
    if one.numbers and other.numbers:
        same = one.numbers & other.numbers
        (agrees if same else differs).append("same phone or fax" if same else "other phone and fax")
    if one.kind == "provider" and one.office_key and other.office_key:
        same_office = one.office_key == other.office_key
        (agrees if same_office else differs).append("same office" if same_office else "another office")
    return tuple(agrees), tuple(differs)


def _offices(one: Described, other: Described, agrees: tuple[str, ...], differs: tuple[str, ...]) -> Judgement:
    if one.office_key == other.office_key:
        return Judgement("unsure" if differs else "same", ("same name", *agrees), differs)
    return Judgement("unsure" if agrees else "other", agrees, ("another name", *differs))


def _share_a_name(one: PersonName, other: PersonName) -> bool:
    """People marry: a first or a last name stays."""
    return one.last == other.last or (bool(one.first) and one.first == other.first)
