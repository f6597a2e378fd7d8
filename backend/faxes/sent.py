"""What providers say of faxes we sent, packed for the inbox."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from backend.faxes.ports import FaxReport

# The job that takes it from there; the letters it is about belong to a domain above this one.
REPORT = "loop.report"


def pack(report: FaxReport) -> bytes:
    """As bytes to seal."""
    facts = asdict(report)
    facts["at"] = report.at.isoformat() if report.at else None
    return json.dumps(facts).encode()


def unpack(packed: bytes) -> FaxReport:
    """The report out of what `pack` made."""
    facts: dict[str, Any] = json.loads(packed)
    if facts["at"]:
        facts["at"] = datetime.fromisoformat(facts["at"])
    return FaxReport(**facts)
