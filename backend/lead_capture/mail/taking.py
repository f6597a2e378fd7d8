"""A stored mail becomes faxes, an arrival, or nothing: all of it, once, in one transaction."""

import asyncio
import hashlib
import hmac
import uuid
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import documents
from backend.core.actor import Actor, act_as
from backend.core.clock import now
from backend.core.context import ProcessContext
from backend.core.database import practice_of
from backend.core.documents import StoredDocument
from backend.core.jobs import Discard, JobRun
from backend.faxes.service import receive_document
from backend.identity.queries import practice_key
from backend.lead_capture import arriving, tokens
from backend.lead_capture.arriving import Letter
from backend.lead_capture.mail import mailboxes, reading, understanding
from backend.lead_capture.mail.models import Mail
from backend.lead_capture.mail.reading import Contents, TooTangled

# More from one sender within an hour are looked at by a person.
PER_SENDER: Final = 20
HOUR: Final = timedelta(hours=1)
UNREAD: Final = "An e-mail of {size} that was not opened. It lies in the mailbox {name}, folder {folder}."


async def take(context: ProcessContext, run: JobRun) -> None:
    """Understand one mail. Run again, it changes nothing."""
    async with run.transaction() as session:
        mail = await _waiting(session, run.ref_id)
        if mail is None:
            await run.finish(session)
            return
        key = await practice_key(session, context)
        document = await documents.load(session, mail.document_id) if mail.document_id else None
    found, trouble = None, "too_large"
    if document is not None:
        try:
            found = await asyncio.to_thread(reading.read, await context.documents.get(document, key))
        except TooTangled:
            trouble = "unreadable"
    stored = [
        await context.documents.put(run.practice_id, key, data, kind)
        for kind, data in (found.documents if found else [])
    ]
    async with run.transaction() as session:
        act_as(session, Actor(run.practice_id, "system", "frontdesk", "E-mail", frozenset()))
        mail = await _waiting(session, run.ref_id)
        if mail is not None:
            await _settle(session, mail, found, stored, trouble, key)
        await run.finish(session)


async def _waiting(session: AsyncSession, mail_id: uuid.UUID) -> Mail | None:
    mail = await session.scalar(
        select(Mail)
        .where(Mail.practice_id == practice_of(session), Mail.id == mail_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if mail is None:
        raise Discard("mail_gone")
    return mail if mail.state == "waiting" else None


async def _settle(
    session: AsyncSession, mail: Mail, found: Contents | None, stored: list[StoredDocument], trouble: str, key: bytes
) -> None:
    mail.state, mail.taken_at = "taken", now()
    if found is None:
        mail.arrival_id, mail.reason = await _unread(session, mail, trouble), trouble
    elif stored:
        box = await mailboxes.one(session, mail.mailbox_id)
        mail.fax_ids = [
            await receive_document(session, each, channel="email", location_id=box.location_id) for each in stored
        ]
        if found.left_out:
            mail.arrival_id = await _arrive(session, mail, found, key)
    elif found.automatic in {"bounce", "reply"}:
        mail.state, mail.reason = "ignored", found.automatic
    else:
        mail.arrival_id = await _arrive(session, mail, found, key)
    await session.flush()


async def _arrive(session: AsyncSession, mail: Mail, found: Contents, key: bytes) -> uuid.UUID:
    request = understanding.understand(found)
    address = found.sender.address.lower()
    sender = hmac.new(tokens.key_of(key, "sender"), address.encode(), hashlib.sha256).digest()
    if await arriving.recent(session, "email", sender, HOUR) >= PER_SENDER:
        request.reasons.append("many")
    box = await mailboxes.one(session, mail.mailbox_id)
    facts = request.facts | ({"location_id": str(box.location_id)} if box.location_id else {})
    letter = Letter(
        "email", facts, request.message or None, address[:254] or None, None, sender,
        list(dict.fromkeys(request.reasons)),
    )  # fmt: skip
    return (await arriving.receive(session, letter)).id


async def _unread(session: AsyncSession, mail: Mail, trouble: str) -> uuid.UUID:
    """Somebody must look where it lies."""
    box = await mailboxes.one(session, mail.mailbox_id)
    size = f"{mail.size / 1_048_576:.0f} MB" if mail.size > 1_048_576 else f"{mail.size // 1024 + 1} kB"
    words = UNREAD.format(size=size, name=box.username, folder=box.done_folder)
    letter = Letter("email", {"mail_id": str(mail.id)}, words, None, None, None, [trouble])
    return (await arriving.receive(session, letter)).id
