"""Periods that move on with the day they are asked, and when a saved report is due next. Pure."""

from datetime import date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

Period = Literal[
    "last_7_days", "last_30_days", "last_90_days", "last_12_months", "this_month", "last_month", "this_year", "all"
]  # fmt: skip
Schedule = Literal["none", "daily", "weekly", "monthly"]
DAY: Final = timedelta(days=1)
# Before anybody works; the facts of the day before are whole.
AT: Final = time(6)
BACK: Final = {"last_7_days": 7, "last_30_days": 30, "last_90_days": 90}


def days_of(period: Period, today: date) -> tuple[date | None, date | None]:
    """First and last day."""
    first = today.replace(day=1)
    if period in BACK:
        return today - BACK[period] * DAY, today - DAY
    match period:
        case "last_12_months":
            return first.replace(year=first.year - 1), first - DAY
        case "this_month":
            return first, today
        case "last_month":
            return (first - DAY).replace(day=1), first - DAY
        case "this_year":
            return first.replace(month=1), today
    return None, None


def next_run(schedule: Schedule, after: datetime, zone: ZoneInfo) -> datetime | None:
    """Six in the morning of the practice: the next day, the next Monday, or the next first of a month."""
    if schedule == "none":
        return None
    day = after.astimezone(zone).date() + DAY
    while (schedule == "weekly" and day.weekday() != 0) or (schedule == "monthly" and day.day != 1):
        day += DAY
    return datetime.combine(day, AT, zone)
