"""What a payer's answer means for the checklist, and whether it is about the patient at all. Pure.

Suggestions are only made where the answer says one thing; where lines disagree, a person reads them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from backend.insurance.checklist import ACTIVE, AUTHORIZATION, BENEFIT
from backend.insurance.ports import Answer, Benefit, Inquiry, Person
from backend.patients.words import split

SUFFIXES: Final = frozenset({"jr", "sr", "ii", "iii", "iv", "v", "md", "phd", "esq"})
MOST_LINES: Final = 60
NAMES: Final = {
    "active": "Active coverage", "inactive": "Inactive", "copay": "Copay", "coinsurance": "Coinsurance",
    "deductible": "Deductible", "out_of_pocket": "Out of pocket", "limit": "Limit", "unlimited": "Unlimited",
    "not_covered": "Not covered", "other_payer": "Another payer", "contact": "Ask", "note": "Note",
}  # fmt: skip
PERIODS: Final = {
    "visit": "per visit", "day": "per day", "week": "per week", "month": "per month", "year": "per year",
    "lifetime": "in a lifetime", "episode": "per episode", "remaining": "remaining", "used": "used",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An answer, and the line it rests on."""

    value: str
    because: str


def mismatches(asked: Inquiry, answer: Answer) -> list[str]:
    """What says that the payer answered for somebody else. Nothing where it names nobody, as in a rejection."""
    patient, person = asked.patient, answer.person
    if person.last_name is None and person.dob is None:
        return []
    found = []
    if patient.dob and person.dob and patient.dob != person.dob:
        found.append(f"The payer has another date of birth: {person.dob:%b} {person.dob.day}, {person.dob.year}.")
    if not _same_last(patient, person):
        found.append(f"The payer has another last name: {person.last_name}.")
    if not _same_first(patient, person):
        found.append(f"The payer has another first name: {person.first_name}.")
    if asked.member_id and answer.member_id and not _same_member(asked.member_id, answer.member_id):
        found.append(f"The payer has another member ID: {answer.member_id}.")
    return found


def _same_member(one: str, other: str) -> bool:
    """A person's number in the family may follow the member ID; who it is, name and date of birth say."""
    short, long = sorted((_bare(one), _bare(other)), key=len)
    return long == short or (len(long) - len(short) <= 2 and len(short) >= 5 and long.startswith(short))


def _bare(text: str) -> str:
    return "".join(split(text))


def _last(name: str | None) -> str:
    """Without suffixes and punctuation (CAQH CORE 258)."""
    return "".join(word for word in split(name or "") if word not in SUFFIXES)


def _same_last(one: Person, other: Person) -> bool:
    return not other.last_name or _last(one.last_name) == _last(other.last_name)


def _same_first(one: Person, other: Person) -> bool:
    """Twins share all the rest, so a short form counts only where it begins the longer one."""
    first, second = _bare(one.first_name or ""), _bare(other.first_name or "")
    if not second or not first:
        return True
    short, long = sorted((first, second), key=len)
    return long == short or (len(short) >= 3 and long.startswith(short))


def suggest(answer: Answer, in_network: bool | None = None) -> dict[str, Suggestion]:
    """Answers to the usual questions. `in_network` is what the practice's own list says of the payer."""
    therapy = [line for line in answer.benefits if line.service == "pt" and line.network != "out"]
    found = {
        ACTIVE: _active(answer.benefits),
        BENEFIT: _benefit(answer.benefits),
        "in_network": _network(answer.benefits, in_network),
        "copay": _amount(_of(therapy, "copay")),
        "coinsurance": _percent(_of(therapy, "coinsurance")),
        "deductible_remaining": _deductible(answer.benefits),
        AUTHORIZATION: _authorization(therapy),
        **_visits(_of(therapy, "limit")),
    }
    return {key: suggestion for key, suggestion in found.items() if suggestion is not None}


def _of(lines: Iterable[Benefit], *kinds: str) -> list[Benefit]:
    return [line for line in lines if line.kind in kinds]


def _active(lines: Sequence[Benefit]) -> Suggestion | None:
    plan = [line for line in lines if line.service != "other"]
    active, inactive = _of(plan, "active"), _of(plan, "inactive")
    if bool(active) == bool(inactive):
        return None
    line = (active or inactive)[0]
    return Suggestion("yes" if active else "no", label(line))


