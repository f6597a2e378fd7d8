"""Who may answer a patient's text by rule: other domains register themselves in `wiring`."""

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.logging import get_logger
from backend.core.problems import Problem
from backend.messaging.models import Conversation
from backend.messaging.understanding import Understood


@dataclass(frozen=True, slots=True)
class Reply:
    """A text that came in. The conversation and `leads`, those it may belong to, are locked."""

    conversation: Conversation
    message_id: uuid.UUID
    body: str
    written_at: datetime
    understood: Understood | None
    leads: tuple[uuid.UUID, ...] = ()


# Returns whether the text is settled: a person need not answer it.
Answerer = Callable[[AsyncSession, Reply], Awaitable[bool]]
log = get_logger(__name__)
_answerers: list[Answerer] = []


def provide(answerer: Answerer) -> None:
    """Let this one answer; once per process, before the first text."""
    if answerer not in _answerers:
        _answerers.append(answerer)


async def settle(session: AsyncSession, reply: Reply) -> bool:
    """Ask them in turn until one has settled it. STOP and the like never come here."""
    for answerer in _answerers:
        try:
            async with session.begin_nested():
                if await answerer(session, reply):
                    return True
        except Problem:
            # What a rule cannot do a person does; the text itself is never lost over it.
            log.info("reply_left_to_a_person")
    return False
