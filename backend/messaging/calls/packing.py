"""A verified voice callback as bytes for the inbox, with how we answered it."""

import json
from dataclasses import asdict, dataclass

from backend.messaging.ports import Form


@dataclass(frozen=True, slots=True)
class PackedPlan:
    """Whether the desk was rung, and whether this was outside its hours."""

    rang: bool
    after_hours: bool


def pack(form: Form, plan: PackedPlan | None = None) -> bytes:
    """To be sealed."""
    return json.dumps({"form": list(form), "plan": asdict(plan) if plan else None}).encode()


def unpack(packed: bytes) -> tuple[Form, PackedPlan | None]:
    """What `pack` made."""
    facts = json.loads(packed)
    plan = PackedPlan(**facts["plan"]) if facts["plan"] else None
    return [(name, value) for name, value in facts["form"]], plan
