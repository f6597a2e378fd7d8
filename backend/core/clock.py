"""The wall clock, in one place so that a test can turn it. Leases and due times use the database's clock instead."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now() -> datetime:
    """The current time, in UTC."""
    return datetime.now(UTC)
