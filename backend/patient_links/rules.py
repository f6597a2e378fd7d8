"""How long a link lives, and when it is dead. Pure."""

from datetime import datetime, timedelta
from typing import Final, Literal, Protocol, get_args

Purpose = Literal["schedule", "reschedule", "intake", "upload", "visit", "measure"]
PURPOSES: Final[tuple[Purpose, ...]] = get_args(Purpose)
LASTS: Final = timedelta(hours=72)
# Questions are answered when there is time for them.
FORM_LASTS: Final = timedelta(days=7)
MOST_FAILED_CHECKS: Final = 5
# A form is handed in once. A link to a visit goes on showing what was booked with it.
USED_UP: Final = frozenset({"intake", "measure"})


class Facts(Protocol):
    """What the rules look at."""

    purpose: str
    expires_at: datetime
    revoked_at: datetime | None
    used_at: datetime | None
    failed_checks: int


def lasts(purpose: str) -> timedelta:
    """How long a link of this purpose may be opened."""
    return FORM_LASTS if purpose in USED_UP else LASTS


def alive(link: Facts, at: datetime) -> bool:
    """Whether it may still be opened."""
    used_up = link.used_at is not None and link.purpose in USED_UP
    failed = link.failed_checks >= MOST_FAILED_CHECKS
    return link.revoked_at is None and at < link.expires_at and not used_up and not failed
