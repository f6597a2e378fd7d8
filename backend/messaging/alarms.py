"""When the carrier refuses the practice itself, not one patient: automatic texts of the line wait until it is settled.

A missing registration or a dead credential meets every further text, so one such code pauses at once. A filtered text
or a rate may be a single bad text or a busy minute: those pause when they are a habit.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import LiveEvent, practice_of, tell_live
from backend.core.jobs import later
from backend.core.logging import get_logger
from backend.messaging.models import Conversation, Message, PhoneLine

log = get_logger(__name__)
RESUME: Final = "phone_lines.resume"
AT_ONCE: Final = frozenset({"30034", "30032", "20003", "21606", "21703", "30002"})
HABIT: Final = frozenset({"30007", "30022", "30023", "30027"})
HABIT_OF, LAST = 3, 20
# Senders that read the line as paused just before it was resumed have committed their hold by then.
LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)
AGAIN: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Meaning:
    """A carrier's code in plain words: what is wrong, and what an administrator does about it."""

    title: str
    advice: str


_CAP = "Wait until tomorrow, then resume. If it comes back, ask Twilio for a higher class of your campaign."
MEANINGS: Final = {
    "30034": Meaning(
        "Your number is not registered for texting (10DLC)",
        "In Twilio, open Messaging → Regulatory compliance and check that your campaign is approved. Then check that "
        "this number is in the sender pool of that campaign's Messaging Service.",
    ),
    "30032": Meaning(
        "Your toll-free number is not verified",
        "In Twilio, open Phone numbers → Toll-free verification and finish it.",
    ),
    "20003": Meaning(
        "Twilio does not accept the credentials", "Copy the current auth token from Twilio and rotate the token here."
    ),
    "21606": Meaning(
        "This number cannot send texts from your account",
        "Check at Twilio that the number belongs to this account and is capable of SMS.",
    ),
    "21703": Meaning(
        "The Messaging Service has no number to send from", "In Twilio, add this number to the service's sender pool."
    ),
    "30002": Meaning("Twilio has suspended your account", "Sign in at Twilio and settle what it asks for."),
    "30007": Meaning(
        "Carriers filter your texts as unwanted",
        "Look at the wording of your recent texts (Settings → Texts), and check that your campaign matches them.",
    ),
    "30022": Meaning("You send faster than your registration allows", _CAP),
    "30023": Meaning("Today's limit of T-Mobile is used up", _CAP),
    "30027": Meaning("Today's limit of T-Mobile is used up", _CAP),
}  # fmt: skip
UNKNOWN: Final = Meaning("The carrier refuses your texts", "Look the code up at Twilio (docs → errors).")


def meaning(code: str) -> Meaning:
    """What the code says."""
    return MEANINGS.get(code, UNKNOWN)


def pauses(code: str | None, recent: Sequence[str | None]) -> bool:
    """Whether this code pauses the line. `recent` are the codes of its latest texts, this one among them."""
    if code in AT_ONCE:
        return True
    return code in HABIT and sum(known in HABIT for known in recent[:LAST]) >= HABIT_OF


async def refused(session: AsyncSession, line_id: uuid.UUID, code: str | None) -> bool:
    """A text of this line met an alarm: pause the line if that is the rule. Whether it is paused now."""
    line = await session.get_one(PhoneLine, (practice_of(session), line_id), populate_existing=True)
    log.error("texting_refused_by_carrier", code=code)
    if line.paused_at is not None:
        return True
    if code is None or not pauses(code, await _recent(session, line)):
        return False
    # One statement, so that of many refused at once the first one counts.
    paused = await session.scalar(
        update(PhoneLine)
        .where(PhoneLine.practice_id == line.practice_id, PhoneLine.id == line.id, PhoneLine.paused_at.is_(None))
        .values(paused_at=now(), paused_code=code, version=PhoneLine.version + 1)
        .returning(PhoneLine.version)
    )
    if paused is not None:
        tell_live(session, [LiveEvent("phone_line.changed", str(line.id), paused)])
    return True


async def _recent(session: AsyncSession, line: PhoneLine) -> Sequence[str | None]:
    await session.flush()
    query = (
        select(Message.error_code)
        .join(
            Conversation,
            (Conversation.practice_id == Message.practice_id) & (Conversation.id == Message.conversation_id),
        )
        .where(Message.practice_id == line.practice_id, Conversation.line_id == line.id, Message.direction == "out")
        .where(Message.sent_at > (line.resumed_at or LONG_AGO))
        .order_by(Message.sent_at.desc())
        .limit(LAST)
    )
    return (await session.scalars(query)).all()


async def resume(session: AsyncSession, line: PhoneLine) -> None:
    """An administrator says it is settled: what waited is put before the gate again, by a job."""
    line.paused_at, line.paused_code, line.resumed_at = None, None, now()
    line.version += 1
    await session.flush()
    tell_live(session, [LiveEvent("phone_line.changed", str(line.id), line.version)])
    key = f"{line.id}:{line.version}"
    await later(session, RESUME, line.id, key=key)
    await later(session, RESUME, line.id, key=f"{key}:again", at=now() + AGAIN)
