"""Jobs: fetch a patient's picture or file (by id, sniffed, sealed, then deleted at the carrier); tidy up uploads."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import documents
from backend.core.callbacks import MediaGone, ProviderUnavailable
from backend.core.context import ProcessContext
from backend.core.database import practice_of
from backend.core.documents import StoredDocument
from backend.core.jobs import JobRun, TryAgain
from backend.core.logging import get_logger
from backend.identity.queries import practice_key
from backend.messaging import lines, sending, service
from backend.messaging.attachment_models import Attachment
from backend.messaging.file_kinds import sniff
from backend.messaging.models import PhoneLine
from backend.messaging.ports import TextAccount, TextCarrier

log = get_logger(__name__)
Carriers = Mapping[str, TextCarrier]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to ask the carrier for."""

    account: TextAccount
    provider: str
    text_id: str
    media_id: str | None
    key: bytes


async def fetch(context: ProcessContext, carriers: Carriers, run: JobRun) -> None:
    """Fetch one attachment, or say on it why it will not come."""
    async with run.transaction() as session:
        wanted = await _wanted(session, context, run.ref_id)
        if wanted is None:
            await run.finish(session)
            return
    carrier = carriers[wanted.provider]
    try:
        media_id = wanted.media_id or await _named(carrier, wanted, run)
        data = await carrier.media(wanted.account, wanted.text_id, media_id)
        content_type = sniff(data)
        if content_type is None:
            raise MediaGone("unknown_type")
    except MediaGone as gone:
        await _write(run, failure=gone.code)
        return
    except ProviderUnavailable as busy:
        if not run.last_attempt:
            raise TryAgain(busy.code, busy.retry_after) from None
        await _write(run, failure=busy.code)
        return
    stored = await context.documents.put(run.practice_id, wanted.key, data, content_type)
    await _write(run, stored=stored)
    await _forget(carrier, wanted, media_id)


async def _wanted(session: AsyncSession, context: ProcessContext, attachment_id: uuid.UUID) -> Wanted | None:
    attachment = await session.get(Attachment, (practice_of(session), attachment_id))
    if attachment is None or attachment.state != "pending" or attachment.message_id is None:
        return None
    found = await sending.locked(session, attachment.message_id)
    assert found is not None
    message, conversation = found
    line = await session.get(PhoneLine, (practice_of(session), conversation.line_id))
    assert line is not None
    key = await practice_key(session, context)
    account = lines.open_account(line, key)
    return Wanted(account, line.provider, message.external_id or "", attachment.external_id, key)


async def _named(carrier: TextCarrier, wanted: Wanted, run: JobRun) -> str:
    """The callback said how many but not which: the carrier's list does. Each of a text's rows takes another one."""
    listed = await carrier.media_ids(wanted.account, wanted.text_id)
    async with run.transaction() as session:
        attachment = await session.get_one(Attachment, (run.practice_id, run.ref_id))
        rows = await session.scalars(
            select(Attachment)
            .where(Attachment.practice_id == run.practice_id, Attachment.message_id == attachment.message_id)
            .order_by(Attachment.position)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        siblings = list(rows)
        taken = {row.external_id for row in siblings}
        free = [media_id for media_id in listed if media_id not in taken]
        for row in siblings:
            if row.external_id is None and row.state == "pending" and free:
                row.external_id = free.pop(0)
        await session.flush()
        if attachment.external_id is None:
            raise ProviderUnavailable("missing", 5.0)
        return attachment.external_id


async def _write(run: JobRun, *, stored: StoredDocument | None = None, failure: str | None = None) -> None:
    async with run.transaction() as session:
        attachment = await session.get_one(Attachment, (run.practice_id, run.ref_id))
        assert attachment.message_id is not None
        found = await sending.locked(session, attachment.message_id)
        assert found is not None
        if stored is not None:
            documents.record(session, stored)
            await session.flush()
            attachment.state, attachment.document_id = "stored", stored.id
            attachment.content_type, attachment.size = stored.content_type, stored.size
        else:
            log.warning("attachment_failed", code=failure)
            attachment.state, attachment.failure = "failed", failure
        service.touch(session, found[1], new=False)
        await run.finish(session)


async def _forget(carrier: TextCarrier, wanted: Wanted, media_id: str) -> None:
    """Best effort: what we keep, the carrier need not."""
    try:
        await carrier.forget_media(wanted.account, wanted.text_id, media_id)
    except (ProviderUnavailable, MediaGone) as busy:
        log.warning("media_not_forgotten", code=busy.code)


async def tidy(context: ProcessContext, run: JobRun) -> None:
    """A file uploaded but never sent is not kept."""
    async with run.transaction() as session:
        attachment = await session.get(Attachment, (run.practice_id, run.ref_id), with_for_update=True)
        if attachment is None or attachment.message_id is not None or attachment.document_id is None:
            await run.finish(session)
            return
        document = await documents.load(session, attachment.document_id)
        await session.delete(attachment)
        await session.flush()
        await session.delete(document)
        await run.finish(session)
    await context.documents.delete(run.practice_id, document.id)
