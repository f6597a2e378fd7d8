"""Jobs that send a letter: at most once. Decide and write, commit, call the provider, record what it said.

A crash between call and record leaves an attempt `calling`; the next run finds it so, asks the provider, and never
sends again before the provider has said that it knows nothing of it. What may have reached the other machine is never
sent again by itself; where a line was busy or nobody answered, it goes again a little later.
"""

import asyncio
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.callbacks import ProviderUnavailable
from backend.core.clock import now
from backend.core.context import ProcessContext
from backend.core.database import practice_of
from backend.core.jobs import Discard, JobRun, TryAgain, later
from backend.faxes import lines
from backend.faxes.ports import DocumentGone, FaxProvider, FaxRefused, FaxReport, FaxUncertain, OutgoingFax
from backend.faxes.receiving import webhook_path
from backend.identity.queries import practice_key
from backend.loop import facsimile, letters, mailing, page, preparing, results
from backend.loop.mailing import MailAttempt
from backend.loop.models import Letter, LetterSending
from backend.loop.ports import Mailer
from backend.loop.preparing import Attempt, Draft
from backend.loop.storing import Drawn

Providers = Mapping[str, FaxProvider]
CHECK: Final = "loop.check"
# A provider lists a fax it took within seconds; before that, "not found" proves nothing.
SURE_AFTER = timedelta(seconds=60)
ASK_AFTER, LONGEST_ASK = timedelta(seconds=20), timedelta(hours=1)
BUSY_SECONDS = 60.0
CHECK_AFTER, LAST_CHECK = timedelta(minutes=10), timedelta(days=2)
LOOK_BACK = timedelta(minutes=5)
# Drawing is work for a processor: a worker's other jobs need one too.
DRAWING = asyncio.Semaphore(1)


async def send(context: ProcessContext, providers: Providers, mailer: Mailer | None, run: JobRun) -> None:
    """Draw and send one letter, if it still is to go."""
    async with run.transaction() as session:
        key, letter = await practice_key(session, context), await letters.locked(session, run.ref_id)
        attempt = await preparing.under_way(session, letter, key) if letter else None
        draft = None if attempt else await _due(session, run, letter)
    if isinstance(attempt, Attempt):
        await _resolve(providers, attempt, run)
    elif attempt is not None:
        await _mail(mailer, run, attempt)
    elif draft is not None:
        await _send_anew(context, providers, mailer, run, key, draft)


async def _send_anew(
    context: ProcessContext, providers: Providers, mailer: Mailer | None, run: JobRun, key: bytes, draft: Draft
) -> None:
    drawn, tiff = await _draw(context, run, key, draft)
    async with run.transaction() as session:
        letter = await letters.locked(session, run.ref_id)
        assert letter is not None
        attempt = None
        if letter.state == "waiting" and letter.version == draft.version:
            attempt = await preparing.write_down(session, letter, drawn, key, context.settings.mail_from)
        if attempt is None:
            await run.again(session, now())
            return
    if isinstance(attempt, Attempt):
        await _call(context, providers, run, attempt, tiff)
    else:
        await _mail(mailer, run, attempt)


async def _mail(mailer: Mailer | None, run: JobRun, attempt: MailAttempt) -> None:
    try:
        report = await mailing.call(mailer, attempt)
    except ProviderUnavailable as busy:
        await _not_taken(run, attempt.sending_id, busy.code, busy.retry_after)
    else:
        await _record(run, attempt.sending_id, report)


async def _due(session: AsyncSession, run: JobRun, letter: Letter | None) -> Draft | None:
    """What is to be drawn now. Otherwise the job waits or is done."""
    if letter is None or letter.state != "waiting":
        await run.finish(session)
        return None
    if letter.due_at > now():
        await run.again(session, letter.due_at)
        return None
    draft = await preparing.draft(session, letter)
    if draft is None:
        await run.finish(session)
    return draft


async def _draw(context: ProcessContext, run: JobRun, key: bytes, draft: Draft) -> tuple[Drawn, bytes]:
    """Outside any transaction: the PDF, and the dots where it goes by fax, both sealed and stored."""
    store, pdf, places = context.documents, None, None
    if draft.given is not None:
        data = await store.get(draft.given, key)
    else:
        assert draft.content is not None
        async with DRAWING:
            sheet = await asyncio.to_thread(page.draw, draft.content)
        data, places = sheet.pdf, sheet.places
        pdf = await store.put(run.practice_id, key, data, "application/pdf")
    async with DRAWING:
        tiff, pages = await asyncio.to_thread(facsimile.tiff_of, data)
    dots = await store.put(run.practice_id, key, tiff, "image/tiff") if draft.way == "fax" else None
    return Drawn(pdf, dots, pages, places), tiff


