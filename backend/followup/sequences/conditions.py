"""Whether a sequence is for a lead. Pure."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from backend.followup.sequences.steps import Conditions


@dataclass(frozen=True, slots=True)
class LeadFacts:
    """What conditions look at."""

    source: str
    urgency: str
    location_id: uuid.UUID | None = None
    payers: Sequence[str] = ()


def matches(conditions: Conditions, lead: LeadFacts) -> bool:
    """Every condition that is set holds."""
    if conditions.sources and lead.source not in conditions.sources:
        return False
    if conditions.urgencies and lead.urgency not in conditions.urgencies:
        return False
    if conditions.location_ids and lead.location_id not in conditions.location_ids:
        return False
    return not conditions.payers or _pays(conditions.payers, lead.payers)


def _pays(words: Sequence[str], payers: Sequence[str]) -> bool:
    names = [payer.casefold() for payer in payers]
    return any(word.casefold() in name for word in words for name in names)
