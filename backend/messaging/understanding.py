"""What a reply says: days and times that suit, a time to call, a choice, yes or no, "I go elsewhere".

Rules, not guesses: what is not understood is left to a person. `certain` means the whole text is accounted for, so an
automation may act on it; everything else is a suggestion on the card. English, and the common Spanish words.
"""

import re
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from backend.messaging.optout import plain

Kind = Literal["availability", "callback", "choice", "yes", "no", "decline"]

DAYS: Final = {
    "mon": r"mon(?:day)?s?|lun(?:es)?",
    "tue": r"tues?(?:day)?s?|mart(?:es)?",
    "wed": r"wed(?:nes(?:day)?)?s?|mier(?:coles)?",
    "thu": r"thu(?:rs?)?(?:day)?s?|jue(?:ves)?",
    "fri": r"fri(?:day)?s?|vie(?:rnes)?",
    "sat": r"sat(?:urday)?s?|sab(?:ado)?s?",
    "sun": r"sun(?:day)?s?|dom(?:ingo)?s?",
}
DAY: Final = "|".join(f"(?P<{name}>{pattern})" for name, pattern in DAYS.items())
GROUPS: Final = {
    r"any ?(?:day|time)|whenever|cualquier dia|every ?day": ("mon", "tue", "wed", "thu", "fri"),
    r"week ?days?|entre semana": ("mon", "tue", "wed", "thu", "fri"),
    r"week ?ends?|fin(?:es)? de semana": ("sat", "sun"),
}  # fmt: skip
PARTS: Final = {
    r"mornings?|\bam\b|por la manana|mananas": ("08:00", "12:00"),
    r"afternoons?|por la tarde|tardes": ("12:00", "17:00"),
    r"evenings?|nights?|after work|por la noche": ("17:00", "20:00"),
    r"lunch(?: ?time)?|noon|mediodia": ("11:30", "13:30"),
}  # fmt: skip
TIME: Final = r"(\d{1,2})(?:(?::| )(\d{2}))? ?(a ?m|p ?m|am|pm)?"
BOUND: Final = re.compile(
    rf"\b(?P<word>after|before|by|at|around|past|from|until|till|between|despues de las?|antes de las?|a las?) {TIME}\b"
    rf"(?: ?(?:and|to|-|until|y) ?{TIME})?"
)
CALL: Final = re.compile(
    r"\b(?:call|ring|phone|reach) ?(?:me)?\b|\bllam(?:a|e|en|ame|eme|enme)\b|\bgive me a (?:call|ring)\b|\bllameme\b"
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
FILLER: Final = re.compile(
    r"\b(?:or|and|on|the|a|is|are|would|be|best|good|great|fine|works?|for|me|i|can|do|am|m|could|any|time|times|please|thanks?"
    r"|thank|you|hi|hello|free|available|prefer|next|this|also|maybe|only|anything|come|in|make|it|y|o|el|los|la|las|por|gracias"
    r"|puedo|mejor|ok|yes|to|d|like|my|ll|better|at|after|before|around|between|ideally|usually|both|except|all)\b"
)
OPENS, CLOSES = "08:00", "18:00"


@dataclass(frozen=True, slots=True)
class Window:
    """A weekday (`mon`…`sun`, or `any`) and local times."""

    day: str
    start: str
    end: str


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


def understand(text: str) -> Understood | None:
    """The one thing a reply says; None when a person must read it."""
    said = plain(text.replace(":", "c0lon")).replace("c0lon", ":")
    if said in YES or plain(text) in YES:
        return Understood("yes", certain=True)
    if said in NO:
        return Understood("no", certain=True)
    if re.fullmatch(r"(?:option |number |opcion |# ?)?([1-9])(?: please| por favor)?", said):
        return Understood("choice", certain=True, choice=int(re.sub(r"\D", "", said)))
    if DECLINE.search(said):
        return Understood("decline", certain=False)
    if CALL.search(said):
        bound = BOUND.search(said)
        at = _clock(bound.group(2), bound.group(3), bound.group(4)) if bound else None
        return Understood("callback", certain=False, at=at)
    return _availability(said)


def _availability(said: str) -> Understood | None:
    windows: list[Window] = []
    rest = said
    for part in re.split(r"\bor\b|,|;|\bo\b| and (?=(?:" + "|".join(DAYS.values()) + r")\b)", said):
        days = _days(part)
        start, end, timed = _times(part)
        if days or timed:
            windows += [Window(day, start, end) for day in days or ("any",)]
    if not windows:
        return None
    for pattern in (rf"\b(?:{'|'.join(DAYS.values())})\b", *(rf"\b(?:{p})" for p in (*GROUPS, *PARTS)), BOUND.pattern):
        rest = re.sub(pattern, " ", rest)
    left = FILLER.sub(" ", rest).split()
    return Understood("availability", certain=not left, windows=tuple(dict.fromkeys(windows)))


def _days(part: str) -> list[str]:
    found = [day for pattern, days in GROUPS.items() if re.search(rf"\b(?:{pattern})\b", part) for day in days]
    for match in re.finditer(rf"\b(?:{DAY})\b", part):
        found.append(next(name for name in DAYS if match.group(name)))
    return list(dict.fromkeys(found))


def _times(part: str) -> tuple[str, str, bool]:
    """(from, to, whether any time was said) of one wish."""
    start, end, timed = OPENS, CLOSES, False
    for pattern, (opens, closes) in PARTS.items():
        if re.search(rf"\b(?:{pattern})\b", part):
            start, end, timed = opens, closes, True
    if bound := BOUND.search(part):
        first = _clock(bound.group(2), bound.group(3), bound.group(4))
        second = _clock(bound.group(5), bound.group(6), bound.group(7)) if bound.group(5) else None
        if first is None:
            return start, end, timed
        timed = True
        match bound.group("word"):
            case "before" | "by" | "until" | "till" | "antes de las" | "antes de la":
                end = first
            case "at" | "around" | "a las" | "a la":
                start, end = first, first
            case _:
                start = first
                end = second or max(end, CLOSES)
    return start, end, timed


def _clock(hour: str | None, minute: str | None, half: str | None) -> str | None:
    """24-hour time; a bare hour from 1 to 7 is in the afternoon, as clinics open."""
    if hour is None or int(hour) > 23 or int(minute or 0) > 59:
        return None
    number = int(hour)
    half = (half or "").replace(" ", "")
    if (half == "pm" and number < 12) or (not half and 1 <= number <= 7):
        number += 12
    elif half == "am" and number == 12:
        number = 0
    return f"{number:02d}:{int(minute or 0):02d}"
