"""Which body region an order speaks of, in the contract's words."""

from typing import Final, get_args

from backend.care.schemas import BodyRegion

REGIONS: Final[tuple[str, ...]] = get_args(BodyRegion)


def region_of(said: str | None) -> str | None:
    """The region named, also inside other words; `other` for what is none of them."""
    if not said or not said.strip():
        return None
    words = said.lower()
    named = [region for region in REGIONS if region in words]
    return max(named, key=len, default="other")
