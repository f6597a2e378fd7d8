"""Addresses: one line in the chart, parts on the form."""

import re
from collections.abc import Mapping
from typing import Final

LINE: Final = re.compile(
    r"^(?P<street>.+?),\s*(?P<city>[^,]+),\s*(?P<state>[A-Za-z]{2})\.?,?\s+(?P<zip>\d{5}(?:-\d{4})?)$"
)
UNIT: Final = re.compile(r"^(?P<street>.+?),?\s+(?P<unit>(?:apt|apartment|unit|suite|ste|#)\.?\s*\S+)$", re.I)


def parts(line: str) -> dict[str, str]:
    """As the form asks for it; what cannot be told apart stays in the first line."""
    found = LINE.match(" ".join(line.split()))
    if found is None:
        return {"street": line.strip()}
    known = found.groupdict()
    if unit := UNIT.match(known["street"]):
        known |= unit.groupdict()
    return known | {"state": known["state"].upper()}


def line(address: Mapping[str, str]) -> str:
    """`street unit, city, ST ZIP`."""
    street = " ".join(filter(None, (address.get("street"), address.get("unit"))))
    place = " ".join(filter(None, (address.get("state"), address.get("zip"))))
    return ", ".join(filter(None, (street, address.get("city"), place)))


def same(one: str, other: str) -> bool:
    """Whether two lines name one place, however they are typed."""
    return _bare(one) == _bare(other)


SHORT: Final = {
    "street": "st", "avenue": "ave", "road": "rd", "drive": "dr", "lane": "ln", "boulevard": "blvd", "court": "ct",
    "apartment": "apt", "north": "n", "south": "s", "east": "e", "west": "w", "place": "pl",
}  # fmt: skip


def _bare(line: str) -> list[str]:
    return [SHORT.get(word, word) for word in re.findall(r"[^\W_]+", line.casefold())]
