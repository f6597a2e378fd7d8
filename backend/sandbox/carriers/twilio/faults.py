"""Faults of the emulated Twilio, asked for the next so many occasions, of everybody or of one patient's number."""

from dataclasses import dataclass
from typing import Final

ERRORS: Final = {"error_30003": 30003, "error_30007": 30007}
FAULTS: Final = frozenset({
    *ERRORS, "error_21610", "callback_before_201", "reordered", "lost_callbacks", "duplicate", "tampered", "api_500",
    "api_429", "timeout", "media_404", "media_redirect_inner", "media_wrong_type", "inbound_lost",
})  # fmt: skip


@dataclass(slots=True)
class Asked:
    """A fault still due."""

    fault: str
    count: int
    number: str | None


class Faults:
    """In the order they were asked for."""

    def __init__(self) -> None:
        self._asked: list[Asked] = []

    def ask(self, fault: str, count: int, number: str | None) -> None:
        """The next `count` times it could happen, it does."""
        self._asked.append(Asked(fault, count, number))

    def due(self, fault: str, number: str | None = None) -> bool:
        """Whether it happens now; using it up."""
        for asked in self._asked:
            if asked.fault == fault and asked.count > 0 and asked.number in {None, number}:
                asked.count -= 1
                return True
        return False

    def left(self) -> dict[str, int]:
        """What is still due, for the page."""
        counts: dict[str, int] = {}
        for asked in self._asked:
            if asked.count:
                counts[asked.fault] = counts.get(asked.fault, 0) + asked.count
        return counts
