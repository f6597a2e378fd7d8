"""Jobs that take faxes from providers: an event from the inbox, a provider's own list, and the thanks afterwards."""

import uuid
from collections.abc import Mapping
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
from backend.faxes import lines, queries, service
from backend.faxes.fetching import line_of
from backend.faxes.models import FaxLine
from backend.faxes.ports import DocumentGone, FaxProvider
from backend.identity.queries import practice_key

Providers = Mapping[str, FaxProvider]
OVERLAP = timedelta(hours=2)
FIRST_LOOK_BACK = timedelta(days=2)
POLLED = frozenset({"srfax"})


async def receive(context: ProcessContext, run: JobRun) -> None:
    """An event from the inbox becomes a fax; a repeat, or a fax known already, changes nothing."""
    async with run.transaction() as session:
        delivery = await _delivery(session, run)
        key = await practice_key(session, context)
        notice = lines.unpack(open_sealed(key, delivery.sealed, f"delivery:{delivery.id}"))
        new = None
        if notice.status != "ignored":
            line = await lines.line_by_key(session, delivery.account_key)
            new = await service.receive_notice(session, line, notice)
        delivery.state = "processed" if new else "ignored"
        delivery.processed_at = func.now()
        await run.finish(session)


async def _delivery(session: AsyncSession, run: JobRun) -> WebhookDelivery:
    delivery = await session.scalar(
        select(WebhookDelivery).where(WebhookDelivery.practice_id == run.practice_id, WebhookDelivery.id == run.ref_id)
    )
    if delivery is None:
        raise Discard("delivery_gone")
    return delivery


async def reconcile(context: ProcessContext, providers: Providers, run: JobRun) -> None:
    """Compare with the provider's own list: whatever webhooks missed is received now.

    The next comparison is written before this one is tried, so an outage never ends the series.
    """
    async with run.transaction() as session:
        line = await line_of(session, run.ref_id)
        key = await practice_key(session, context)
        if not line.active:
            await run.finish(session)
            return
        await plan_reconcile(session, context, line)
    account = lines.open_account(line, key)
    since = line.last_reconciled_at - OVERLAP if line.last_reconciled_at else now() - FIRST_LOOK_BACK
    started = now()
    try:
        notices = await providers[line.provider].list_received(account, since)
    except ProviderUnavailable as busy:
        raise Discard(busy.code) if run.last_attempt else TryAgain(busy.code, busy.retry_after) from None
    async with run.transaction() as session:
        line = await line_of(session, run.ref_id)
        found = [
            await service.receive_notice(session, line, notice) for notice in notices if notice.status != "ignored"
        ]
        line.last_reconciled_at = started
        await run.finish(session)
    RECONCILED.labels(line.provider).inc(sum(fax_id is not None for fax_id in found))


async def plan_reconcile(session: AsyncSession, context: ProcessContext, line: FaxLine) -> None:
    """Write the next comparison: often for providers that have no webhooks."""
    settings = context.settings
    seconds = settings.poll_seconds if line.provider in POLLED else settings.reconcile_seconds
    slot = int(now().timestamp() // seconds) + 1
    at = datetime.fromtimestamp(slot * seconds, UTC)
    await later(session, service.RECONCILE, line.id, key=f"{line.id}:{slot}:{seconds:g}", at=at)


async def acknowledge(context: ProcessContext, providers: Providers, run: JobRun) -> None:
    """The document is stored: the provider may mark or drop it."""
    async with run.transaction() as session:
        fax = await queries.fax(session, run.ref_id)
        assert fax.line_id is not None and fax.external_id is not None
        line = await line_of(session, fax.line_id)
        account = lines.open_account(line, await practice_key(session, context))
        external_id = fax.external_id
    try:
        await providers[account.provider].acknowledge(account, external_id)
    except ProviderUnavailable as busy:
        raise TryAgain(busy.code, busy.retry_after) from None
    except DocumentGone as gone:
        raise Discard(gone.code) from None


def webhook_path(provider: str, account_key: str) -> str:
    """Where the provider must call."""
    return f"/webhooks/fax/{provider}/{account_key}"


def new_account_key() -> str:
    """Unguessable, and safe in a path."""
    return uuid.uuid4().hex
