"""Invented people, offices and orders for sample faxes; the same seed draws the same."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

FIRST = "Ada Bruno Carmen Dmitri Elena Farouk Grace Hiro Imani José Kerstin Liam Mei-Ling Nadia Omar Priya Quentin Rosa Sam Thuy".split()
MIDDLE = ["", "", "A", "J", "M", "Lee", "R"]
LAST = (
    "Abernathy-Cole|Baptiste|Castellanos|De La Fuente|Eriksson|Fitzgerald|García|Huang|Ivanov|Jefferson|Kowalczyk|Lindqvist|"
    "McAllister|Nakamura|O'Brien|Petrov|Quiñones|Robinson|Sato|Van Der Meer"
).split("|")
STREETS = ("Alder St", "Birch Ave", "Cedar Ln", "Dogwood Dr", "Elm Ct", "Fir Rd", "Grove Way", "Hazel Blvd")
CITIES = (
    ("Springfield", "IL", "62704"),
    ("Evanston", "IL", "60201"),
    ("Oak Park", "IL", "60302"),
    ("Aurora", "IL", "60505"),
)
PAYERS = ("Blue Prairie PPO", "Lakeside Mutual", "Great Rivers Health", "Summit Medicare Advantage")
OFFICES = (
    "Lakeside Orthopedics",
    "Prairie Family Medicine",
    "Northshore Sports Medicine Group",
    "Riverbend Spine Institute",
)
ORDERS = (
    ("Pain in right shoulder", "M25.511", "shoulder", "right", None),
    ("Pain in left knee", "M25.562", "knee", "left", None),
    ("Low back pain, unspecified", "M54.50", "lumbar spine", None, None),
    ("Presence of right artificial knee joint", "Z96.651", "knee", "right", "Right total knee arthroplasty"),
    ("Complete rotator cuff tear or rupture of left shoulder, not specified as traumatic", "M75.122", "shoulder", "left",
     "Left rotator cuff repair"),
    ("Cervicalgia", "M54.2", "cervical spine", None, None),
    ("Presence of left artificial hip joint", "Z96.642", "hip", "left", "Left total hip arthroplasty"),
    ("Plantar fascial fibromatosis", "M72.2", "foot", None, None),
)  # fmt: skip
PRECAUTIONS = ("WBAT", "No lifting over 10 lbs", "Posterior hip precautions", "Fall risk", "")


def npi(digits: str) -> str:
    """Nine digits with their check digit (Luhn over 80840 and the number; CMS)."""
    total = 0
    for place, digit in enumerate(reversed("80840" + digits)):
        value = int(digit) * (1 if place % 2 else 2)
        total += value - 9 if value > 9 else value
    return digits + str(-total % 10)


@dataclass(frozen=True, slots=True)
class Person:
    """A patient with an order."""

    first: str
    middle: str
    last: str
    dob: date
    sex: str
    phone: str
    street: str
    city: str
    state: str
    zip: str
    payer: str
    member_id: str
    group: str
    provider: str
    npi: str
    office: str
    office_phone: str
    office_fax: str
    diagnosis: str
    icd10: str
    body_part: str
    side: str | None
    procedure: str | None
    surgery: date | None
    ordered: date
    frequency: int
    weeks: int
    precautions: str

    @property
    def name(self) -> str:
        """Given name first."""
        return " ".join(part for part in (self.first, self.middle, self.last) if part)


def invent(seed: int, today: date) -> Person:
    """The person of this seed."""
    dice = random.Random(f"frontdesk {seed}")
    city, state, code = dice.choice(CITIES)
    diagnosis, icd10, part, side, procedure = dice.choice(ORDERS)
    ordered = today - timedelta(days=dice.randrange(3))
    return Person(
        first=dice.choice(FIRST), middle=dice.choice(MIDDLE), last=dice.choice(LAST),
        dob=date(dice.randrange(1938, 2008), dice.randrange(1, 13), dice.randrange(1, 29)),
        sex=dice.choice(("Female", "Male")), phone=_phone(dice), street=f"{dice.randrange(100, 9900)} {dice.choice(STREETS)}",
        city=city, state=state, zip=code, payer=dice.choice(PAYERS), member_id=f"LM{dice.randrange(10**8, 10**9)}",
        group=str(dice.randrange(100_000, 999_999)), provider=f"{dice.choice(FIRST)} {dice.choice(LAST)}",
        npi=npi("1" + f"{dice.randrange(10**8):08d}"), office=dice.choice(OFFICES), office_phone=_phone(dice),
        office_fax=_phone(dice), diagnosis=diagnosis, icd10=icd10, body_part=part, side=side, procedure=procedure,
        surgery=ordered - timedelta(days=dice.randrange(5, 30)) if procedure else None, ordered=ordered,
        frequency=dice.randrange(1, 4), weeks=dice.choice((4, 6, 8, 12)), precautions=dice.choice(PRECAUTIONS),
    )  # fmt: skip


def _phone(dice: random.Random) -> str:
    return f"({dice.choice(('217', '312', '708', '847'))}) 555-01{dice.randrange(100):02d}"
