"""What a reply to a question about times or a visit says. Pure; in doubt None, and a person reads it.

A choice counts when nothing else is said: "2", "the second one please", "dos", or a day (and perhaps a time) that is
that of one offered time only. A choice with more around it is a hint: shown to a person, never acted on.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from backend.messaging.availability import CLOSES, OPENS, WEEK, Availability, Window, availability
from backend.messaging.optout import plain

Kind = Literal["choice", "confirm", "yes", "no", "give_up", "other_time"]

NUMBERS: Final = {
    word: number
    for number, words in enumerate(
        ("1 1st first one uno una primero primera primer", "2 2nd second two dos segundo segunda",
         "3 3rd third three tres tercero tercera tercer", "4 4th fourth four cuatro cuarto cuarta",
         "5 5th fifth five cinco quinto quinta"), 1,
    )
    for word in words.split()
}  # fmt: skip
# "one" and "una" only stand for 1 where no other number is said.
WEAK: Final = frozenset({"one", "una"})
FILLER: Final = frozenset(
    """option opcion number numero choice el la lo the please pls plz por favor thanks thank you gracias i ll will id i
    d would like to want take have do go with for works work good great fine is sounds perfect ok okay yes si sure
    let lets s that time slot hora quiero prefiero tomo me us book it reserve reservar esta bien best my vote hi
    hola""".split()
)
CONFIRM: Final = frozenset(
    """c|c please|c thanks|confirm|confirmed|i confirm|confirm please|confirmo|confirmado|confirmada|i will be there
    |ill be there|i ll be there|will be there|see you then|see you there|be there|i am coming|i m coming|ahi estare
    |alli estare|si confirmo|yes confirm|yes confirmed|yes i will be there|yes i ll be there
    |yes ill be there""".replace("\n    ", "").split("|")
)
OTHER_TIME: Final = frozenset({"r", "r please", "reschedule", "reprogramar", "cambiar", "reschedule please", "yes r"})
OTHER_TIME_SAID: Final = re.compile(
    r"\b(?:reschedul\w*|re schedul\w*)\b|\b(?:another|different|other|new) (?:time|day|date)\b"
    r"|\b(?:move|change|switch) (?:my |the |our )?(?:appointment|appt|visit|eval\w*|time|day)\b"
    r"|\b(?:reprogramar|cambiar (?:mi |la )?(?:cita|hora|visita)|otra hora|otro dia)\b"
)
GIVE_UP_SAID: Final = re.compile(
    r"\b(?:can t|cant|cannot|can not|won t|wont|not able to|unable to) (?:be able to )?(?:make|come|be there|attend)\b"
    r"|\bcancel(?:ar)? (?:my |the |our |mi |la )?(?:appointment|appt|visit|eval\w*|session|cita|visita)\b"
    r"|\b(?:need|want|have) to cancel\b|\bno (?:puedo|podre|voy a poder) (?:ir|asistir|llegar)\b|\bplease cancel\b"
)
DENIED: Final = re.compile(
    r"\b(?:don t|dont|do not|no need to|not) (?:want to |need to )?(?:cancel|reschedul|move|change)"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """`choice` counts from 0. Not `certain`: only a hint for a person."""

    kind: Kind
    choice: int | None = None
    certain: bool = True


def chosen(text: str, times: Sequence[datetime], today: date) -> Answer | None:
    """Which of these local times the text takes."""
    named = _number(text, len(times))
    if named is not None and named.certain:
        return named
    found = availability(text, today)
    return _by_day(found, text, times) if found else named


def _number(text: str, most: int) -> Answer | None:
    words = plain(text).replace("#", " ").split()
    said = [word for word in words if word in NUMBERS]
    strong = [word for word in said if word not in WEAK] or said
    numbers = {NUMBERS[word] for word in strong}
    if len(numbers) != 1 or not 1 <= (number := numbers.pop()) <= most or "?" in text:
        return None
    left = [word for word in words if word not in NUMBERS and word not in FILLER]
    if not left and len(strong) == 1:
        return Answer("choice", number - 1)
    return None if "not" in words else Answer("choice", number - 1, certain=False)


def _by_day(found: Availability, text: str, times: Sequence[datetime]) -> Answer | None:
    fitting = [at for at, local in enumerate(times) if any(_inside(window, local) for window in found.windows)]
    if len(fitting) != 1:
        return None
    window = found.windows[0]
    exact = len(found.windows) == 1 and (window.start == window.end or _any_time(window))
    said_day = window.day != "any" or window.start == window.end
    certain = exact and said_day and not found.left and not found.negated and "?" not in text
    return Answer("choice", fitting[0], certain=certain)


def _any_time(window: Window) -> bool:
    return (window.start, window.end) == (OPENS, CLOSES)


def _inside(window: Window, local: datetime) -> bool:
    if window.day not in {"any", WEEK[local.weekday()], local.date().isoformat()}:
        return False
    clock = f"{local:%H:%M}"
    if window.start == window.end:
        return clock == window.start
    return _any_time(window) or window.start <= clock < window.end or (window.end == CLOSES and clock >= window.start)


def about_visit(text: str, understood: str | None) -> Answer | None:
    """What the text says about a visit that is booked. `understood` is what messaging made of it."""
    said = plain(text)
    if said in CONFIRM:
        return Answer("confirm")
    if said in OTHER_TIME:
        return Answer("other_time")
    if understood in {"yes", "no"}:
        return Answer("yes" if understood == "yes" else "no")
    if "?" in text or DENIED.search(said):
        return None
    if GIVE_UP_SAID.search(said):
        other = OTHER_TIME_SAID.search(said)
        return Answer("other_time" if other else "give_up", certain=len(said.split()) <= 30)
    return Answer("other_time", certain=len(said.split()) <= 15) if OTHER_TIME_SAID.search(said) else None
