"""Collects candidates: every value some rule proposes for a field, with how much its evidence is worth."""

from collections import defaultdict

from backend.faxes.document import Candidate, Normal
from backend.faxes.extraction.lines import Span


class Found:
    """Candidates by field name."""

    def __init__(self) -> None:
        self.by_field: dict[str, list[Candidate]] = defaultdict(list)

    def add(self, field: str, normal: Normal, worth: float, span: Span, value: str | None = None) -> None:
        """Propose a value. `worth` (0-1) is the rule's; how surely the words were read lowers it."""
        if normal in ("", []):
            return
        text = span.text
        confidence = round(worth * (0.4 + 0.6 * span.sure), 3)
        self.by_field[field].append(
            Candidate(value or text, normal, confidence, span.page, span.box, text, span.source)
        )

    def best(self, field: str) -> Candidate | None:
        """The strongest candidate so far."""
        return max(self.by_field.get(field, ()), key=lambda found: found.confidence, default=None)