async def _call(
    context: ProcessContext, providers: Providers, run: JobRun, attempt: Attempt, tiff: bytes
) -> None:  # fmt: skip
    provider = providers[attempt.account.provider]
    document = tiff if provider.takes == "image/tiff" else await asyncio.to_thread(facsimile.as_pdf, tiff)
    callback = context.settings.base_url + webhook_path(attempt.account.provider, attempt.account.account_key)
    try:
        report = await provider.send(
            attempt.account, OutgoingFax(attempt.ref, attempt.to, document, provider.takes, callback)
        )
    except FaxRefused as refusal:
        await _record(run, attempt.sending_id, FaxReport("", "failed", code=refusal.code, reached="before_data"))
    except ProviderUnavailable as busy:
        await _not_taken(run, attempt.sending_id, "provider_away", busy.retry_after)
    except FaxUncertain:
        await _unknown(run, attempt)
    else:
        await _record(run, attempt.sending_id, report)


async def both(
    session: AsyncSession, letter_id: uuid.UUID, sending_id: uuid.UUID
) -> tuple[Letter, LetterSending]:  # fmt: skip
    """The letter, then its attempt, locked until commit."""
    letter = await letters.locked(session, letter_id)
    sending = await session.scalar(
        select(LetterSending)
        .where(LetterSending.practice_id == practice_of(session), LetterSending.id == sending_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    assert letter is not None and sending is not None
    return letter, sending


async def _record(run: JobRun, sending_id: uuid.UUID, report: FaxReport) -> None:
    async with run.transaction() as session:
        letter, sending = await both(session, run.ref_id, sending_id)
        # A retry sets this very job's timer: it waits for this run to end.
        await results.apply(session, letter, sending, report)
        await plan_check(session, sending)
        await _after(session, run, letter)


async def _after(session: AsyncSession, run: JobRun, letter: Letter) -> None:
    if letter.state == "waiting":
        await run.again(session, letter.due_at)
    else:
        await run.finish(session)


async def plan_check(session: AsyncSession, sending: LetterSending) -> None:
    """An attempt of which nothing is heard is looked up after ten minutes, then twenty, forty … for two days."""
    waited = now() - sending.started_at
    if sending.state in {"accepted", "transmitting"} and waited < LAST_CHECK:
        key = f"{sending.id}:{waited // CHECK_AFTER}"
        await later(session, CHECK, sending.id, key=key, at=now() + max(CHECK_AFTER, waited))


async def _not_taken(run: JobRun, sending_id: uuid.UUID, code: str, seconds: float | None) -> None:
    """The provider has nothing of it: this attempt is over, and another follows, more slowly each time."""
    async with run.transaction() as session:
        letter, sending = await both(session, run.ref_id, sending_id)
        if sending.state in {"calling", "unknown"}:
            sending.state, sending.code, sending.reached, sending.finished_at = "failed", code, "before_data", now()
            wait = seconds or min(BUSY_SECONDS * 2 ** min(sending.number - 1, 6), LONGEST_ASK.total_seconds())
            letter.state, letter.reason, letter.due_at = "waiting", code, now() + timedelta(seconds=wait)
            letter.version += 1
            letters.tell(session, letter)
        await _after(session, run, letter)


async def _unknown(run: JobRun, attempt: Attempt) -> None:
    async with run.transaction() as session:
        letter, sending = await both(session, run.ref_id, attempt.sending_id)
        if sending.state == "calling":
            sending.state, letter.state = "unknown", "unknown"
            letter.version += 1
            letters.tell(session, letter)
        await run.again(session, now() + ASK_AFTER)


async def _resolve(providers: Providers, attempt: Attempt, run: JobRun) -> None:
    """An earlier run may have sent it: the provider's own books decide, asked for as long as it takes."""
    waited = now() - attempt.since
    provider = providers[attempt.account.provider]
    try:
        report = await provider.find_sent(attempt.account, attempt.ref, attempt.to, attempt.since - LOOK_BACK)
    except (ProviderUnavailable, DocumentGone):
        await _ask_later(run, waited)
        return
    if report is not None:
        await _record(run, attempt.sending_id, report)
    elif waited < SURE_AFTER:
        await _ask_later(run, waited)
    else:
        await _not_taken(run, attempt.sending_id, "never_left", 1)


async def _ask_later(run: JobRun, waited: timedelta) -> None:
    """Every twenty seconds at first, then as long again as it has taken so far, at most an hour."""
    async with run.transaction() as session:
        await run.again(session, now() + min(max(ASK_AFTER, waited), LONGEST_ASK))


async def check(context: ProcessContext, providers: Providers, run: JobRun) -> None:
    """No final word after a while: ask."""
    async with run.transaction() as session:
        sending = await session.get(LetterSending, (run.practice_id, run.ref_id))
        if sending is None or sending.state not in {"accepted", "transmitting"} or sending.line_id is None:
            await run.finish(session)
            return
        line = await lines.line_by_id(session, sending.line_id)
        account = lines.open_account(line, await practice_key(session, context))
        letter_id, external_id = sending.letter_id, sending.external_id or ""
    try:
        report = await providers[account.provider].look_up(account, external_id)
    except ProviderUnavailable as busy:
        raise Discard(busy.code) if run.last_attempt else TryAgain(busy.code, busy.retry_after) from None
    except DocumentGone as gone:
        raise Discard(gone.code) from None
    async with run.transaction() as session:
        letter, sending = await both(session, letter_id, run.ref_id)
        await results.apply(session, letter, sending, report)
        await plan_check(session, sending)
        await run.finish(session)
