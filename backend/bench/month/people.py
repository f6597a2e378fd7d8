"""Who is referred in this month, where they live, and how they answer. All invented, the same for the same seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

# (area code, its zone, city, state, ZIP, the state's zones as anybody may look them up)
PLACES: Final = (
    ("312", "America/Chicago", "Chicago", "IL", "60601", ("America/Chicago",)),
    ("212", "America/New_York", "New York", "NY", "10001", ("America/New_York",)),
    ("303", "America/Denver", "Denver", "CO", "80202", ("America/Denver",)),
    ("602", "America/Phoenix", "Phoenix", "AZ", "85003", ("America/Phoenix", "America/Denver")),
    ("213", "America/Los_Angeles", "Los Angeles", "CA", "90012", ("America/Los_Angeles",)),
    ("317", "America/Indiana/Indianapolis", "Indianapolis", "IN", "46204", ("America/New_York", "America/Chicago")),
    ("808", "Pacific/Honolulu", "Honolulu", "HI", "96813", ("Pacific/Honolulu",)),
)
NEAR: Final = (62, 6, 8, 6, 6, 8, 4)
TEMPERS: Final = {
    "eager": 34, "slow": 18, "silent": 18, "asks": 6, "stops": 6, "declines": 5, "stranger": 4, "spanish": 4,
    "landline": 3, "no_number": 1, "unreachable": 1,
}  # fmt: skip
LONGEST_TALK: Final = 6
CODES: Final = {"landline": "30006", "no_number": "30005", "unreachable": "30003"}
FIRST: Final = "Ada Ben Cleo Dora Emil Finn Gwen Hugo Ines Jon Kaia Leo Mina Nils Olga Pia Quin Rosa Sven Tess".split()
LAST: Final = "Sample Tester Invented Nobody Fictive Madeup Example Figment".split()
AVAILABLE: Final = ("Tues after 3 or Thurs morning", "any weekday morning", "Mon or Wed", "Friday at 2pm", "not Monday",
                    "mornings except Wednesday")  # fmt: skip
STOPS: Final = (
    "STOP",
    "please stop texting me",
    "Unsubscribe",
    "take me off your list",
    "no more texts please",
    "alto",
)
STRANGERS: Final = ("wrong number", "You have the wrong person", "there is nobody here by that name")
DECLINES: Final = ("already seeing someone", "I found another clinic, thanks", "not interested")


@dataclass(slots=True)
class Person:
    """One referred patient. `zones` are all places they may be, as the law sees it."""

    number: int
    first: str
    last: str
    phone: str
    address: str
    zones: tuple[str, ...]
    temper: str
    source: str
    clinic: int
    urgency: str
    opened_at: datetime
    answers_calls: float
    rng: random.Random = field(repr=False)
    lead_id: str = ""
    texts: int = 0

    def react(self, body: str, at: datetime) -> Iterator[tuple[datetime, str]]:
        """What this person writes after a text of ours, and when."""
        self.texts += 1
        if self.temper in {"silent", *CODES}:
            return
        wait = timedelta(minutes=self.rng.uniform(1, 40))
        if self.temper == "slow":
            wait = timedelta(hours=self.rng.uniform(5, 50))
        said = self._answer(body)
        if said is not None:
            yield at + wait, said

    def _answer(self, body: str) -> str | None:
        match self.temper:
            case "stops":
                return self.rng.choice(STOPS) if self.texts <= 2 else None
            case "stranger":
                return self.rng.choice(STRANGERS) if self.texts == 1 else None
            case "declines":
                return self.rng.choice(DECLINES) if self.texts == 1 else None
            case "asks":
                return self.rng.choice(("Who is this?", "What does it cost?")) if self.texts <= 2 else None
        if "May we text" in body:
            return "sí" if self.temper == "spanish" else self.rng.choice(("YES", "Yes please", "ok"))
        if "Does" in body:
            return "Yes that works"
        if "suit" in body and self.texts <= LONGEST_TALK:
            return "martes por la tarde" if self.temper == "spanish" else self.rng.choice(AVAILABLE)
        return None


def invent(count: int, seed: int, begin: datetime, days: int) -> list[Person]:
    """`count` people over so many days, most of them in office hours, some faxed at night."""
    rng = random.Random(seed)
    return sorted((_person(number, rng, begin, days) for number in range(count)), key=lambda one: one.opened_at)


def _person(number: int, rng: random.Random, begin: datetime, days: int) -> Person:
    area, zone, city, state, code, state_zones = rng.choices(PLACES, NEAR)[0]
    temper = rng.choices(list(TEMPERS), list(TEMPERS.values()))[0]
    # The carrier's emulator reads an error from the last five digits.
    local = f"{(number % 80) + 20}{CODES[temper]}" if temper in CODES else f"555{number:04d}"
    clinic = number % 2
    clinic_zone = CLINICS[clinic][1]
    day = rng.randrange(days)
    hour = rng.choices(range(24), [1] * 7 + [6] * 11 + [2] * 6)[0]
    local_day = begin.astimezone(ZoneInfo(clinic_zone)).replace(hour=hour, minute=rng.randrange(60))
    return Person(
        number=number, first=rng.choice(FIRST), last=f"{rng.choice(LAST)}-{_letters(number)}", phone=f"+1{area}{local}",
        address=f"{number + 1} Main St, {city}, {state} {code}",
        zones=tuple(dict.fromkeys((zone, *state_zones, clinic_zone))), temper=temper,
        source=rng.choices(("fax", "web_form", "phone", "walk_in"), (70, 15, 10, 5))[0], clinic=clinic,
        urgency=rng.choices(("routine", "urgent", "stat"), (85, 12, 3))[0], opened_at=local_day + timedelta(days=day),
        answers_calls=0.0 if temper == "no_number" else rng.uniform(0.15, 0.6), rng=random.Random(f"{seed_of(number)}"),
    )  # fmt: skip


CLINICS: Final = (("North Clinic", "America/Chicago"), ("Mesa Clinic", "America/Denver"))


def seed_of(number: int) -> str:
    """Each person's own dice, so that one more event elsewhere changes nobody else."""
    return f"person {number}"


def _letters(number: int) -> str:
    """A last name of its own: digits do not belong in names."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))
