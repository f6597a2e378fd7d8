"""How a call is answered: ring the desk in its hours, else greet and take a message."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.identity.calendars import calendar_of
from backend.identity.queries import practice
from backend.messaging.calls.ports import IncomingCall, Language
from backend.messaging.models import PhoneLine

GREETING: Final[dict[Language, str]] = {
    "en": (
        "Thank you for calling {practice}. We cannot take your call right now. If this is an emergency, hang up and "
        "dial 9 1 1. After the tone, please say your name, your number, and how we can help. We will call you back."
    ),
    "es": (
        "Gracias por llamar a {practice}. En este momento no podemos atenderle. Si es una emergencia, cuelgue y marque "
        "9 1 1. Después del tono, diga su nombre, su número y en qué podemos ayudarle. Le devolveremos la llamada."
    ),
}
THANKS: Final[tuple[tuple[Language, str], ...]] = (("en", "Thank you. Goodbye."), ("es", "Gracias. Hasta luego."))


@dataclass(frozen=True, slots=True)
class Plan:
    """`rings`: the desk's number, None to take a message at once. `greeting` follows when nobody answers."""

    rings: str | None
    seconds: int
    after_hours: bool
    greeting: tuple[tuple[Language, str], ...]


async def plan(session: AsyncSession, line: PhoneLine, call: IncomingCall | None = None) -> Plan:
    """For this line, now."""
    is_open = (await calendar_of(session, line.location_id)).is_open(now())
    # A desk phone that forwards its unanswered calls to us must not be rung again: the call would go in circles.
    circle = call is not None and line.forward_to in {call.forwarded_from, call.phone}
    rings = line.forward_to if is_open and not circle else None
    return Plan(rings, line.ring_seconds, not is_open, await greeting(session, line))


async def greeting(session: AsyncSession, line: PhoneLine) -> tuple[tuple[Language, str], ...]:
    """English, then Spanish; an own English greeting without a Spanish one stands alone."""
    name = (await practice(session)).name
    english = line.greeting or GREETING["en"].replace("{practice}", name)
    spanish = line.greeting_es or (None if line.greeting else GREETING["es"].replace("{practice}", name))
    return (("en", english), ("es", spanish)) if spanish else (("en", english),)
