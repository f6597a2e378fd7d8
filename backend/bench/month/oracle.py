"""Was each text lawful? Judged from the carrier's log and what people said; knows nothing of the gate."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from backend.bench.month.people import DECLINES, STOPS, STRANGERS, Person

CONVERSATION, CONFIRMATION = timedelta(minutes=30), timedelta(minutes=5)
DAY, WEEK = timedelta(days=1), timedelta(days=7)
OPENS, CLOSES, PER_DAY, PER_WEEK = 8, 21, 1, 3
CONFIRMATIONS = ("no more texts", "no le enviaremos", "removed this number", "Hemos borrado")


@dataclass(frozen=True, slots=True)
class Sent:
    """A text the carrier was given; `lost` when it came back, so that nobody has read it."""

    sid: str
    to: str
    body: str
    at: datetime
    lost: bool = False


@dataclass(slots=True)
class Verdicts:
    """What was found, in words."""

    unlawful: list[str] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)


def judge(people: Sequence[Person], sent: Sequence[Sent], said: dict[str, list[tuple[datetime, str]]]) -> Verdicts:
    """Everything wrong with these texts."""
    found, of_phone, log = Verdicts(), {person.phone: person for person in people}, defaultdict[str, list[Sent]](list)
    for text in sent:
        log[text.to].append(text)
    for phone, texts in log.items():
        _duplicates(texts, found)
        for place, text in enumerate(texts):
            if why := _wrong(of_phone[phone], text, texts[:place], said.get(phone, [])):
                found.unlawful.append(f"{of_phone[phone].temper} #{of_phone[phone].number}: {why}")
    return found


def _wrong(person: Person, text: Sent, before: Sequence[Sent], said: Sequence[tuple[datetime, str]]) -> str | None:
    heard = [(at, words) for at, words in said if at <= text.at]
    last = max((at for at, _ in heard), default=None)
    left = [at for at, words in heard if words in {*STOPS, *STRANGERS}]
    if left:
        first = any(mark in text.body for mark in CONFIRMATIONS) and text.at - left[0] <= CONFIRMATION
        return (
            None if first and not any(mark in past.body for past in before for mark in CONFIRMATIONS) else "after STOP"
        )
    if person.source == "fax" and not [words for _, words in heard if words not in DECLINES]:
        if "May we text" not in text.body:
            return "no consent"
        if any("May we text" in past.body and not past.lost for past in before):
            return "asked twice"
    if last is None or text.at - last > CONVERSATION:
        for zone in person.zones:
            local = text.at.astimezone(ZoneInfo(zone))
            if not OPENS <= local.hour < CLOSES:
                return f"at {local:%H:%M} in {zone}"
    if last is None or text.at - last > DAY:
        for most, span in ((PER_DAY, DAY), (PER_WEEK, WEEK)):
            if sum(text.at - past.at < span for past in before) >= most:
                return f"more than {most} in {span.days} days"
    return None


def _duplicates(texts: Sequence[Sent], found: Verdicts) -> None:
    """The same words to the same phone within ten minutes, or one text listed twice, are one too many."""
    for earlier, later in pairwise(texts):
        if earlier.body == later.body and later.at - earlier.at < timedelta(minutes=10):
            found.duplicates.append(f"{later.sid} repeats {earlier.sid}")
    found.duplicates += [f"{sid} twice" for sid, count in Counter(text.sid for text in texts).items() if count > 1]
