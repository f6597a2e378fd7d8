"""How a referrer wants to hear back, and of what: their own wish, else their office's. Pure."""

from dataclasses import dataclass

from backend.referral_sources.models import Referrer, ReferrerPractice


@dataclass(frozen=True, slots=True)
class Hearing:
    """The way, and the kinds of letter."""

    by: str
    of: tuple[str, ...]


def hearing(referrer: Referrer, office: ReferrerPractice | None) -> Hearing:
    """What holds for this one. What the office leaves open is as usual."""
    if referrer.hear_own or office is None:
        return Hearing(referrer.hear_by, tuple(referrer.hear_of))
    of = referrer.hear_of if office.hear_of is None else office.hear_of
    return Hearing(office.hear_by or referrer.hear_by, tuple(of))
