"""Due times in working hours: a fax of Friday evening is due on Monday morning, not at night.

Hours are Monday to Friday, 8:00 to 18:00 in the clinic's time zone.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

OPENS, CLOSES = time(8), time(18)
SATURDAY = 5


def after(start: datetime, hours: float, timezone: str) -> datetime:
    """The moment `hours` of working time after `start`, in the zone of `start`."""
    zone = ZoneInfo(timezone)
    moment, left = _open(start.astimezone(zone)), timedelta(hours=hours)
    while True:
        closing = datetime.combine(moment.date(), CLOSES, zone)
        if left <= closing - moment:
            return (moment + left).astimezone(start.tzinfo)
        left -= closing - moment
        moment = _open(closing)


def _open(moment: datetime) -> datetime:
    """The moment itself within working hours, else the next opening."""
    if moment.weekday() < SATURDAY and moment.time() < CLOSES:
        return max(moment, moment.replace(hour=OPENS.hour, minute=0, second=0, microsecond=0))
    following = moment.date() + timedelta(days=1)
    while following.weekday() >= SATURDAY:
        following += timedelta(days=1)
    return datetime.combine(following, OPENS, moment.tzinfo)