def _benefit(lines: Sequence[Benefit]) -> Suggestion | None:
    therapy = [line for line in lines if line.service == "pt"]
    never = _of(therapy, "not_covered", "inactive")
    covered = _of(therapy, "active", "copay", "coinsurance", "limit", "unlimited")
    # Not covered out of network says nothing about us, and neither does covered out of network.
    never = [line for line in never if line.network != "out"]
    covered = [line for line in covered if line.network != "out"]
    if bool(never) == bool(covered):
        return None
    line = (covered or never)[0]
    return Suggestion("yes" if covered else "no", label(line))


def _network(lines: Sequence[Benefit], listed: bool | None) -> Suggestion | None:
    """A 271 says what holds in and out of network, seldom which we are."""
    therapy = [line for line in lines if line.service == "pt" and line.network is not None]
    if therapy and all(line.network == "out" for line in therapy):
        return Suggestion("no", "Only benefits out of network")
    return None if listed is None else Suggestion("yes" if listed else "no", "Our list of payers")


def _one(lines: Sequence[Benefit], values: Sequence[str]) -> Suggestion | None:
    """Only when every line says the same."""
    return Suggestion(values[0], label(lines[0])) if len(set(values)) == 1 else None


def _amount(lines: Sequence[Benefit]) -> Suggestion | None:
    named = [line for line in lines if line.amount is not None]
    return _one(named, [f"{line.amount:.2f}" for line in named])


def _percent(lines: Sequence[Benefit]) -> Suggestion | None:
    named = [line for line in lines if line.percent is not None]
    return _one(named, [plain_number(line.percent) for line in named if line.percent is not None])


def plain_number(number: Decimal) -> str:
    """Without zeros at the end: `20`, `12.5`."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _deductible(lines: Sequence[Benefit]) -> Suggestion | None:
    left = [
        line for line in _of(lines, "deductible")
        if line.period == "remaining" and line.service != "other" and line.network != "out" and line.level != "family"
    ]  # fmt: skip
    return _amount([line for line in left if line.service == "pt"] or left)


def _authorization(lines: Sequence[Benefit]) -> Suggestion | None:
    said = [line for line in lines if line.authorization is not None]
    if not said:
        return None
    wanted = [line for line in said if line.authorization]
    # One line that wants it is enough to have to ask.
    return Suggestion("yes" if wanted else "no", label((wanted or said)[0]))


def _visits(lines: Sequence[Benefit]) -> dict[str, Suggestion | None]:
    counted = [line for line in lines if line.visits is not None]
    limits = [line for line in counted if line.period not in {"remaining", "used"}]
    left = [line for line in counted if line.period == "remaining"]
    used = [line for line in counted if line.period == "used"]
    limit = _one(limits, [str(line.visits) for line in limits])
    gone = _one(used, [str(line.visits) for line in used])
    rest = _one(left, [str(line.visits) for line in left])
    if gone is None and limit is not None and rest is not None and int(rest.value) <= int(limit.value):
        gone = Suggestion(str(int(limit.value) - int(rest.value)), rest.because)
    return {"visit_limit": limit, "visits_used": gone}


def label(line: Benefit) -> str:
    """`Copay · physical therapy · in network`; that it is about one person goes without saying."""
    service = {"pt": "physical therapy", "plan": "the plan"}.get(line.service) or ", ".join(line.services[:3])
    network = {"in": "in network", "out": "out of network"}.get(line.network or "")
    family = "family" if line.level == "family" else None
    return " · ".join(filter(None, (NAMES[line.kind], service, network, family)))


def value(line: Benefit) -> str:
    """`$35.00 per visit`."""
    parts = []
    if line.amount is not None:
        parts.append(f"${line.amount:,.2f}")
    if line.percent is not None:
        parts.append(f"{plain_number(line.percent)}%")
    if line.visits is not None:
        parts.append(f"{line.visits} visits")
    if line.period in PERIODS:
        parts.append(PERIODS[line.period])
    if line.authorization is not None:
        parts.append("authorization required" if line.authorization else "no authorization")
    return " ".join(parts) if parts else (line.plan or "")
