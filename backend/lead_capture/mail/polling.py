"""Look into a mailbox: every mail is stored, then moved away, then understood. A crash anywhere loses none."""

import hashlib
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import documents
from backend.core.callbacks import ProviderUnavailable
from backend.core.clock import now
from backend.core.context import ProcessContext
from backend.core.ids import new_id
from backend.core.jobs import JobRun, later
from backend.core.logging import get_logger
from backend.identity.queries import practice_key
from backend.lead_capture.mail import mailboxes, reading, signing_in
from backend.lead_capture.mail.models import Mail, MailAddress
from backend.lead_capture.mail.ports import MailAccount, Mailbox, MailRefused, OpenFolder, Tokens

POLL: Final = "mail.poll"
TAKE: Final = "mail.take"
MOST_BYTES: Final = 40 * 1024 * 1024
AT_ONCE: Final = 50
# Mails the server cannot hand out; the others come in all the same.
MOST_STUCK: Final = 5
# A wrong password is not tried every minute: servers shut accounts for that.
REFUSED_WAIT: Final = timedelta(minutes=15)
log = get_logger(__name__)


class Stuck(Exception):
    """The server breaks off whenever this mail is asked for."""

    def __init__(self, uid: int) -> None:
        super().__init__()
        self.uid = uid


async def poll(context: ProcessContext, server: Mailbox, tokens: Tokens, run: JobRun) -> None:
    """Take in what waits, and look again in a while."""
    async with run.transaction() as session:
        box = await mailboxes.one(session, run.ref_id)
        if not box.active:
            await run.finish(session)
            return
        key = await practice_key(session, context)
    wait, failure = timedelta(seconds=context.settings.poll_seconds), None
    try:
        if await _visit(context, server, tokens, run, box, key):
            failure = "stuck"
    except MailRefused as refused:
        wait, failure = REFUSED_WAIT, refused.code
    except ProviderUnavailable as away:
        failure = away.code
    async with run.transaction() as session:
        found = await mailboxes.one(session, box.id, lock=True)
        if found.version == box.version:
            _note(session, found, failure)
            await run.again(session, now() + wait)
        else:
            # Changed meanwhile: what was found out is about the settings before.
            await run.again(session, now())


def _note(session: AsyncSession, box: MailAddress, failure: str | None) -> None:
    told = (failure, box.looked_at is None)
    box.looked_at = now()
    if failure is None:
        box.worked_at = box.looked_at
    if told != (box.failure, False):
        box.failure = failure
        mailboxes.tell(session, box)


async def _visit(
    context: ProcessContext, server: Mailbox, tokens: Tokens, run: JobRun, box: MailAddress, key: bytes
) -> bool:
    """Sign in and take in what waits. A token may be revoked before its time: one refused is fetched anew, once."""
    account, new = await signing_in.account(run, tokens, box, key, anew=False)
    try:
        return await _empty(context, server, run, box, key, account)
    except MailRefused as refused:
        if refused.code != "denied" or account.token is None:
            raise
    if not new:
        account, _ = await signing_in.account(run, tokens, box, key, anew=True)
        try:
            return await _empty(context, server, run, box, key, account)
        except MailRefused as refused:
            if refused.code != "denied":
                raise
    raise MailRefused("token_denied")


async def _empty(
    context: ProcessContext, server: Mailbox, run: JobRun, box: MailAddress, key: bytes, account: MailAccount
) -> bool:
    """Take in what waits; whether something could not be fetched."""
    stuck: set[int] = set()
    while True:
        try:
            async with server.open(account) as folder:
                await _pass(context, run, box, key, folder, stuck)
            return bool(stuck)
        except Stuck as found:
            stuck.add(found.uid)
            if len(stuck) > MOST_STUCK:
                raise ProviderUnavailable("broken") from None


async def _pass(
    context: ProcessContext, run: JobRun, box: MailAddress, key: bytes, folder: OpenFolder, stuck: set[int]
) -> None:
    """Store what is new, move away whatever is stored."""
    waiting = [uid for uid in await folder.waiting() if uid not in stuck][:AT_ONCE]
    async with run.transaction() as session:
        known = await _known(session, box, folder.validity, waiting)
    for uid in waiting:
        if uid not in known:
            await _store(context, run, box, key, folder, uid)
        await folder.finish([uid])


async def _known(session: AsyncSession, box: MailAddress, validity: int, uids: list[int]) -> set[int]:
    found = await session.scalars(
        select(Mail.uid)
        .where(Mail.practice_id == box.practice_id, Mail.mailbox_id == box.id, Mail.folder == box.folder)
        .where(Mail.uid_validity == validity, Mail.uid.in_(uids))
    )
    return set(found)


async def _store(
    context: ProcessContext, run: JobRun, box: MailAddress, key: bytes, folder: OpenFolder, uid: int
) -> None:
    try:
        raw = await folder.fetch(uid, MOST_BYTES + 1)
    except ProviderUnavailable:
        raise Stuck(uid) from None
    stored, size = None, len(raw)
    if size > MOST_BYTES:
        size = await folder.size(uid)
    else:
        stored = await context.documents.put(box.practice_id, key, raw, "message/rfc822")
    async with run.transaction() as session:
        mail_id, digest = new_id(), identity(raw)
        if stored is not None:
            documents.record(session, stored)
            await session.flush()
        row = {
            "practice_id": box.practice_id, "id": mail_id, "mailbox_id": box.id, "folder": box.folder,
            "uid_validity": folder.validity, "uid": uid, "size": size, "digest": digest,
            "document_id": stored.id if stored else None, "state": "waiting", "fax_ids": [], "received_at": now(),
        }  # fmt: skip
        written = insert(Mail).values(row).on_conflict_do_nothing().returning(Mail.id)
        if await session.scalar(written) is not None:
            await later(session, TAKE, mail_id, key=str(mail_id))
        else:
            await session.execute(insert(Mail).values({**row, "state": "repeated"}).on_conflict_do_nothing())


def identity(raw: bytes) -> bytes:
    """The same mail, whichever way it took to us: its Message-ID (where it has one) and all below its head."""
    head, body = reading.halves(raw)
    return hashlib.sha256(reading.message_id(head) + b"\0" + body).digest()
