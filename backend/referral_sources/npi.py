"""National Provider Identifiers. Pure."""

import re
from typing import Final

SHAPE: Final = re.compile(r"[12]\d{9}")


def is_npi(digits: str) -> bool:
    """Check digit of a National Provider Identifier: Luhn over 80840 and the ten digits (CMS NPI standard)."""
    if not SHAPE.fullmatch(digits):
        return False
    total = 0
    for place, digit in enumerate(reversed("80840" + digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
