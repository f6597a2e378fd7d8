"""Jobs that take what a voice carrier brings, and fetch what it keeps for us."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import documents
from backend.core.callbacks import MediaGone, ProviderUnavailable
from backend.core.clock import now
from backend.core.context import ProcessContext
from backend.core.crypto import open_sealed
from backend.core.inbox import WebhookDelivery
from backend.core.jobs import Discard, JobRun, TryAgain, later
from backend.core.metrics import RECONCILED
from backend.identity.queries import practice_key
from backend.messaging import lines, service
from backend.messaging.calls import packing, states
from backend.messaging.calls import service as calls
from backend.messaging.calls.models import Call
from backend.messaging.calls.ports import CallReport, VoiceCarrier
from backend.messaging.models import Conversation, PhoneLine
from backend.messaging.ports import Form, TextAccount

Carriers = Mapping[str, VoiceCarrier]
OVERLAP: Final = timedelta(hours=1)
FIRST_LOOK_BACK: Final = timedelta(days=1)
STILL_TALKING_SECONDS: Final = 60.0


async def take(context: ProcessContext, carriers: Carriers, run: JobRun) -> None:
    """A callback from the inbox is applied to its call; a repeat changes nothing."""
    async with run.transaction() as session:
        delivery = await session.scalar(
            select(WebhookDelivery).where(
                WebhookDelivery.practice_id == run.practice_id, WebhookDelivery.id == run.ref_id
            )
        )
        if delivery is None:
            raise Discard("delivery_gone")
        key = await practice_key(session, context)
        line = await lines.by_key(session, delivery.account_key)
        carrier = carriers[line.provider]
        # Jobs run in any order; the call's own beginning stands in the inbox before all that follows from it.
        beginning = delivery if run.kind == calls.BEGAN else await _beginning(session, delivery)
        if beginning is not None:
            form, plan = _unsealed(beginning, key)
            plan = plan or packing.PackedPlan(rang=False, after_hours=False)
            await calls.begun(session, line, carrier.incoming(form), rang=plan.rang, after_hours=plan.after_hours)
        if run.kind != calls.BEGAN:
            await _apply(session, line, carrier, run.kind, _unsealed(delivery, key)[0])
        delivery.state, delivery.processed_at = "processed", func.now()
        await run.finish(session)


async def _beginning(session: AsyncSession, delivery: WebhookDelivery) -> WebhookDelivery | None:
    return await session.scalar(
        select(WebhookDelivery).where(
            WebhookDelivery.practice_id == delivery.practice_id, WebhookDelivery.provider == delivery.provider,
            WebhookDelivery.account_key == delivery.account_key,
            WebhookDelivery.event_id == f"{delivery.external_id}:voice",
        )
    )  # fmt: skip


def _unsealed(delivery: WebhookDelivery, key: bytes) -> tuple[Form, packing.PackedPlan | None]:
    return packing.unpack(open_sealed(key, delivery.sealed, f"delivery:{delivery.id}"))


async def _apply(session: AsyncSession, line: PhoneLine, carrier: VoiceCarrier, kind: str, form: Form) -> None:
    if kind == calls.RUNG:
        await calls.rung(session, line, carrier.rung(form))
    elif kind == calls.ENDED and (over := carrier.ended(form)):
        await calls.ended(session, line, over)
    elif kind == calls.RECORDED and (news := carrier.recorded(form)):
        call = await calls.known(session, news.call_external_id)
        if call is None:
            # Its beginning got lost: the carrier's list brings the call, and the recording with it.
            raise TryAgain("call_unknown")
        await calls.recorded(session, line, call, news)


async def settle(context: ProcessContext, carriers: Carriers, run: JobRun) -> None:
    """Nobody has told what became of a call: ask the carrier's books."""
    async with run.transaction() as session:
        found = await _open(session, context, run)
        if found is None or found[0].outcome != states.RINGING:
            await run.finish(session)
            return
        call, line, account = found
    report = None
    try:
        report = await carriers[line.provider].look_up(account, call.external_id)
    except ProviderUnavailable as busy:
        if not run.last_attempt:
            raise TryAgain(busy.code, busy.retry_after) from None
    async with run.transaction() as session:
        again = await calls.by_id(session, run.ref_id)
        assert again is not None
        line = await calls.line_of(session, again)
        over = report is not None and await calls.settled(session, line, again, report)
        if not over and run.last_attempt:
            await calls.missed(session, line, again)
        elif not over:
            raise TryAgain("still_talking", STILL_TALKING_SECONDS)
        await run.finish(session)


