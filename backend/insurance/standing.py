"""Where benefits and authorizations stand on a day, and in a few words for a card. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

Tone = Literal["neutral", "info", "good", "warning", "danger"]
Benefits = Literal["not_started", "in_progress", "verified", "problem", "not_covered", "self_pay"]

FEW_LEFT: Final = 2
SOON: Final = timedelta(days=14)

BENEFITS: Final[dict[str, tuple[str, Tone]]] = {
    "not_started": ("Benefits to verify", "info"),
    "in_progress": ("Benefits in progress", "info"),
    "verified": ("Benefits verified", "good"),
    "problem": ("Benefits: problem", "danger"),
    "not_covered": ("Not covered", "danger"),
    "self_pay": ("Self-pay", "neutral"),
}
AGAIN: Final = ("Verify benefits again", "warning")


@dataclass(frozen=True, slots=True)
class Mark:
    """A few words with a tone."""

    label: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Leave:
    """An authorization as it is counted. `amount` of one visit is `per_visit`; no `approved`: as many as it takes."""

    state: str
    counts: str = "visits"
    approved: int | None = None
    per_visit: int = 1
    used: int = 0
    valid_from: date | None = None
    valid_until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it was approved for that day."""
        begun = self.valid_from is None or self.valid_from <= day
        return self.state == "approved" and begun and not self.over_on(day)

    def over_on(self, day: date) -> bool:
        """Whether its last day is past."""
        return self.valid_until is not None and self.valid_until < day

    @property
    def left(self) -> int | None:
        """How much is left; None without a limit. Never below nothing, however many came."""
        return None if self.approved is None else max(self.approved - self.used, 0)

    @property
    def visits_left(self) -> int | None:
        """How many more visits it covers."""
        return None if self.left is None else self.left // self.per_visit


def period_over(state: str, valid_until: date | None, today: date) -> bool:
    """Verified, but for a month or plan year that has ended."""
    return state == "verified" and valid_until is not None and valid_until < today


def benefits_now(state: str, valid_until: date | None, today: date) -> str:
    """The state that counts today."""
    return "not_started" if period_over(state, valid_until, today) else state


def benefits_mark(state: str | None, valid_until: date | None, reason: str | None, today: date) -> Mark:
    """For a patient with a coverage; `state` is None where nobody has looked yet."""
    now = benefits_now(state or "not_started", valid_until, today)
    again = period_over(state or "", valid_until, today) or (now == "not_started" and reason is not None)
    return Mark(*(AGAIN if again else BENEFITS[now]))


def state_on(leave: Leave, today: date) -> str:
    """`expired` for one that was approved and whose last day is past."""
    return "expired" if leave.state == "approved" and leave.over_on(today) else leave.state


def warnings(leave: Leave, today: date) -> list[str]:
    """`used_up`, `few_left`, `ends_soon`, `expired` of one that is approved."""
    if leave.state != "approved":
        return []
    if leave.over_on(today):
        return ["expired"]
    left, found = leave.visits_left, []
    if left is not None and left <= FEW_LEFT:
        found.append("few_left" if left else "used_up")
    if leave.valid_until is not None and leave.valid_until - today <= SOON:
        found.append("ends_soon")
    return found


def counter(leave: Leave, today: date) -> str:
    """`Auth 4 of 12, to Jan 14`."""
    of = f"{leave.used} of {leave.approved}" if leave.approved is not None else f"{leave.used} used"
    unit = " units" if leave.counts == "units" else ""
    return f"Auth {of}{unit}" + (f", to {short(leave.valid_until, today)}" if leave.valid_until else "")


def short(day: date, today: date) -> str:
    """`Jan 14`, with its year when that is not obvious."""
    near = abs((day - today).days) < 300
    return f"{day:%b} {day.day}" + ("" if near else f", {day.year}")


def authorization_mark(leaves: Sequence[Leave], today: date) -> Mark | None:
    """What a card says about all authorizations of a patient, newest first; None when there is nothing to say."""
    approved = [leave for leave in leaves if leave.state == "approved" and not leave.over_on(today)]
    usable = sorted((leave for leave in approved if leave.left != 0), key=lambda leave: leave.valid_until or date.max)
    asked = next((leave.state for leave in leaves if leave.state in {"needed", "requested"}), None)
    if usable:
        # Of two the one that is used up first; the other one means that nothing runs out.
        first = usable[0]
        low = bool(warnings(first, today)) and len(usable) == 1
        renewal = {"requested": " · renewal requested", "needed": " · renewal needed"}.get(asked or "", "")
        return Mark(counter(first, today) + renewal, "warning" if low and asked != "requested" else "info")
    if asked is not None:
        return Mark(*(("Auth requested", "info") if asked == "requested" else ("Auth needed", "warning")))
    if approved:
        return Mark(f"{counter(approved[0], today)}: used up", "danger")
    settled = next((leave for leave in leaves if leave.state in {"approved", "denied", "expired", "not_needed"}), None)
    words: dict[str, Mark] = {"denied": Mark("Auth denied", "danger"), "expired": Mark("Auth expired", "danger")}
    return words.get(state_on(settled, today)) if settled else None
