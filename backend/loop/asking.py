"""What a referral may lack, and how it is asked for. Pure."""

from collections.abc import Sequence
from typing import Any, Final, Literal, get_args

from backend.loop.content import Ask

Asked = Literal[
    "signature", "side", "precautions", "weight_bearing", "diagnosis", "order", "frequency", "surgery_date",
    "protocol", "authorization", "phone", "npi",
]  # fmt: skip
ASKED: Final[tuple[Asked, ...]] = get_args(Asked)
ASKS: Final[dict[Asked, Ask]] = {
    "side": Ask("side", "Which side is to be treated?", ("Left", "Right", "Both sides")),
    "precautions": Ask("precautions", "Are there precautions?", ("No precautions", "Yes, as written here:"), line=True),
    "weight_bearing": Ask(
        "weight_bearing", "How much weight may the patient bear?",
        ("Full weight", "As tolerated", "Partial weight", "No weight"),
    ),
    "diagnosis": Ask("diagnosis", "What is the diagnosis (ICD-10 code, if you have it)?", line=True),
    "order": Ask(
        "order", "What do you order?", ("Evaluate and treat", "Evaluate only", "Other, as written here:"), line=True
    ),
    "frequency": Ask(
        "frequency", "How often, and for how many weeks?", ("As the therapist sees fit", "As written here:"), line=True
    ),
    "surgery_date": Ask("surgery_date", "When was the surgery or injury?", line=True),
    "protocol": Ask("protocol", "Is there a protocol to follow?", ("No protocol", "Yes, it comes with this fax")),
    "authorization": Ask("authorization", "What is the insurer’s authorization number?", line=True),
    "phone": Ask("phone", "At which number do we reach the patient?", line=True),
    "npi": Ask("npi", "What is the NPI of who refers?", line=True),
}  # fmt: skip
MOST: Final = 5


def asks_of(stored: Sequence[dict[str, Any]]) -> tuple[Ask, ...]:
    """What a letter asks, in the order of its page; the signature is the last thing on it."""
    keys = {entry["key"] for entry in stored}
    return tuple(ask for key, ask in ASKS.items() if key in keys)


def wants_signature(stored: Sequence[dict[str, Any]]) -> bool:
    """Whether it asks to sign."""
    return any(entry["key"] == "signature" for entry in stored)


def answers_of(stored: Sequence[dict[str, Any]], ticks: Sequence[bool]) -> dict[str, list[str]] | None:
    """What was ticked, by what was asked. `ticks` are the page's boxes in reading order.

    None when there are more or fewer boxes than we drew: then only a person can say which is which.
    """
    asks = asks_of(stored)
    if len(ticks) != sum(len(ask.options) for ask in asks):
        return None
    found, place = {}, 0
    for ask in asks:
        here = ticks[place : place + len(ask.options)]
        place += len(ask.options)
        if marked := [option for option, tick in zip(ask.options, here, strict=True) if tick]:
            found[ask.key] = marked
    return found
