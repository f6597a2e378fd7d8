"""The wall clock, in one place so that a demo, a test or a simulation can turn it. Leases use the database's clock.

A shifted clock (`FRONTDESK_CLOCK_SHIFT_HOURS`) shows patients and rules another time of day while due times in the
database stay real: `for_database` translates. A simulation that drives due times itself sets the clock with `follow`.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]


def _real() -> datetime:
    return datetime.now(UTC)


_source: Clock = _real
_shift = timedelta(0)


def now() -> datetime:
    """The current time, in UTC."""
    return _source()


def shift_by(shift: timedelta) -> None:
    """Pretend it is that much later; zero ends it."""
    global _source, _shift  # noqa: PLW0603 - the one clock of the process
    _shift = shift
    _source = (lambda: _real() + shift) if shift else _real


def follow(source: Clock) -> None:
    """Take the time from a simulation, which also decides what is due."""
    global _source, _shift
    _source, _shift = source, timedelta(0)


def for_database(moment: datetime) -> datetime:
    """A moment of this clock as the database's clock will show it."""
    return moment - _shift
