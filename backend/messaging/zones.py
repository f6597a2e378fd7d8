"""Where a phone may be: every time zone that the patient's address, the number and the clinic allow."""

import re
from typing import Final

import phonenumbers
from phonenumbers import timezone as of_numbers

EAST, CENTRAL, MOUNTAIN, WEST = "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"
# States that keep more than one time are listed with each; an address alone does not tell which side it is on.
STATES: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys("CT DE DC GA ME MD MA NH NJ NY NC OH PA RI SC VT VA WV".split(), (EAST,)),
    **dict.fromkeys("AL AR IL IA LA MN MS MO OK WI".split(), (CENTRAL,)),
    **dict.fromkeys("CO MT NM UT WY".split(), (MOUNTAIN,)),
    **dict.fromkeys("CA NV WA".split(), (WEST,)),
    **dict.fromkeys("FL IN KY MI TN".split(), (EAST, CENTRAL)),
    **dict.fromkeys("KS NE ND SD TX".split(), (CENTRAL, MOUNTAIN)),
    "AZ": ("America/Phoenix", MOUNTAIN), "ID": (MOUNTAIN, WEST), "OR": (WEST, MOUNTAIN),
    "AK": ("America/Anchorage", "America/Adak"), "HI": ("Pacific/Honolulu",), "PR": ("America/Puerto_Rico",),
    "VI": ("America/St_Thomas",), "GU": ("Pacific/Guam",),
}  # fmt: skip
STATE: Final = re.compile(r"\b([A-Z]{2})\s+\d{5}(?:-\d{4})?\s*$")
# A number that may be anywhere (toll-free, unknown) says nothing about where its owner is.
MANY = 6


def of_address(address: str | None) -> tuple[str, ...]:
    """Zones of the state in a one-line address; none when it names no state."""
    found = STATE.search(address or "")
    return STATES.get(found.group(1), ()) if found else ()


def of_number(phone: str) -> tuple[str, ...]:
    """Zones of a number's exchange."""
    found = tuple(of_numbers.time_zones_for_number(phonenumbers.parse(phone)))
    return () if len(found) > MANY or found == ("Etc/Unknown",) else found


def candidates(phone: str, address: str | None, clinic: str) -> tuple[str, ...]:
    """All zones the person may be in, each once; texts must be lawful in every one of them."""
    return tuple(dict.fromkeys((*of_address(address), *of_number(phone), clinic)))
