"""What a reply says: days and times that suit, a time to call, a choice, yes or no, "I go elsewhere".

Rules, not guesses: what is not understood is left to a person. `certain` means the whole text is accounted for, so an
automation may act on it; everything else is a suggestion on the card. English, and the common Spanish words.
"""

import re
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final, Literal

from backend.messaging.availability import CLOSES, OPENS, Availability, Window, availability
from backend.messaging.optout import plain

Kind = Literal["availability", "callback", "choice", "yes", "no", "decline"]

CALL: Final = re.compile(
    r"\b(?:call|ring|phone|reach) ?(?:me)?\b|\bllam(?:a|e|en|ame|eme|enme)\b|\bgive me a (?:call|ring)\b|\bllameme\b"
)
NO_CALL: Final = re.compile(
    r"\b(?:i|we|ill|i ll|we ll|he|she|who|just) (?:\w+ )?(?:call|phone|ring)(?:ed|ing)?\b|\b(?:call|phone) you\b"
    r"|\b(?:don t|dont|do not|never|no need to|stop) (?:\w+ )?(?:call|phone)|\bno (?:me )?llam"
)
YES: Final = frozenset(
    """yes|y|yeah|yep|yup|sure|ok|okay|k|please|si|claro|absolutely|great|perfect|definitely|of course|yes please
    |si por favor|sounds good|that works|works for me|thats fine|that s fine|go ahead|yes you may|yes i do
    |yes that works|ok thanks|yes thank you|yes thanks|ok sounds good""".replace("\n    ", "").split("|")
)
NO: Final = frozenset({"no", "n", "nope", "nah", "no thanks", "no thank you", "not now", "no gracias", "not really"})
DECLINE: Final = re.compile(
    r"\balready (?:seeing|going|have|found|started|in|doing|scheduled|being)\b|\b(?:seeing|going to|found|chose|using) "
    r"(?:someone|somewhere|another|a different|elsewhere)\b|\bnot interested\b|\b(?:don t|dont|do not|no longer) need\b"
    r"|\bchanged my mind\b|\bgo(?:ing)? elsewhere\b|\bno me interesa\b|\bya (?:tengo|voy)\b|\bdecided (?:not|against)\b"
)


@dataclass(frozen=True, slots=True)
class Understood:
    """What the reply says. `at` is the local time of a callback; `choice` the number picked."""

    kind: Kind
    certain: bool
    windows: tuple[Window, ...] = ()
    at: str | None = None
    choice: int | None = None

    def as_json(self) -> dict[str, Any]:
        """As stored and shown."""
        facts = asdict(self)
        facts["windows"] = [asdict(window) for window in self.windows]
        return facts


def understand(text: str, today: date) -> Understood | None:
    """The one thing a reply says; None when a person must read it. `today` is the patient's date."""
    said = plain(text)
    if said in YES:
        return Understood("yes", certain=True)
    if said in NO:
        return Understood("no", certain=True)
    if re.fullmatch(r"(?:option |number |opcion |# ?)?([1-9])(?: please| por favor)?", said):
        return Understood("choice", certain=True, choice=int(re.sub(r"\D", "", said)))
    if DECLINE.search(said):
        return Understood("decline", certain=False)
    found = availability(text, today)
    if CALL.search(said) and not NO_CALL.search(said):
        return _callback(found)
    if found is None:
        return None
    return Understood("availability", certain=not found.left and not found.negated, windows=found.windows)


def _callback(found: Availability | None) -> Understood:
    """A wish to be called, with the day and time if they were said."""
    first = found.windows[0] if found else None
    at = None if first is None or (first.start, first.end) == (OPENS, CLOSES) else first.start
    if first is not None and at == OPENS and first.end != OPENS:
        at = first.end  # "before 10" is nearer to ten than to the morning's beginning
    days = () if first is None or first.day == "any" else (first,)
    return Understood("callback", certain=False, windows=days, at=at)
