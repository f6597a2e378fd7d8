"""By when, and not before when, the first visit should be: from urgency and the surgeon's words. Pure.

stat: the next working day. urgent: within two working days. Both count from when the lead was opened. After an
operation: what the order says ("within 5 days", "POD 10", "2 weeks post-op", "start PT by 12/4"), else within a week of
it; never before the day after it. The earliest of several limits counts; one that is past is still shown as missed.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

STAT_DAYS, URGENT_DAYS = 1, 2
AFTER_SURGERY: Final = timedelta(days=7)
LONGEST: Final = timedelta(days=120)
DAY: Final = timedelta(days=1)
UNITS: Final = {"day": 1, "week": 7}
NUMBERS: Final = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10}
_NUMBER: Final = rf"(?:\d{{1,2}}(?: ?(?:-|–|to) ?\d{{1,2}})?|{'|'.join(NUMBERS)})"
WITHIN: Final = re.compile(rf"\b(?:within|in the next|no later than) ({_NUMBER}) (day|week)s?\b", re.I)
POST_OP_DAY: Final = re.compile(r"\bPOD ?#?(\d{1,2})\b", re.I)
AFTER: Final = re.compile(
    rf"\b({_NUMBER}) (day|week)s? (?:post[- ]?op\w*|p/?o|after (?:the )?(?:surgery|operation))\b", re.I
)
BY: Final = re.compile(
    r"\b(?:start|begin|eval\w*|PT|therapy|seen?)\b[^.;]{0,25}\bby (\d{1,2})/(\d{1,2})(?:/(\d{2,4}))?", re.I
)
# "for 6 weeks", "3x/week for 8 weeks" is how long care takes, not when it begins; "no" forbids.
_IS_LENGTH: Final = re.compile(r"\b(?:x|for|every|no|not|until|avoid)\W+(?:\w+\W+)?$", re.I)


@dataclass(frozen=True, slots=True)
class Order:
    """What the rules look at."""

    urgency: str = "routine"
    opened_on: date | None = None
    surgery_date: date | None = None
    referral_date: date | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """`why` names the rule of `latest`: stat, urgent, order or post_op."""

    earliest: date | None = None
    latest: date | None = None
    why: str | None = None


def window(order: Order, today: date) -> Window:
    """The window of one order."""
    operated = order.surgery_date
    earliest = operated + DAY if operated and operated >= today else None
    limits = [(limit, why) for limit, why in _limits(order, today) if limit is not None]
    if not limits:
        return Window(earliest)
    latest, why = min(limits, key=lambda item: item[0])
    # A limit before the operation was not meant for the time after it.
    return Window(earliest, max(latest, earliest) if earliest else latest, why)


def _limits(order: Order, today: date) -> list[tuple[date | None, str]]:
    opened = order.opened_on or today
    found: list[tuple[date | None, str]] = []
    if order.urgency == "stat":
        found.append((working_days_after(opened, STAT_DAYS), "stat"))
    if order.urgency == "urgent":
        found.append((working_days_after(opened, URGENT_DAYS), "urgent"))
    said = _said(order, today)
    found.append((said, "order"))
    recent = order.surgery_date is not None and today - order.surgery_date <= AFTER_SURGERY
    if said is None and recent and order.surgery_date is not None:
        found.append((order.surgery_date + AFTER_SURGERY, "post_op"))
    return found


def _said(order: Order, today: date) -> date | None:
    """The latest day the order's words name."""
    base = order.surgery_date or order.referral_date
    if found := BY.search(order.words):
        return _day(found, order.referral_date or today)
    if base is None:
        return None
    for pattern in (POST_OP_DAY, AFTER, WITHIN):
        if pattern is not WITHIN and order.surgery_date is None:
            continue
        for found in pattern.finditer(order.words):
            if _IS_LENGTH.search(order.words[: found.start()][-24:]):
                continue
            length = timedelta(days=_count(found[1]) * (UNITS[found[2].lower()] if pattern is not POST_OP_DAY else 1))
            if length <= LONGEST:
                return base + length
    return None


def _count(said: str) -> int:
    """Of a range the larger number: any day in it will do."""
    return NUMBERS.get(said.lower()) or max(int(part) for part in re.findall(r"\d+", said))


def _day(found: re.Match[str], base: date) -> date | None:
    year = int(found[3]) + (2000 if len(found[3]) == 2 else 0) if found[3] else base.year
    try:
        day = date(year, int(found[1]), int(found[2]))
        return day if found[3] or day >= base - timedelta(days=180) else day.replace(year=year + 1)
    except ValueError:
        return None


def working_days_after(day: date, count: int) -> date:
    """That many days from Monday to Friday later."""
    while count:
        day += DAY
        count -= day.weekday() < 5
    return day
