"""Tests run at any hour; texts may not. How far to turn the clock so that they may."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

DESK = ZoneInfo("America/Chicago")
HOUR, TUESDAY, THURSDAY = 12, 1, 3


def until_desk_hours() -> timedelta:
    """From now to the next Tuesday, Wednesday or Thursday noon in Chicago: lawful in every zone of the mainland."""
    real = datetime.now(UTC)
    noon = real.astimezone(DESK).replace(hour=HOUR, minute=0, second=0, microsecond=0)
    while noon < real or not TUESDAY <= noon.weekday() <= THURSDAY:
        noon += timedelta(days=1)
    return noon - real
