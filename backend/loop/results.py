"""What a provider says of an attempt, and what follows for its letter. Progress only ever moves forward."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import practice_of, publish
from backend.core.jobs import set_timer
from backend.faxes.ports import FaxReport
from backend.identity.calendars import calendar_of
from backend.leads import history
from backend.leads.models import Lead
from backend.loop.events import LetterFailed, LetterSent
from backend.loop.letters import SEND, tell
from backend.loop.models import Letter, LetterSending

RANK: Final = {"calling": 0, "unknown": 0, "accepted": 1, "transmitting": 2, "failed": 3, "delivered": 4}
# Nothing was sent, and a little later it may work: the hours of work after which it goes again.
PASSING: Final = frozenset({"busy", "no_answer", "congestion"})
AGAIN_AFTER: Final = (0.1, 0.5, 2.0, 6.0)


async def apply(session: AsyncSession, letter: Letter, sending: LetterSending, report: FaxReport) -> None:
    """Take one report over; a late one that knows less changes nothing. Both rows are locked."""
    if report.state is None:
        return
    sending.external_id = sending.external_id or report.external_id or None
    if RANK[report.state] <= RANK[sending.state]:
        return
    sending.state = report.state
    sending.accepted_at = sending.accepted_at or now()
    sending.pages = report.pages or sending.pages
    sending.remote_station = report.remote_station or sending.remote_station
    if report.state in {"delivered", "failed"}:
        sending.finished_at, sending.reached = now(), report.reached
        sending.code = (report.code or "failed") if report.state == "failed" else None
        await (_delivered if report.state == "delivered" else _failed)(session, letter, sending)
    elif letter.state == "unknown":
        letter.state = "sending"
    letter.version += 1
    await session.flush()
    tell(session, letter)


async def _delivered(session: AsyncSession, letter: Letter, sending: LetterSending) -> None:
    # Also where a retry waits: it must not go any more.
    letter.state, letter.reason, letter.sent_at = "sent", None, sending.finished_at
    await _note(session, letter, "letter_sent", name=letter.kind, to=sending.to_address)
    await publish(session, LetterSent(letter.id, letter.kind, letter.ref_id, sending.way))


async def _failed(session: AsyncSession, letter: Letter, sending: LetterSending) -> None:
    tries = await _tries(session, letter)
    if sending.code in PASSING and sending.reached == "before_data" and tries <= len(AGAIN_AFTER):
        letter.state, letter.reason = "waiting", sending.code
        letter.due_at = await _later(session, letter, AGAIN_AFTER[tries - 1])
        await set_timer(session, SEND, letter.id, letter.due_at)
        return
    await fail(session, letter, sending.code or "failed")


async def fail(session: AsyncSession, letter: Letter, reason: str) -> None:
    """A person must look: it did not go, or nobody knows how far it went."""
    letter.state, letter.reason = "failed", reason
    await _note(session, letter, "letter_failed", name=letter.kind)
    await publish(session, LetterFailed(letter.id, letter.lead_id))


async def _tries(session: AsyncSession, letter: Letter) -> int:
    """Since a person last asked for it: each resend begins anew."""
    found = await session.scalar(
        select(func.count()).where(
            LetterSending.practice_id == letter.practice_id, LetterSending.letter_id == letter.id,
            LetterSending.number > letter.tries_from,
        )
    )  # fmt: skip
    return found or 0


async def _later(session: AsyncSession, letter: Letter, hours: float) -> datetime:
    """In hours somebody is in the office: we know ours, and theirs are much the same."""
    lead = await session.get(Lead, (practice_of(session), letter.lead_id)) if letter.lead_id else None
    calendar = await calendar_of(session, lead.location_id if lead else None)
    return max(calendar.after(now(), hours), now() + timedelta(minutes=1))


async def _note(session: AsyncSession, letter: Letter, kind: str, **detail: str) -> None:
    if letter.lead_id is not None:
        history.note(session, letter.lead_id, kind, letter_id=str(letter.id), **detail)
