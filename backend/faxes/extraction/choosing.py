"""From candidates to one value per field: agreement of independent places earns confidence, contradiction costs it."""

from collections import defaultdict

from backend.faxes.document import Candidate, Field, Normal
from backend.faxes.extraction.found import Found
from backend.faxes.extraction.vocabulary import TITLES
from backend.faxes.fields import FIELDS

RUNNERS_UP = 3
LEAST = 0.2
MOST = 0.99


def choose(found: Found) -> dict[str, Field]:
    """Every field with its best value and the runners-up."""
    _settle_phones(found)
    chosen = {}
    for name in FIELDS:
        candidates = [item for item in found.by_field.get(name, ()) if item.confidence >= LEAST]
        if candidates:
            chosen[name] = _field(candidates)
    return chosen


def _same(normal: Normal) -> str:
    """What counts as the same value: a name with an initial agrees with the one without dots or capitals."""
    text = ",".join(normal) if isinstance(normal, list) else str(normal)
    words = [word.strip(".,").casefold() for word in text.split()]
    return " ".join(word for word in words if word not in TITLES)


def _field(candidates: list[Candidate]) -> Field:
    groups: dict[str, list[Candidate]] = defaultdict(list)
    for item in candidates:
        groups[_same(item.normal)].append(item)
    ranked = sorted(groups.values(), key=lambda group: -_strength(group))
    best = max(ranked[0], key=lambda item: item.confidence)
    confidence = _strength(ranked[0])
    if len(ranked) > 1:
        rival = _strength(ranked[1])
        confidence -= 0.35 * max(0.0, rival - 0.35)
    others = [max(group, key=lambda item: item.confidence) for group in ranked[1 : 1 + RUNNERS_UP]]
    return Field(
        best.value, best.normal, round(max(0.05, min(confidence, MOST)), 3), best.page, best.box, best.text, best.source,
        tuple(others),
    )  # fmt: skip


def _strength(group: list[Candidate]) -> float:
    """One place counts as it is; another place (not another rule on the same words) confirms it."""
    places: dict[tuple[int, object], float] = {}
    for item in group:
        key = (item.page, item.box and (round(item.box[0], 2), round(item.box[1], 2)))
        places[key] = max(places.get(key, 0.0), item.confidence)
    doubt = 1.0
    for place, confidence in enumerate(sorted(places.values(), reverse=True)):
        doubt *= 1.0 - min(confidence, MOST) * (1.0 if place == 0 else 0.7)
    return 1.0 - doubt


def _settle_phones(found: Found) -> None:
    """A number is the patient's or the office's, a phone or a fax: it stays where its evidence is strongest."""
    fields = ("patient_phone", "patient_phone_alt", "referrer_phone", "referrer_fax")
    strength: dict[object, dict[str, float]] = defaultdict(dict)
    for field in fields:
        for item in found.by_field.get(field, ()):
            strength[item.normal if isinstance(item.normal, str) else ""][field] = max(
                strength[item.normal if isinstance(item.normal, str) else ""].get(field, 0.0), item.confidence
            )
    for field in fields:
        found.by_field[field] = [
            item
            for item in found.by_field.get(field, ())
            if _belongs(strength[item.normal if isinstance(item.normal, str) else ""], field)
        ]
    if not found.by_field["patient_phone"] and found.by_field["patient_phone_alt"]:
        found.by_field["patient_phone"] = found.by_field.pop("patient_phone_alt")


def _belongs(claims: dict[str, float], field: str) -> bool:
    return claims[field] >= max(claims.values()) - 1e-9