async def fetch(context: ProcessContext, carriers: Carriers, run: JobRun) -> None:
    """The voicemail is fetched, sealed and stored; only then may the carrier forget it."""
    async with run.transaction() as session:
        found = await _open(session, context, run)
        if found is None or found[0].voicemail_document_id or not found[0].recording_external_id:
            await run.finish(session)
            return
        call, line, account = found
        key = await practice_key(session, context)
    assert call.recording_external_id is not None
    try:
        data, content_type = await carriers[line.provider].fetch_recording(account, call.recording_external_id)
    except ProviderUnavailable as busy:
        if run.last_attempt:
            await _lost(run)
            raise Discard(busy.code) from None
        raise TryAgain(busy.code, _patience(busy, run.attempt)) from None
    except MediaGone as gone:
        await _lost(run)
        raise Discard(gone.code) from None
    stored = await context.documents.put(run.practice_id, key, data, content_type)
    async with run.transaction() as session:
        again = await calls.by_id(session, run.ref_id)
        assert again is not None
        if again.voicemail_document_id is None:
            documents.record(session, stored)
            await session.flush()
            again.voicemail_document_id, again.recording_lost = stored.id, False
            await later(session, calls.FORGET, again.id, key=call.recording_external_id)
            await _tell(session, again)
        await run.finish(session)


def _patience(busy: ProviderUnavailable, attempt: int) -> float | None:
    """A recording still being made is asked for ever more seldom, over some ten minutes."""
    if busy.code != "not_ready" or busy.retry_after is None:
        return busy.retry_after
    return float(busy.retry_after * 2 ** (attempt - 1))


async def _lost(run: JobRun) -> None:
    """The desk is told to call back all the same. A replay of the dead job tries once more."""
    async with run.transaction() as session:
        call = await calls.by_id(session, run.ref_id)
        if call is not None and call.voicemail_document_id is None:
            call.recording_lost = True
            await _tell(session, call)


async def forget(context: ProcessContext, carriers: Carriers, run: JobRun) -> None:
    """Nothing of the patient stays at the carrier longer than needed."""
    async with run.transaction() as session:
        found = await _open(session, context, run)
        if found is None or found[0].voicemail_document_id is None or not found[0].recording_external_id:
            await run.finish(session)
            return
        call, line, account = found
    assert call.recording_external_id is not None
    try:
        await carriers[line.provider].delete_recording(account, call.recording_external_id)
    except ProviderUnavailable as busy:
        raise TryAgain(busy.code, busy.retry_after) from None
    async with run.transaction() as session:
        await run.finish(session)


async def reconcile(context: ProcessContext, carriers: Carriers, run: JobRun) -> None:
    """Compare with the carrier's own list: a call whose callbacks were lost is taken in now."""
    async with run.transaction() as session:
        line = await session.get(PhoneLine, (run.practice_id, run.ref_id))
        if line is None or not await _answers_calls(session, line):
            await run.finish(session)
            return
        account = lines.open_account(line, await practice_key(session, context))
        since = calls.since(line, FIRST_LOOK_BACK, OVERLAP)
    started, carrier, new = now(), carriers[line.provider], 0
    try:
        for external_id in await carrier.recent(account, since):
            new += await _compare(run, carrier, account, external_id)
    except ProviderUnavailable as busy:
        raise Discard(busy.code) if run.last_attempt else TryAgain(busy.code, busy.retry_after) from None
    async with run.transaction() as session:
        line = await session.get_one(PhoneLine, (run.practice_id, run.ref_id))
        line.calls_reconciled_at = started
        await run.finish(session)
    RECONCILED.labels(line.provider).inc(new)


async def _answers_calls(session: AsyncSession, line: PhoneLine) -> bool:
    """Where another system answers this number's calls, they are none of ours."""
    ours = select(Call.id).where(Call.practice_id == line.practice_id, Call.line_id == line.id).limit(1)
    return line.forward_to is not None or await session.scalar(ours) is not None


async def _compare(run: JobRun, carrier: VoiceCarrier, account: TextAccount, external_id: str) -> bool:
    """One call of the list; whether anything was missing here."""
    async with run.transaction() as session:
        call = await calls.known(session, external_id)
        known = call.outcome if call is not None else None
        # A call held for missed is asked about too: what was said after the tone may have got lost.
        if known not in {None, states.RINGING, states.MISSED}:
            return False
    report: CallReport = await carrier.look_up(account, external_id)
    async with run.transaction() as session:
        line = await session.get_one(PhoneLine, (run.practice_id, run.ref_id))
        call = await calls.begun(session, line, report.call)
        await calls.settled(session, line, call, report)
        return call.outcome != known


async def _open(
    session: AsyncSession, context: ProcessContext, run: JobRun
) -> tuple[Call, PhoneLine, TextAccount] | None:
    call = await calls.by_id(session, run.ref_id)
    if call is None:
        return None
    line = await calls.line_of(session, call)
    return call, line, lines.open_account(line, await practice_key(session, context))


async def _tell(session: AsyncSession, call: Call) -> None:
    await session.flush()
    if call.conversation_id is not None:
        conversation = await session.get(
            Conversation, (call.practice_id, call.conversation_id), with_for_update=True, populate_existing=True
        )
        assert conversation is not None
        service.touch(session, conversation, new=False)
