"""Job: a provider's callback about a fax of ours becomes progress of its letter; a repeat changes nothing."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.callbacks import ProviderUnavailable
from backend.core.context import ProcessContext
from backend.core.crypto import open_sealed
from backend.core.database import practice_of
from backend.core.inbox import WebhookDelivery
from backend.core.jobs import Discard, JobRun, TryAgain
from backend.faxes import lines, sent
from backend.faxes.models import FaxLine
from backend.faxes.ports import DocumentGone, FaxAccount, FaxReport
from backend.identity.queries import practice_key
from backend.loop import results
from backend.loop.models import LetterSending
from backend.loop.sending import Providers, both

# A callback may overtake the answer to the call it is about.
OVERTAKEN_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Said:
    """What came in, and about which attempt."""

    report: FaxReport
    account: FaxAccount
    sending: LetterSending | None


async def take(context: ProcessContext, providers: Providers, run: JobRun) -> None:
    """Find the attempt, ask the provider where the callback is only a hint, and take the report over."""
    async with run.transaction() as session:
        said = await _said(session, context, run)
    if said.sending is None:
        if run.last_attempt:
            await _close(run, "ignored")
            return
        raise TryAgain("unknown_fax", OVERTAKEN_SECONDS)
    report = said.report if said.report.state else await _asked(providers, said, run)
    async with run.transaction() as session:
        letter, sending = await both(session, said.sending.letter_id, said.sending.id)
        await results.apply(session, letter, sending, report)
        await _mark(session, run, "processed")
        await run.finish(session)


async def _said(session: AsyncSession, context: ProcessContext, run: JobRun) -> Said:
    delivery = await session.scalar(
        select(WebhookDelivery).where(WebhookDelivery.practice_id == run.practice_id, WebhookDelivery.id == run.ref_id)
    )
    if delivery is None:
        raise Discard("delivery_gone")
    key = await practice_key(session, context)
    report = sent.unpack(open_sealed(key, delivery.sealed, f"delivery:{delivery.id}"))
    line = await lines.line_by_key(session, delivery.account_key)
    return Said(report, lines.open_account(line, key), await _sending(session, line, report))


async def _sending(session: AsyncSession, line: FaxLine, report: FaxReport) -> LetterSending | None:
    same: list[ColumnElement[bool]] = []
    if report.external_id:
        same.append(LetterSending.external_id == report.external_id)
    if report.ref:
        same.append(LetterSending.ref == report.ref)
    return await session.scalar(
        select(LetterSending)
        .where(LetterSending.practice_id == practice_of(session), LetterSending.line_id == line.id, or_(*same))
        .limit(1)
    )


async def _asked(providers: Providers, said: Said, run: JobRun) -> FaxReport:
    assert said.sending is not None
    external_id = said.sending.external_id or said.report.external_id
    try:
        return await providers[said.account.provider].look_up(said.account, external_id)
    except ProviderUnavailable as busy:
        raise Discard(busy.code) if run.last_attempt else TryAgain(busy.code, busy.retry_after) from None
    except DocumentGone as gone:
        raise Discard(gone.code) from None


async def _close(run: JobRun, state: str) -> None:
    async with run.transaction() as session:
        await _mark(session, run, state)
        await run.finish(session)


async def _mark(session: AsyncSession, run: JobRun, state: str) -> None:
    delivery = await session.scalar(
        select(WebhookDelivery).where(WebhookDelivery.practice_id == run.practice_id, WebhookDelivery.id == run.ref_id)
    )
    assert delivery is not None
    delivery.state, delivery.processed_at = state, func.now()
