"""The EMR's words for states, kinds and times, as ours. Pure."""

import re
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

# Asked in this order: "no show" before "show", "clinic canceled" before "canceled".
STATES: Final = (
    ("no_show", r"no ?show|noshow|dna|did not (?:attend|come|show)|missed|nos"),
    ("clinic_canceled", r"(?:cancel\w*|cx|cnx).*(?:clinic|provider|therapist|office|staff|facility)|"
                        r"(?:clinic|provider|therapist|office|facility).*(?:cancel\w*|cx)|bumped"),
    ("late_cancel", r"late.*cancel\w*|cancel\w*.*(?:late|same day|< ?24|24 ?h)|same day cancel\w*|short notice"),
    ("canceled", r"cancel\w*|cx|cnx|rescheduled|deleted|void\w*"),
    ("attended", r"attended|arrived|completed?|checked (?:in|out)|check ?(?:in|out)|seen|kept|fulfilled|show(?:ed)?|"
                 r"done|closed|billed|signed|finali[sz]ed|in (?:progress|room|session)"),
    ("to_come", r"scheduled|booked|confirmed|pending|open|active|new|proposed|reminded|unconfirmed|tentative"),
)  # fmt: skip
KINDS: Final = (
    ("reevaluation", r"re[- ]?eval\w*|reassess\w*|re[- ]?exam\w*|progress|recert\w*"),
    ("evaluation", r"eval\w*|initial|\bie\b|assess\w*|new patient|consult\w*|\bnp\b"),
    ("discharge", r"discharge|\bdc\b|\bd/c\b|final visit"),
)
# Why care ended; the first that fits. "Goals not met" says why not, and is nobody's word for why.
REASONS: Final = (
    ("other", r"(?:not|partial\w*|partly|un) ?met"),
    ("goals_met", r"goals?.*(?:met|achieved|reached|attained)|(?:met|achieved|reached|attained).*goals?"),
    ("plan_finished", r"(?:plan|program|course|treatment|therapy|poc|care).*(?:complet\w*|finish\w*|ended)|"
                      r"complet\w*|max\w* (?:rehab\w* )?(?:benefit|potential|improvement)|plateau\w*|\bhep\b|"
                      r"home (?:exercise )?program"),
    ("no_return", r"no(?:t|n)? ?return\w*|non ?complian\w*|lost to follow|failed to|self discharge\w*|no ?show\w*|"
                  r"attendance|dropped out|stopped coming|unable to (?:contact|reach)"),
    ("insurance", r"insur\w*|authori[sz]\w*|\bauth\b|benefits?|payer|coverage|financ\w*|cost|exhausted"),
    ("moved", r"\bmov(?:ed|ing)|relocat\w*|transfer\w*"),
    ("medical", r"medical\w*|surg\w*|hospital\w*|physician|doctor|\bmd\b|illness|condition|deceased|death"),
    ("patient_choice", r"patient|request\w*|declin\w*|refus\w*|withdr[ae]w\w*|choice|self"),
)  # fmt: skip
_STATE: Final = [(name, re.compile(rf"\b(?:{words})\b", re.I)) for name, words in STATES]
_REASON: Final = [(name, re.compile(words, re.I)) for name, words in REASONS]
_KIND: Final = [(name, re.compile(words, re.I)) for name, words in KINDS]
DAYS: Final = (
    "%m/%d/%Y", "%Y-%m-%d", "%m-%d-%Y", "%m.%d.%Y", "%Y/%m/%d", "%Y%m%d", "%d-%b-%Y", "%b %d, %Y", "%m/%d/%y",
    "%m-%d-%y",
)  # fmt: skip
TIMES: Final = ("%H:%M", "%I:%M %p", "%I:%M%p", "%H:%M:%S", "%I:%M:%S %p", "%I %p", "%I%p", "%H%M", "%H:%M:%S.%f")
# Where only the day is known.
NOON: Final = time(12)


@lru_cache(maxsize=2000)
def state_of(said: str) -> str | None:
    """What became of it, or `to_come`; None for words nobody knows."""
    plain = re.sub(r"[_/().:;,-]+", " ", said).strip()
    return next((name for name, words in _STATE if words.search(plain)), None)


@lru_cache(maxsize=5000)
def kind_of(said: str) -> str:
    """What kind of visit; anything else is a treatment."""
    return next((name for name, words in _KIND if words.search(said)), "treatment")


@lru_cache(maxsize=2000)
def reason_of(said: str) -> str:
    """Why care ended, as one of our reasons; anything else is `other`."""
    plain = " ".join(re.sub(r"[_/().:;,-]+|'", " ", said).split())
    return next((name for name, words in _REASON if words.search(plain)), "other")


@lru_cache(maxsize=50_000)
def day_and_time(said: str) -> tuple[date, time | None] | None:
    """A day, perhaps with its time, in any of the usual ways."""
    plain = (
        " ".join(said.replace("T", " ", 1).split()) if re.match(r"\d{4}-\d\d-\d\dT", said) else " ".join(said.split())
    )
    plain = re.sub(r"(?:Z|[+-]\d\d:?\d\d)$", "", plain) if re.search(r"\d:\d\d", plain) else plain
    for cut in (len(plain), *(found.start() for found in re.finditer(" ", plain))):
        day = _day(plain[:cut])
        rest = plain[cut:].strip()
        if day is not None and (not rest or time_of(rest) is not None):
            at = time_of(rest) if rest else None
            return day, at
    return None


def _day(said: str) -> date | None:
    for shape in DAYS:
        try:
            return datetime.strptime(said, shape).date()
        except ValueError:
            continue
    return None


@lru_cache(maxsize=5000)
def time_of(said: str) -> time | None:
    """A time of day."""
    plain = re.sub(r"(?i)\s*([ap])\.?m?\.?$", r" \1m", said.strip()).upper()
    for shape in TIMES:
        try:
            return datetime.strptime(plain, shape).time()
        except ValueError:
            continue
    return None


def moment(day: date, at: time | None, zone: ZoneInfo) -> datetime:
    """In UTC. A time that a spring night skips is the one after; of two in autumn it is the first."""
    return datetime.combine(day, at or NOON, zone).astimezone(UTC)


NUMERIC: Final = re.compile(r"^(\d{1,2})([/.-])(\d{1,2})\2(\d{2}|\d{4})\b")


def day_first(cells: "list[str]") -> bool:
    """Whether a column's dates are written day first: some can only be so, and none can only be the other way."""
    found = [match for cell in cells if (match := NUMERIC.match(cell.strip()))]
    return any(int(match[1]) > 12 for match in found) and not any(int(match[3]) > 12 for match in found)


def month_first(cell: str) -> str:
    """A date written day first, the other way round."""
    return NUMERIC.sub(r"\3\2\1\2\4", cell.strip(), count=1)
