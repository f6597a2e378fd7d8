"""What is asked about a coverage before the first visit. The practice may change the list; some keys mean something."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Literal

Kind = Literal["yes_no", "amount", "percent", "count", "text"]
Refused = list[tuple[str, str]]

# Answers that decide something: no coverage, an authorization to get.
ACTIVE: Final = "active_coverage"
BENEFIT: Final = "pt_benefit"
AUTHORIZATION: Final = "authorization_required"


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `required`: without an answer the benefits are not verified."""

    key: str
    label: str
    kind: Kind
    required: bool = False


USUAL: Final = (
    Item(ACTIVE, "Coverage active", "yes_no", True),
    Item("in_network", "We are in network", "yes_no", True),
    Item(BENEFIT, "PT is a benefit", "yes_no", True),
    Item("copay", "Copay", "amount"),
    Item("coinsurance", "Coinsurance", "percent"),
    Item("deductible_remaining", "Deductible remaining", "amount"),
    Item("visit_limit", "Visit limit", "count"),
    Item("visits_used", "Visits used", "count"),
    Item(AUTHORIZATION, "Authorization required", "yes_no", True),
    Item("referral_required", "Referral required", "yes_no"),
)
# Without these nobody could say what follows from the answers.
NEVER_MISSING: Final = frozenset({ACTIVE, AUTHORIZATION})


def read(rows: Sequence[Mapping[str, Any]]) -> list[Item]:
    """Items as they are kept."""
    return [Item(**row) for row in rows]


def packed(items: Sequence[Item]) -> list[dict[str, Any]]:
    """Items as they will be kept."""
    return [asdict(item) for item in items]


def normal(kind: Kind, value: str) -> str | None:
    """The answer in one form (`35.00`, `20`, `yes`), or None when it is none of this kind."""
    text = value.strip()
    match kind:
        case "yes_no":
            return text.lower() if text.lower() in {"yes", "no", "unknown"} else None
        case "amount":
            amount = _number(text.removeprefix("$").replace(",", ""))
            return f"{amount:.2f}" if amount is not None and amount < 1_000_000 else None
        case "percent":
            share = _number(text.removesuffix("%").strip())
            return f"{share.normalize():f}" if share is not None and share <= 100 else None
        case "count":
            return str(int(text)) if re.fullmatch(r"[0-9]{1,4}", text) else None
    return text[:500] or None


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text) if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,4})?", text) else None
    except InvalidOperation:
        return None
    return number


def taken(items: Sequence[Item], given: Mapping[str, str]) -> tuple[dict[str, str], Refused]:
    """Answers in normal form, and what is wrong with the others. Empty ones are left out."""
    known, found, refused = {item.key: item for item in items}, {}, Refused()
    for key, value in given.items():
        if not value.strip():
            continue
        answer = normal(known[key].kind, value) if key in known else None
        if answer is None:
            refused.append((f"/answers/{key}", "not in the checklist" if key not in known else _shape(known[key].kind)))
        else:
            found[key] = answer
    return found, refused


def missing(items: Sequence[Item], answers: Mapping[str, str]) -> Refused:
    """What must be answered before the benefits count as verified. `unknown` is no answer to what is required."""
    return [
        (f"/answers/{item.key}", "needs an answer")
        for item in items
        if item.required and answers.get(item.key, "unknown") == "unknown"
    ]


def _shape(kind: Kind) -> str:
    return {
        "yes_no": "yes, no or unknown", "amount": "an amount such as 35.00", "percent": "a percentage from 0 to 100",
        "count": "a whole number", "text": "words",
    }[kind]  # fmt: skip
