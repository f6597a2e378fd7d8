"""Jobs that take what carriers bring: a text, a report on one of ours, and their own list of what came in."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.callbacks import ProviderUnavailable
from backend.core.clock import now
from backend.core.context import ProcessContext
from backend.core.crypto import open_sealed
from backend.core.inbox import WebhookDelivery
from backend.core.jobs import Discard, JobRun, TryAgain, later
from backend.core.metrics import RECONCILED
from backend.identity.queries import practice_key
from backend.messaging import lines, replies, reports, sending, service
from backend.messaging.calls.service import RECONCILE as RECONCILE_CALLS
from backend.messaging.models import PhoneLine
from backend.messaging.ports import Form, InboundText, TextCarrier

Carriers = Mapping[str, TextCarrier]
OVERLAP = timedelta(hours=1)
FIRST_LOOK_BACK = timedelta(days=1)


async def _open(session: AsyncSession, context: ProcessContext, run: JobRun) -> "Opened":
    delivery = await session.scalar(
        select(WebhookDelivery).where(WebhookDelivery.practice_id == run.practice_id, WebhookDelivery.id == run.ref_id)
    )
    if delivery is None:
        raise Discard("delivery_gone")
    key = await practice_key(session, context)
    form, message_id = lines.unpack(open_sealed(key, delivery.sealed, f"delivery:{delivery.id}"))
    return delivery, form, message_id, key


Opened = tuple[WebhookDelivery, Form, uuid.UUID | None, bytes]


async def _came(session: AsyncSession, delivery: WebhookDelivery) -> datetime:
    """When the callback came, by our clock: jobs run late and in any order, but a STOP after a START counts."""
    waiting = select(func.clock_timestamp() - WebhookDelivery.received_at).where(WebhookDelivery.id == delivery.id)
    waited: timedelta | None = await session.scalar(waiting)
    return now() - waited if waited else now()


def _done(delivery: WebhookDelivery, new: bool) -> None:
    delivery.state, delivery.processed_at = "processed" if new else "ignored", func.now()


async def receive(context: ProcessContext, carriers: Carriers, run: JobRun) -> None:
    """A text from the inbox joins its conversation; a repeat changes nothing."""
    async with run.transaction() as session:
        delivery, form, _, key = await _open(session, context, run)
        line = await lines.by_key(session, delivery.account_key)
        text = carriers[line.provider].inbound(lines.open_account(line, key), form)
        text = replace(text, received_at=await _came(session, delivery))
        _done(delivery, await replies.take_in(session, line, text) is not None)
        await run.finish(session)


async def report(context: ProcessContext, carriers: Carriers, run: JobRun) -> None:
    """A status callback moves its message forward, or changes nothing."""
    async with run.transaction() as session:
        delivery, form, message_id, _ = await _open(session, context, run)
        line = await lines.by_key(session, delivery.account_key)
        carrier = carriers[line.provider]
        found = await sending.locked(session, message_id) if message_id else None
        if found is not None:
            await reports.apply(session, *found, carrier.report(form), carrier)
        _done(delivery, found is not None)
        await run.finish(session)


async def reconcile(context: ProcessContext, carriers: Carriers, run: JobRun) -> None:
    """Compare with the carrier's own list: a text whose callback was lost is taken in now."""
    async with run.transaction() as session:
        line = await session.get(PhoneLine, (run.practice_id, run.ref_id))
        if line is None:
            await run.finish(session)
            return
        await plan_reconcile(session, context, line)
        account = lines.open_account(line, await practice_key(session, context))
    since = line.last_reconciled_at - OVERLAP if line.last_reconciled_at else now() - FIRST_LOOK_BACK
    started = now()
    try:
        texts = await carriers[line.provider].received(account, since)
    except ProviderUnavailable as busy:
        raise Discard(busy.code) if run.last_attempt else TryAgain(busy.code, busy.retry_after) from None
    new = [await _take_in(run, text) for text in sorted(texts, key=lambda text: text.received_at or started)]
    async with run.transaction() as session:
        line = await session.get_one(PhoneLine, (run.practice_id, run.ref_id))
        line.last_reconciled_at = started
        await run.finish(session)
    RECONCILED.labels(line.provider).inc(sum(new))


async def _take_in(run: JobRun, text: InboundText) -> bool:
    """Each in a transaction of its own, oldest first; returns whether it was new."""
    async with run.transaction() as session:
        line = await session.get_one(PhoneLine, (run.practice_id, run.ref_id))
        return await replies.take_in(session, line, text) is not None


async def plan_reconcile(session: AsyncSession, context: ProcessContext, line: PhoneLine) -> None:
    """Write the next comparison."""
    seconds = context.settings.reconcile_seconds
    slot = int(now().timestamp() // seconds) + 1
    at = datetime.fromtimestamp(slot * seconds, UTC)
    for kind in (service.RECONCILE, RECONCILE_CALLS):
        await later(session, kind, line.id, key=f"{line.id}:{slot}:{seconds:g}", at=at)
