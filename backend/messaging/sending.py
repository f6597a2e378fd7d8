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
from backend.messaging import consent, facts, lines, reports, service
from backend.messaging.gate import Purpose, Verdict
from backend.messaging.models import Conversation, Message, PhoneLine
from backend.messaging.ports import Refused, TextAccount, TextCarrier, TextReport, Uncertain
from backend.messaging.states import NOT_SENT

log = get_logger(__name__)
Carriers = Mapping[str, TextCarrier]
# A carrier lists a text it took within seconds; before that, "not found" proves nothing.
SURE_AFTER = timedelta(seconds=20)
ASK_AFTER_SECONDS = 20.0
CHECK_AFTER = timedelta(minutes=15)
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


async def send(context: ProcessContext, carriers: Carriers, run: JobRun) -> None:
    """Send one message if it still may go."""
    async with run.transaction() as session:
        ready = await _prepare(session, context, run.ref_id)
        if ready is None:
            await run.finish(session)
            return
    carrier = carriers[ready.provider]
    if ready.was_sending:
        await _resolve(carrier, ready, run)
        return
    callback = f"{context.settings.base_url}{lines.status_path(ready.account.account_key, run.ref_id)}"
    try:
        report = await carrier.send(ready.account, ready.to, ready.body, callback)
    except Refused as refusal:
        await _record(run, TextReport("", "failed", refusal.code), carrier)
    except ProviderUnavailable as busy:
        await _back(run, busy)
    except Uncertain:
        await _unknown(run)
    else:
        await _record(run, report, carrier)


async def _prepare(session: AsyncSession, context: ProcessContext, message_id: uuid.UUID) -> Ready | None:
    """Lock, ask the gate again, mark `sending`. None when nothing is to be sent."""
    found = await locked(session, message_id)
    if found is None:
        return None
    message, conversation = found
    line = await session.get(PhoneLine, (practice_of(session), conversation.line_id))
    assert line is not None
    account = lines.open_account(line, await practice_key(session, context))
    to, since = conversation.phone, message.sent_at or now()
    if message.status in {"sending", "unknown"} and message.external_id is None:
        return Ready(account, line.provider, to, message.body, since, was_sending=True)
    if message.status not in NOT_SENT:
        return None
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
    message.version += 1
    if purpose == "consent_request":
        await consent.record(session, to, "asked", "sms", evidence=message.body, message_id=message.id)
    return Ready(account, line.provider, to, message.body, message.sent_at, was_sending=False)


def _purpose(message: Message) -> Purpose:
    match message.purpose:
        case "notice":
            return "notice"
        case "consent_request":
            return "consent_request"
    return "care"


async def locked(session: AsyncSession, message_id: uuid.UUID) -> tuple[Message, Conversation] | None:
    """The message and its conversation; the conversation's lock makes caps and STOP hold against other workers."""
    practice_id = practice_of(session)
    conversation_id = await session.scalar(
        select(Message.conversation_id).where(Message.practice_id == practice_id, Message.id == message_id)
    )
    if conversation_id is None:
        return None
    conversation = await session.scalar(
        select(Conversation)
        .where(Conversation.practice_id == practice_id, Conversation.id == conversation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    message = await session.scalar(
        select(Message)
        .where(Message.practice_id == practice_id, Message.id == message_id)
        .execution_options(populate_existing=True)
    )
    assert conversation is not None
    assert message is not None
    return message, conversation


async def _record(run: JobRun, report: TextReport, carrier: TextCarrier) -> None:
    async with run.transaction() as session:
        found = await locked(session, run.ref_id)
        assert found is not None
        await reports.apply(session, *found, report, carrier)
        if report.external_id:
            check_at = now() + CHECK_AFTER
            await later(session, service.RESOLVE, run.ref_id, key=f"{run.ref_id}:check", at=check_at)
        await run.finish(session)


async def _back(run: JobRun, busy: ProviderUnavailable) -> None:
    """Nothing was sent: the same message waits for the next attempt."""
    async with run.transaction() as session:
        found = await locked(session, run.ref_id)
        assert found is not None
        message, conversation = found
        message.status, message.sent_at = "queued", None
        message.version += 1
        if run.last_attempt:
            await reports.apply(session, message, conversation, TextReport("", "failed", busy.code), None)
    raise Discard(busy.code) if run.last_attempt else TryAgain(busy.code, busy.retry_after)


async def _unknown(run: JobRun) -> None:
    async with run.transaction() as session:
        found = await locked(session, run.ref_id)
        assert found is not None
        message, conversation = found
        message.status = "unknown"
        message.version += 1
        service.touch(session, conversation, new=False)
    raise TryAgain("unknown", ASK_AFTER_SECONDS)


async def _resolve(carrier: TextCarrier, ready: Ready, run: JobRun) -> None:
    """An earlier attempt may have sent it: the carrier's own list decides."""
    try:
        report = await carrier.find(ready.account, ready.to, ready.body, ready.since - timedelta(minutes=1))
    except ProviderUnavailable as busy:
        raise TryAgain(busy.code, busy.retry_after) from None
    if report is not None:
        await _record(run, report, carrier)
        return
    if now() - ready.since < SURE_AFTER:
        raise TryAgain("unknown", ASK_AFTER_SECONDS)
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
    """No final word after a quarter of an hour: ask."""
    async with run.transaction() as session:
        found = await locked(session, run.ref_id)
        if found is None or found[0].external_id is None or found[0].status not in {"sending", "sent", "unknown"}:
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
        await run.finish(session)
