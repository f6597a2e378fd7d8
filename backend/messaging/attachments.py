"""Pictures and files of texts: expected from a patient, uploaded by a colleague, put on a text, shown, linked."""

import hashlib
import secrets
import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import documents
from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.documents import StoredDocument
from backend.core.ids import new_id
from backend.core.jobs import later
from backend.core.problems import Conflict, Invalid, NotFound
from backend.messaging.attachment_models import Attachment, MediaLink
from backend.messaging.ports import InboundText
from backend.messaging.schemas import AttachmentOut

FETCH: Final = "messages.fetch_media"
TIDY: Final = "messages.tidy_upload"
UNSENT_LASTS: Final = timedelta(days=1)
MOST: Final = 10
MOST_BYTES: Final = 5 * 1024 * 1024
LINK_LASTS: Final = timedelta(hours=24)


async def expect(session: AsyncSession, conversation_id: uuid.UUID, message_id: uuid.UUID, text: InboundText) -> None:
    """A text came with media: a row and a job for each. Ids the callback did not name are asked for later."""
    for position in range(min(MOST, max(text.media, len(text.media_ids)))):
        attachment = Attachment(
            practice_id=practice_of(session), id=new_id(), conversation_id=conversation_id, message_id=message_id,
            position=position, state="pending", tries=1, created_at=now(),
            external_id=text.media_ids[position] if position < len(text.media_ids) else None,
        )  # fmt: skip
        session.add(attachment)
        await session.flush()
        await ask(session, attachment)


async def ask(session: AsyncSession, attachment: Attachment) -> None:
    """A job that fetches it."""
    await later(session, FETCH, attachment.id, key=f"{attachment.id}:{attachment.tries}")


async def again(session: AsyncSession, attachment: Attachment) -> None:
    """A person asks for another try. Raises `Conflict` unless it failed."""
    if attachment.state != "failed":
        raise Conflict("Only an attachment that failed can be fetched again.")
    attachment.state, attachment.failure, attachment.tries = "pending", None, attachment.tries + 1
    await session.flush()
    await ask(session, attachment)


async def upload(session: AsyncSession, conversation_id: uuid.UUID, stored: StoredDocument) -> uuid.UUID:
    """A colleague's file, kept until a text takes it along."""
    documents.record(session, stored)
    await session.flush()
    attachment = Attachment(
        practice_id=practice_of(session), id=new_id(), conversation_id=conversation_id, document_id=stored.id,
        content_type=stored.content_type, size=stored.size, state="stored", created_at=now(), position=0, tries=1,
    )  # fmt: skip
    session.add(attachment)
    await session.flush()
    await later(session, TIDY, attachment.id, key=str(attachment.id), at=now() + UNSENT_LASTS)
    return attachment.id


async def put_on(
    session: AsyncSession, conversation_id: uuid.UUID, message_id: uuid.UUID, ids: Sequence[uuid.UUID]
) -> None:
    """Uploaded files go with this text, in this order. Raises `Invalid` for any not uploaded here or used already."""
    rows = await session.scalars(
        select(Attachment)
        .where(Attachment.practice_id == practice_of(session), Attachment.id.in_(ids))
        .where(Attachment.conversation_id == conversation_id, Attachment.message_id.is_(None))
        .with_for_update()
    )
    found = {row.id: row for row in rows}
    if len(ids) != len(set(ids)) or set(ids) != set(found):
        raise Invalid("Upload the file to this conversation first.", errors=[("/attachment_ids", "unknown or used")])
    if len(ids) > MOST or sum(row.size or 0 for row in found.values()) > MOST_BYTES:
        raise Invalid("A text takes at most 10 files and 5 MB together.", errors=[("/attachment_ids", "too large")])
    for position, attachment_id in enumerate(ids):
        found[attachment_id].message_id, found[attachment_id].position = message_id, position
    await session.flush()


async def shown(session: AsyncSession, message_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[AttachmentOut]]:
    """By message, in order: one query."""
    rows = await session.scalars(
        select(Attachment)
        .where(Attachment.practice_id == practice_of(session), Attachment.message_id.in_(message_ids))
        .order_by(Attachment.position)
    )
    found: dict[uuid.UUID, list[AttachmentOut]] = defaultdict(list)
    for row in rows:
        assert row.message_id is not None
        found[row.message_id].append(out(row))
    return found


def out(row: Attachment) -> AttachmentOut:
    """As the API shows it."""
    url = (
        f"/api/v1/messages/{row.message_id}/attachments/{row.id}" if row.state == "stored" and row.message_id else None
    )
    return AttachmentOut(
        id=row.id, content_type=row.content_type, size=row.size, state=row.state, failure=row.failure, url=url
    )  # fmt: skip


async def one(session: AsyncSession, message_id: uuid.UUID, attachment_id: uuid.UUID, *, lock: bool) -> Attachment:
    """One of a message's. Raises `NotFound`. The caller has checked that the conversation may be seen."""
    query = select(Attachment).where(
        Attachment.practice_id == practice_of(session), Attachment.id == attachment_id,
        Attachment.message_id == message_id,
    )  # fmt: skip
    found = await session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound("There is no such attachment in this practice.")
    return found


async def count(session: AsyncSession, message_id: uuid.UUID) -> int:
    """How many a text has."""
    rows = select(func.count()).where(
        Attachment.practice_id == practice_of(session), Attachment.message_id == message_id
    )
    return int(await session.scalar(rows) or 0)


async def links(session: AsyncSession, message_id: uuid.UUID) -> tuple[str, ...]:
    """Fresh paths the carrier may fetch this text's files from; earlier ones end. Only hashes are kept."""
    practice_id = practice_of(session)
    rows = await session.scalars(
        select(Attachment.id)
        .where(Attachment.practice_id == practice_id, Attachment.message_id == message_id)
        .order_by(Attachment.position)
    )
    ids = list(rows)
    if not ids:
        return ()
    await session.execute(
        delete(MediaLink).where(MediaLink.practice_id == practice_id, MediaLink.attachment_id.in_(ids))
    )
    tokens = [secrets.token_urlsafe(32) for _ in ids]
    for attachment_id, token in zip(ids, tokens, strict=True):
        session.add(
            MediaLink(
                practice_id=practice_id, id=new_id(), attachment_id=attachment_id, token_hash=hash_of(token),
                expires_at=now() + LINK_LASTS,
            )
        )  # fmt: skip
    await session.flush()
    return tuple(f"/media/{token}" for token in tokens)


def hash_of(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).digest()
