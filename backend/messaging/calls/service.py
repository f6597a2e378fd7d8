"""What happens to a call, in whatever order the carrier tells it: each piece is applied once and moves it forward."""

import uuid
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.ids import new_id
from backend.core.jobs import later
from backend.identity.models import Location
from backend.messaging import people, service
from backend.messaging.calls import consequences, states
from backend.messaging.calls.models import Call
from backend.messaging.calls.ports import CallReport, Ended, IncomingCall, Recorded, Rung
from backend.messaging.models import Conversation, Message, PhoneLine

BEGAN = "calls.began"
RUNG = "calls.rung"
ENDED = "calls.ended"
RECORDED = "calls.recorded"
SETTLE = "calls.settle"
FETCH = "calls.fetch"
FORGET = "calls.forget"
RECONCILE = "calls.reconcile"
# Ringing, greeting and a whole voicemail fit in; a call of which nobody has told the end by then is asked for.
LONGEST: Final = timedelta(minutes=5)
# "Completed" alone does not say whether the desk took it: the other news is on its way.
SOON: Final = timedelta(seconds=10)
# A recording is ready within seconds; a long one takes some minutes.
PROCESSED: Final = timedelta(minutes=3)


async def hold(session: AsyncSession, *what: str) -> None:
    """Let one transaction at a time work on this call, or this phone."""
    name = ":".join((str(practice_of(session)), *what))
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


async def known(session: AsyncSession, external_id: str) -> Call | None:
    """A call by the carrier's id, held until commit."""
    await hold(session, "call", external_id)
    found = select(Call).where(Call.practice_id == practice_of(session), Call.external_id == external_id)
    call = await session.scalar(found.execution_options(populate_existing=True))
    if call is not None and call.conversation_id is not None:
        # Before anything is written to the call: the desk, when it texts, takes them in this order too.
        await session.get(Conversation, (call.practice_id, call.conversation_id), with_for_update=True)
    return call


async def begun(
    session: AsyncSession, line: PhoneLine, incoming: IncomingCall, *, rang: bool | None = None,
    after_hours: bool = False,
) -> Call:  # fmt: skip
    """The call, noted on first news of it; `rang` and `after_hours` are known to who answered it."""
    call = await known(session, incoming.external_id)
    if call is None:
        call = await _note(session, line, incoming)
    if rang is not None and call.rang is None:
        call.rang, call.after_hours = rang, after_hours
        await _say(session, call)
    await session.flush()
    return call


async def _note(session: AsyncSession, line: PhoneLine, incoming: IncomingCall) -> Call:
    conversation = None
    phone = None if await own_number(session, incoming.phone) else incoming.phone
    if phone is not None:
        conversation = await service.with_phone(session, line, phone, None)
        await people.find_people(session, conversation)
    started = incoming.started_at or now()
    call = Call(
        practice_id=practice_of(session), id=new_id(), line_id=line.id, external_id=incoming.external_id,
        direction="in", phone=phone, conversation_id=conversation.id if conversation else None,
        started_at=started, outcome=states.RINGING, after_hours=False, recording_lost=False,
    )  # fmt: skip
    session.add(call)
    await session.flush()
    if conversation is not None:
        await _put_in_thread(session, conversation, call)
    await later(session, SETTLE, call.id, key=str(call.id), at=started + LONGEST)
    return call


async def own_number(session: AsyncSession, phone: str | None) -> bool:
    """A desk phone that forwards may show its own number: whoever called behind it is as good as withheld."""
    practice_id = practice_of(session)
    line = (PhoneLine.practice_id == practice_id) & or_(PhoneLine.number == phone, PhoneLine.forward_to == phone)
    clinic = (Location.practice_id == practice_id) & (Location.phone == phone)
    ours = select(PhoneLine.id).where(line).union(select(Location.id).where(clinic)).limit(1)
    return phone is not None and await session.scalar(ours) is not None


async def _put_in_thread(session: AsyncSession, conversation: Conversation, call: Call) -> None:
    row = {
        "practice_id": call.practice_id, "id": new_id(), "conversation_id": conversation.id, "direction": "call",
        "purpose": "care", "body": states.words(call), "status": "received", "author": conversation.phone,
        "automatic": False, "call_id": call.id, "created_at": call.started_at,
    }  # fmt: skip
    await session.execute(insert(Message).values(row))
    service.touch(session, conversation)
    await session.flush()


