"""When a patient says they can come: days and times in a reply, as windows. English, and everyday Spanish.

A small grammar over tokens: days gather until a time is said, the time holds for all of them, "except" takes days away.
Whatever is not understood is counted, so that the caller knows whether the whole text was accounted for.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

OPENS, CLOSES = "08:00", "18:00"
WEEK: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WORKING_DAYS: Final = WEEK[:5]
DAYS: Final = {
    word: day
    for day, words in {
        "mon": "monday mondays mon mons lunes lun", "tue": "tuesday tuesdays tues tue martes",
        "wed": "wednesday wednesdays weds wed miercoles mier", "thu": "thursday thursdays thurs thur thu jueves jue",
        "fri": "friday fridays fri viernes vie", "sat": "saturday saturdays sat sabado sabados",
        "sun": "sunday sundays sun domingo domingos",
    }.items()
    for word in words.split()
}  # fmt: skip
MONTHS: Final = {
    word: number
    for number, words in enumerate(
        ("january jan enero", "february feb febrero", "march marzo", "april apr abril", "may mayo", "june jun junio",
         "july jul julio", "august aug agosto", "september sept sep septiembre", "october oct octubre",
         "november nov noviembre", "december dec diciembre"), 1,
    )
    for word in words.split()
}  # fmt: skip
# Several words that mean one thing, put into one word before anything else is looked at.
PHRASES: Final = (
    (r"\b(?:por|en|de) la manana\b|\bmananas\b|\b(?:in the|only) am\b|\bam only\b", "morning"),
    (r"\b(?:por|en|de) la tardes?\b|\btardes\b|\bafter lunch\b", "afternoon"),
    (r"\b(?:por|en|de) la noche\b|\bafter work\b|\bafter school\b", "evening"),
    (r"\bpasado manana\b|\bday after tomorrow\b", "overmorrow"),
    (r"\bmanana\b", "tomorrow"),
    (r"\bhoy\b|\btonight\b", "today"),
    (r"\b(?:any|cualquier) ?(?:time|hora)\b|\bwhenever\b|\ball day\b|\btodo el dia\b", "anytime"),
    (r"\b(?:any|every|cualquier) ?(?:week)?(?:day|dia)\b|\btodos los dias\b", "anyday"),
    (r"\bweek ?days?\b|\bentre semana\b", "weekdays"),
    (r"\bweek ?ends?\b|\bfin(?:es)? de semana\b", "weekends"),
    (r"\blunch ?time\b|\bmediodia\b|\bat lunch\b", "midday"),
    (r"\bdespues de las?\b|\ba partir de las?\b|\blater than\b|\bany ?time after\b", "after"),
    (r"\bantes de las?\b|\bearlier than\b|\bno later than\b|\bno mas tarde de las?\b|\bhasta las?\b", "before"),
    (r"\bentre las?\b|\bde las\b(?= \d+ a )|\bdesde las?\b", "between"),
    (r"\ba las?\b", "at"),
    (r"\b(?:can t|cant|cannot|can not|not able to|unable to|won t|wont|does(?:n t| not)|do(?:n t|nt| not))\b", "not"),
    (r"\b(?:no puedo|excepto|menos|salvo|nunca)\b|\b(?:anything|any) but\b|\bbut not\b|\bother than\b", "not"),
    (r"\bnot (?:until|till)(?: after)?\b", "after"),
    (r"\b(?:through|thru)\b", "to"),
    (r"(?<=\d)(?:st|nd|rd|th)\b", " nth"),
)  # fmt: skip
PARTS: Final = {
    "morning": ("08:00", "12:00"), "mornings": ("08:00", "12:00"),
    "afternoon": ("12:00", "17:00"), "afternoons": ("12:00", "17:00"),
    "evening": ("17:00", "20:00"), "evenings": ("17:00", "20:00"), "night": ("17:00", "20:00"),
    "nights": ("17:00", "20:00"), "midday": ("11:30", "13:30"),
}  # fmt: skip
FROM: Final = frozenset("after past from since".split())
UNTIL: Final = frozenset("before by until till".split())
BETWEEN: Final = frozenset({"between"})
AT: Final = frozenset("at around about @".split())
NOT: Final = frozenset("not except no never".split())
JOIN: Final = frozenset("or and o y u e , / & either both".split())
BREAK: Final = frozenset("; . but pero".split())
TO: Final = frozenset("to - a and y until till".split())
FILLER: Final = frozenset(
    """on the a an is are would be best good great fine work works for me i can could do am m we us any time times
    please thanks thank you hi hello free available prefer next this also maybe only anything come in make it el los la
    las por gracias puedo mejor ok okay yes si d like my ll better ideally usually all s of that week semana going
    to am pm clock oclock sounds perfect early late que hola proxima esta estoy libre disponible
    seria bueno bien de""".split()
)
TOKEN: Final = re.compile(
    r"\d{1,2}/\d{1,2}(?!\d)|\d{1,2}(?:[:.]\d{2})?(?: ?[ap]\.? ?m\b\.?)?(?!\d)|[a-z]+|[,;.&/@-]|\S"
)
CLOCK: Final = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(?: ?([ap])\.? ?m\.?)?")


@dataclass(frozen=True, slots=True)
class Window:
    """A weekday (`mon`…`sun`), a date, or `any`, and local times `HH:MM`; equal times mean that very moment."""

    day: str
    start: str = OPENS
    end: str = CLOSES


@dataclass(slots=True)
class _Wish:
    days: list[str] = field(default_factory=list)
    # How many of `days` were said since the time, and since the last "or": the next time may be theirs.
    since: int = 0
    since_join: int = 0
    days_first: bool = False
    time: tuple[str, str] | None = None

    def moving(self) -> int:
        """How many of the last days belong to the time that follows now."""
        return self.since if self.days_first else min(self.since, self.since_join)


@dataclass(frozen=True, slots=True)
class Availability:
    """Windows in the order said; `left` counts words nobody understood, `negated` says that something was excluded."""

    windows: tuple[Window, ...]
    left: int
    negated: bool


def availability(text: str, today: date) -> Availability | None:
    """What the text says about days and times; None when it names neither. `today` is the day it was written."""
    return _Reader(_tokens(text), today).read()


def clock(text: str) -> str | None:
    """`HH:MM` of "5", "9:30 am", "noon"; a bare hour from 1 to 7 is in the afternoon, as clinics open."""
    if text in {"noon", "midday"}:
        return "12:00"
    found = CLOCK.fullmatch(text.strip())
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if hour > 23 or minute > 59 or (half and not 1 <= hour <= 12):
        return None
    if (half == "p" and hour < 12) or (not half and 1 <= hour <= 7):
        hour += 12
    elif half == "a" and hour == 12:
        hour = 0
    return f"{hour:02d}:{minute:02d}"


def _tokens(text: str) -> list[str]:
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    bare = re.sub(r"\s+", " ", bare.replace("'", " "))
    for pattern, word in PHRASES:
        bare = re.sub(pattern, f" {word} ", bare)
    return TOKEN.findall(bare)


class _Reader:
    """Walks the tokens once."""

    def __init__(self, tokens: list[str], today: date) -> None:
        self._tokens, self._today, self._at = tokens, today, 0
        self._wishes: list[_Wish] = [_Wish()]
        self._without: list[str] = []
        self._negative = self._negated = False
        self._left = 0

    def read(self) -> Availability | None:
        while self._at < len(self._tokens):
            self._step(self._tokens[self._at])
        windows = tuple(dict.fromkeys(self._windows()))
        return Availability(windows, self._left, self._negated) if windows else None

    def _step(self, word: str) -> None:
        for rule in (self._day, self._date, self._time):
            if rule(word):
                return
        self._at += 1
        if word in NOT:
            self._deny()
        elif word in BREAK:
            self._negative = False
        elif word in JOIN:
            self._wishes[-1].since_join = 0
        elif word not in FILLER and word not in {"-", "to"}:
            self._left += 1

    def _deny(self) -> None:
        """ "Thursday does not work" takes the day before it away, "not Thursday" the one after it."""
        self._negated = True
        wish, following = self._wishes[-1], self._peek(0)
        if wish.since_join and (not following or following in BREAK or following in {"work", "works", "good", ","}):
            self._without += wish.days[-wish.since_join :]
            del wish.days[-wish.since_join :]
            wish.since, wish.since_join = max(0, wish.since - wish.since_join), 0
        else:
            self._negative = True

    def _day(self, word: str) -> bool:
        named = {"anyday": WORKING_DAYS, "weekdays": WORKING_DAYS, "weekends": ("sat", "sun")}.get(word)
        ahead = {"today": 0, "tomorrow": 1, "overmorrow": 2}.get(word)
        if word == "anytime":
            named = () if self._wishes[-1].days else WORKING_DAYS
        if ahead is not None:
            self._say([(self._today + timedelta(days=ahead)).isoformat()])
        elif named is not None:
            self._say(list(named))
        elif word in DAYS:
            self._say(self._range(DAYS[word]))
            return True
        else:
            return False
        self._at += 1
        return True

    def _range(self, first: str) -> list[str]:
        """`mon` alone, or all of `mon - fri`."""
        self._at += 1
        joined, last = self._peek(0), DAYS.get(self._peek(1))
        if joined not in {"-", "to", "a"} or last is None:
            return [first]
        self._at += 2
        start, end = WEEK.index(first), WEEK.index(last)
        return [WEEK[place % 7] for place in range(start, end + 1 if end >= start else end + 8)]

    def _date(self, word: str) -> bool:
        """`dec 3`, `3 de diciembre`, `12/3`."""
        found: tuple[int, int, int] | None = None
        if re.fullmatch(r"\d{1,2}/\d{1,2}", word):
            month, day = word.split("/")
            found = int(month), int(day), 1
        elif word in MONTHS and self._peek(1).isdigit():
            found = MONTHS[word], int(self._peek(1)), 2
        elif word.isdigit() and self._peek(1) == "de" and self._peek(2) in MONTHS:
            found = MONTHS[self._peek(2)], int(word), 3
        if found is None:
            return False
        month_number, day_number, length = found
        for year in (self._today.year, self._today.year + 1):
            try:
                said = date(year, month_number, day_number)
            except ValueError:
                return False
            if said >= self._today:
                self._say([said.isoformat()])
                self._at += length
                return True
        return False

    def _say(self, days: list[str]) -> None:
        if self._negative:
            self._without += days
            return
        wish = self._wishes[-1]
        wish.days += days
        wish.since += len(days)
        wish.since_join += len(days)

    def _time(self, word: str) -> bool:
        if word in PARTS:
            self._at += 1
            self._set(PARTS[word], negative_is=_other_part(word))
            return True
        bound = next((kind for kind in (FROM, UNTIL, BETWEEN, AT) if word in kind), None)
        first = clock(self._peek(1 if bound else 0))
        if first is None or (bound is None and not self._bare_time(word)):
            return False
        self._at += 2 if bound else 1
        if second := self._end_of_span(bound):
            self._set((first, second) if second > first else (first, CLOSES))
        elif bound is UNTIL:
            self._set((OPENS, first), negative_is=(first, max(first, CLOSES)))
        elif bound is FROM or bound is BETWEEN:
            self._set((first, max(first, CLOSES)), negative_is=(OPENS, first))
        else:
            self._set((first, first))
        return True

    def _bare_time(self, word: str) -> bool:
        """A number alone is a time when it says so (3pm, 3:30), a day was just named, or a span with a day is said."""
        if self._peek(1) == "nth":
            return False
        if not word.isdigit() or self._wishes[-1].since > 0:
            return True
        spans = self._peek(1) in {"-", "to", "a"} and clock(self._peek(2)) is not None
        return spans and any(found in DAYS for found in self._tokens)

    def _end_of_span(self, bound: frozenset[str] | None) -> str | None:
        """The `3` of "1 - 3", "between 1 and 3", "de la 1 a las 3"."""
        joined = self._peek(0)
        if joined not in TO or bound is UNTIL:
            return None
        article = self._peek(1) in {"las", "la", "at"}
        second = clock(self._peek(2 if article else 1))
        if second is None or (bound not in (BETWEEN, FROM) and joined not in {"-", "to", "a"}):
            return None
        self._at += 3 if article else 2
        return second

    def _set(self, time: tuple[str, str], negative_is: tuple[str, str] | None = None) -> None:
        if self._negative:
            self._negative = False
            if negative_is is None:
                return
            time = negative_is
        wish = self._wishes[-1]
        if wish.time is not None:
            kept = len(wish.days) - wish.moving()
            moved, wish.days = wish.days[kept:], wish.days[:kept]
            wish = _Wish(moved)
            self._wishes.append(wish)
        wish.time, wish.days_first = time, bool(wish.days)
        wish.since = wish.since_join = 0

    def _windows(self) -> Iterator[Window]:
        said = [wish for wish in self._wishes if wish.days or wish.time]
        if not said and self._without:
            said = [_Wish(list(WORKING_DAYS))]
        for wish in said:
            days = [day for day in wish.days if day not in self._without]
            if not wish.days:
                days = [day for day in WORKING_DAYS if day not in self._without] if self._without else ["any"]
            for day in days:
                yield Window(day, *(wish.time or (OPENS, CLOSES)))

    def _peek(self, ahead: int) -> str:
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else ""


def _other_part(word: str) -> tuple[str, str]:
    return ("12:00", CLOSES) if word in {"morning", "mornings", "am"} else (OPENS, "12:00")
