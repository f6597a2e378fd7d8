"""What was understood of a reply, in the desk's words: `Tue after 3:00 pm`, `Wants a call at 5:00 pm`."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from backend.messaging.availability import CLOSES, OPENS, PARTS, WEEK

NAMED: Final = {PARTS[name]: name for name in ("morning", "afternoon", "evening")} | {PARTS["midday"]: "around noon"}
PLAIN: Final = {"yes": "Yes", "no": "No", "decline": "Goes elsewhere, or declines"}


def in_words(understood: Mapping[str, Any]) -> list[str]:
    """One phrase per thing said."""
    match understood["kind"]:
        case "availability":
            return _windows(understood.get("windows") or [])
        case "callback":
            at, days = understood.get("at"), [window["day"] for window in understood.get("windows") or []]
            when = (_days(days) if days else "", f"at {clock(at)}" if at else "")
            return [" ".join(filter(None, ("Wants a call", *when)))]
        case "choice":
            return [f"Chose {understood.get('choice')}"]
        case kind:
            return [PLAIN[str(kind)]]


def _windows(windows: Sequence[Mapping[str, str]]) -> list[str]:
    """Days that suit in the same way are named together, in the order of their first mention."""
    by_time: dict[str, list[str]] = {}
    for window in windows:
        by_time.setdefault(_time(window["start"], window["end"]), []).append(window["day"])
    return [" ".join(filter(None, (_days(days), time))) or "Any time" for time, days in by_time.items()]


def _days(days: list[str]) -> str:
    if "any" in days:
        return ""
    numbers = sorted({WEEK.index(day) for day in days if day in WEEK})
    names = [WEEK[number].title() for number in numbers]
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        names = [f"{names[0]}–{names[-1]}"]
    dates = [date.fromisoformat(day) for day in days if day not in WEEK]
    return ", ".join([*names, *(f"{day:%a %b} {day.day}" for day in sorted(dates))])


def _time(start: str, end: str) -> str:
    if named := NAMED.get((start, end)):
        return named
    if start == end:
        return f"at {clock(start)}"
    if (start, end) == (OPENS, CLOSES):
        return ""
    if end >= CLOSES:
        return f"after {clock(start)}"
    if start <= OPENS:
        return f"before {clock(end)}"
    return f"{clock(start)} to {clock(end)}"


def clock(time: str) -> str:
    """`15:00` as `3:00 pm`."""
    hour, minute = time.split(":")
    return f"{int(hour) % 12 or 12}:{minute} {'pm' if int(hour) >= 12 else 'am'}"