async def rung(session: AsyncSession, line: PhoneLine, news: Rung) -> None:
    """The desk took it, or nobody did; in that case the caller now hears the greeting."""
    call = await begun(session, line, news.call)
    call.rang, call.answered = True, news.answered or bool(call.answered)
    if news.answered:
        await _conclude(session, line, call, states.ANSWERED, news.seconds)
    elif call.ended_at is not None:
        await _conclude(session, line, call, states.MISSED)
    await session.flush()


async def ended(session: AsyncSession, line: PhoneLine, news: Ended) -> None:
    """Over. Without news of the desk's phone, the carrier's books decide in a moment."""
    call = await begun(session, line, news.call)
    first, call.ended_at = call.ended_at is None, call.ended_at or now()
    if call.outcome == states.RINGING:
        call.duration_seconds = news.seconds
        if news.unanswered or call.rang is False or call.answered is False:
            await _conclude(session, line, call, states.MISSED)
        elif first:
            await later(session, SETTLE, call.id, key=f"{call.id}:ended", at=now() + SOON)
    await session.flush()


async def recorded(session: AsyncSession, line: PhoneLine, call: Call, news: Recorded) -> None:
    """A voicemail is there, or will not come: then it was a missed call, and no less."""
    if news.transcript:
        call.transcript = news.transcript[:4000]
    if news.state in {"completed", "coming"} and call.recording_external_id in {None, news.external_id}:
        call.recording_external_id = news.external_id
        call.voicemail_seconds = news.seconds or call.voicemail_seconds
        # Fetched at once when the carrier says it is there, and some time later should nobody ever say so.
        at = now() + PROCESSED if news.state == "coming" else None
        await later(session, FETCH, call.id, key=f"{news.external_id}:{news.state}", at=at)
        await _conclude(session, line, call, states.VOICEMAIL)
    elif news.state in {"absent", "failed"} and call.recording_external_id is None:
        call.recording_lost = news.state == "failed"
        await _conclude(session, line, call, states.MISSED)
    await _say(session, call)
    await session.flush()


async def settled(session: AsyncSession, line: PhoneLine, call: Call, report: CallReport) -> bool:
    """Apply what the carrier's books say; False while the call goes on."""
    if report.over:
        call.ended_at = call.ended_at or now()
    if report.answered:
        call.rang, call.answered = True, True
        await _conclude(session, line, call, states.ANSWERED, report.seconds)
        return True
    for recording in report.recordings:
        await recorded(session, line, call, recording)
    if report.over:
        await _conclude(session, line, call, states.MISSED)
    return report.over or bool(report.recordings)


async def missed(session: AsyncSession, line: PhoneLine, call: Call) -> None:
    """Nobody can say what became of it: a person should call back."""
    await _conclude(session, line, call, states.MISSED)


async def _conclude(
    session: AsyncSession, line: PhoneLine, call: Call, outcome: str, seconds: int | None = None
) -> None:
    if not states.moves(call.outcome, outcome):
        return
    first, call.outcome = call.outcome == states.RINGING, outcome
    call.duration_seconds = seconds if seconds is not None else call.duration_seconds
    await _say(session, call)
    await session.flush()
    if call.phone is not None:
        await hold(session, "phone", call.phone)
    if outcome == states.ANSWERED:
        await consequences.of_answered(session, call)
    else:
        await consequences.of_missed(session, line, call, first=first)


async def _say(session: AsyncSession, call: Call) -> None:
    """The thread says it in the words of now."""
    message = await session.scalar(
        select(Message).where(Message.practice_id == call.practice_id, Message.call_id == call.id)
    )
    if message is not None and message.body != states.words(call):
        message.body, message.version = states.words(call), message.version + 1


def since(line: PhoneLine, first_look_back: timedelta, overlap: timedelta) -> datetime:
    """From when on the carrier's list is compared."""
    return line.calls_reconciled_at - overlap if line.calls_reconciled_at else now() - first_look_back


async def line_of(session: AsyncSession, call: Call) -> PhoneLine:
    """The number it came in on."""
    return await session.get_one(PhoneLine, (practice_of(session), call.line_id))


async def by_id(session: AsyncSession, call_id: uuid.UUID) -> Call | None:
    """One call, held until commit."""
    external_id = await session.scalar(
        select(Call.external_id).where(Call.practice_id == practice_of(session), Call.id == call_id)
    )
    return await known(session, external_id) if external_id else None
