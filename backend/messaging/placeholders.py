"""What a practice may put into a text, and who fills it. Other domains add theirs in `wiring`.

Some stand for facts and are filled wherever a text is shown. The others are made for one patient, such as a link: they
stay as they are until the text is written.
"""

import re
from collections.abc import Awaitable, Callable, Container, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.problems import Invalid
from backend.leads.models import Lead
from backend.messaging.models import Conversation

NOBODY: Final = "Several people may have this phone, or nobody we know. Send this text from the right lead."
PLACEHOLDER: Final = re.compile(r"\{([a-z_]+)\}")
Fill = Callable[[AsyncSession, Conversation, Lead], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Made:
    """How one is made for a lead, and an example as long as it may become."""

    fill: Fill
    sample: Callable[[], str]


# Facts with the most letters each may become, so that no text grows without bound.
FACTS: Final = {
    "practice": 40,
    "clinic": 40,
    "clinic_phone": 16,
    "first_name": 20,
    "staff_name": 30,
    "when": 24,
    "clinician": 40,
}
_made: dict[str, Made] = {}


def provide(name: str, fill: Fill, sample: Callable[[], str]) -> None:
    """Let texts hold `{name}`; once per process, before the first text."""
    _made[name] = Made(fill, sample)


def made() -> Mapping[str, Made]:
    """Those that are made for one patient."""
    return _made


def known(name: str) -> bool:
    """Whether a text may hold it."""
    return name in FACTS or name in _made


def longest(name: str) -> int:
    """The most letters it may become."""
    return len(_made[name].sample()) if name in _made else FACTS.get(name, 0)


def kept() -> dict[str, str]:
    """Those that are made for one patient, standing for themselves."""
    return {name: f"{{{name}}}" for name in _made}


def samples() -> dict[str, str]:
    """The same as examples."""
    return {name: one.sample() for name, one in _made.items()}


async def make(
    session: AsyncSession, body: str, conversation: Conversation, lead: Lead | None, except_for: Container[str] = (),
) -> dict[str, str]:  # fmt: skip
    """What the made ones in this body become; no others are made. Raises `Invalid` without a lead."""
    found = dict.fromkeys(PLACEHOLDER.findall(body))
    wanted = [name for name in found if name in _made and name not in except_for]
    if not wanted:
        return {}
    if lead is None:
        raise Invalid(NOBODY, errors=[("/body", f"{{{wanted[0]}}} needs a lead")])
    return {name: await _made[name].fill(session, conversation, lead) for name in wanted}
