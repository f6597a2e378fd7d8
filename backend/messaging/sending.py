"""Jobs that send a text: at most once. Decide and write, commit, call the carrier, record what it said.

A crash between call and record leaves `sending`; the next attempt finds it so, asks the carrier, and never sends again
before the carrier has said that it knows nothing of the text.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.callbacks import ProviderUnavailable
from backend.core.clock import now
from backend.core.context import ProcessContext
from backend.core.database import practice_of
from backend.core.jobs import Discard, JobRun, TryAgain, later
from backend.core.logging import get_logger
from backend.identity.queries import practice_key
from backend.messaging import attachments, consent, facts, lines, link_texts, reports, service, unheard
from backend.messaging.gate import Purpose, Verdict
from backend.messaging.models import Conversation, Message, PhoneLine
from backend.messaging.ports import Refused, TextAccount, TextCarrier, TextReport, Uncertain
from backend.messaging.states import IN_FLIGHT, NOT_SENT
from backend.patient_links import marks

log = get_logger(__name__)
Carriers = Mapping[str, TextCarrier]
# A carrier lists a text it took within seconds; before that, "not found" proves nothing.
SURE_AFTER = timedelta(seconds=20)
ASK_AFTER, LONGEST_ASK = timedelta(seconds=20), timedelta(hours=1)
# A carrier out of reach is tried again every minute; the gate decides each time whether it is not too late.
BUSY_SECONDS = 60.0
LOOK_BACK = timedelta(minutes=1)
CHECK_AFTER = timedelta(minutes=15)
LAST_CHECK = timedelta(days=1)
# One confirmation of a STOP, within five minutes (47 CFR 64.1200(a)(12)).
NOTICE_WITHIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Ready:
    """A text that passed the gate and is marked `sending`."""

    account: TextAccount
    provider: str
    to: str
    body: str
    since: datetime
    was_sending: bool
    media: int = 0
    media_paths: tuple[str, ...] = ()
    # Texts the carrier lists that are others of ours: a picture without words looks like the last one.
    known: frozenset[str] = frozenset()


async def send(context: ProcessContext, carriers: Carriers, run: JobRun) -> None:
    """Send one message if it still may go."""
    try:
        async with run.transaction() as session:
            ready = await _prepare(session, context, carriers, run.ref_id)
            if ready is None:
                await run.finish(session)
                return
    except unheard.Unheard as waiting:
        await _wait(run, waiting.seconds)
        return
    carrier = carriers[ready.provider]
    if ready.was_sending:
        await _resolve(carrier, ready, run)
        return
    callback = f"{context.settings.base_url}{lines.status_path(ready.account.account_key, run.ref_id)}"
    try:
        media = [context.settings.base_url + path for path in ready.media_paths]
        report = await carrier.send(ready.account, ready.to, ready.body, callback, media)
    except Refused as refusal:
        await _record(run, TextReport("", "failed", refusal.code), carrier)
    except ProviderUnavailable as busy:
        await _wait(run, busy.retry_after or BUSY_SECONDS)
    except Uncertain:
        await _unknown(run)
    else:
        await _record(run, report, carrier)


async def _prepare(
    session: AsyncSession, context: ProcessContext, carriers: Carriers, message_id: uuid.UUID
) -> Ready | None:
    """Lock, ask the gate again, mark `sending`. None when nothing is to be sent."""
    found = await locked(session, message_id)
    if found is None:
        return None
    message, conversation = found
    line = await session.get_one(PhoneLine, (practice_of(session), conversation.line_id))
    key = await practice_key(session, context)
    account = lines.open_account(line, key)
    to, since = conversation.phone, message.sent_at or now()
    base_url = context.settings.base_url
    if message.status in {"sending", "unknown"} and message.external_id is None:
        body = await link_texts.addressed(session, message.body, base_url, key)
        media, known = await attachments.count(session, message.id), await _known(session, message, since)
        return Ready(account, line.provider, to, body, since, was_sending=True, media=media, known=known)
    if message.status not in NOT_SENT:
        # An attempt whose answer was lost, and a callback told its id: somebody must still ask what became of it.
        await _plan_check(session, message)
        return None
    if await link_texts.pointless(session, message.body):
        await _withdraw(session, message, conversation)
        return None
    await unheard.refuse(session, carriers[line.provider], account, key, to)
    purpose = _purpose(message)
    verdict = await facts.verdict(
        session, conversation, purpose, message.send_at, message.id, automatic=message.automatic
    )
    if purpose == "notice" and now() - message.created_at > NOTICE_WITHIN:
        verdict = Verdict("block", "opted_out")
    if verdict.action != "send":
        await service.apply(session, message, verdict)
        message.version += 1
        service.touch(session, conversation, new=False)
        return None
    message.status, message.reason, message.hold_until, message.sent_at = "sending", None, None, now()
    message.external_id, message.version = None, message.version + 1
    if purpose == "consent_request":
        await consent.record(session, to, "asked", "sms", evidence=marks.shown(message.body), message_id=message.id)
    paths = await attachments.links(session, message.id)
    body = await link_texts.addressed(session, message.body, base_url, key)
    return Ready(account, line.provider, to, body, message.sent_at, was_sending=False, media_paths=paths)


async def _withdraw(session: AsyncSession, message: Message, conversation: Conversation) -> None:
    """What its link is for has been done while it waited."""
    message.status, message.reason, message.hold_until = "canceled", None, None
    message.version += 1
    service.touch(session, conversation, new=False)
    await session.flush()


async def _known(session: AsyncSession, message: Message, since: datetime) -> frozenset[str]:
    rows = await session.scalars(
        select(Message.external_id).where(
            Message.practice_id == message.practice_id, Message.conversation_id == message.conversation_id,
            Message.external_id.is_not(None), Message.sent_at >= since - LOOK_BACK,
        )
    )  # fmt: skip
    return frozenset(external_id for external_id in rows if external_id)


def _purpose(message: Message) -> Purpose:
    match message.purpose:
        case "notice":
            return "notice"
        case "consent_request":
            return "consent_request"
        case "appointment":
            return "appointment"
    return "care"


async def locked(session: AsyncSession, message_id: uuid.UUID) -> tuple[Message, Conversation] | None:
    """The message and its conversation; the conversation's lock makes caps and STOP hold against other workers."""
    practice_id = practice_of(session)
    this = (Message.practice_id == practice_id) & (Message.id == message_id)
    theirs = select(Message.conversation_id).where(this).scalar_subquery()
    conversation = await session.scalar(
        select(Conversation)
        .where(Conversation.practice_id == practice_id, Conversation.id == theirs)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    # Read after the lock is ours: what another worker did to the message meanwhile must be seen.
    reading = select(Message).where(this).with_for_update().execution_options(populate_existing=True)
    message = await session.scalar(reading)
    return (message, conversation) if message is not None and conversation is not None else None


async def _record(run: JobRun, report: TextReport, carrier: TextCarrier) -> None:
    async with run.transaction() as session:
        found = await locked(session, run.ref_id)
        assert found is not None
        await reports.apply(session, *found, report, carrier)
        if report.external_id:
            await _plan_check(session, found[0])
        await run.finish(session)


async def _plan_check(session: AsyncSession, message: Message) -> None:
    """Each attempt is looked up after a quarter of an hour, then half an hour, an hour … within its first day."""
    waited = now() - (message.sent_at or now())
    if message.status in IN_FLIGHT and waited < LAST_CHECK:
        key = f"{message.id}:{message.dispatches}:check:{waited // CHECK_AFTER}"
        await later(session, service.RESOLVE, message.id, key=key, at=now() + max(CHECK_AFTER, waited))


async def _wait(run: JobRun, seconds: float) -> None:
    """Nothing was sent: the text goes through the gate again in a while, however often that takes."""
    async with run.transaction() as session:
        found = await locked(session, run.ref_id)
        assert found is not None
        message, conversation = found
        at = now() + timedelta(seconds=seconds)
        if message.status in {*NOT_SENT, "sending"}:
            message.status, message.reason, message.sent_at, message.hold_until = "held", None, None, at
            message.version += 1
            service.touch(session, conversation, new=False)
        await run.again(session, at)


async def _unknown(run: JobRun) -> None:
    async with run.transaction() as session:
        found = await locked(session, run.ref_id)
        assert found is not None
        message, conversation = found
        message.status = "unknown"
        message.version += 1
        service.touch(session, conversation, new=False)
        await run.again(session, now() + ASK_AFTER)


async def _resolve(carrier: TextCarrier, ready: Ready, run: JobRun) -> None:
    """An earlier attempt may have sent it: the carrier's own list decides, asked for as long as it takes."""
    waited = now() - ready.since
    try:
        since = ready.since - LOOK_BACK
        report = await carrier.find(ready.account, ready.to, ready.body, since, ready.media, ready.known)
    except ProviderUnavailable:
        await _ask_later(run, waited)
        return
    if report is not None:
        await _record(run, report, carrier)
    elif waited < SURE_AFTER:
        await _ask_later(run, waited)
    else:
        await _never_left(run)


async def _ask_later(run: JobRun, waited: timedelta) -> None:
    """Every twenty seconds at first, then as long again as it has taken so far, at most an hour."""
    async with run.transaction() as session:
        await run.again(session, now() + min(max(ASK_AFTER, waited), LONGEST_ASK))


async def _never_left(run: JobRun) -> None:
    """The carrier knows nothing of it: it goes through the gate again."""
    async with run.transaction() as session:
        found = await locked(session, run.ref_id)
        assert found is not None
        message, _ = found
        # A callback may have filled the id meanwhile: then it did go out.
        if message.external_id is None:
            message.status, message.sent_at = "queued", None
            await service.dispatch(session, message)
        await run.finish(session)


async def check(context: ProcessContext, carriers: Carriers, run: JobRun) -> None:
    """No final word after a while: ask."""
    async with run.transaction() as session:
        found = await locked(session, run.ref_id)
        if found is None or found[0].external_id is None or found[0].status not in IN_FLIGHT:
            await run.finish(session)
            return
        line = await session.get(PhoneLine, (run.practice_id, found[1].line_id))
        assert line is not None
        account = lines.open_account(line, await practice_key(session, context))
        external_id = found[0].external_id
    try:
        report = await carriers[line.provider].look_up(account, external_id)
    except ProviderUnavailable as busy:
        raise Discard(busy.code) if run.last_attempt else TryAgain(busy.code, busy.retry_after) from None
    async with run.transaction() as session:
        found = await locked(session, run.ref_id)
        assert found is not None
        await reports.apply(session, *found, report, carriers[line.provider])
        await _plan_check(session, found[0])
        await run.finish(session)
